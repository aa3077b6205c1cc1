"""Who does not want to be reminded; and the outbox is read in order, by an index of what has not left."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("assises", "0017_reminders_again_and_again")]

    operations = [
        migrations.CreateModel(
            name="Silenced",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", models.CharField(max_length=64, unique=True)),
                ("at", models.DateTimeField(verbose_name="since")),
            ],
            options={"verbose_name": "address without reminders", "verbose_name_plural": "addresses without reminders"},
        ),
        migrations.RemoveIndex("outgoingemail", "assises_letters_to_send"),
        migrations.AddIndex(
            "outgoingemail",
            models.Index(fields=["id"], condition=Q(sent_at=None, cancelled_at=None, bounced_at=None), name="assises_letters_in_order"),
        ),
    ]
