"""What Django's models cannot say: foreign keys on several columns, and rows that never change."""

from django.db import migrations

# (table, name, columns, target table, target columns, on update)
KEYS = [
    # A session stays within the days of its edition, also when these change.
    ("program_session", "program_session_follows_the_edition", "edition_id, first_day, last_day", "assises_edition", "id, starts_on, ends_on", "ON UPDATE CASCADE"),
    # What hangs together belongs to one edition.
    ("program_session", "program_session_room_same_edition", "room_id, edition_id", "program_room", "id, edition_id", ""),
    ("program_room", "program_room_venue_same_edition", "venue_id, edition_id", "program_venue", "id, edition_id", ""),
    # Each half of a pair is an authority of that side.
    ("program_colead", "program_colead_of_that_side", "organisation_id, side", "assises_organisation", "id, side", ""),
]

# What a release contains is frozen: also for administrators, also by SQL.
FREEZE = """
CREATE FUNCTION program_release_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.edition_id, NEW.number, NEW.kind, NEW.content, NEW.content_hash, NEW.changes, NEW.prepared_at)
     IS DISTINCT FROM
     (OLD.edition_id, OLD.number, OLD.kind, OLD.content, OLD.content_hash, OLD.changes, OLD.prepared_at) THEN
    RAISE EXCEPTION 'program_programmerelease_is_frozen: release % cannot be changed, prepare another one', OLD.number
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'program_programmerelease_is_frozen';
  END IF;
  IF OLD.published_at IS NOT NULL AND NEW.published_at IS DISTINCT FROM OLD.published_at THEN
    RAISE EXCEPTION 'program_programmerelease_is_frozen: release % was published', OLD.number
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'program_programmerelease_is_frozen';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER program_programmerelease_is_frozen BEFORE UPDATE ON program_programmerelease
  FOR EACH ROW EXECUTE FUNCTION program_release_is_frozen();
"""
THAW = """
DROP TRIGGER program_programmerelease_is_frozen ON program_programmerelease;
DROP FUNCTION program_release_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("program", "0002_the_programme")]

    operations = [
        *[
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({columns}) "
                f"REFERENCES {target} ({target_columns}) {on_update}",
                f"ALTER TABLE {table} DROP CONSTRAINT {name}",
            )
            for table, name, columns, target, target_columns, on_update in KEYS
        ],
        migrations.RunSQL(FREEZE, THAW),
    ]
