"""Where each translated text stands, and what changed in it."""

import pytest
from modeltranslation.translator import translator

from assises import loading
from assises.models import RegisterItem
from program import drafting
from program.enums import TranslationState as State
from program.models import ProgrammeRelease, Room, SessionPart, Speaker, TranslatedText, Venue
from program.services import change_session
from program.texts import SOURCES
from program.translations import counted, difference, progress, state_of, texts_of
from tests.factories import NOW, an_edition
from tests.registration.test_query_counts import statements
from tests.translation_factories import a_contribution, a_session, an_open_point, known, text


def seen(source: str, translation: str, *, reviewed: bool) -> TranslatedText:
    return TranslatedText(source=source, text=translation, is_reviewed=reviewed)


@pytest.mark.parametrize(
    ("french", "chinese", "about", "state"),
    [
        ("Clôture", "", None, State.MISSING),
        ("Clôture", "  ", seen("Clôture", "闭幕式", reviewed=True), State.MISSING),
        ("Clôture", "闭幕式", None, State.DRAFT),
        ("Clôture", "闭幕式", seen("Clôture", "闭幕式", reviewed=False), State.DRAFT),
        ("Clôture", "闭幕式", seen("Clôture", "闭幕式", reviewed=True), State.REVIEWED),
        ("Clôture", "闭幕典礼", seen("Clôture", "闭幕式", reviewed=True), State.DRAFT),
        ("Clôture et bilan", "闭幕式", seen("Clôture", "闭幕式", reviewed=True), State.STALE),
        ("Clôture et bilan", "闭幕式", seen("Clôture", "闭幕式", reviewed=False), State.STALE),
        ("Un\r\ndeux", "一\r\n二", seen("Un\ndeux", "一\n二", reviewed=True), State.REVIEWED),
    ],
)
def test_the_state_is_told_by_comparing(french, chinese, about, state):
    assert state_of(french, chinese, about) == state


# --- Which texts --------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_text_without_french_needs_nothing():
    edition = an_edition()
    session = a_session(edition, "Clôture", "闭幕式", summary_fr="", summary_zh_hans="多余")

    assert [t.key.field for t in texts_of(edition) if t.key.object_id == session.pk] == ["title"]


@pytest.mark.django_db
def test_what_was_abandoned_or_belongs_to_another_edition_is_not_translated():
    edition, other = an_edition(), an_edition()
    kept = a_session(edition, "Clôture")
    gone = a_session(edition, "Déambulation", status="abandoned", status_reason_fr="Trop complexe")
    an_open_point(gone), an_open_point(kept, "Le créneau")
    a_session(other, "Ailleurs")

    assert [t.french for t in texts_of(edition)] == ["Clôture", "Le créneau"]


@pytest.mark.django_db
def test_only_rooms_and_people_that_are_used_are_translated():
    edition = an_edition()
    venue = Venue.objects.create(edition=edition, code="region", name_fr="Hôtel de Région")
    hall, _spare = (Room.objects.create(venue=venue, code=c, name_fr=f"Salle {c}") for c in "ab")
    session = a_session(edition, "Ouverture", room=hall)
    speaks, _waits, declined = (
        Speaker.objects.create(edition=edition, side="FR", function_fr=f, state=s)
        for f, s in (("Préfet", "asked"), ("Maire", "asked"), ("Députée", "declined"))
    )
    for speaker in (speaks, declined):
        SessionPart.objects.create(session=session, kind="speech", minutes=5, speaker=speaker)

    assert {t.french for t in texts_of(edition)} == {"Ouverture", "Préfet", "Hôtel de Région", "Salle a"}


@pytest.mark.django_db
def test_a_contribution_written_in_chinese_is_translated_into_french():
    """French is compulsory for publication (loi Toubon)."""
    edition = an_edition()
    contribution = a_contribution(edition)

    found = text(edition, contribution)

    assert (found.state, found.original, found.translation) == (State.MISSING, "节水温室", "")
    assert (found.column, found.translation_language) == ("title_fr", "fr")


@pytest.mark.django_db
def test_a_contribution_that_is_not_retained_waits_for_nobody():
    edition = an_edition()
    a_contribution(edition, state="proposed")

    assert texts_of(edition) == []


def test_every_model_with_translated_texts_is_known_but_releases():
    """What a release says is approved with it, in both languages."""
    models = {m for m in translator.get_registered_models(abstract=False) if m._meta.app_label == "program"}

    known_here = {source.model for source in SOURCES.values()}
    assert known_here == models - {ProgrammeRelease} | {RegisterItem}


@pytest.mark.django_db
def test_the_texts_take_as_many_statements_for_one_session_as_for_three():
    edition = an_edition()
    counts = []
    for sessions in (1, 2):
        for _unused in range(sessions):
            an_open_point(a_session(edition, room=None)), a_contribution(edition)
        counts.append(len(statements(lambda: [(t.name, t.url) for t in texts_of(edition)])))

    # One for each model, one for the sessions that the register speaks of, one for what is known.
    assert counts[0] == counts[1] == len(SOURCES) + 2


# --- Progress -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_progress_counts_by_state_and_forgets_none():
    edition = an_edition()
    a_session(edition, "Un")
    a_session(edition, "Deux", "二")
    known(a_session(edition, "Trois", "三"), "Trois", "三")
    known(a_session(edition, "Quatre bis", "四"), "Quatre", "四")

    assert progress(edition) == {State.MISSING: 1, State.STALE: 1, State.DRAFT: 1, State.REVIEWED: 1}
    assert list(counted([]).values()) == [0, 0, 0, 0]


@pytest.mark.django_db
def test_the_checks_of_the_programme_know_what_a_release_would_lack():
    edition = an_edition()
    missing = a_session(edition, "Un", invited_fr="Les élus")
    stale = a_session(edition, "Deux bis", "二")
    known(stale, "Deux", "二")
    an_open_point(missing)  # a release does not print it

    draft = drafting.load(edition)

    assert draft.missing_texts == {missing.pk: 2}
    assert draft.stale_texts == {stale.pk: 1}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "state", "translated_from"),
    [
        ({"title_fr": "Clôture et bilan"}, State.STALE, "Clôture"),
        ({"title_zh_hans": "闭幕典礼"}, State.DRAFT, "Clôture"),
        # Who writes both knows what the other says.
        ({"title_fr": "Clôture et bilan", "title_zh_hans": "闭幕与总结"}, State.DRAFT, "Clôture et bilan"),
        ({"title_zh_hans": ""}, State.MISSING, "Clôture"),
        ({"order": 7}, State.DRAFT, "Clôture"),
    ],
)
def test_what_composers_write_in_both_languages_is_followed(changes, state, translated_from):
    edition = an_edition()
    session = a_session(edition, "Clôture", "闭幕式")

    change_session(session, changes, version=session.version, at=NOW, by=None)

    found = text(edition, session)
    assert (found.state, found.translated_from) == (state, translated_from)


@pytest.mark.django_db
def test_a_reviewed_translation_stays_reviewed_until_one_of_both_changes():
    edition = an_edition()
    session = a_session(edition, "Clôture", "闭幕式")
    known(session, "Clôture", "闭幕式")

    change_session(session, {"order": 7}, version=session.version, at=NOW, by=None)
    assert text(edition, session).state == State.REVIEWED
    session.refresh_from_db()
    change_session(session, {"title_zh_hans": "闭幕典礼"}, version=session.version, at=NOW, by=None)

    assert text(edition, session).state == State.DRAFT


@pytest.mark.django_db
def test_the_demonstration_has_a_text_that_is_missing_and_one_that_is_stale():
    edition = loading.load(loading.DATA / "toulouse-2018")

    states = {t.reference: t.state for t in texts_of(edition)}

    assert states["session/sustainable-city/summary"] == State.MISSING
    assert states["session/closing/summary"] == State.STALE


# --- Difference ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("", "", []),
        ("Clôture", "Clôture", [("same", "Clôture")]),
        ("", "Clôture", [("added", "Clôture")]),
        (
            "Dîner de gala à l’hôtel",
            "Dîner de gala au musée",
            [("same", "Dîner de gala "), ("removed", "à l’hôtel"), ("added", "au musée")],
        ),
        ("10 minutes", "15 minutes", [("removed", "10"), ("added", "15"), ("same", " minutes")]),
        ("午餐休息", "午餐与休息", [("same", "午餐"), ("added", "与"), ("same", "休息")]),
        ("A厅开幕", "B厅开幕", [("removed", "A"), ("added", "B"), ("same", "厅开幕")]),
        (
            "un grand mot",
            "deux beaux mots",
            [("removed", "un grand mot"), ("added", "deux beaux mots")],
        ),
    ],
)
def test_a_difference_is_told_by_french_words_and_chinese_characters(before, after, told):
    assert difference(before, after) == told


def test_both_texts_can_be_read_from_a_difference():
    before = "Les trois ateliers rendent compte ; puis vient la clôture.\n\nMerci."
    after = "Les trois ateliers rendent compte en quinze minutes ; la clôture suit."

    told = difference(before, after)

    assert "".join(t for op, t in told if op != "added") == before
    assert "".join(t for op, t in told if op != "removed") == after


def test_a_text_as_long_as_a_book_is_compared_whole():
    told = difference("mot " * 5000, "autre " * 5000)

    assert [op for op, _text in told] == ["removed", "added"]
