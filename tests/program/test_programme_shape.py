"""The one shape of the programme: it goes into a release and comes back the same, and its mark never varies."""

import dataclasses
import datetime as dt
import hashlib
import json

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assises.canonical import hash_of
from program.content import from_content, to_content
from program.programme import EditionFacts, Programme, SessionFacts, Words

# Hours and moments as the database gives them: no time zone on a clock, one on a moment.
st.register_type_strategy(dt.datetime, st.datetimes(timezones=st.just(dt.UTC)))
PROGRAMMES = st.from_type(Programme)
EMPTY = Programme(
    EditionFacts(
        "toulouse-2018", 6, Words("Assises"), Words(), Words("Toulouse"), Words(), "", dt.date(2018, 12, 11),
        dt.date(2018, 12, 13), "Europe/Paris", Words(), Words(), "", "",
    ), (), (), (), (),
)  # fmt: skip
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def stored(content):
    """What comes back from a column of JSON: other objects, keys in another order."""
    return json.loads(json.dumps(content, sort_keys=True))


@SLOW
@given(PROGRAMMES)
def test_a_programme_comes_back_from_a_release_as_it_went_in(programme):
    back = from_content(stored(to_content(programme)))

    assert back == programme
    assert to_content(back) == to_content(programme)


@SLOW
@given(PROGRAMMES)
def test_the_mark_is_the_same_however_the_content_was_kept(programme):
    content = to_content(programme)

    assert hash_of(stored(content)) == hash_of(content)


@SLOW
@given(PROGRAMMES, st.text(min_size=1))
def test_another_word_is_another_mark(programme, word):
    edition = programme.edition
    other = dataclasses.replace(edition, venue_address=edition.venue_address + word)

    changed = dataclasses.replace(programme, edition=other)

    assert hash_of(to_content(changed)) != hash_of(to_content(programme))


def test_the_mark_is_a_known_one():
    """Whoever holds a document computes it anew: SHA-256 of JSON with sorted keys, no spaces, in UTF-8."""
    content = {"b": "四川", "a": [1, None, "é"]}

    written_by_hand = '{"a":[1,null,"é"],"b":"四川"}'.encode()
    assert hash_of(content) == hashlib.sha256(written_by_hand).hexdigest()


@given(st.from_type(SessionFacts))
def test_a_release_made_before_a_field_was_thought_of_is_still_read(session):
    """What came later has a default: here the count of changes."""
    content = to_content(dataclasses.replace(EMPTY, sessions=(session,)))
    for name in ("sequence", "changed_at", "parts"):
        del content["sessions"][0][name]

    (back,) = from_content(content).sessions

    assert back == dataclasses.replace(session, sequence=0, changed_at=None, parts=())


@pytest.mark.parametrize(
    ("words", "language", "shown", "lang"),
    [
        (Words("Ouverture", "开幕式"), "fr", "Ouverture", "fr"),
        (Words("Ouverture", "开幕式"), "zh-hans", "开幕式", "zh-Hans"),
        (Words("Ouverture", ""), "zh-hans", "Ouverture", "fr"),
        (Words("", "开幕式"), "fr", "开幕式", "zh-Hans"),
        (Words("THNS", "THNS"), "zh-hans", "THNS", "fr"),
        (Words(), "zh-hans", "", "fr"),
    ],
)
def test_where_one_language_is_missing_the_other_stands_and_says_which_it_is(words, language, shown, lang):
    with translation.override(language):
        assert (str(words), words.lang) == (shown, lang)
