"""A pair begins, writes together, submits, takes back; what was submitted stays."""

import datetime as dt
import uuid

import pytest
from django.conf import settings as django_settings
from django.db import DatabaseError, IntegrityError, connection, transaction

from assises.enums import MilestoneKey, Side
from assises.exceptions import Conflict, Refusal
from assises.models import JournalEntry, Milestone, Organisation, OutgoingEmail, Upload
from assises.uploads import read_grant, write_grant
from awards import services, tasks
from awards.completeness import gaps_of
from awards.enums import ApplicationState, Phase, Step
from awards.models import Application, Attachment, Editor, Film, Partner
from awards.services import Authority, Late, Pair
from awards.services.applications.writing import seen_of_pair, seen_of_rights
from awards.services.attaching import FILM
from awards.services.editors import MOST_ADDED
from tests.application_factories import (
    SEPTEMBER,
    a_file,
    a_pair,
    a_person,
    a_picture_file,
    an_authority,
    an_open_call,
    begun,
    complete,
    looked_at,
    submitted,
    texts,
)
from tests.award_factories import CLOSES, OPENS, an_award, opened

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def call(edition):
    return an_open_call(edition)


def events(row: Application) -> list[str]:
    return [
        e.action
        for e in JournalEntry.objects.filter(subject_type="awards.application", subject_id=row.pk).order_by(
            "pk"
        )
    ]


def letters(event: str) -> list[OutgoingEmail]:
    return list(OutgoingEmail.objects.filter(event=f"awards/{event}").order_by("pk"))


# --- Beginning -------------------------------------------------------------------------------------------


def test_a_pair_begins_a_draft_and_receives_its_link(call):
    row, editor = begun(call)
    assert (row.state, row.number, row.original) == (ApplicationState.DRAFT, None, "fr")
    assert [(p.side, p.leads) for p in row.partners.all()] == [(Side.FRENCH, True), (Side.CHINESE, True)]
    (letter,) = letters("application_begun")
    assert letter.to_email == editor.email
    assert "/prix/candidature/" in letter.text


def test_the_same_form_sent_twice_is_one_application(call):
    key, pair, person = uuid.uuid4(), a_pair(call), a_person()
    first, _editor = services.begin(call, pair, person, original="fr", key=key, at=SEPTEMBER)
    again, _editor = services.begin(call, pair, person, original="fr", key=key, at=SEPTEMBER)
    assert first == again
    assert len(letters("application_begun")) == 1


@pytest.mark.parametrize(
    ("at", "begins"), [(OPENS, True), (CLOSES - SECOND, True), (CLOSES, False), (CLOSES + SECOND, False)]
)
def test_one_begins_while_the_call_is_open_and_the_second_of_its_closing_is_too_late(call, at, begins):
    if begins:
        assert begun(call, at=at)
    else:
        with pytest.raises(Refusal, match="2018"):
            begun(call, at=at)


def test_nobody_begins_before_the_call_has_opened(edition):
    with pytest.raises(Refusal):
        begun(an_award(edition), at=OPENS)


def test_nobody_applies_for_a_mention(call):
    pair = a_pair(call)
    # A category that the rules do not have yet: only in a test, for they say what there is.
    mention = call.categories.model(call=call, code="youth", name_fr="Jeunesse")
    with pytest.raises(Refusal):
        services.begin(
            call,
            Pair(mention, pair.french, pair.chinese),
            a_person(),
            original="fr",
            key=uuid.uuid4(),
            at=SEPTEMBER,
        )


def test_an_authority_of_the_other_side_or_named_twice_is_refused(call):
    french = an_authority(Side.FRENCH)
    pair = a_pair(call, french=french)
    twice = Pair(pair.category, pair.french, pair.chinese, [pair.french])
    wrong = Pair(pair.category, pair.chinese, pair.french)
    for bad in (twice, wrong):
        with pytest.raises(Refusal, match=r"\w"):
            services.begin(call, bad, a_person(), original="fr", key=uuid.uuid4(), at=SEPTEMBER)
    assert not Application.objects.exists()


def test_the_database_keeps_an_organisation_on_its_side(call):
    row, _editor = begun(call)
    chinese = an_authority(Side.CHINESE)
    with pytest.raises(IntegrityError, match="awards_partner_of_its_side"), transaction.atomic():
        Partner.objects.create(application=row, organisation=chinese, name="x", side=Side.FRENCH)


# --- Writing, together -----------------------------------------------------------------------------------


def test_two_of_a_pair_do_not_overwrite_one_another(call):
    row, editor = begun(call)
    other = services.add_editor(row, a_person(Side.CHINESE), at=SEPTEMBER, by=editor)
    seen = row.original_digest
    services.write_project(row, texts("Le premier"), seen=seen, at=SEPTEMBER, by=editor)
    with pytest.raises(Conflict):
        services.write_project(row, texts("Le second"), seen=seen, at=SEPTEMBER, by=other)
    row.refresh_from_db()
    assert row.title_fr == "Le premier title"
    # The same answers sent twice are one change, whatever they were made on.
    services.write_project(row, texts("Le premier"), seen=seen, at=SEPTEMBER, by=other)
    assert events(row).count("application_written") == 1


def test_another_step_is_no_conflict(call):
    row, editor = begun(call)
    seen = seen_of_rights(row)
    services.write_project(row, texts(), seen=row.original_digest, at=SEPTEMBER, by=editor)
    services.write_rights(
        row, people_agree=True, music="own", rights_note="", seen=seen, at=SEPTEMBER, by=editor
    )
    row.refresh_from_db()
    assert (row.people_agree, row.title_fr) == (True, "Texte title")


def test_the_pair_is_written_anew_unless_somebody_else_has_changed_it(call):
    row, editor = begun(call)
    seen = seen_of_pair(row)
    pair = a_pair(call)
    services.write_pair(row, pair, seen=seen, at=SEPTEMBER, by=editor)
    assert [str(p) for p in row.partners.all()] == [pair.french.name, pair.chinese.name]
    with pytest.raises(Conflict):
        services.write_pair(row, a_pair(call), seen=seen, at=SEPTEMBER, by=editor)
    # As it stands already: nothing to say.
    services.write_pair(row, pair, seen=seen, at=SEPTEMBER, by=editor)


@pytest.mark.parametrize("at", [CLOSES, CLOSES + SECOND])
def test_nobody_writes_after_the_deadline(call, at):
    row, editor = begun(call)
    for write in (
        lambda: services.write_project(row, texts(), seen=row.original_digest, at=at, by=editor),
        lambda: services.write_pair(row, a_pair(call), seen=seen_of_pair(row), at=at, by=editor),
        lambda: services.attach_letter(row, "FR", a_file(), at=at, by=editor),
        lambda: services.attach_picture(row, a_picture_file(), alternative="x", credit="", at=at, by=editor),
        lambda: services.add_editor(row, a_person(), at=at, by=editor),
    ):
        with pytest.raises(Late):
            write()
    assert not Attachment.objects.exists()
    assert Editor.objects.count() == 1


def test_whoever_began_it_stays_and_others_come_and_go(call):
    row, editor = begun(call)
    other = services.add_editor(row, a_person(Side.CHINESE, email="Wei@example.org"), at=SEPTEMBER, by=editor)
    assert services.add_editor(row, a_person(email="wei@EXAMPLE.org"), at=SEPTEMBER, by=editor) == other
    assert [letter.language for letter in letters("editor_added")] == ["zh-hans"]
    with pytest.raises(Refusal):
        services.remove_editor(row, editor, at=SEPTEMBER, by=other)
    services.remove_editor(row, other, at=SEPTEMBER, by=editor)
    assert list(row.editors.all()) == [editor]


def test_a_lost_link_goes_to_its_own_address_only(call):
    _row, editor = begun(call, email="perdu@example.org")
    assert services.send_links(call, "PERDU@example.org", at=SEPTEMBER) == 1
    assert services.send_links(call, "autre@example.org", at=SEPTEMBER) == 0
    (letter,) = letters("application_link")
    assert letter.to_email == editor.email


# --- Submitting ------------------------------------------------------------------------------------------


def test_what_lacks_is_said_by_step_and_refuses(call):
    row, editor = begun(call)
    assert {gap.step for gap in gaps_of(row)} == {Step.PROJECT, Step.FILES}
    with pytest.raises(Refusal, match=r"title|titre"):
        services.submit(row, version=1, at=SEPTEMBER, by=editor)
    row = complete(row, editor)
    assert gaps_of(row) == []
    services.attach_picture(
        row, a_picture_file(), alternative="Une halle", credit="", at=SEPTEMBER, by=editor
    )
    assert [gap.step for gap in gaps_of(Application.objects.get(pk=row.pk))] == [Step.RIGHTS]


def test_the_receipt_goes_to_everybody_with_both_hours(call):
    row, editor = begun(call)
    services.add_editor(row, a_person(Side.CHINESE), at=SEPTEMBER, by=editor)
    complete(row, editor)
    at = dt.datetime(2018, 9, 20, 8, 7, tzinfo=dt.UTC)
    row = services.submit(row, version=1, at=at, by=editor)
    assert (row.state, row.number, row.submitted_at, row.deadline) == (
        ApplicationState.SUBMITTED,
        1,
        at,
        CLOSES,
    )
    french, chinese = letters("application_submitted")
    assert "10 h 07" in french.text.replace("\u202f", " ").replace("\u00a0", " ")
    assert "16:07" in chinese.text


def test_submitting_twice_is_once(call):
    row, editor = submitted(call)
    again = services.submit(row, version=1, at=SEPTEMBER + SECOND, by=editor)
    assert again.submitted_at == row.submitted_at
    assert len(letters("application_submitted")) == 1


@pytest.mark.parametrize(
    ("at", "late"), [(CLOSES - SECOND, None), (CLOSES, 0), (CLOSES + dt.timedelta(minutes=3), 180)]
)
def test_late_to_the_second_is_late_and_noted(call, at, late):
    row, editor = begun(call)
    complete(row, editor)
    if late is None:
        assert services.submit(row, version=1, at=at, by=editor).number == 1
        return
    with pytest.raises(Late, match="18"):
        services.submit(row, version=1, at=at, by=editor)
    row.refresh_from_db()
    assert row.state == ApplicationState.DRAFT
    entry = JournalEntry.objects.get(action="application_late")
    assert entry.details["seconds"] == late


def test_rules_that_changed_meanwhile_are_read_first(call):
    row, editor = begun(call)
    complete(row, editor)
    with pytest.raises(Refusal, match=r"rules|règlement"):
        services.submit(row, version=2, at=SEPTEMBER, by=editor)


def test_a_partnership_applies_once_and_again_after_it_was_taken_back(call):
    pair = a_pair(call)
    first, editor = submitted(call, pair=pair)
    second, other = begun(call, pair=pair)
    complete(second, other)
    with pytest.raises(Refusal, match="1"):
        services.submit(second, version=1, at=SEPTEMBER, by=other)
    services.take_back(first, at=SEPTEMBER, by=editor)
    assert services.submit(second, version=1, at=SEPTEMBER, by=other).number == 2


def test_the_same_authority_by_two_spellings_is_one_partnership(call):
    pair = a_pair(call)
    spelled = [Authority(None, name, "CN") for name in ("Ville d’Exemple", "ville d’exemple")]
    rows = [begun(call, pair=Pair(pair.category, pair.french, chinese)) for chinese in spelled]
    for row, editor in rows:
        complete(row, editor)
    services.submit(*rows[0][:1], version=1, at=SEPTEMBER, by=rows[0][1])
    with pytest.raises(Refusal):
        services.submit(rows[1][0], version=1, at=SEPTEMBER, by=rows[1][1])


def test_where_the_rules_allow_several_a_partnership_applies_again(edition):
    call = an_open_call(edition, one_per_partnership=False)
    pair = a_pair(call)
    assert [submitted(call, pair=pair)[0].number for _ in range(2)] == [1, 2]


def test_until_the_deadline_it_is_taken_back_changed_and_submitted_again(call):
    row, editor = submitted(call)
    with pytest.raises(Refusal):
        services.write_project(row, texts("Plus tard"), seen=row.original_digest, at=SEPTEMBER, by=editor)
    services.take_back(row, at=SEPTEMBER, by=editor)
    services.write_project(row, texts("Mieux"), seen=row.original_digest, at=SEPTEMBER, by=editor)
    again = services.submit(row, version=1, at=CLOSES - SECOND, by=editor)
    # It keeps the number by which it was called.
    assert (again.number, again.title_fr, again.submitted_at) == (1, "Mieux title", CLOSES - SECOND)
    with pytest.raises(Refusal):
        services.take_back(again, at=CLOSES, by=editor)


def test_an_application_is_withdrawn_after_the_deadline_and_stays_so(call):
    row, editor = submitted(call)
    looked_at(call)
    row = services.withdraw(row, at=CLOSES + SECOND, by=editor)
    assert row.state == ApplicationState.WITHDRAWN
    assert services.withdraw(row, at=CLOSES + SECOND, by=editor).state == ApplicationState.WITHDRAWN
    assert len(letters("application_withdrawn")) == 1


def test_a_compulsory_film_is_asked_for(edition):
    call = an_open_call(edition, film_is_required=True)
    row, editor = begun(call)
    row = complete(row, editor)
    assert [gap.step for gap in gaps_of(row)] == [Step.FILM]
    with pytest.raises(DatabaseError, match="awards_application_complete"), transaction.atomic():
        Application.objects.filter(pk=row.pk).update(
            state="submitted", number=1, submitted_at=SEPTEMBER, deadline=CLOSES, rules=call.rules.get()
        )


# --- What PostgreSQL holds -------------------------------------------------------------------------------


def _update(row: Application, **values):
    with transaction.atomic():
        Application.objects.filter(pk=row.pk).update(**values)


@pytest.mark.parametrize(
    "values",
    [{"title_fr": "Autre"}, {"summary_fr": "Autre"}, {"people_agree": True}, {"original": "zh-hans"}],
)
def test_what_was_submitted_stays_also_by_sql(call, values):
    row, _editor = submitted(call)
    with pytest.raises(IntegrityError, match="awards_application_stays"):
        _update(row, **values)


def test_its_translation_may_still_be_written(call):
    row, _editor = submitted(call)
    _update(row, title_zh_hans="标题")
    row.refresh_from_db()
    assert row.title_zh_hans == "标题"


@pytest.mark.parametrize("model", [Partner, Attachment])
def test_partners_and_files_of_what_was_submitted_stay(call, model):
    row, _editor = submitted(call)
    with pytest.raises(IntegrityError, match="awards_application_stays"), transaction.atomic():
        model.objects.filter(application=row).delete()
    with pytest.raises(IntegrityError, match="awards_application_stays"), transaction.atomic():
        model.objects.filter(application=row).update(name="Autre")


def test_a_film_does_not_come_after_it_was_submitted(call):
    row, _editor = submitted(call)
    with pytest.raises(IntegrityError, match="awards_application_stays"), transaction.atomic():
        Film.objects.create(
            application=row, key=uuid.uuid4(), name="f", media_type="video/mp4", bytes=1, digest="0" * 64, seconds=1,
            width=1, height=1, arrived_at=SEPTEMBER,
        )  # fmt: skip


@pytest.mark.parametrize("state", ["admissible", "to_complete", "inadmissible", "withdrawn"])
def test_a_draft_becomes_nothing_but_submitted(call, state):
    row, editor = begun(call)
    complete(row, editor)
    with pytest.raises(IntegrityError):
        _update(
            row, state=state, number=1, submitted_at=SEPTEMBER, deadline=CLOSES, rules=call.rules.get(),
            complete_until=CLOSES,
        )  # fmt: skip


def test_nothing_is_admissible_without_both_secretaries(call):
    row, _editor = submitted(call)
    looked_at(call)
    with pytest.raises(IntegrityError, match="awards_application_decided_by_both"):
        _update(row, state="admissible")


def test_a_late_submission_does_not_stand_in_the_database(call):
    row, editor = begun(call)
    complete(row, editor)
    with pytest.raises(IntegrityError, match="awards_application_submitted_in_time"):
        _update(
            row, state="submitted", number=1, submitted_at=CLOSES, deadline=CLOSES, rules=call.rules.get()
        )


def test_what_has_arrived_is_not_deleted(call):
    row, _editor = submitted(call)
    with pytest.raises(IntegrityError, match="awards_application_stays"), transaction.atomic():
        row.delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM awards_application WHERE id = %s", [row.pk])
        assert cursor.fetchone() == ("submitted",)


def test_what_came_in_time_and_waited_while_the_phase_went_on_is_in_time(call):
    row, editor = begun(call)
    complete(row, editor)
    opened(call, Phase.ADMISSIBILITY, at=CLOSES)
    assert services.submit(row, version=1, at=CLOSES - SECOND, by=editor).number == 1


def test_once_the_phase_has_gone_on_nobody_applies_though_the_date_were_moved(call):
    row, editor = begun(call)
    complete(row, editor)
    opened(call, Phase.ADMISSIBILITY, at=CLOSES)
    later = CLOSES + dt.timedelta(days=2)
    Milestone.objects.filter(key=MilestoneKey.AWARD_CALL_CLOSES).update(starts_at=later)
    with pytest.raises(Late):
        services.submit(Application.objects.get(pk=row.pk), version=1, at=CLOSES + SECOND, by=editor)
    # It is not late: its call is over.
    assert "application_late" not in events(row)


# --- What a hostile reading found ------------------------------------------------------------------------


def test_whoever_was_taken_out_writes_and_sends_nothing_any_more(call):
    row, editor = begun(call)
    other = services.add_editor(row, a_person(Side.CHINESE), at=SEPTEMBER, by=editor)
    grant = write_grant(FILM, other.pk)
    assert read_grant(grant).purpose.most_bytes(str(other.pk)) == call.film_megabytes * 1_000_000
    services.remove_editor(row, other, at=SEPTEMBER, by=editor)
    other.pk = 0
    for act in (
        lambda: read_grant(grant).purpose.may_receive(read_grant(grant).target, SEPTEMBER),
        lambda: services.write_project(row, texts(), seen=row.original_digest, at=SEPTEMBER, by=other),
        lambda: services.submit(row, version=1, at=SEPTEMBER, by=other),
        lambda: services.attach_letter(row, "FR", a_file(), at=SEPTEMBER, by=other),
        lambda: services.delete_draft(row, at=SEPTEMBER, by=other),
    ):
        with pytest.raises(Refusal):
            act()


def test_a_link_that_went_astray_does_not_write_to_the_world(call):
    row, editor = begun(call)
    for n in range(MOST_ADDED):
        somebody = services.add_editor(row, a_person(email=f"p{n}@example.org"), at=SEPTEMBER, by=editor)
        services.remove_editor(row, somebody, at=SEPTEMBER, by=editor)
    with pytest.raises(Refusal):
        services.add_editor(row, a_person(email="onemore@example.org"), at=SEPTEMBER, by=editor)
    assert len(letters("editor_added")) == MOST_ADDED
    # Nor does it carry what somebody has written.
    assert all("Texte" not in letter.text for letter in letters("editor_added"))


def test_an_authority_that_is_gone_meanwhile_is_said_in_words(call):
    pair = a_pair(call)
    Organisation.objects.filter(pk=pair.chinese.organisation.pk).update(side="FR")
    with pytest.raises(Refusal):
        begun(call, pair=pair)
    assert not Application.objects.exists()


def test_a_partnership_by_its_name_is_the_one_of_our_list(call):
    pair = a_pair(call, french=an_authority(Side.FRENCH, "Carcassonne"))
    submitted(call, pair=pair)
    by_name = Pair(
        pair.category,
        Authority(None, pair.french.name.upper(), "FR"),
        Authority(None, pair.chinese.organisation.name_zh_hans, "CN"),
    )
    row, editor = begun(call, pair=by_name)
    complete(row, editor)
    with pytest.raises(Refusal):
        services.submit(row, version=1, at=SEPTEMBER, by=editor)


def test_the_same_authority_is_named_once_however_it_is_spelled(call):
    pair = a_pair(call)
    others = [Authority(None, name, "FR") for name in ("Narbonne", "NARBONNE")]
    with pytest.raises(Refusal):
        begun(call, pair=Pair(pair.category, pair.french, pair.chinese, others))


def test_a_form_that_was_mended_after_going_back_is_another_application(call):
    key, pair = uuid.uuid4(), a_pair(call)
    services.begin(call, pair, a_person(email="faux@example.org"), original="fr", key=key, at=SEPTEMBER)
    with pytest.raises(services.SentAlready):
        services.begin(call, pair, a_person(email="juste@example.org"), original="fr", key=key, at=SEPTEMBER)


def test_whoever_is_late_twice_is_noted_once(call):
    row, editor = begun(call)
    complete(row, editor)
    for minutes in (3, 4):
        with pytest.raises(Late):
            services.submit(row, version=1, at=CLOSES + dt.timedelta(minutes=minutes), by=editor)
    assert events(row).count("application_late") == 1


def test_a_draft_is_erased_with_its_people_its_files_and_our_letters(
    call, tmp_path, django_capture_on_commit_callbacks
):
    row, editor = begun(call)
    complete(row, editor)
    assert [p for p in tmp_path.rglob("*") if p.is_file()]
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_draft(row, at=SEPTEMBER, by=editor)
    assert not Application.objects.exists()
    assert not Editor.objects.exists()
    assert not OutgoingEmail.objects.filter(to_email=editor.email).exists()
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_what_was_submitted_is_not_erased(call):
    row, editor = submitted(call)
    with pytest.raises(Refusal):
        services.delete_draft(row, at=SEPTEMBER, by=editor)


def test_a_year_after_the_edition_nobody_of_a_pair_is_known(call):
    row, editor = submitted(call)
    begun(call)
    ends = call.edition.ends_on
    soon, later = (
        dt.datetime.combine(ends + dt.timedelta(days=d), dt.time(9), tzinfo=dt.UTC) for d in (365, 366)
    )
    assert services.forget_pairs(call, at=soon) == 0
    assert services.forget_pairs(call, at=later) == 2
    assert services.forget_pairs(call, at=later) == 0
    assert list(Application.objects.all()) == [row]
    assert not Editor.objects.exists()
    row.refresh_from_db()
    assert editor.email not in row.search_key
    assert not OutgoingEmail.objects.filter(event__startswith="awards/application").exists()


def test_subtitles_wait_for_nobody_who_takes_the_film_out(call, monkeypatch):
    row, editor = begun(call)
    film = services.take_film(
        row, key=uuid.uuid4(), name="film.mp4", at=SEPTEMBER, by=editor,
        facts={"media_type": "video/mp4", "bytes": 1, "digest": "0" * 64, "seconds": 9, "width": 1, "height": 1},
    )  # fmt: skip
    read = Application.objects.select_related("film", "call__edition__host").get(pk=row.pk)
    assert read.film == film
    services.remove_film(row, at=SEPTEMBER, by=editor)
    vtt = a_file("a.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nOui\n", "text/vtt")
    with pytest.raises(Refusal):
        services.attach_subtitles(read, "fr", vtt, at=SEPTEMBER, by=editor)
    assert not Attachment.objects.exists()
    with pytest.raises(Refusal):
        services.kept_film(row, Upload(key=film.key))


def test_the_schedule_closes_what_was_not_completed_in_time(call):
    assert {"awards.tasks.close_completions", "awards.tasks.forget_pairs"} <= {
        line["task"] for line in django_settings.CELERY_BEAT_SCHEDULE.values()
    }
    assert tasks.close_completions() == 0
