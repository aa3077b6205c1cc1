"""What both sides were sent stays while they answer; each side is spoken for by its own; what was settled stays.

Texts have a column for each language, and one that is filled in the language of whoever saves: that one says nothing
by itself, and is left out where rows are compared.
"""

from django.db import migrations

STAY = """
CREATE OR REPLACE FUNCTION assises_minutesline_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  stands varchar[];
BEGIN
  SELECT array_agg(m.state) INTO stands FROM (
    SELECT state FROM assises_minutes WHERE id IN (
      CASE WHEN TG_OP <> 'INSERT' THEN OLD.minutes_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.minutes_id END
    ) FOR SHARE
  ) m;
  IF 'validated' = ANY (stands) THEN
    RAISE EXCEPTION 'assises_minutes_stay: a line of validated minutes'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assises_minutes_stay';
  END IF;
  -- Lines of what was sent are worded anew, each with another number; none comes, goes or changes its place.
  IF 'sent' = ANY (stands) AND (TG_OP <> 'UPDATE' OR NEW."order" <> OLD."order" OR NEW.item_id <> OLD.item_id
    OR NEW.minutes_id <> OLD.minutes_id) THEN
    RAISE EXCEPTION 'assises_minutes_stay_as_sent: a line of minutes that were sent'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assises_minutes_stay_as_sent';
  END IF;
  -- A verdict holds for the wording that it was given on: another wording has another number.
  IF TG_OP = 'UPDATE' AND NEW.revision <= OLD.revision
    AND (NEW.revision < OLD.revision
      OR to_jsonb(NEW) - ARRAY['revision', 'order', 'text', 'detail', 'outcome']
        <> to_jsonb(OLD) - ARRAY['revision', 'order', 'text', 'detail', 'outcome']) THEN
    RAISE EXCEPTION 'assises_minutesline_new_wording: line %', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assises_minutesline_new_wording';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION assises_minutes_stay_as_sent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW.state NOT IN ('sent', 'validated') OR (
    to_jsonb(NEW) - ARRAY['state', 'introduction', 'sent_by_id', 'french_escalated_at', 'chinese_escalated_at', 'validated_at', 'digest', 'version']
    <> to_jsonb(OLD) - ARRAY['state', 'introduction', 'sent_by_id', 'french_escalated_at', 'chinese_escalated_at', 'validated_at', 'digest', 'version']
  ) THEN
    RAISE EXCEPTION 'assises_minutes_stay_as_sent: minutes %', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assises_minutes_stay_as_sent';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assises_minutes_stay_as_sent BEFORE UPDATE OR DELETE ON assises_minutes
  FOR EACH ROW WHEN (OLD.state = 'sent') EXECUTE FUNCTION assises_minutes_stay_as_sent();

CREATE OR REPLACE FUNCTION assises_meeting_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - ARRAY['note', 'follows_id', 'workstream', 'title', 'place', 'attendance']
    <> to_jsonb(OLD) - ARRAY['note', 'follows_id', 'workstream', 'title', 'place', 'attendance']
    AND EXISTS (SELECT FROM assises_minutes WHERE meeting_id = OLD.id AND state <> 'draft') THEN
    RAISE EXCEPTION 'assises_meeting_stays: the minutes of meeting % were sent', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assises_meeting_stays';
  END IF;
  RETURN NEW;
END $$;

-- Sent while somebody changes the meeting: both meet here, and the second sees what the first has done.
CREATE FUNCTION assises_minutes_sent_of_a_meeting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM assises_meeting WHERE id = NEW.meeting_id FOR SHARE;
  RETURN NEW;
END $$;
CREATE TRIGGER assises_minutes_sent_of_a_meeting BEFORE INSERT OR UPDATE ON assises_minutes
  FOR EACH ROW WHEN (NEW.state = 'sent') EXECUTE FUNCTION assises_minutes_sent_of_a_meeting();

CREATE FUNCTION assises_verdict_of_that_side() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM assises_user WHERE id = NEW.by_id AND side = NEW.side FOR SHARE) THEN
    RAISE EXCEPTION 'assises_verdict_of_that_side: account %', NEW.by_id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assises_verdict_of_that_side';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assises_verdict_of_that_side BEFORE INSERT OR UPDATE ON assises_verdict
  FOR EACH ROW EXECUTE FUNCTION assises_verdict_of_that_side();

CREATE FUNCTION assises_preference_given() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_item bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.item_id ELSE NEW.item_id END;
BEGIN
  -- The account may go; what it said stays.
  IF TG_OP = 'UPDATE' AND NEW.by_id IS NULL AND to_jsonb(NEW) - 'by_id' = to_jsonb(OLD) - 'by_id' THEN
    RETURN NEW;
  END IF;
  IF EXISTS (
    SELECT FROM (SELECT status FROM assises_registeritem WHERE id = of_item OFFSET 0 FOR SHARE) i
    WHERE i.status IN ('decided', 'abandoned')
  ) THEN
    RAISE EXCEPTION 'assises_preference_stays: item %', of_item
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assises_preference_stays';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  -- Voices of the minutes were given by nobody who has an account.
  IF NEW.by_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM assises_user WHERE id = NEW.by_id AND side = NEW.side FOR SHARE) THEN
    RAISE EXCEPTION 'assises_preference_of_that_side: account %', NEW.by_id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assises_preference_of_that_side';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assises_preference_given BEFORE INSERT OR UPDATE OR DELETE ON assises_preference
  FOR EACH ROW EXECUTE FUNCTION assises_preference_given();

CREATE FUNCTION assises_registeritem_settled_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'assises_registeritem_settled_stays: item %', OLD.number
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assises_registeritem_settled_stays';
END $$;
CREATE TRIGGER assises_registeritem_settled_stays BEFORE DELETE ON assises_registeritem
  FOR EACH ROW WHEN (OLD.status IN ('decided', 'abandoned')) EXECUTE FUNCTION assises_registeritem_settled_stays();

CREATE FUNCTION assises_registeritem_keeps_its_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'assises_registeritem_keeps_its_number: item %', OLD.number
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assises_registeritem_keeps_its_number';
END $$;
CREATE TRIGGER assises_registeritem_keeps_its_number BEFORE UPDATE OF number ON assises_registeritem
  FOR EACH ROW WHEN (NEW.number <> OLD.number) EXECUTE FUNCTION assises_registeritem_keeps_its_number();

CREATE FUNCTION assises_registeritem_of_its_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM assises_meeting
    WHERE id IN (NEW.meeting_id, NEW.settled_at_meeting_id) AND edition_id <> NEW.edition_id
  ) THEN
    RAISE EXCEPTION 'assises_registeritem_of_its_edition: item %', NEW.number
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assises_registeritem_of_its_edition';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assises_registeritem_of_its_edition
  BEFORE INSERT OR UPDATE OF meeting_id, settled_at_meeting_id, edition_id ON assises_registeritem
  FOR EACH ROW EXECUTE FUNCTION assises_registeritem_of_its_edition();

CREATE FUNCTION assises_edition_keeps_its_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM assises_minutes m JOIN assises_meeting g ON g.id = m.meeting_id
    WHERE g.edition_id = OLD.id AND m.state = 'validated'
  ) THEN
    RAISE EXCEPTION 'assises_edition_keeps_its_code: edition %', OLD.code
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assises_edition_keeps_its_code';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assises_edition_keeps_its_code BEFORE UPDATE OF code ON assises_edition
  FOR EACH ROW WHEN (NEW.code <> OLD.code) EXECUTE FUNCTION assises_edition_keeps_its_code();
"""
# The functions that were replaced stay as they are: what they forbid more was never allowed to people.
GO = """
DROP TRIGGER assises_edition_keeps_its_code ON assises_edition;
DROP FUNCTION assises_edition_keeps_its_code();
DROP TRIGGER assises_registeritem_of_its_edition ON assises_registeritem;
DROP FUNCTION assises_registeritem_of_its_edition();
DROP TRIGGER assises_registeritem_keeps_its_number ON assises_registeritem;
DROP FUNCTION assises_registeritem_keeps_its_number();
DROP TRIGGER assises_registeritem_settled_stays ON assises_registeritem;
DROP FUNCTION assises_registeritem_settled_stays();
DROP TRIGGER assises_preference_given ON assises_preference;
DROP FUNCTION assises_preference_given();
DROP TRIGGER assises_verdict_of_that_side ON assises_verdict;
DROP FUNCTION assises_verdict_of_that_side();
DROP TRIGGER assises_minutes_sent_of_a_meeting ON assises_minutes;
DROP FUNCTION assises_minutes_sent_of_a_meeting();
DROP TRIGGER assises_minutes_stay_as_sent ON assises_minutes;
DROP FUNCTION assises_minutes_stay_as_sent();
"""


class Migration(migrations.Migration):
    dependencies = [("assises", "0019_plausible_days_and_sides_of_readers")]

    operations = [migrations.RunSQL(STAY, GO)]
