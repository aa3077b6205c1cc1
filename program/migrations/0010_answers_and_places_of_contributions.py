from django.db import migrations, models

# What a speaker has answered stood at the person: who had declined had one contribution, or so it was taken.
ANSWERS = """
UPDATE program_contribution c SET speaker_declined_at = coalesce(s.state_since, c.state_since)
FROM program_speaker s WHERE s.id = c.speaker_id AND s.state = 'declined' AND c.state = 'accepted';
-- A table with rows that are still to be checked cannot be altered.
SET CONSTRAINTS ALL IMMEDIATE;
"""

# A contribution stands where its part does.
FOLLOW = """
CREATE FUNCTION program_contribution_follows_its_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.contribution_id IS NOT NULL
    AND (TG_OP = 'DELETE' OR OLD.contribution_id IS DISTINCT FROM NEW.contribution_id) THEN
    UPDATE program_contribution SET session_id = NULL WHERE id = OLD.contribution_id AND session_id IS NOT NULL;
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.contribution_id IS NOT NULL THEN
    UPDATE program_contribution SET session_id = NEW.session_id
    WHERE id = NEW.contribution_id AND session_id IS DISTINCT FROM NEW.session_id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER program_contribution_follows_its_part
  AFTER INSERT OR DELETE OR UPDATE OF contribution_id, session_id ON program_sessionpart
  FOR EACH ROW EXECUTE FUNCTION program_contribution_follows_its_part();
UPDATE program_contribution c SET session_id = (
  SELECT part.session_id FROM program_sessionpart part WHERE part.contribution_id = c.id);
"""
NO_FOLLOW = """
DROP TRIGGER program_contribution_follows_its_part ON program_sessionpart;
DROP FUNCTION program_contribution_follows_its_part();
"""


class Migration(migrations.Migration):
    dependencies = [("program", "0009_nothing_is_out_without_approvals")]

    operations = [
        migrations.AddField(
            model_name="contribution",
            name="speaker_declined_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="declined by the speaker at"),
        ),
        migrations.RunSQL(ANSWERS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="contribution",
            constraint=models.CheckConstraint(
                condition=models.Q(("speaker_declined_at__isnull", True), ("state", "accepted"), _connector="OR"),
                name="program_contribution_declined_by_its_speaker_while_accepted",
            ),
        ),
        migrations.RunSQL(FOLLOW, NO_FOLLOW),
    ]
