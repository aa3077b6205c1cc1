"""A point may say which text of its subject its answer becomes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assises", "0007_voices_and_dependencies")]

    operations = [
        migrations.AddField(
            "registeritem", "subject_field", models.SlugField(blank=True, default="", editable=False, max_length=40), preserve_default=False
        ),
    ]
