"""Who signs the minutes of the jury; signed by all four they stay, and nothing is published without them; also by SQL."""

from django.db import migrations

#: What of a call may change once the jury has opened a file: what the prize is, is decided late (S-121, S-123).
NOTED = "'phase', 'name', 'name_fr', 'name_zh_hans', 'first_opened_at', 'seals', 'seal_digest'"
OF_THE_PRIZE = "".join(f", '{field}{end}'" for field in ("trophy", "engraving") for end in ("", "_fr", "_zh_hans"))
NUMBERS_STAY = """
CREATE OR REPLACE FUNCTION awards_call_numbers_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.first_opened_at IS DISTINCT FROM OLD.first_opened_at
    OR to_jsonb(NEW) - ARRAY[{may_change}] <> to_jsonb(OLD) - ARRAY[{may_change}] THEN
    RAISE EXCEPTION 'awards_call_numbers_stay: award %', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_call_numbers_stay';
  END IF;
  RETURN NEW;
END $$;
"""
STAY = """
-- Both co-presidents and both secretaries: awards.models.JuryMinutes.
CREATE FUNCTION awards_signature_of_the_four() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_minutes bigint;
BEGIN
  IF TG_OP = 'DELETE' THEN of_minutes := OLD.minutes_id; ELSE of_minutes := NEW.minutes_id; END IF;
  -- Nobody freezes them meanwhile.
  IF EXISTS (
    SELECT FROM (SELECT signed_at FROM awards_juryminutes WHERE id = of_minutes OFFSET 0 FOR SHARE) m
    WHERE m.signed_at IS NOT NULL
  ) OR TG_OP = 'UPDATE' THEN
    RAISE EXCEPTION 'awards_signature_stays: %', of_minutes
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_signature_stays';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF NOT EXISTS (
    SELECT FROM awards_juryminutes p JOIN awards_jurymember m ON m.call_id = p.call_id
      JOIN awards_pledge g ON g.member_id = m.id
    WHERE p.id = NEW.minutes_id AND m.id = NEW.member_id AND m.role IN ('president', 'secretary')
      AND p.digest = NEW.digest
  ) THEN
    RAISE EXCEPTION 'awards_signature_of_the_four: %', of_minutes
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_signature_of_the_four';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_signature_of_the_four BEFORE INSERT OR UPDATE OR DELETE ON awards_minutessignature
  FOR EACH ROW EXECUTE FUNCTION awards_signature_of_the_four();

CREATE FUNCTION awards_minutes_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.signed_at IS NOT NULL AND (
    TG_OP = 'DELETE'
    -- Its file may be made, and made anew where it was lost: from the same content.
    OR to_jsonb(NEW) - ARRAY['document', 'trouble'] <> to_jsonb(OLD) - ARRAY['document', 'trouble']
  ) THEN
    RAISE EXCEPTION 'awards_minutes_stay: %', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_minutes_stay';
  END IF;
  -- What was written is signed as it is, or written anew from nothing.
  IF TG_OP = 'UPDATE' AND OLD.content IS NOT NULL AND NEW.content IS NOT NULL
    AND (NEW.content, NEW.digest) <> (OLD.content, OLD.digest)
  THEN
    RAISE EXCEPTION 'awards_minutes_stay: %', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_minutes_stay';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF TG_OP = 'INSERT' OR NEW.signed_at IS NOT NULL AND OLD.signed_at IS NULL THEN
    IF NOT EXISTS (
      SELECT FROM awards_call c JOIN awards_jurymember m ON m.call_id = c.id
      WHERE c.id = NEW.call_id AND c.phase IN ('sealed', 'published') AND m.id = NEW.begun_by_id
    ) OR EXISTS (
      SELECT FROM awards_juryminutes p WHERE p.id = NEW.amends_id AND (p.call_id <> NEW.call_id OR p.signed_at IS NULL)
    ) OR NEW.amends_id IS NULL AND EXISTS (
      SELECT FROM awards_juryminutes p WHERE p.call_id = NEW.call_id AND p.id <> NEW.id
    ) THEN
      RAISE EXCEPTION 'awards_minutes_of_sealed_results: %', NEW.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_minutes_of_sealed_results';
    END IF;
    IF NEW.signed_at IS NOT NULL AND (
      SELECT count(DISTINCT (m.side, m.role)) FROM awards_minutessignature s
        JOIN awards_jurymember m ON m.id = s.member_id
      WHERE s.minutes_id = NEW.id AND s.digest = NEW.digest AND m.call_id = NEW.call_id
        AND m.role IN ('president', 'secretary')
    ) < 4 THEN
      RAISE EXCEPTION 'awards_minutes_signed_by_four: %', NEW.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_minutes_signed_by_four';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_minutes_stay BEFORE INSERT OR UPDATE OR DELETE ON awards_juryminutes
  FOR EACH ROW EXECUTE FUNCTION awards_minutes_stay();

-- Nobody comes to a jury that deliberates, or whose results are sealed (S-117). Those who sit in it may change roles: a
-- co-president who falls ill is replaced by one of them.
CREATE FUNCTION awards_jury_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT phase FROM awards_call WHERE id = NEW.call_id OFFSET 0 FOR SHARE) c
    WHERE c.phase IN ('deliberation', 'sealed')
  ) THEN
    RAISE EXCEPTION 'awards_jury_stays: award %', NEW.call_id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_jury_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_jury_stays_inserted BEFORE INSERT ON awards_jurymember
  FOR EACH ROW EXECUTE FUNCTION awards_jury_stays();
CREATE TRIGGER awards_jury_stays BEFORE UPDATE OF side, user_id, call_id ON awards_jurymember
  FOR EACH ROW WHEN ((NEW.side, NEW.user_id, NEW.call_id) <> (OLD.side, OLD.user_id, OLD.call_id))
  EXECUTE FUNCTION awards_jury_stays();

-- Results leave with signed minutes, and none that wait; by two people, together (S-117).
CREATE FUNCTION awards_published_with_minutes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM awards_juryminutes WHERE call_id = NEW.id AND signed_at IS NOT NULL)
    OR EXISTS (SELECT FROM awards_juryminutes WHERE call_id = NEW.id AND signed_at IS NULL)
    OR (SELECT max(at) - min(at) FROM awards_agreement WHERE call_id = NEW.id AND phase = 'published') > interval '15 minutes'
  THEN
    RAISE EXCEPTION 'awards_published_with_minutes: award %', NEW.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_published_with_minutes';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_published_with_minutes BEFORE UPDATE OF phase ON awards_call
  FOR EACH ROW WHEN (NEW.phase = 'published' AND OLD.phase <> 'published')
  EXECUTE FUNCTION awards_published_with_minutes();
"""
LET_GO = """
DROP TRIGGER awards_jury_stays ON awards_jurymember;
DROP TRIGGER awards_jury_stays_inserted ON awards_jurymember;
DROP FUNCTION awards_jury_stays();
DROP TRIGGER awards_published_with_minutes ON awards_call;
DROP FUNCTION awards_published_with_minutes();
DROP TRIGGER awards_minutes_stay ON awards_juryminutes;
DROP FUNCTION awards_minutes_stay();
DROP TRIGGER awards_signature_of_the_four ON awards_minutessignature;
DROP FUNCTION awards_signature_of_the_four();
"""


class Migration(migrations.Migration):
    dependencies = [("awards", "0009_minutes")]

    operations = [
        migrations.RunSQL(
            NUMBERS_STAY.format(may_change=NOTED + OF_THE_PRIZE) + STAY,
            LET_GO + NUMBERS_STAY.format(may_change=NOTED),
        )
    ]
