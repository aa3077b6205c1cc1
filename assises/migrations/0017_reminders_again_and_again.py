"""A reminder may be repeated until what it is about is settled; each time is counted, and reaches a person once."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("assises", "0015_outbox")]

    operations = [
        migrations.AddField("reminder", "repeat_days", models.PositiveSmallIntegerField(blank=True, help_text="Until it is settled. Empty: once.", null=True, verbose_name="again every … days")),
        migrations.AddField("reminder", "repeat_times", models.PositiveSmallIntegerField(default=1, verbose_name="times at most")),
        migrations.AddField("reminder", "occurrence", models.PositiveSmallIntegerField(default=0, editable=False)),
        migrations.RunSQL("UPDATE assises_reminder SET occurrence = 1 WHERE fired_at IS NOT NULL", migrations.RunSQL.noop),
        migrations.AddField("reminded", "occurrence", models.PositiveSmallIntegerField(default=1)),
        migrations.RemoveConstraint("reminded", "assises_reminded_once_per_person"),
        migrations.AddConstraint("reminded", models.UniqueConstraint(fields=["reminder", "occurrence", "person"], name="assises_reminded_once_per_person")),
        migrations.AddConstraint(
            "reminder",
            models.CheckConstraint(
                condition=Q(repeat_days__isnull=True, repeat_times=1) | Q(repeat_days__isnull=False, repeat_days__range=(1, 60), repeat_times__range=(2, 20)),
                name="assises_reminder_repeated_with_measure",
                violation_error_message="What is repeated is so every 1 to 60 days, and 2 to 20 times; what is not, once.",
            ),
        ),
        migrations.AddConstraint(
            "reminder",
            models.CheckConstraint(
                condition=Q(occurrence=0, fired_at__isnull=True) | Q(occurrence__gt=0, fired_at__isnull=False, occurrence__lte=F("repeat_times")),
                name="assises_reminder_counts_what_left",
            ),
        ),
    ]
