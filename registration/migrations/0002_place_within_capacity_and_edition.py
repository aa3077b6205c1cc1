"""Foreign keys on two columns, which Django's models cannot say."""

from django.db import migrations

# (table, name, columns, target table, target columns, on update)
KEYS = [
    # A place follows the capacity of its edition; the check on the place keeps its number below.
    ("registration_place", "registration_place_follows_capacity", "edition_id, capacity", "assises_edition", "id, capacity_french", "ON UPDATE CASCADE"),
    # What hangs together belongs to one edition.
    ("registration_place", "registration_place_category_same_edition", "category_id, edition_id", "registration_category", "id, edition_id", ""),
    ("registration_registration", "registration_registration_place_same_edition", "place_id, edition_id", "registration_place", "id, edition_id", ""),
    ("registration_registration", "registration_registration_booking_same_edition", "booking_id, edition_id", "registration_booking", "id, edition_id", ""),
    ("registration_registration", "registration_registration_category_same_edition", "category_id, edition_id", "registration_category", "id, edition_id", ""),
    # A choice carries the group of its session.
    ("registration_sessionchoice", "registration_sessionchoice_group_of_session", "session_id, choice_group", "program_session", "id, choice_group", "ON UPDATE CASCADE ON DELETE CASCADE"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("registration", "0001_initial"),
        ("assises", "0001_initial"),
        ("program", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({columns}) "
            f"REFERENCES {target} ({target_columns}) {on_update}",
            f"ALTER TABLE {table} DROP CONSTRAINT {name}",
        )
        for table, name, columns, target, target_columns, on_update in KEYS
    ]
