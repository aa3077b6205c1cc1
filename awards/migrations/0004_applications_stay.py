"""What was submitted stays, goes only along the moves, and is decided by both secretaries; for everybody, also by SQL."""

from django.db import migrations

TEXTS = "ARRAY['title', 'summary', 'exemplary', 'existing', 'concrete', 'reproducible']"
#: What the software itself notes about an application that was submitted.
NOTED = """ARRAY['state', 'state_since', 'number', 'submitted_at', 'deadline', 'complete_until', 'completed_at', 'round',
    'pair_key', 'search_key', 'original_digest', 'translated_from']"""
MOVES = """ARRAY['draft-submitted', 'submitted-draft', 'submitted-to_complete', 'submitted-admissible',
    'submitted-inadmissible', 'submitted-withdrawn', 'to_complete-submitted', 'to_complete-inadmissible',
    'to_complete-withdrawn', 'admissible-withdrawn']"""

STAY = f"""
CREATE FUNCTION awards_application_moves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  other text := CASE NEW.original WHEN 'fr' THEN '_zh_hans' ELSE '_fr' END;
  translated text[] := {TEXTS} || ARRAY(SELECT t || other FROM unnest({TEXTS}) t);
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' THEN
      RAISE EXCEPTION 'awards_application_moves: it begins as a draft'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_application_moves';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.state <> OLD.state AND NOT (OLD.state || '-' || NEW.state) = ANY ({MOVES})
    OR NEW.call_id <> OLD.call_id OR NEW.number IS DISTINCT FROM OLD.number AND OLD.number IS NOT NULL THEN
    RAISE EXCEPTION 'awards_application_moves: application %, % to %', OLD.id, OLD.state, NEW.state
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_application_moves';
  END IF;
  IF OLD.state NOT IN ('draft', 'to_complete')
    AND to_jsonb(NEW) - {NOTED} - translated <> to_jsonb(OLD) - {NOTED} - translated THEN
    RAISE EXCEPTION 'awards_application_stays: application %', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_application_stays';
  END IF;
  IF NEW.state = 'submitted' AND OLD.state <> 'submitted' THEN
    IF (SELECT count(DISTINCT side) FROM awards_partner WHERE application_id = NEW.id AND leads) < 2
      OR (SELECT count(*) FROM awards_attachment WHERE application_id = NEW.id AND kind = 'letter') < 2
      OR NOT EXISTS (
        SELECT FROM awards_category WHERE id = NEW.category_id AND call_id = NEW.call_id AND theme_id IS NOT NULL
      )
      OR NOT EXISTS (SELECT FROM awards_film WHERE application_id = NEW.id)
        AND (SELECT film_is_required FROM awards_call WHERE id = NEW.call_id FOR SHARE)
    THEN
      RAISE EXCEPTION 'awards_application_complete: application %', NEW.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_application_complete';
    END IF;
  END IF;
  IF NEW.state <> OLD.state AND (NEW.state IN ('admissible', 'to_complete')
      OR NEW.state = 'inadmissible' AND OLD.state = 'submitted')
    AND (
      SELECT count(DISTINCT side) FROM awards_secretaryopinion
      WHERE application_id = NEW.id AND round = NEW.round AND opinion = NEW.state
    ) < 2 THEN
    RAISE EXCEPTION 'awards_application_decided_by_both: application %', NEW.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_application_decided_by_both';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_application_moves BEFORE INSERT OR UPDATE ON awards_application
  FOR EACH ROW EXECUTE FUNCTION awards_application_moves();

CREATE FUNCTION awards_application_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'draft'
    AND NOT EXISTS (SELECT FROM awards_call WHERE id = OLD.call_id AND phase = 'published' FOR SHARE) THEN
    RAISE EXCEPTION 'awards_application_stays: application %', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_application_stays';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER awards_application_is_kept BEFORE DELETE ON awards_application
  FOR EACH ROW EXECUTE FUNCTION awards_application_is_kept();

CREATE FUNCTION awards_of_application_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Nobody submits it meanwhile.
  IF EXISTS (
    SELECT FROM (
      SELECT a.state, c.phase FROM awards_application a JOIN awards_call c ON c.id = a.call_id
      WHERE a.id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.application_id END,
                     CASE WHEN TG_OP <> 'DELETE' THEN NEW.application_id END)
      OFFSET 0 FOR SHARE OF a
    ) a WHERE a.state NOT IN ('draft', 'to_complete') AND NOT (TG_OP = 'DELETE' AND a.phase = 'published')
  ) THEN
    RAISE EXCEPTION 'awards_application_stays: %', TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_application_stays';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_partner_stays BEFORE INSERT OR UPDATE OR DELETE ON awards_partner
  FOR EACH ROW EXECUTE FUNCTION awards_of_application_stays();
CREATE TRIGGER awards_attachment_stays BEFORE INSERT OR UPDATE OR DELETE ON awards_attachment
  FOR EACH ROW EXECUTE FUNCTION awards_of_application_stays();
CREATE TRIGGER awards_film_stays BEFORE INSERT OR UPDATE OR DELETE ON awards_film
  FOR EACH ROW EXECUTE FUNCTION awards_of_application_stays();

CREATE FUNCTION awards_partner_of_its_side() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.organisation_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM assises_organisation WHERE id = NEW.organisation_id AND side = NEW.side FOR SHARE) THEN
    RAISE EXCEPTION 'awards_partner_of_its_side: organisation %', NEW.organisation_id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_partner_of_its_side';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_partner_of_its_side BEFORE INSERT OR UPDATE ON awards_partner
  FOR EACH ROW EXECUTE FUNCTION awards_partner_of_its_side();

CREATE FUNCTION awards_secretaryopinion_by_a_secretary() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  row_id bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.application_id ELSE NEW.application_id END;
  row_round int := CASE WHEN TG_OP = 'DELETE' THEN OLD.round ELSE NEW.round END;
  found record;
BEGIN
  SELECT a.state, a.round, a.call_id, c.phase INTO found
    FROM awards_application a JOIN awards_call c ON c.id = a.call_id WHERE a.id = row_id FOR SHARE;
  IF TG_OP = 'DELETE' AND (found.phase IS NULL OR found.phase = 'published') THEN RETURN OLD; END IF;
  IF found.state <> 'submitted' OR found.round <> row_round OR found.phase <> 'admissibility'
    OR TG_OP = 'UPDATE' AND (NEW.application_id, NEW.round, NEW.side) <> (OLD.application_id, OLD.round, OLD.side)
    OR TG_OP <> 'DELETE' AND NOT EXISTS (
      SELECT FROM awards_jurymember m
      WHERE m.id = NEW.member_id AND m.call_id = found.call_id AND m.side = NEW.side AND m.role = 'secretary'
      FOR SHARE
    ) THEN
    RAISE EXCEPTION 'awards_secretaryopinion_by_a_secretary: application %', row_id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_secretaryopinion_by_a_secretary';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_secretaryopinion_by_a_secretary BEFORE INSERT OR UPDATE OR DELETE ON awards_secretaryopinion
  FOR EACH ROW EXECUTE FUNCTION awards_secretaryopinion_by_a_secretary();
"""
LET_GO = "".join(
    f"DROP TRIGGER {trigger} ON awards_{table};\n"
    for trigger, table in [
        ("awards_application_moves", "application"),
        ("awards_application_is_kept", "application"),
        ("awards_partner_stays", "partner"),
        ("awards_attachment_stays", "attachment"),
        ("awards_film_stays", "film"),
        ("awards_partner_of_its_side", "partner"),
        ("awards_secretaryopinion_by_a_secretary", "secretaryopinion"),
    ]
) + "".join(
    f"DROP FUNCTION {name}();\n"
    for name in [
        "awards_application_moves",
        "awards_application_is_kept",
        "awards_of_application_stays",
        "awards_partner_of_its_side",
        "awards_secretaryopinion_by_a_secretary",
    ]
)


class Migration(migrations.Migration):
    dependencies = [("awards", "0003_applications")]

    operations = [migrations.RunSQL(STAY, LET_GO)]
