"""Each side may note in its own language first: a constraint asks for one of the two."""

from django.db import migrations, models

WORDS = {"candidate": ("candidate", 300), "registeritem": ("what it says", 400)}


class Migration(migrations.Migration):
    dependencies = [("assises", "0013_meetings_of_an_unknown_day")]

    operations = [
        migrations.AlterField(
            model,
            name,
            models.CharField(blank=True, max_length=length, verbose_name=words, **({} if name == "text" else {"null": True})),
        )
        for model, (words, length) in WORDS.items()
        for name in ("text", "text_fr", "text_zh_hans")
    ]
