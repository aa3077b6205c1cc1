"""The sources do not give the day of every meeting."""

from django.db import migrations, models
from django.db.models import F


class Migration(migrations.Migration):
    dependencies = [("assises", "0012_register_settles_a_text")]

    operations = [
        migrations.AlterField("meeting", "held_on", models.DateField(blank=True, null=True, verbose_name="held on")),
        migrations.AlterModelOptions(
            "meeting",
            options={
                "ordering": [F("held_on").desc(nulls_last=True), "code"],
                "verbose_name": "meeting",
                "verbose_name_plural": "meetings",
            },
        ),
    ]
