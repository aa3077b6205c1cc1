"""A release keeps also its purpose and its readers; it is out only with both approvals, and then it stays."""

from django.db import migrations

FREEZE = """
CREATE OR REPLACE FUNCTION program_release_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.edition_id, NEW.number, NEW.kind, NEW.content, NEW.content_hash, NEW.prepared_at,
      NEW.is_public, NEW.purpose, NEW.purpose_fr, NEW.purpose_zh_hans)
     IS DISTINCT FROM
     (OLD.edition_id, OLD.number, OLD.kind, OLD.content, OLD.content_hash, OLD.prepared_at,
      OLD.is_public, OLD.purpose, OLD.purpose_fr, OLD.purpose_zh_hans)
     -- What changed is counted from the release that is out; it is known for good when this one comes out.
     OR NEW.changes IS DISTINCT FROM OLD.changes AND (OLD.published_at IS NOT NULL OR NEW.published_at IS NULL)
  THEN
    RAISE EXCEPTION 'program_programmerelease_is_frozen: release % cannot be changed, prepare another one', OLD.number
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'program_programmerelease_is_frozen';
  END IF;
  IF OLD.published_at IS NOT NULL AND NEW.published_at IS DISTINCT FROM OLD.published_at THEN
    RAISE EXCEPTION 'program_programmerelease_is_frozen: release % was published', OLD.number
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'program_programmerelease_is_frozen';
  END IF;
  IF OLD.published_at IS NULL AND NEW.published_at IS NOT NULL
     AND (SELECT count(*) FROM program_releaseapproval WHERE release_id = NEW.id) < 2 THEN
    RAISE EXCEPTION 'program_programmerelease_approved_by_both: release % lacks an approval', OLD.number
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'program_programmerelease_approved_by_both';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION program_release_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.published_at IS NOT NULL THEN
    RAISE EXCEPTION 'program_programmerelease_stays: release % was published', OLD.number
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'program_programmerelease_stays';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER program_programmerelease_stays BEFORE DELETE ON program_programmerelease
  FOR EACH ROW EXECUTE FUNCTION program_release_stays();

-- The approvals of what is out stand on paper; only the link to an account that is deleted may go.
CREATE FUNCTION program_approval_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.release_id, NEW.side, NEW.name, NEW.at)
     IS NOT DISTINCT FROM (OLD.release_id, OLD.side, OLD.name, OLD.at) THEN
    RETURN NEW;
  END IF;
  IF EXISTS (SELECT FROM program_programmerelease WHERE id = OLD.release_id AND published_at IS NOT NULL) THEN
    RAISE EXCEPTION 'program_releaseapproval_stays: the release was published with it'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'program_releaseapproval_stays';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER program_releaseapproval_stays BEFORE UPDATE OR DELETE ON program_releaseapproval
  FOR EACH ROW EXECUTE FUNCTION program_approval_stays();
"""
THAW = """
DROP TRIGGER program_releaseapproval_stays ON program_releaseapproval;
DROP FUNCTION program_approval_stays();
DROP TRIGGER program_programmerelease_stays ON program_programmerelease;
DROP FUNCTION program_release_stays();
CREATE OR REPLACE FUNCTION program_release_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [("program", "0003_keys_and_frozen_releases")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
