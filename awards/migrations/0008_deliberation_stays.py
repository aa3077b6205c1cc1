"""Who sits, moves, votes and counts; what was decided stays, and results follow from it alone; also by SQL."""

from django.db import migrations


def refuse(name: str) -> str:
    """The statement that refuses by a rule."""
    return f"RAISE EXCEPTION '{name}' USING ERRCODE = 'restrict_violation', CONSTRAINT = '{name}';"


STAY = f"""
-- The applications that a motion is about: awards.effects.concerned_by.
CREATE FUNCTION awards_concerned_by(of_motion bigint) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  SELECT l.application_id FROM awards_motionline l WHERE l.motion_id = of_motion
  UNION SELECT l.application_id FROM awards_motion m JOIN awards_agendaline l ON l.item_id = m.item_id WHERE m.id = of_motion
  UNION SELECT a.id FROM awards_motion m JOIN awards_application a ON a.category_id = m.category_id
    WHERE m.id = of_motion AND m.effect = 'no_prize' AND a.state = 'admissible'
$$;

-- Whether a member votes on all of these; on what is about none, whoever votes on everything: awards.room.Room.votes_on.
CREATE FUNCTION awards_votes_on(of_member bigint, rows bigint[]) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM awards_jurymember m JOIN awards_pledge p ON p.member_id = m.id
    WHERE m.id = of_member AND (
      m.role IN ('president', 'juror') OR m.role = 'substitute' AND cardinality(rows) > 0)
  ) AND NOT EXISTS (
    SELECT FROM unnest(rows) r(id) JOIN awards_jurymember m ON m.id = of_member
    WHERE NOT EXISTS (
      SELECT FROM awards_interest i WHERE i.member_id = m.id AND i.application_id = r.id AND i.kind = 'none')
    OR m.role = 'substitute' AND NOT EXISTS (
      SELECT FROM awards_calling c WHERE c.member_id = m.id AND c.application_id = r.id)
  )
$$;

CREATE FUNCTION awards_sitting_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND (
    OLD.closed_at IS NOT NULL
    OR (NEW.call_id, NEW.number, NEW.opened_at, NEW.opened_by_id) <> (OLD.call_id, OLD.number, OLD.opened_at, OLD.opened_by_id)
    OR NEW.closed_at IS NOT NULL AND EXISTS (SELECT FROM awards_motion WHERE sitting_id = NEW.id AND state = 'open')
  ) THEN
    {refuse("awards_sitting_stays")}
  END IF;
  IF NOT EXISTS (
    SELECT FROM awards_jurymember m JOIN awards_call c ON c.id = m.call_id
    WHERE m.id = COALESCE(NEW.closed_by_id, NEW.opened_by_id) AND c.id = NEW.call_id AND m.role = 'president'
      AND c.phase = 'deliberation'
  ) OR EXISTS (SELECT FROM awards_agendaitem WHERE id = NEW.current_id AND call_id <> NEW.call_id) THEN
    {refuse("awards_sitting_by_a_president")}
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_sitting_stays BEFORE INSERT OR UPDATE OR DELETE ON awards_sitting
  FOR EACH ROW EXECUTE FUNCTION awards_sitting_stays();

CREATE FUNCTION awards_presence_of_the_jury() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND
    (NEW.sitting_id, NEW.member_id, NEW.entered_at) <> (OLD.sitting_id, OLD.member_id, OLD.entered_at)
  OR NOT EXISTS (
    SELECT FROM awards_sitting s JOIN awards_jurymember m ON m.call_id = s.call_id
      JOIN awards_pledge p ON p.member_id = m.id
    WHERE s.id = NEW.sitting_id AND m.id = NEW.member_id AND s.closed_at IS NULL
  ) THEN
    {refuse("awards_presence_of_the_jury")}
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_presence_of_the_jury BEFORE INSERT OR UPDATE OR DELETE ON awards_presence
  FOR EACH ROW EXECUTE FUNCTION awards_presence_of_the_jury();

CREATE FUNCTION awards_agenda_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {refuse("awards_agenda_stays")}
END $$;
CREATE TRIGGER awards_agenda_stays BEFORE UPDATE OR DELETE ON awards_agendaitem
  FOR EACH ROW EXECUTE FUNCTION awards_agenda_stays();
CREATE TRIGGER awards_agenda_line_stays BEFORE UPDATE OR DELETE ON awards_agendaline
  FOR EACH ROW EXECUTE FUNCTION awards_agenda_stays();

CREATE FUNCTION awards_agenda_line_of_its_call() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM awards_motion WHERE item_id = NEW.item_id) OR NOT EXISTS (
    SELECT FROM awards_agendaitem i JOIN awards_application a ON a.call_id = i.call_id
    WHERE i.id = NEW.item_id AND a.id = NEW.application_id
  ) THEN
    {refuse("awards_agenda_stays")}
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_agenda_line_of_its_call BEFORE INSERT ON awards_agendaline
  FOR EACH ROW EXECUTE FUNCTION awards_agenda_line_of_its_call();

CREATE FUNCTION awards_motion_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_call bigint;
  may_change text[];
  counted record;
BEGIN
  IF TG_OP = 'DELETE' THEN
    {refuse("awards_motion_stays")}
  END IF;
  SELECT call_id INTO of_call FROM awards_agendaitem WHERE id = NEW.item_id;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'moved' OR NOT awards_votes_on(NEW.moved_by_id, ARRAY(
        SELECT application_id FROM awards_agendaline WHERE item_id = NEW.item_id))
      OR NOT EXISTS (
        SELECT FROM awards_jurymember m JOIN awards_call c ON c.id = m.call_id
        WHERE m.id = NEW.moved_by_id AND c.id = of_call AND c.phase = 'deliberation')
      OR EXISTS (SELECT FROM awards_category WHERE id = NEW.category_id AND call_id <> of_call)
    THEN
      {refuse("awards_motion_by_a_voter")}
    END IF;
    RETURN NEW;
  END IF;
  may_change := CASE
    WHEN OLD.state = 'moved' AND NEW.state = 'moved' THEN ARRAY['text_fr', 'text_zh_hans']
    WHEN OLD.state = 'moved' AND NEW.state = 'open'
      THEN ARRAY['state', 'is_secret', 'sitting_id', 'opened_by_id', 'opened_at', 'attendance']
    WHEN OLD.state = 'open' AND NEW.state IN ('passed', 'lost', 'void')
      THEN ARRAY['state', 'closed_by_id', 'closed_at', 'attendance', 'why_void', 'french_yes', 'french_no',
                 'french_abstain', 'chinese_yes', 'chinese_no', 'chinese_abstain']
  END;
  IF may_change IS NULL OR to_jsonb(NEW) - may_change <> to_jsonb(OLD) - may_change THEN
    {refuse("awards_motion_stays")}
  END IF;
  IF NEW.state = 'moved' THEN RETURN NEW; END IF;
  IF NOT EXISTS (
    SELECT FROM awards_jurymember m JOIN awards_call c ON c.id = m.call_id JOIN awards_sitting s ON s.call_id = c.id
    WHERE m.id = COALESCE(NEW.closed_by_id, NEW.opened_by_id) AND c.id = of_call AND m.role = 'president'
      AND s.id = NEW.sitting_id AND s.closed_at IS NULL AND (NEW.state <> 'open' OR NEW.is_secret = c.votes_are_secret)
  ) THEN
    {refuse("awards_motion_by_a_voter")}
  END IF;
  IF NEW.state = 'open' THEN RETURN NEW; END IF;
  SELECT count(*) FILTER (WHERE side = 'FR' AND choice = 'yes') AS french_yes,
         count(*) FILTER (WHERE side = 'FR' AND choice = 'no') AS french_no,
         count(*) FILTER (WHERE side = 'FR' AND choice = 'abstain') AS french_abstain,
         count(*) FILTER (WHERE side = 'CN' AND choice = 'yes') AS chinese_yes,
         count(*) FILTER (WHERE side = 'CN' AND choice = 'no') AS chinese_no,
         count(*) FILTER (WHERE side = 'CN' AND choice = 'abstain') AS chinese_abstain
    INTO counted FROM (
      SELECT m.side, v.choice FROM awards_vote v JOIN awards_jurymember m ON m.id = v.member_id
        WHERE v.motion_id = NEW.id AND NOT NEW.is_secret
      UNION ALL SELECT side, choice FROM awards_ballot WHERE motion_id = NEW.id AND NEW.is_secret
    ) cast_votes;
  IF (NEW.french_yes, NEW.french_no, NEW.french_abstain, NEW.chinese_yes, NEW.chinese_no, NEW.chinese_abstain)
      <> (counted.french_yes, counted.french_no, counted.french_abstain,
          counted.chinese_yes, counted.chinese_no, counted.chinese_abstain)
    OR NEW.is_secret AND EXISTS (
      SELECT FROM (
        SELECT m.side, 1 AS n FROM awards_vote v JOIN awards_jurymember m ON m.id = v.member_id WHERE v.motion_id = NEW.id
        UNION ALL SELECT side, -1 FROM awards_ballot WHERE motion_id = NEW.id
      ) both_tables GROUP BY side HAVING sum(n) <> 0)
    OR NEW.state = 'lost' AND NEW.french_yes > NEW.french_no AND NEW.chinese_yes > NEW.chinese_no
  THEN
    {refuse("awards_motion_counted")}
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_motion_stays BEFORE INSERT OR UPDATE OR DELETE ON awards_motion
  FOR EACH ROW EXECUTE FUNCTION awards_motion_stays();

CREATE FUNCTION awards_motionline_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' OR NOT EXISTS (
    SELECT FROM awards_motion m JOIN awards_agendaitem i ON i.id = m.item_id
      JOIN awards_application a ON a.call_id = i.call_id
    WHERE m.id = NEW.motion_id AND a.id = NEW.application_id AND m.state = 'moved'
      AND awards_votes_on(m.moved_by_id, ARRAY[a.id])
  ) THEN
    {refuse("awards_motion_stays")}
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_motionline_stays BEFORE INSERT OR UPDATE OR DELETE ON awards_motionline
  FOR EACH ROW EXECUTE FUNCTION awards_motionline_stays();

CREATE FUNCTION awards_vote_by_a_voter() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  voted record;
BEGIN
  IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND
    (NEW.motion_id, NEW.member_id) <> (OLD.motion_id, OLD.member_id) THEN
    {refuse("awards_vote_stays")}
  END IF;
  -- Nobody closes the vote meanwhile.
  SELECT m.state, m.is_secret, i.call_id INTO voted FROM awards_motion m JOIN awards_agendaitem i ON i.id = m.item_id
    WHERE m.id = NEW.motion_id FOR SHARE OF m;
  IF TG_OP = 'UPDATE' AND voted.is_secret OR voted.state <> 'open' THEN
    {refuse("awards_vote_stays")}
  END IF;
  IF voted.is_secret <> (NEW.choice = '')
    OR NOT awards_votes_on(NEW.member_id, ARRAY(SELECT awards_concerned_by(NEW.motion_id)))
    OR NOT EXISTS (SELECT FROM awards_jurymember WHERE id = NEW.member_id AND call_id = voted.call_id)
  THEN
    {refuse("awards_vote_by_a_voter")}
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_vote_by_a_voter BEFORE INSERT OR UPDATE OR DELETE ON awards_vote
  FOR EACH ROW EXECUTE FUNCTION awards_vote_by_a_voter();

-- While the vote is open they are written anew with each that joins them: awards.models.Ballot.
CREATE FUNCTION awards_ballot_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_motion bigint;
BEGIN
  IF TG_OP = 'DELETE' THEN of_motion := OLD.motion_id; ELSE of_motion := NEW.motion_id; END IF;
  IF TG_OP = 'UPDATE' OR NOT EXISTS (
    SELECT FROM (SELECT state, is_secret FROM awards_motion WHERE id = of_motion OFFSET 0 FOR SHARE) m
    WHERE m.state = 'open' AND m.is_secret
  ) THEN
    {refuse("awards_vote_stays")}
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_ballot_stays BEFORE INSERT OR UPDATE OR DELETE ON awards_ballot
  FOR EACH ROW EXECUTE FUNCTION awards_ballot_stays();

CREATE FUNCTION awards_result_by_a_motion() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_effect text;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    {refuse("awards_result_stays")}
  END IF;
  SELECT m.effect INTO of_effect FROM awards_motion m
    JOIN awards_motionline l ON l.motion_id = m.id AND l.application_id = NEW.application_id
    JOIN awards_agendaitem i ON i.id = m.item_id JOIN awards_call c ON c.id = i.call_id
    JOIN awards_category k ON k.id = NEW.category_id AND k.call_id = c.id
    JOIN awards_application a ON a.id = NEW.application_id AND a.state = 'admissible'
  WHERE m.id = NEW.motion_id AND m.state = 'passed' AND c.phase = 'deliberation'
    AND (m.category_id = k.id OR m.effect = 'prizes' AND m.category_id IS NULL)
    AND (k.theme_id IS NULL OR a.category_id = k.id)
    AND CASE m.effect
      WHEN 'reserve' THEN NEW.kind = 'reserve' AND k.theme_id IS NOT NULL AND NEW.place = l.place
      WHEN 'mention' THEN NEW.kind = 'mention' AND k.theme_id IS NULL
      WHEN 'ex_aequo' THEN NEW.kind = CASE WHEN k.theme_id IS NULL THEN 'mention' ELSE 'prize' END
      ELSE m.effect IN ('prize', 'prizes') AND NEW.kind = 'prize' AND k.theme_id IS NOT NULL
    END
  FOR SHARE OF c;
  IF of_effect IS NULL OR NEW.is_ex_aequo <> (of_effect = 'ex_aequo') THEN
    {refuse("awards_result_by_a_motion")}
  END IF;
  IF NEW.kind <> 'reserve' AND (
    NEW.place > (SELECT prizes FROM awards_category WHERE id = NEW.category_id)
    -- Who shares a prize does so by one motion.
    OR EXISTS (
      SELECT FROM awards_result r WHERE r.category_id = NEW.category_id AND r.kind = NEW.kind AND r.place = NEW.place
        AND (r.motion_id <> NEW.motion_id OR NOT NEW.is_ex_aequo))
    OR EXISTS (
      SELECT FROM awards_result r WHERE r.motion_id = NEW.motion_id AND NEW.is_ex_aequo AND r.place <> NEW.place)
    OR EXISTS (
      SELECT FROM awards_motion WHERE category_id = NEW.category_id AND effect = 'no_prize' AND state = 'passed')
  ) THEN
    {refuse("awards_result_within_prizes")}
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER awards_result_by_a_motion BEFORE INSERT OR UPDATE OR DELETE ON awards_result
  FOR EACH ROW EXECUTE FUNCTION awards_result_by_a_motion();
"""
_TRIGGERS = [
    ("awards_sitting_stays", "sitting", "awards_sitting_stays"),
    ("awards_presence_of_the_jury", "presence", "awards_presence_of_the_jury"),
    ("awards_agenda_stays", "agendaitem", ""),
    ("awards_agenda_line_stays", "agendaline", "awards_agenda_stays"),
    ("awards_agenda_line_of_its_call", "agendaline", "awards_agenda_line_of_its_call"),
    ("awards_motion_stays", "motion", "awards_motion_stays"),
    ("awards_motionline_stays", "motionline", "awards_motionline_stays"),
    ("awards_vote_by_a_voter", "vote", "awards_vote_by_a_voter"),
    ("awards_ballot_stays", "ballot", "awards_ballot_stays"),
    ("awards_result_by_a_motion", "result", "awards_result_by_a_motion"),
]
LET_GO = (
    "".join(
        f"DROP TRIGGER {name} ON awards_{table};\n" + (f"DROP FUNCTION {function}();\n" if function else "")
        for name, table, function in _TRIGGERS
    )
    + "DROP FUNCTION awards_votes_on(bigint, bigint[]);\nDROP FUNCTION awards_concerned_by(bigint);\n"
)


class Migration(migrations.Migration):
    dependencies = [("awards", "0007_deliberation")]

    operations = [migrations.RunSQL(STAY, LET_GO)]
