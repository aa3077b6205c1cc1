"""A point may say which text of its subject its answer becomes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assises", "0008_validated_minutes_stay")]

    operations = [
        migrations.AddField(
            "registeritem", "subject_field", models.SlugField(blank=True, default="", editable=False, max_length=40), preserve_default=False
        ),
    ]
