"""What is frozen stays, phases open one after the other and by both sides, for everybody, also by SQL."""

from django.db import migrations

ORDER = "ARRAY['rules', 'call', 'admissibility', 'conflicts', 'scoring', 'deliberation', 'sealed', 'published']"
NUMBERS = "ARRAY['phase', 'name', 'name_fr', 'name_zh_hans', 'first_opened_at']"
STAY = f"""
CREATE FUNCTION awards_rules_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'awards_rules_stay: version % is frozen', OLD.version
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_rules_stay';
END $$;
CREATE TRIGGER awards_rules_stay BEFORE UPDATE OR DELETE ON awards_rules
  FOR EACH ROW WHEN (OLD.frozen_at IS NOT NULL) EXECUTE FUNCTION awards_rules_stay();

CREATE FUNCTION awards_article_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Nobody freezes the version meanwhile.
  IF EXISTS (
    SELECT FROM (
      SELECT frozen_at FROM awards_rules
      WHERE id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.rules_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.rules_id END)
      -- Without the offset the condition below would be asked before the row is held.
      OFFSET 0 FOR SHARE
    ) r WHERE r.frozen_at IS NOT NULL
  ) THEN
    RAISE EXCEPTION 'awards_rules_stay: an article of frozen rules'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_rules_stay';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_article_stays BEFORE INSERT OR UPDATE OR DELETE ON awards_article
  FOR EACH ROW EXECUTE FUNCTION awards_article_stays();

-- Once the jury has opened a file, the numbers, the categories, the criteria and the marks are those it was told (D-15).
CREATE FUNCTION awards_call_numbers_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.first_opened_at IS DISTINCT FROM OLD.first_opened_at
    OR to_jsonb(NEW) - {NUMBERS} <> to_jsonb(OLD) - {NUMBERS} THEN
    RAISE EXCEPTION 'awards_call_numbers_stay: award %', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_call_numbers_stay';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_call_numbers_stay BEFORE UPDATE ON awards_call
  FOR EACH ROW WHEN (OLD.first_opened_at IS NOT NULL) EXECUTE FUNCTION awards_call_numbers_stay();

CREATE FUNCTION awards_of_call_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_calls bigint[];
BEGIN
  IF TG_TABLE_NAME = 'awards_anchor' THEN
    SELECT array_agg(call_id) INTO of_calls FROM awards_criterion
      WHERE id IN (CASE WHEN TG_OP <> 'INSERT' THEN (to_jsonb(OLD) ->> 'criterion_id')::bigint END,
                   CASE WHEN TG_OP <> 'DELETE' THEN (to_jsonb(NEW) ->> 'criterion_id')::bigint END);
  ELSE
    of_calls := ARRAY[CASE WHEN TG_OP <> 'INSERT' THEN (to_jsonb(OLD) ->> 'call_id')::bigint END,
                      CASE WHEN TG_OP <> 'DELETE' THEN (to_jsonb(NEW) ->> 'call_id')::bigint END];
  END IF;
  IF EXISTS (
    SELECT FROM (SELECT first_opened_at FROM awards_call WHERE id = ANY (of_calls) OFFSET 0 FOR SHARE) c
    WHERE c.first_opened_at IS NOT NULL
  ) THEN
    RAISE EXCEPTION 'awards_call_numbers_stay: %', TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_call_numbers_stay';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_category_stays BEFORE INSERT OR UPDATE OR DELETE ON awards_category
  FOR EACH ROW EXECUTE FUNCTION awards_of_call_stays();
CREATE TRIGGER awards_criterion_stays BEFORE INSERT OR UPDATE OR DELETE ON awards_criterion
  FOR EACH ROW EXECUTE FUNCTION awards_of_call_stays();
CREATE TRIGGER awards_anchor_stays BEFORE INSERT OR UPDATE OR DELETE ON awards_anchor
  FOR EACH ROW EXECUTE FUNCTION awards_of_call_stays();

CREATE FUNCTION awards_jurymember_of_its_side() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM assises_user WHERE id = NEW.user_id AND side = NEW.side FOR SHARE) THEN
    RAISE EXCEPTION 'awards_jurymember_of_its_side: account %', NEW.user_id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_jurymember_of_its_side';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_jurymember_of_its_side BEFORE INSERT OR UPDATE ON awards_jurymember
  FOR EACH ROW EXECUTE FUNCTION awards_jurymember_of_its_side();

-- The account of a member does not change sides behind the jury's back.
CREATE FUNCTION awards_user_keeps_its_side() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM awards_jurymember WHERE user_id = OLD.id AND side <> NEW.side) THEN
    RAISE EXCEPTION 'awards_jurymember_of_its_side: account %', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_jurymember_of_its_side';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_user_keeps_its_side BEFORE UPDATE OF side ON assises_user
  FOR EACH ROW WHEN (NEW.side <> OLD.side) EXECUTE FUNCTION awards_user_keeps_its_side();

CREATE FUNCTION awards_agreement_by_a_president() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM awards_jurymember m
    WHERE m.id = NEW.member_id AND m.call_id = NEW.call_id AND m.side = NEW.side AND m.role = 'president'
    FOR SHARE
  ) THEN
    RAISE EXCEPTION 'awards_agreement_by_a_president: member %', NEW.member_id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_agreement_by_a_president';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_agreement_by_a_president BEFORE INSERT OR UPDATE ON awards_agreement
  FOR EACH ROW EXECUTE FUNCTION awards_agreement_by_a_president();

CREATE FUNCTION awards_agreement_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT phase FROM awards_call WHERE id = OLD.call_id OFFSET 0 FOR SHARE) c
    WHERE OLD.phase <> '' AND array_position({ORDER}, OLD.phase::text) <= array_position({ORDER}, c.phase::text)
  ) OR EXISTS (
    SELECT FROM awards_rules WHERE id = OLD.rules_id AND frozen_at IS NOT NULL AND OLD.phase = ''
  ) THEN
    RAISE EXCEPTION 'awards_agreement_stays: agreement %', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_agreement_stays';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_agreement_stays BEFORE UPDATE OR DELETE ON awards_agreement
  FOR EACH ROW EXECUTE FUNCTION awards_agreement_stays();

CREATE FUNCTION awards_call_opens_by_both() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (TG_OP = 'INSERT' AND NEW.phase <> 'rules') OR (TG_OP = 'UPDATE' AND (
    array_position({ORDER}, NEW.phase::text) <> array_position({ORDER}, OLD.phase::text) + 1
    OR (
      SELECT count(DISTINCT a.side) FROM awards_agreement a JOIN awards_jurymember m ON m.id = a.member_id
      WHERE a.call_id = NEW.id AND a.phase = NEW.phase AND m.role = 'president'
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
CREATE TRIGGER awards_call_begins BEFORE INSERT ON awards_call
  FOR EACH ROW EXECUTE FUNCTION awards_call_opens_by_both();
CREATE TRIGGER awards_call_opens_by_both BEFORE UPDATE OF phase ON awards_call
  FOR EACH ROW WHEN (NEW.phase <> OLD.phase) EXECUTE FUNCTION awards_call_opens_by_both();

CREATE FUNCTION awards_rules_agreed_to_by_both() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' OR (
    SELECT count(DISTINCT a.side) FROM awards_agreement a JOIN awards_jurymember m ON m.id = a.member_id
    WHERE a.rules_id = NEW.id AND a.digest = NEW.digest AND m.role = 'president'
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
"""
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
DROP TRIGGER awards_call_opens_by_both ON awards_call;
DROP TRIGGER awards_call_begins ON awards_call;
DROP FUNCTION awards_call_opens_by_both();
DROP TRIGGER awards_agreement_stays ON awards_agreement;
DROP FUNCTION awards_agreement_stays();
DROP TRIGGER awards_agreement_by_a_president ON awards_agreement;
DROP FUNCTION awards_agreement_by_a_president();
DROP TRIGGER awards_user_keeps_its_side ON assises_user;
DROP FUNCTION awards_user_keeps_its_side();
DROP TRIGGER awards_jurymember_of_its_side ON awards_jurymember;
DROP FUNCTION awards_jurymember_of_its_side();
DROP TRIGGER awards_anchor_stays ON awards_anchor;
DROP TRIGGER awards_criterion_stays ON awards_criterion;
DROP TRIGGER awards_category_stays ON awards_category;
DROP FUNCTION awards_of_call_stays();
DROP TRIGGER awards_call_numbers_stay ON awards_call;
DROP FUNCTION awards_call_numbers_stay();
DROP TRIGGER awards_article_stays ON awards_article;
DROP FUNCTION awards_article_stays();
DROP TRIGGER awards_rules_stay ON awards_rules;
DROP FUNCTION awards_rules_stay();
"""


class Migration(migrations.Migration):
    dependencies = [("awards", "0001_initial")]

    operations = [migrations.RunSQL(STAY, GO)]
