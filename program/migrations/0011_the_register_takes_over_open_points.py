"""Open points of sessions become items of the register, with what is known of their translations; and go back again."""

from django.db import migrations
from django.db.models import Max

# A subject is no foreign key, so triggers hold what one would: an item speaks of a session that exists, of its own
# edition, and what the register says of a session is not lost with it.
KEEP = """
CREATE FUNCTION program_register_speaks_of_a_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.edition_id = OLD.edition_id
    AND (NEW.subject_type_id, NEW.subject_id) IS NOT DISTINCT FROM (OLD.subject_type_id, OLD.subject_id) THEN
    RETURN NEW;
  END IF;
  IF NEW.subject_type_id = (SELECT id FROM django_content_type WHERE app_label = 'program' AND model = 'session') THEN
    PERFORM 1 FROM program_session WHERE id = NEW.subject_id AND edition_id = NEW.edition_id FOR KEY SHARE;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'There is no session % in the edition of the item.', NEW.subject_id
        USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'program_register_speaks_of_a_session';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER program_register_speaks_of_a_session BEFORE INSERT OR UPDATE ON assises_registeritem
  FOR EACH ROW EXECUTE FUNCTION program_register_speaks_of_a_session();
CREATE FUNCTION program_session_stays_for_the_register() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM assises_registeritem item JOIN django_content_type kind ON kind.id = item.subject_type_id
             WHERE kind.app_label = 'program' AND kind.model = 'session' AND item.subject_id = OLD.id) THEN
    RAISE EXCEPTION 'The register speaks of session %.', OLD.id
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'program_session_stays_for_the_register';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER program_session_stays_for_the_register AFTER DELETE ON program_session
  FOR EACH ROW EXECUTE FUNCTION program_session_stays_for_the_register();
"""
LET_GO = """
DROP TRIGGER program_session_stays_for_the_register ON program_session;
DROP FUNCTION program_session_stays_for_the_register();
DROP TRIGGER program_register_speaks_of_a_session ON assises_registeritem;
DROP FUNCTION program_register_speaks_of_a_session();
"""
FIELDS = {"text": "text", "answer": "outcome"}


def move(apps, schema_editor):
    """Points of an edition are numbered after what its register holds, in the order in which they were noted."""
    models = [("program", "OpenPoint"), ("assises", "RegisterItem"), ("contenttypes", "ContentType")]
    OpenPoint, RegisterItem, ContentType = (apps.get_model(*name) for name in models)
    last = {}
    for point in OpenPoint.objects.select_related("session").order_by("pk"):
        edition = point.session.edition_id
        if edition not in last:
            last[edition] = RegisterItem.objects.filter(edition=edition).aggregate(n=Max("number"))["n"] or 0
        last[edition] += 1
        kind, _made = ContentType.objects.get_or_create(app_label="program", model="session")
        item = RegisterItem.objects.create(
            edition_id=edition,
            number=last[edition],
            kind="open_point",
            status="decided" if point.closed_on else "to_be_defined",
            text=point.text,
            text_fr=point.text_fr or point.text or "–",
            text_zh_hans=point.text_zh_hans,
            outcome=point.answer,
            outcome_fr=point.answer_fr or "",
            outcome_zh_hans=point.answer_zh_hans,
            owner_side=point.owner,
            due_on=point.due_on,
            source=point.source,
            settled_on=point.closed_on,
            subject_type=kind,
            subject_id=point.session_id,
        )
        rename(apps, ("openpoint", point.pk), ("registeritem", item.pk), FIELDS)
    # A table with rows that are still to be checked cannot be altered.
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def move_back(apps, schema_editor):
    """What minutes repeat, what has candidates, what blocks or is blocked stays where it is: sessions knew none of that."""
    OpenPoint, RegisterItem = (apps.get_model(*n) for n in [("program", "OpenPoint"), ("assises", "RegisterItem")])
    Session = apps.get_model("program", "Session")
    alone = {f"{name}__isnull": True for name in ("lines", "candidates", "blocks_items", "blocked_by", "blocks_milestones")}
    items = RegisterItem.objects.filter(
        kind="open_point", subject_type__app_label="program", subject_type__model="session", **alone
    )
    for item in items.order_by("number"):
        point = OpenPoint.objects.create(
            session=Session.objects.get(pk=item.subject_id),
            text=item.text,
            text_fr=item.text_fr or item.text_zh_hans,
            text_zh_hans=item.text_zh_hans,
            answer=item.outcome[:400],
            answer_fr=(item.outcome_fr or item.outcome_zh_hans or "")[:400],
            answer_zh_hans=(item.outcome_zh_hans or "")[:400],
            owner=item.owner_side or "both",
            due_on=item.due_on,
            source=item.source[:120],
            closed_on=item.settled_on,
        )
        rename(apps, ("registeritem", item.pk), ("openpoint", point.pk), {new: old for old, new in FIELDS.items()})
        # What is settled is not deleted, says a later rule of the register; here it goes back to where it came from.
        type(item).objects.filter(pk=item.pk).update(status="under_study", settled_on=None)
        item.delete()
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def rename(apps, before, after, fields):
    """What is known of a translated text follows it."""
    TranslatedText = apps.get_model("program", "TranslatedText")
    for old, new in fields.items():
        known = TranslatedText.objects.filter(model=before[0], object_id=before[1], field=old)
        known.update(model=after[0], object_id=after[1], field=new)


class Migration(migrations.Migration):
    dependencies = [
        ("assises", "0012_register_settles_a_text"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("program", "0010_answers_and_places_of_contributions"),
    ]

    operations = [
        migrations.RunSQL(KEEP, LET_GO),
        migrations.RunPython(move, move_back),
        migrations.DeleteModel("OpenPoint"),
    ]
