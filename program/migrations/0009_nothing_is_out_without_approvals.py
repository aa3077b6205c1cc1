"""Also what is inserted is out only with both approvals, each of a side that there is; and its files stay as they are."""

from django.db import migrations, models

FREEZE = """
-- Approvals refer to a release that is there: one that is inserted has none yet.
CREATE FUNCTION program_release_begins_unpublished() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'program_programmerelease_approved_by_both: release % lacks its approvals', NEW.number
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'program_programmerelease_approved_by_both';
END $$;
CREATE TRIGGER program_programmerelease_begins_unpublished BEFORE INSERT ON program_programmerelease
  FOR EACH ROW WHEN (NEW.published_at IS NOT NULL) EXECUTE FUNCTION program_release_begins_unpublished();

-- People compare a document by its hash. It is made once, after the release is out, and nothing makes it again;
-- since what is out is never deleted either, no other case is let through.
CREATE FUNCTION program_releasefile_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM program_programmerelease WHERE id = OLD.release_id AND published_at IS NOT NULL) THEN
    RAISE EXCEPTION 'program_releasefile_stays: % of a published release is made once', OLD.name
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'program_releasefile_stays';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER program_releasefile_stays BEFORE UPDATE OR DELETE ON program_releasefile
  FOR EACH ROW EXECUTE FUNCTION program_releasefile_stays();
"""
THAW = """
DROP TRIGGER program_releasefile_stays ON program_releasefile;
DROP FUNCTION program_releasefile_stays();
DROP TRIGGER program_programmerelease_begins_unpublished ON program_programmerelease;
DROP FUNCTION program_release_begins_unpublished();
"""


class Migration(migrations.Migration):
    dependencies = [("program", "0008_releases_follow_what_people_read")]

    operations = [
        migrations.AddConstraint(
            "releaseapproval",
            models.CheckConstraint(
                condition=models.Q(("side__in", ["FR", "CN"])), name="program_releaseapproval_of_a_side"
            ),
        ),
        migrations.RunSQL(FREEZE, THAW),
    ]
