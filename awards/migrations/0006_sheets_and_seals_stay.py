"""What was pledged, declared, marked and sealed stays; only those who judge an application mark it; also by SQL."""

from django.db import migrations

#: What of a call the software itself notes once the jury has opened a file.
NOTED = "ARRAY['phase', 'name', 'name_fr', 'name_zh_hans', 'first_opened_at'{more}]"
NUMBERS_STAY = """
CREATE OR REPLACE FUNCTION awards_call_numbers_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.first_opened_at IS DISTINCT FROM OLD.first_opened_at
    OR to_jsonb(NEW) - {noted} <> to_jsonb(OLD) - {noted} THEN
    RAISE EXCEPTION 'awards_call_numbers_stay: award %', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_call_numbers_stay';
  END IF;
  RETURN NEW;
END $$;
"""
HAS_AGREED = """
CREATE OR REPLACE FUNCTION awards_jurymember_has_agreed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM awards_agreement WHERE member_id = OLD.id){more} THEN
    RAISE EXCEPTION 'awards_jurymember_has_agreed: member %', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_jurymember_has_agreed';
  END IF;
  RETURN NEW;
END $$;
"""
STAY = """
CREATE FUNCTION awards_pledge_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'awards_pledge_stays: pledge %', OLD.id
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_pledge_stays';
END $$;
CREATE TRIGGER awards_pledge_stays BEFORE UPDATE OR DELETE ON awards_pledge
  FOR EACH ROW EXECUTE FUNCTION awards_pledge_stays();

CREATE FUNCTION awards_interest_of_the_jury() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND (
    OLD.kind <> 'none' OR NEW.kind = 'none'
    OR (NEW.member_id, NEW.application_id) <> (OLD.member_id, OLD.application_id)
  ) THEN
    RAISE EXCEPTION 'awards_interest_stays: interest %', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_interest_stays';
  END IF;
  IF NOT EXISTS (
    SELECT FROM awards_jurymember m
      JOIN awards_application a ON a.call_id = m.call_id JOIN awards_call c ON c.id = m.call_id
    WHERE m.id = NEW.member_id AND a.id = NEW.application_id AND m.role <> 'secretary'
      AND c.phase IN ('conflicts', 'scoring', 'deliberation')
      AND (NEW.kind NOT IN ('none', 'declared') OR EXISTS (SELECT FROM awards_pledge WHERE member_id = m.id))
  ) THEN
    RAISE EXCEPTION 'awards_interest_of_the_jury: member %', NEW.member_id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_interest_of_the_jury';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_interest_of_the_jury BEFORE INSERT OR UPDATE OR DELETE ON awards_interest
  FOR EACH ROW EXECUTE FUNCTION awards_interest_of_the_jury();

CREATE FUNCTION awards_calling_by_a_secretary() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    RAISE EXCEPTION 'awards_calling_stays: %', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_calling_stays';
  END IF;
  IF NOT EXISTS (
    SELECT FROM awards_application a
      JOIN awards_call c ON c.id = a.call_id
      JOIN awards_jurymember m ON m.call_id = c.id JOIN awards_jurymember s ON s.call_id = c.id
    WHERE a.id = NEW.application_id AND m.id = NEW.member_id AND s.id = NEW.called_by_id
      AND m.role = 'substitute' AND s.role = 'secretary' AND m.side = s.side
      AND c.phase IN ('conflicts', 'scoring')
  ) THEN
    RAISE EXCEPTION 'awards_calling_by_a_secretary: member %', NEW.member_id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_calling_by_a_secretary';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_calling_by_a_secretary BEFORE INSERT OR UPDATE OR DELETE ON awards_calling
  FOR EACH ROW EXECUTE FUNCTION awards_calling_by_a_secretary();

CREATE FUNCTION awards_assignment_of_the_jury() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Nobody opens the first file meanwhile.
  IF EXISTS (
    SELECT FROM (
      SELECT c.first_opened_at FROM awards_application a JOIN awards_call c ON c.id = a.call_id
      WHERE a.id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.application_id END,
                     CASE WHEN TG_OP <> 'DELETE' THEN NEW.application_id END)
      OFFSET 0 FOR SHARE OF c
    ) c WHERE c.first_opened_at IS NOT NULL
  ) THEN
    RAISE EXCEPTION 'awards_assignment_stays'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_assignment_stays';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF NOT EXISTS (
    SELECT FROM awards_jurymember m JOIN awards_application a ON a.call_id = m.call_id
    WHERE m.id = NEW.member_id AND a.id = NEW.application_id AND m.role IN ('president', 'juror')
  ) THEN
    RAISE EXCEPTION 'awards_assignment_of_the_jury: member %', NEW.member_id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_assignment_of_the_jury';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_assignment_of_the_jury BEFORE INSERT OR UPDATE OR DELETE ON awards_assignment
  FOR EACH ROW EXECUTE FUNCTION awards_assignment_of_the_jury();

CREATE FUNCTION awards_sheet_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_call bigint;
  of_phase text;
  has_film boolean;
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.sealed_at IS NOT NULL THEN
    RAISE EXCEPTION 'awards_sheet_stays: sheet %', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_sheet_stays';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF TG_OP = 'UPDATE' AND (NEW.member_id, NEW.application_id) <> (OLD.member_id, OLD.application_id) THEN
    RAISE EXCEPTION 'awards_sheet_stays: sheet %', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_sheet_stays';
  END IF;
  SELECT call_id INTO of_call FROM awards_application WHERE id = NEW.application_id;
  IF TG_OP = 'INSERT' OR NEW.sealed_at IS NOT NULL THEN
    -- The phase does not close meanwhile. A draft that is saved need not wait: it counts nowhere.
    SELECT phase INTO of_phase FROM awards_call WHERE id = of_call FOR SHARE;
  ELSE
    SELECT phase INTO of_phase FROM awards_call WHERE id = of_call;
  END IF;
  IF of_phase <> 'scoring' OR NOT EXISTS (
    SELECT FROM awards_jurymember m
      JOIN awards_application a ON a.call_id = m.call_id AND a.id = NEW.application_id AND a.state = 'admissible'
      JOIN awards_call c ON c.id = m.call_id
      JOIN awards_pledge p ON p.member_id = m.id
      JOIN awards_interest i ON i.member_id = m.id AND i.application_id = a.id AND i.kind = 'none'
    WHERE m.id = NEW.member_id AND (
      m.role IN ('president', 'juror') AND (c.dealt_at IS NULL OR EXISTS (
        SELECT FROM awards_assignment s WHERE s.member_id = m.id AND s.application_id = a.id))
      OR m.role = 'substitute' AND EXISTS (
        SELECT FROM awards_calling s WHERE s.member_id = m.id AND s.application_id = a.id)
    )
  ) THEN
    RAISE EXCEPTION 'awards_sheet_by_a_judge: member %, application %', NEW.member_id, NEW.application_id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_sheet_by_a_judge';
  END IF;
  IF NEW.sealed_at IS NULL THEN RETURN NEW; END IF;
  has_film := EXISTS (SELECT FROM awards_film WHERE application_id = NEW.application_id);
  IF TG_OP = 'INSERT'
    OR NEW.abstains AND EXISTS (SELECT FROM awards_score WHERE sheet_id = NEW.id)
    OR NOT NEW.abstains AND EXISTS (
      SELECT FROM awards_criterion c LEFT JOIN awards_score s ON s.criterion_id = c.id AND s.sheet_id = NEW.id
      WHERE c.call_id = of_call AND CASE
        WHEN s.mark IS NULL THEN true
        -- The mark that the rules give (article 7) needs no words.
        WHEN c.code = 'film' AND NOT has_film THEN s.mark <> 1
        ELSE s.mark IN (1, 5) AND length(btrim(s.comment)) < 10
      END
    )
  THEN
    RAISE EXCEPTION 'awards_sheet_sealed_complete: sheet %', NEW.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_sheet_sealed_complete';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_sheet_stays BEFORE INSERT OR UPDATE OR DELETE ON awards_sheet
  FOR EACH ROW EXECUTE FUNCTION awards_sheet_stays();

CREATE FUNCTION awards_score_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Nobody seals the sheet meanwhile.
  IF EXISTS (
    SELECT FROM (
      SELECT sealed_at FROM awards_sheet
      WHERE id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.sheet_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.sheet_id END)
      OFFSET 0 FOR SHARE
    ) s WHERE s.sealed_at IS NOT NULL
  ) THEN
    RAISE EXCEPTION 'awards_sheet_stays: a mark of a sealed sheet'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_sheet_stays';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF NOT EXISTS (
    SELECT FROM awards_sheet s JOIN awards_application a ON a.id = s.application_id
      JOIN awards_criterion c ON c.call_id = a.call_id
    WHERE s.id = NEW.sheet_id AND c.id = NEW.criterion_id
  ) THEN
    RAISE EXCEPTION 'awards_score_of_its_call: criterion %', NEW.criterion_id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_score_of_its_call';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_score_stays BEFORE INSERT OR UPDATE OR DELETE ON awards_score
  FOR EACH ROW EXECUTE FUNCTION awards_score_stays();

CREATE FUNCTION awards_seal_chains() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last record;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    RAISE EXCEPTION 'awards_seal_stays: seal %', OLD.number
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_seal_stays';
  END IF;
  -- One after the other: whoever seals holds the call.
  SELECT seals, seal_digest INTO last FROM awards_call WHERE id = NEW.call_id FOR NO KEY UPDATE;
  IF NEW.number <> last.seals + 1 OR NEW.previous <> last.seal_digest THEN
    RAISE EXCEPTION 'awards_seal_chains: seal %', NEW.number
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_seal_chains';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_seal_chains BEFORE INSERT OR UPDATE OR DELETE ON awards_seal
  FOR EACH ROW EXECUTE FUNCTION awards_seal_chains();

CREATE FUNCTION awards_seal_is_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE awards_call SET seals = NEW.number, seal_digest = NEW.digest WHERE id = NEW.call_id;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_seal_is_counted AFTER INSERT ON awards_seal
  FOR EACH ROW EXECUTE FUNCTION awards_seal_is_counted();

CREATE FUNCTION awards_call_counts_its_seals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM awards_seal s WHERE s.call_id = NEW.id AND s.number = NEW.seals AND s.digest = NEW.seal_digest
  ) OR EXISTS (SELECT FROM awards_seal s WHERE s.call_id = NEW.id AND s.number > NEW.seals) THEN
    RAISE EXCEPTION 'awards_seal_chains: award %', NEW.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'awards_seal_chains';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_call_counts_its_seals BEFORE UPDATE OF seals, seal_digest ON awards_call
  FOR EACH ROW WHEN ((NEW.seals, NEW.seal_digest) IS DISTINCT FROM (OLD.seals, OLD.seal_digest))
  EXECUTE FUNCTION awards_call_counts_its_seals();
"""
_TRIGGERS = [
    ("awards_pledge_stays", "pledge"),
    ("awards_interest_of_the_jury", "interest"),
    ("awards_calling_by_a_secretary", "calling"),
    ("awards_assignment_of_the_jury", "assignment"),
    ("awards_sheet_stays", "sheet"),
    ("awards_score_stays", "score"),
    ("awards_seal_chains", "seal"),
    ("awards_seal_is_counted", "seal"),
    ("awards_call_counts_its_seals", "call"),
]
LET_GO = "".join(
    f"DROP TRIGGER {name} ON awards_{table};\nDROP FUNCTION {name}();\n" for name, table in _TRIGGERS
)
FORWARD = (
    NUMBERS_STAY.format(noted=NOTED.format(more=", 'seals', 'seal_digest'"))
    + HAS_AGREED.format(more=" OR EXISTS (SELECT FROM awards_pledge WHERE member_id = OLD.id)")
    + STAY
)
BACK = LET_GO + NUMBERS_STAY.format(noted=NOTED.format(more="")) + HAS_AGREED.format(more="")


class Migration(migrations.Migration):
    dependencies = [("awards", "0005_jury")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
