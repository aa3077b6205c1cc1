"""What people may choose and what a visit keeps for others are never more than its seats."""

from django.db import migrations

# Looked at in the end of a transaction: whoever shares anew changes rows of two tables. The session is locked, so that
# two at once cannot both be right.
GUARD = """
CREATE FUNCTION registration_seats_beside_those_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wanted bigint;
  counted bigint;
  given bigint;
  kept bigint;
BEGIN
  wanted := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
  SELECT seats INTO counted FROM program_session WHERE id = wanted FOR NO KEY UPDATE;
  IF counted IS NULL THEN
    RETURN NULL;
  END IF;
  SELECT count(*) INTO given FROM registration_seat WHERE session_id = wanted;
  SELECT coalesce(sum(seats_chinese + seats_reserved), 0) INTO kept FROM program_fieldvisit WHERE session_id = wanted;
  IF given + kept > counted THEN
    RAISE EXCEPTION 'session % has % seats: % to choose from and % kept are too many', wanted, counted, given, kept
      USING ERRCODE = 'check_violation', CONSTRAINT = 'registration_seats_beside_those_kept';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER registration_seats_beside_those_kept
  AFTER INSERT ON registration_seat DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION registration_seats_beside_those_kept('session_id');
CREATE CONSTRAINT TRIGGER registration_seats_beside_those_kept
  AFTER INSERT OR UPDATE OF seats_chinese, seats_reserved ON program_fieldvisit DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION registration_seats_beside_those_kept('session_id');
CREATE CONSTRAINT TRIGGER registration_seats_beside_those_kept
  AFTER UPDATE OF seats ON program_session DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION registration_seats_beside_those_kept('id');
"""
NO_GUARD = """
DROP TRIGGER registration_seats_beside_those_kept ON program_session;
DROP TRIGGER registration_seats_beside_those_kept ON program_fieldvisit;
DROP TRIGGER registration_seats_beside_those_kept ON registration_seat;
DROP FUNCTION registration_seats_beside_those_kept();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registration", "0003_seats_wishes_and_meeting_rooms"),
        ("program", "0006_codes_leave_pages_alone"),
    ]

    operations = [migrations.RunSQL(GUARD, NO_GUARD)]
