"""What both sides have validated stays as it is, for everybody, also by SQL; and it is validated by both or not at all.

Lines and verdicts lock their minutes before they look at its state, so that nothing slips in while it is validated.
"""

from django.db import migrations, models

STAY = """
CREATE FUNCTION assises_minutes_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- The account of whoever sent them may go: it is no part of the minutes.
  IF TG_OP = 'UPDATE' AND NEW.sent_by_id IS NULL AND to_jsonb(NEW) - 'sent_by_id' = to_jsonb(OLD) - 'sent_by_id' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'assises_minutes_stay: minutes % are validated', OLD.id
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assises_minutes_stay';
END $$;
CREATE TRIGGER assises_minutes_stay BEFORE UPDATE OR DELETE ON assises_minutes
  FOR EACH ROW WHEN (OLD.state = 'validated') EXECUTE FUNCTION assises_minutes_stay();

CREATE FUNCTION assises_minutes_validated_by_both() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Nobody rewrites the meeting meanwhile.
  PERFORM 1 FROM assises_meeting WHERE id = NEW.meeting_id FOR SHARE;
  IF NOT EXISTS (SELECT FROM assises_minutesline WHERE minutes_id = NEW.id) OR EXISTS (
    SELECT FROM assises_minutesline l CROSS JOIN (VALUES ('FR'), ('CN')) AS s (side)
    WHERE l.minutes_id = NEW.id AND NOT EXISTS (
      SELECT FROM assises_verdict v
      WHERE v.line_id = l.id AND v.side = s.side AND v.revision = l.revision AND v.verdict = 'accepted'
    )
  ) THEN
    RAISE EXCEPTION 'assises_minutes_validated_by_both: minutes % lack a verdict', NEW.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assises_minutes_validated_by_both';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assises_minutes_validated_by_both BEFORE INSERT OR UPDATE ON assises_minutes
  FOR EACH ROW WHEN (NEW.state = 'validated') EXECUTE FUNCTION assises_minutes_validated_by_both();

CREATE FUNCTION assises_minutesline_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (
      SELECT state FROM assises_minutes WHERE id IN (OLD.minutes_id, NEW.minutes_id) FOR SHARE
    ) m WHERE m.state = 'validated'
  ) THEN
    RAISE EXCEPTION 'assises_minutes_stay: a line of validated minutes'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assises_minutes_stay';
  END IF;
  -- A verdict holds for the wording that it was given on: another wording has another number.
  IF TG_OP = 'UPDATE' AND NEW.revision <= OLD.revision
    AND (NEW.revision < OLD.revision
      OR to_jsonb(NEW) - 'revision' - 'order' <> to_jsonb(OLD) - 'revision' - 'order') THEN
    RAISE EXCEPTION 'assises_minutesline_new_wording: line %', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assises_minutesline_new_wording';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assises_minutesline_stays BEFORE INSERT OR UPDATE OR DELETE ON assises_minutesline
  FOR EACH ROW EXECUTE FUNCTION assises_minutesline_stays();

CREATE FUNCTION assises_verdict_given() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_minutes bigint;
  stands varchar;
  wording int;
BEGIN
  SELECT l.minutes_id INTO of_minutes FROM assises_minutesline l
    WHERE l.id = CASE WHEN TG_OP = 'INSERT' THEN NEW.line_id ELSE OLD.line_id END;
  SELECT state INTO stands FROM assises_minutes WHERE id = of_minutes FOR SHARE;
  IF stands = 'validated' THEN
    RAISE EXCEPTION 'assises_minutes_stay: a verdict on validated minutes'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assises_minutes_stay';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF TG_OP = 'UPDATE' AND NEW.line_id <> OLD.line_id THEN
    RAISE EXCEPTION 'assises_verdict_keeps_its_line' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assises_verdict_keeps_its_line';
  END IF;
  IF stands <> 'sent' THEN
    RAISE EXCEPTION 'assises_verdict_on_what_was_sent: minutes %', of_minutes
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assises_verdict_on_what_was_sent';
  END IF;
  SELECT revision INTO wording FROM assises_minutesline WHERE id = NEW.line_id FOR SHARE;
  IF NEW.revision <> wording THEN
    RAISE EXCEPTION 'assises_verdict_on_the_present_wording: line %', NEW.line_id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assises_verdict_on_the_present_wording';
  END IF;
  IF EXISTS (
    SELECT FROM assises_verdict v JOIN assises_minutesline l ON l.id = v.line_id
    WHERE l.minutes_id = of_minutes AND v.by_id = NEW.by_id AND v.side <> NEW.side
  ) THEN
    RAISE EXCEPTION 'assises_verdict_for_one_side: account %', NEW.by_id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assises_verdict_for_one_side';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assises_verdict_given BEFORE INSERT OR UPDATE OR DELETE ON assises_verdict
  FOR EACH ROW EXECUTE FUNCTION assises_verdict_given();

-- What validated minutes say of their meeting is told by the meeting: its title, its day, its place, who attended.
CREATE FUNCTION assises_meeting_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - 'note' - 'follows_id' - 'workstream' <> to_jsonb(OLD) - 'note' - 'follows_id' - 'workstream'
    AND EXISTS (SELECT FROM assises_minutes WHERE meeting_id = OLD.id AND state = 'validated') THEN
    RAISE EXCEPTION 'assises_meeting_stays: the minutes of meeting % are validated', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assises_meeting_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assises_meeting_stays BEFORE UPDATE ON assises_meeting
  FOR EACH ROW EXECUTE FUNCTION assises_meeting_stays();
"""
GO = """
DROP TRIGGER assises_meeting_stays ON assises_meeting;
DROP FUNCTION assises_meeting_stays();
DROP TRIGGER assises_verdict_given ON assises_verdict;
DROP FUNCTION assises_verdict_given();
DROP TRIGGER assises_minutesline_stays ON assises_minutesline;
DROP FUNCTION assises_minutesline_stays();
DROP TRIGGER assises_minutes_validated_by_both ON assises_minutes;
DROP FUNCTION assises_minutes_validated_by_both();
DROP TRIGGER assises_minutes_stay ON assises_minutes;
DROP FUNCTION assises_minutes_stay();
"""


class Migration(migrations.Migration):
    dependencies = [("assises", "0007_voices_and_dependencies")]

    operations = [
        migrations.AddField(
            "minutesline",
            "workstream",
            models.CharField(
                blank=True,
                choices=[("showcase", "showcase of the guest of honour"), ("assises", "steering of the Assises")],
                max_length=10,
                verbose_name="workstream",
            ),
        ),
        migrations.RunSQL(STAY, GO),
    ]
