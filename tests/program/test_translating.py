"""A text is translated: what is written, what is refused, and two translators at once."""

import threading

import pytest
from django.db import connection

from assises import journal, register
from assises.exceptions import Conflict, Refusal
from program.enums import TranslationState as State
from program.models import Contribution, FieldVisit, Session, TranslatedText
from program.services import TextChanged, Translation, translate, translate_all
from program.texts import Key
from program.translations import texts_of
from tests.factories import NOW, a_member_of_staff, an_edition
from tests.registration.test_query_counts import statements
from tests.translation_factories import a_contribution, a_session, an_open_point, known, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(db):
    return an_edition()


def write(instance, words, *, field="title", **more):
    key = Key(instance._meta.model_name, instance.pk, field)
    seen = getattr(instance, f"{field}_fr")
    return translate(
        key, **{"translation": words, "reviewed": True, "seen_original": seen, "at": NOW, "by": None, **more}
    )


def test_a_translation_is_written_and_known_as_reviewed(edition):
    session, translator = a_session(edition, "Clôture"), a_member_of_staff()

    saved = write(session, "闭幕式", by=translator)

    assert (saved.state, saved.chinese) == (State.REVIEWED, "闭幕式")
    session.refresh_from_db()
    assert (session.title_fr, session.title_zh_hans) == ("Clôture", "闭幕式")
    about = TranslatedText.objects.get()
    assert (about.source, about.text, about.by, about.at) == ("Clôture", "闭幕式", translator, NOW)
    entry = journal.of(session).get()
    assert (entry.action, entry.actor, entry.details["field"]) == (
        "translation_reviewed",
        translator,
        "title",
    )


def test_a_draft_is_a_draft_until_somebody_reviews_it(edition):
    session = a_session(edition, "Clôture")

    assert write(session, "闭幕式", reviewed=False).state == State.DRAFT
    assert write(session, "闭幕式", reviewed=True).state == State.REVIEWED


def test_whoever_composes_the_session_is_told_by_its_version(edition):
    """The session's own texts, and those of what hangs from it, count in one version."""
    session = a_session(edition, "Clôture", kind="visit")
    visit = FieldVisit.objects.create(session=session, place_fr="Cahors")

    write(session, "闭幕式")
    write(visit, "卡奥尔", field="place")

    session.refresh_from_db()
    assert session.version == 3


def test_whoever_words_an_item_of_the_register_is_told_by_its_version(edition):
    session = a_session(edition, "Clôture")
    point = an_open_point(session, "Le lieu")

    write(point, "地点", field="text")

    session.refresh_from_db()
    assert session.version == 1
    assert journal.of(point).get().action == "translation_reviewed"
    with pytest.raises(Conflict) as conflict:
        register.change(point, {"text_fr": "L’endroit"}, version=1, at=NOW, by=None)
    assert (conflict.value.current.text_zh_hans, conflict.value.current.version) == ("地点", 2)


def test_an_item_that_speaks_of_no_session_any_more_is_no_text_of_the_programme(edition):
    point = an_open_point(a_session(edition, "Clôture"), "Le lieu")
    register.change(point, {"subject": None}, version=1, at=NOW, by=None)

    with pytest.raises(Refusal, match="programme"):
        write(point, "地点", field="text")


def test_what_the_register_says_of_other_things_is_not_followed_here(edition):
    item = register.add(
        edition, kind="decision", text_fr="Trois ateliers", text_zh_hans="三个分论坛", at=NOW, by=None
    )

    assert not TranslatedText.objects.filter(model="registeritem", object_id=item.pk).exists()
    assert texts_of(edition) == []


def test_reviewing_the_same_words_changes_no_version(edition):
    session = a_session(edition, "Clôture", "闭幕式")

    write(session, "闭幕式")

    session.refresh_from_db()
    assert session.version == 1


def test_the_same_translation_again_changes_nothing(edition):
    session = a_session(edition, "Clôture")
    write(session, "闭幕式")

    write(session, " 闭幕式 \r\n")

    assert journal.of(session).count() == 1


def test_a_contribution_written_in_chinese_gets_its_french(edition):
    contribution = a_contribution(edition)

    saved = write(contribution, "Des serres sobres", seen_original="节水温室")

    contribution.refresh_from_db()
    assert (contribution.title_fr, contribution.title_zh_hans) == ("Des serres sobres", "节水温室")
    assert (saved.state, contribution.version) == (State.REVIEWED, 2)


def test_lines_of_a_title_become_one(edition):
    assert write(a_session(edition, "Clôture"), "闭幕\r\n\x0b式").chinese == "闭幕  式"
    summary = a_session(edition, "Deux", summary_fr="Un\n\ndeux")
    assert write(summary, "一\r\n\r\n二", field="summary").chinese == "一\n\n二"


# --- Refusals -----------------------------------------------------------------------------


def test_a_contribution_is_found_by_its_translated_title(edition):
    contribution = a_contribution(edition)

    write(contribution, "Une serre économe en eau", seen_original="节水温室")

    assert Contribution.objects.matching("serre econome").get() == contribution


def test_refused_when_the_french_changed_and_the_new_french_is_told(edition):
    session = a_session(edition, "Clôture et bilan", "闭幕式")

    with pytest.raises(TextChanged) as refused:
        write(session, "闭幕", seen_original="Clôture")

    assert refused.value.current.french == "Clôture et bilan"
    session.refresh_from_db()
    assert (session.title_zh_hans, TranslatedText.objects.get().text) == ("闭幕式", "闭幕式")


def test_refused_when_somebody_else_translated_it_meanwhile(edition):
    session = a_session(edition, "Clôture")
    write(session, "闭幕式", seen_translation="")

    with pytest.raises(TextChanged) as refused:
        write(session, "结束", seen_translation="")

    assert refused.value.current.chinese == "闭幕式"


def test_two_who_write_the_same_agree(edition):
    session = a_session(edition, "Clôture")
    write(session, "闭幕式", seen_translation="", reviewed=False)

    assert write(session, "闭幕式", seen_translation="").state == State.REVIEWED


@pytest.mark.parametrize(
    "key",
    [Key("session", 2**70, "title"), Key("session", 0, "title"), Key("person", 1, "name"), Key("", 0, "")],
)
def test_a_text_that_does_not_exist_is_refused(edition, key):
    with pytest.raises(Refusal):
        translate(key, translation="一", reviewed=True, seen_original="", at=NOW, by=None)


@pytest.mark.parametrize("field", ["code", "title_fr", "", "summary"])
def test_a_field_that_is_not_translated_or_has_no_french_is_refused(edition, field):
    session = a_session(edition, "Clôture")

    with pytest.raises(Refusal):
        translate(
            Key("session", session.pk, field),
            translation="一",
            reviewed=True,
            seen_original="",
            at=NOW,
            by=None,
        )


@pytest.mark.parametrize(
    ("french", "words"),
    [
        ("Clôture", ""),
        ("Clôture", " \n "),
        ("Clôture", "长" * 201),
        ("Clôture", "闭幕\x00式"),
        ("Bienvenue à {name}", "欢迎"),
        ("Bienvenue", "欢迎{name}"),
    ],
)
def test_a_translation_that_cannot_stand_is_refused(edition, french, words):
    session = a_session(edition, french)

    with pytest.raises(Refusal):
        write(session, words)

    assert not TranslatedText.objects.exists()


# --- Many at once -------------------------------------------------------------------------


def wishes(sessions, words="译文"):
    return [Translation(Key("session", s.pk, "title"), f"{words}{s.pk}", True, s.title_fr) for s in sessions]


def test_one_refused_stops_no_other(edition):
    good, bad = a_session(edition, "Un"), a_session(edition, "Deux")
    Session.objects.filter(pk=bad.pk).update(title_fr="Deux bis")

    outcomes = translate_all(wishes([good, bad]), at=NOW, by=None)

    assert [(o.changed, o.refusal is None) for o in outcomes] == [(True, True), (False, False)]
    assert text(edition, good).state == State.REVIEWED


def test_several_texts_of_one_session_are_all_written(edition):
    session = a_session(edition, "Un", summary_fr="Deux")
    known(session, "Un", "旧")

    translate_all(
        [
            Translation(Key("session", session.pk, "title"), "一", True, "Un"),
            Translation(Key("session", session.pk, "summary"), "二", False, "Deux"),
        ],
        at=NOW,
        by=None,
    )

    session.refresh_from_db()
    assert (session.title_zh_hans, session.summary_zh_hans, session.version) == ("一", "二", 2)


def test_three_texts_take_as_many_statements_as_one(edition):
    one, three = [a_session(edition)], [a_session(edition) for _unused in range(3)]

    counts = [len(statements(lambda s=s: translate_all(wishes(s), at=NOW, by=None))) for s in (one, three)]

    assert counts[0] == counts[1]


# --- Two at once --------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_translators_at_once_one_is_told_of_the_other():
    """Two connections, one text that both saw empty: the second sees what the first wrote, and loses nothing."""
    edition = an_edition()
    session = a_session(edition, "Clôture")
    together, told = threading.Barrier(2), []

    def work(words):
        try:
            together.wait(timeout=10)
            write(session, words, seen_translation="")
            told.append(("written", words))
        except TextChanged as refused:
            told.append(("refused", refused.current.chinese))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(words,)) for words in ("闭幕式", "结束")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    written = [words for verdict, words in told if verdict == "written"]
    assert len(written) == 1
    assert ("refused", written[0]) in told
    session.refresh_from_db()
    assert (session.title_zh_hans, session.version) == (written[0], 2)
