"""A voice is for a candidate of its point; dependencies stay within an edition and make no circle."""

from django.db import migrations

KEY = """
ALTER TABLE assises_preference ADD CONSTRAINT assises_preference_for_its_candidate
    FOREIGN KEY (candidate_id, item_id) REFERENCES assises_candidate (id, item_id)
    DEFERRABLE INITIALLY DEFERRED
"""
NO_KEY = "ALTER TABLE assises_preference DROP CONSTRAINT assises_preference_for_its_candidate"

NO_CIRCLE = """
CREATE FUNCTION assises_dependency_no_circle() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    first_edition bigint;
    then_edition bigint;
BEGIN
    SELECT edition_id INTO first_edition FROM assises_milestone WHERE id = NEW.before_id;
    SELECT edition_id INTO then_edition FROM assises_milestone WHERE id = NEW.after_id;
    IF first_edition <> then_edition THEN
        RAISE EXCEPTION 'two editions' USING ERRCODE = '23514', CONSTRAINT = 'assises_dependency_within_edition';
    END IF;
    -- One at a time: two that close a circle together would each see none.
    PERFORM pg_advisory_xact_lock(20181217, first_edition::int);
    IF EXISTS (
        WITH RECURSIVE later (id) AS (
            SELECT NEW.after_id
            UNION
            SELECT d.after_id FROM assises_dependency d JOIN later ON d.before_id = later.id WHERE d.id <> NEW.id
        )
        SELECT 1 FROM later WHERE id = NEW.before_id
    ) THEN
        RAISE EXCEPTION 'a circle' USING ERRCODE = '23514', CONSTRAINT = 'assises_dependency_no_circle';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assises_dependency_no_circle BEFORE INSERT OR UPDATE ON assises_dependency
    FOR EACH ROW EXECUTE FUNCTION assises_dependency_no_circle();
"""
CIRCLE = """
DROP TRIGGER assises_dependency_no_circle ON assises_dependency;
DROP FUNCTION assises_dependency_no_circle();
"""


class Migration(migrations.Migration):
    dependencies = [("assises", "0006_register_planning_and_minutes")]

    operations = [migrations.RunSQL(KEY, NO_KEY), migrations.RunSQL(NO_CIRCLE, CIRCLE)]
