"""Texts leave as a PO file and come back: what is taken, what is refused, and why."""

import polib
import pytest
from django.core.exceptions import ValidationError

from assises.exceptions import Refusal
from program import translation_files as files
from program.enums import TranslationState as State
from program.models import Session, Speaker
from program.translations import progress, texts_of
from tests.factories import NOW, a_member_of_staff, an_edition
from tests.registration.test_query_counts import statements
from tests.translation_factories import a_contribution, a_session, an_open_point, known, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(db):
    return an_edition()


@pytest.fixture
def texts(edition):
    """One text missing, one to be reviewed, one draft, one reviewed."""
    missing = a_session(edition, "Pause déjeuner", code="lunch")
    stale = a_session(edition, "Clôture et bilan", "闭幕式", code="closing")
    known(stale, "Clôture", "闭幕式")
    draft = a_session(edition, "Dîner de gala", "欢迎晚宴", code="gala")
    reviewed = a_session(edition, "Atelier : tourisme", "分论坛：旅游", code="tourism")
    known(reviewed, "Atelier : tourisme", "分论坛：旅游")
    return {"missing": missing, "stale": stale, "draft": draft, "reviewed": reviewed}


def exported(edition, *, into_chinese=True, waiting_only=False):
    return files.read(
        files.export(edition, into_chinese=into_chinese, waiting_only=waiting_only, at=NOW), edition
    )


def back(edition, file, *, reviewed=False, confirm=True):
    """Bring a file back, as the page does: read, planned, tried out, sealed, then written."""
    by = a_member_of_staff()
    plan = files.plan(files.read(str(file).encode(), edition), edition, reviewed=reviewed)
    changes = files.try_out(plan, edition, at=NOW, by=by)
    outcomes = (
        files.carry_out(files.unseal(files.seal(plan.wishes, edition), edition), at=NOW, by=by)
        if confirm
        else []
    )
    return plan, changes, outcomes


def refused(plan):
    return [line.reference for line in plan.refused]


def translated(file):
    """As a translator does: all that is empty or fuzzy is translated, and no longer unsure."""
    for entry in file:
        if not entry.msgstr or entry.fuzzy:
            entry.msgstr = f"译文：{entry.msgid[:4]}"
            entry.flags = []
    return file


# --- Leaving ------------------------------------------------------------------------------


def test_each_text_leaves_with_a_reference_that_stays_its_french_and_its_state(edition, texts):
    file = exported(edition)

    assert {e.msgctxt: (e.msgid, e.msgstr, e.fuzzy) for e in file} == {
        "session/lunch/title": ("Pause déjeuner", "", False),
        "session/closing/title": ("Clôture et bilan", "闭幕式", True),
        "session/gala/title": ("Dîner de gala", "欢迎晚宴", False),
        "session/tourism/title": ("Atelier : tourisme", "分论坛：旅游", False),
    }
    stale = file.find("session/closing/title", by="msgctxt")
    assert stale.previous_msgid == "Clôture"
    assert "200" in stale.comment
    assert "Clôture et bilan" in stale.comment
    assert file.metadata["Language"] == "zh_CN"


def test_only_what_is_missing_or_to_be_reviewed(edition, texts):
    file = exported(edition, waiting_only=True)

    assert [e.msgctxt for e in file] == ["session/lunch/title", "session/closing/title"]


def test_what_has_no_code_is_known_by_its_number_which_no_code_can_look_like(edition):
    session = a_session(edition, "Un", code="7")
    an_open_point(session, number=12)
    an_open_point(session, number=13, code="place")

    references = [t.reference for t in texts_of(edition)]
    assert references == ["session/7/title", "registeritem/#12/text", "registeritem/place/text"]
    assert Speaker._meta.get_field("code").formfield().clean("a-1") == "a-1"
    with pytest.raises(ValidationError):
        Speaker._meta.get_field("code").formfield().clean("#1")


def test_what_was_written_in_chinese_leaves_in_a_file_of_its_own(edition, texts):
    contribution = a_contribution(edition)

    assert len(exported(edition)) == 4
    (entry,) = exported(edition, into_chinese=False)
    assert (entry.msgctxt, entry.msgid, entry.msgstr) == (
        f"contribution/#{contribution.pk}/title",
        "节水温室",
        "",
    )


def test_the_export_takes_as_many_statements_for_four_texts_as_for_eight(edition, texts):
    four = len(statements(lambda: exported(edition)))
    for n in range(4):
        a_session(edition, f"Encore {n}")

    assert len(statements(lambda: exported(edition))) == four


# --- Coming back --------------------------------------------------------------------------


def test_unchanged_it_changes_nothing(edition, texts):
    before = progress(edition)

    plan, changes, outcomes = back(edition, exported(edition))

    assert (changes, outcomes, plan.refused, plan.unknown) == ([], [], [], [])
    assert (plan.untouched, plan.empty, plan.unsure) == (2, 1, 1)
    assert progress(edition) == before


def test_translated_and_vouched_for_all_are_reviewed(edition, texts):
    plan, changes, _outcomes = back(edition, translated(exported(edition)), reviewed=True)

    assert plan.refused == []
    assert len(changes) == 3  # one was reviewed already
    assert progress(edition)[State.REVIEWED] == 4


def test_what_comes_back_is_a_draft_unless_somebody_vouches(edition, texts):
    back(edition, translated(exported(edition)))

    states = {name: text(edition, session).state for name, session in texts.items()}
    assert states == {
        "missing": State.DRAFT,
        "stale": State.DRAFT,
        "draft": State.DRAFT,
        "reviewed": State.REVIEWED,
    }


def test_the_preview_writes_nothing(edition, texts):
    before = progress(edition)

    _plan, changes, _none = back(edition, translated(exported(edition)), confirm=False)

    assert [c.translation for c in changes] == ["译文：Paus", "译文：Clôt"]
    assert progress(edition) == before


def test_words_left_and_the_mark_taken_away_are_right_for_the_new_french(edition, texts):
    file = exported(edition)
    file.find("session/closing/title", by="msgctxt").flags = []

    _plan, changes, _outcomes = back(edition, file)

    assert [c.before.reference for c in changes] == ["session/closing/title"]
    assert text(edition, texts["stale"]).state == State.DRAFT


def test_a_french_that_changed_since_is_refused_and_only_that_text(edition, texts):
    file = translated(exported(edition))
    Session.objects.filter(code="lunch").update(title_fr="Déjeuner")

    plan, _changes, _outcomes = back(edition, file, reviewed=True)

    assert refused(plan) == ["session/lunch/title"]
    assert text(edition, texts["missing"]).state == State.MISSING
    assert progress(edition)[State.REVIEWED] == 3


def test_a_french_that_changes_between_preview_and_confirmation_is_refused_too(edition, texts):
    by = a_member_of_staff()
    plan = files.plan(translated(exported(edition)), edition, reviewed=True)
    files.try_out(plan, edition, at=NOW, by=by)
    sealed = files.seal(plan.wishes, edition)
    Session.objects.filter(code="lunch").update(title_fr="Déjeuner")

    outcomes = files.carry_out(files.unseal(sealed, edition), at=NOW, by=by)

    assert [o.text.reference for o in outcomes if o.refusal] == ["session/lunch/title"]


def test_what_was_translated_here_meanwhile_is_not_overwritten(edition, texts):
    untouched, touched = exported(edition), translated(exported(edition))
    touched.find("session/gala/title", by="msgctxt").msgstr = "晚宴"
    Session.objects.filter(code="gala").update(title_zh_hans="盛大晚宴")

    for file in (untouched, touched):
        plan, _changes, _outcomes = back(edition, file, reviewed=True)

    assert refused(plan) == ["session/gala/title"]
    texts["draft"].refresh_from_db()
    assert texts["draft"].title_zh_hans == "盛大晚宴"


def test_a_tool_that_drops_comments_still_works(edition, texts):
    file = translated(exported(edition))
    for entry in file:
        entry.comment = ""

    plan, changes, _outcomes = back(edition, file)

    assert (refused(plan), len(changes), plan.untouched) == ([], 2, 2)


@pytest.mark.parametrize("words", ["长" * 201, "欢迎{name}", "%(who)s好"])
def test_what_cannot_stand_is_refused_with_its_reason(edition, texts, words):
    file = exported(edition)
    file.find("session/lunch/title", by="msgctxt").msgstr = words

    plan, changes, _outcomes = back(edition, file)

    assert (refused(plan), changes) == (["session/lunch/title"], [])
    assert plan.refused[0].reason


def test_a_text_that_is_nowhere_or_twice_is_told(edition, texts):
    file = exported(edition)
    file.append(polib.POEntry(msgctxt="session/nowhere/title", msgid="Rien", msgstr="无"))
    file.append(polib.POEntry(msgctxt="session/lunch/title", msgid="Pause déjeuner", msgstr="无"))
    file.append(polib.POEntry(msgctxt="session/old/title", msgid="Vieux", msgstr="旧", obsolete=True))

    plan, _changes, _outcomes = back(edition, file)

    assert plan.unknown == ["session/nowhere/title"]
    assert refused(plan) == ["session/lunch/title"]


def test_several_lines_and_quotes_survive_the_journey(edition):
    session = a_session(
        edition, "Un", "一", summary_fr='« Deux » \\ "deux"\n\n\ttrois\u2028quatre\x85cinq {six}'
    )
    file = exported(edition)
    entry = file.find("session/" + session.code + "/summary", by="msgctxt")
    entry.msgstr = "“二”\n\n三{six}"

    plan, changes, _outcomes = back(edition, file, reviewed=True)

    assert (refused(plan), len(changes)) == ([], 2)
    session.refresh_from_db()
    assert session.summary_zh_hans == "“二”\n\n三{six}"


# --- Bad files ----------------------------------------------------------------------------


HEADER = 'msgid ""\nmsgstr ""\n'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"/etc/passwd",
        b"\x89PNG\r\n",
        'msgid "Clôture"\nmsgstr ""'.encode("latin-1"),
        'msgid "Clôture"\nmsgstr "闭幕式"'.encode("gb18030"),
        'msgid "Clôture"'.encode("utf-16"),
        b"msgid \x00",
        b'msgid "no end\nmsgstr',
        b'msgid[ "x"',
        b'msgid "\\',
        b'msgstr[x] "a"\nmsgid "b"',
        b"msgid msgid msgid",
        (HEADER + 'msgctxt "session/x/title"\nmsgid "Rien"\nmsgstr "\\x"\n').encode(),
        (HEADER + 'msgid "Rien"\nmsgstr "no"\n').encode(),
        b'msgid "a"\n' + b"#" * 2_000_001,
    ],
    ids=range(15),
)
def test_a_file_that_cannot_be_used_is_refused_in_words(edition, texts, content):
    with pytest.raises(Refusal) as refusal:
        files.plan(files.read(content, edition), edition, reviewed=False)

    assert str(refusal.value).endswith(".")


def test_a_file_of_another_edition_is_refused_by_name(edition, texts):
    other = an_edition()
    a_session(other, "Ailleurs")

    with pytest.raises(Refusal, match=other.code):
        files.read(str(exported(other)).encode(), edition)


def test_a_preview_of_another_edition_or_written_by_hand_is_refused(edition, texts):
    sealed = files.seal([], edition)

    for edition_, text_ in ((an_edition(), sealed), (edition, sealed[:-3]), (edition, "x"), (edition, "")):
        with pytest.raises(Refusal):
            files.unseal(text_, edition_)
