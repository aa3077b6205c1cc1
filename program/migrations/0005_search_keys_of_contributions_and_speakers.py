from django.db import migrations, models

from assises.text import search_key


def fill(apps, schema_editor):
    for speaker in apps.get_model("program", "Speaker").objects.select_related("organisation"):
        organisation = speaker.organisation
        speaker.search_key = search_key(
            f"{speaker.given_name} {speaker.family_name}", speaker.name_zh,
            f"{speaker.family_pinyin} {speaker.given_pinyin}", speaker.function_fr or "", speaker.function_zh_hans or "",
            *([organisation.name_fr or "", organisation.name_zh_hans or ""] if organisation else []), speaker.email,
        )
        speaker.save(update_fields=["search_key"])
    contributions = apps.get_model("program", "Contribution").objects.select_related("organisation", "counterpart")
    for contribution in contributions:
        bodies = [body for body in (contribution.organisation, contribution.counterpart) if body]
        contribution.search_key = search_key(
            contribution.title_fr or "", contribution.title_zh_hans or "", contribution.organisation_name,
            *[name for body in bodies for name in (body.name_fr, body.name_zh_hans) if name],
            f"{contribution.given_name} {contribution.family_name}",
            f"{contribution.family_name}{contribution.given_name}", contribution.email,
        )
        contribution.save(update_fields=["search_key"])


class Migration(migrations.Migration):
    dependencies = [("program", "0004_releases_keep_what_they_say")]

    operations = [
        migrations.AddField("speaker", "search_key", models.TextField(default="", editable=False)),
        migrations.AddField("contribution", "search_key", models.TextField(default="", editable=False)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
