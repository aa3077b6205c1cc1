"""A release that was prepared before its readers read another one does not come out: it lacks what was dropped since."""

from django.db import migrations, models

# Of those that wait, what their readers had then is told by the hours; from now on it is counted.
COUNT = """
UPDATE program_programmerelease r SET out_before = (
  SELECT count(*) FROM program_programmerelease o
  WHERE o.edition_id = r.edition_id AND o.id <> r.id AND o.published_at <= r.prepared_at
    AND (o.is_public OR NOT r.is_public));
"""

FREEZE = """
CREATE FUNCTION program_release_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.out_before IS DISTINCT FROM OLD.out_before THEN
    RAISE EXCEPTION 'program_programmerelease_is_frozen: release % cannot be changed, prepare another one', OLD.number
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'program_programmerelease_is_frozen';
  END IF;
  IF OLD.published_at IS NULL AND NEW.published_at IS NOT NULL AND NEW.out_before <> (
    SELECT count(*) FROM program_programmerelease
    WHERE edition_id = NEW.edition_id AND published_at IS NOT NULL AND (is_public OR NOT NEW.is_public)
  ) THEN
    RAISE EXCEPTION 'program_programmerelease_follows_what_is_read: another one came out since release % was prepared', OLD.number
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'program_programmerelease_follows_what_is_read';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER program_programmerelease_follows BEFORE UPDATE ON program_programmerelease
  FOR EACH ROW EXECUTE FUNCTION program_release_follows();
"""
THAW = """
DROP TRIGGER program_programmerelease_follows ON program_programmerelease;
DROP FUNCTION program_release_follows();
"""


class Migration(migrations.Migration):
    dependencies = [("program", "0007_choice_groups")]

    operations = [
        migrations.AddField(
            "programmerelease", "out_before", models.PositiveSmallIntegerField(default=0, editable=False)
        ),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
        migrations.RunSQL(FREEZE, THAW),
    ]
