"""Rules are frozen with the agreement of both co-presidents to that very hash; an agreement keeps its member; an award
stays with its edition.
"""

from django.db import migrations

AGREED = """
CREATE FUNCTION awards_rules_agreed_to_by_both() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' OR (
    SELECT count(DISTINCT a.side) FROM awards_agreement a JOIN awards_jurymember m ON m.id = a.member_id
    WHERE a.rules_id = NEW.id AND a.digest = NEW.digest AND m.role = 'president' AND m.user_id = a.by_id
  ) < 2 THEN
    RAISE EXCEPTION 'awards_rules_agreed_to_by_both: version %', NEW.version
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_rules_agreed_to_by_both';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_rules_begin_as_a_draft BEFORE INSERT ON awards_rules
  FOR EACH ROW WHEN (NEW.frozen_at IS NOT NULL) EXECUTE FUNCTION awards_rules_agreed_to_by_both();
CREATE TRIGGER awards_rules_agreed_to_by_both BEFORE UPDATE ON awards_rules
  FOR EACH ROW WHEN (OLD.frozen_at IS NULL AND NEW.frozen_at IS NOT NULL)
  EXECUTE FUNCTION awards_rules_agreed_to_by_both();

CREATE OR REPLACE FUNCTION awards_call_opens_by_both() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (TG_OP = 'INSERT' AND NEW.phase <> 'rules') OR (TG_OP = 'UPDATE' AND (
    array_position({order}, NEW.phase::text) <> array_position({order}, OLD.phase::text) + 1
    OR (
      SELECT count(DISTINCT a.side) FROM awards_agreement a JOIN awards_jurymember m ON m.id = a.member_id
      WHERE a.call_id = NEW.id AND a.phase = NEW.phase AND m.role = 'president' AND m.user_id = a.by_id
    ) < 2
  )) THEN
    RAISE EXCEPTION 'awards_call_opens_by_both: %', NEW.phase
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_call_opens_by_both';
  END IF;
  IF NEW.phase = 'call' AND NOT EXISTS (
    SELECT FROM awards_rules WHERE call_id = NEW.id AND frozen_at IS NOT NULL
  ) THEN
    RAISE EXCEPTION 'awards_call_opens_with_rules: award %', NEW.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_call_opens_with_rules';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION awards_call_stays_with_its_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'awards_call_stays_with_its_edition: award %', OLD.id
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_call_stays_with_its_edition';
END $$;
CREATE TRIGGER awards_call_stays_with_its_edition BEFORE UPDATE OF edition_id ON awards_call
  FOR EACH ROW WHEN (NEW.edition_id <> OLD.edition_id AND OLD.phase <> 'rules')
  EXECUTE FUNCTION awards_call_stays_with_its_edition();

CREATE FUNCTION awards_category_of_its_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM assises_theme t JOIN awards_call c ON c.id = NEW.call_id
    WHERE t.id = NEW.theme_id AND t.edition_id <> c.edition_id
  ) THEN
    RAISE EXCEPTION 'awards_category_of_its_edition: category %', NEW.code
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_category_of_its_edition';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_category_of_its_edition BEFORE INSERT OR UPDATE OF theme_id, call_id ON awards_category
  FOR EACH ROW EXECUTE FUNCTION awards_category_of_its_edition();

CREATE FUNCTION awards_jurymember_has_agreed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM awards_agreement WHERE member_id = OLD.id) THEN
    RAISE EXCEPTION 'awards_jurymember_has_agreed: member %', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_jurymember_has_agreed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_jurymember_has_agreed BEFORE UPDATE OF user_id, call_id, side ON awards_jurymember
  FOR EACH ROW WHEN (NEW.user_id <> OLD.user_id OR NEW.call_id <> OLD.call_id OR NEW.side <> OLD.side)
  EXECUTE FUNCTION awards_jurymember_has_agreed();
""".format(
    order="ARRAY['rules', 'call', 'admissibility', 'conflicts', 'scoring', 'deliberation', 'sealed', 'published']"
)
# The function that was replaced stays as it is: what it forbids more was never allowed to people.
GO = """
DROP TRIGGER awards_jurymember_has_agreed ON awards_jurymember;
DROP FUNCTION awards_jurymember_has_agreed();
DROP TRIGGER awards_category_of_its_edition ON awards_category;
DROP FUNCTION awards_category_of_its_edition();
DROP TRIGGER awards_call_stays_with_its_edition ON awards_call;
DROP FUNCTION awards_call_stays_with_its_edition();
DROP TRIGGER awards_rules_agreed_to_by_both ON awards_rules;
DROP TRIGGER awards_rules_begin_as_a_draft ON awards_rules;
DROP FUNCTION awards_rules_agreed_to_by_both();
"""


class Migration(migrations.Migration):
    dependencies = [("awards", "0002_rules_and_phases_stay")]

    operations = [migrations.RunSQL(AGREED, GO)]
