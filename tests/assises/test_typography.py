"""French and Chinese each by its own rules of print (two-languages, GB/T 15834, clreq)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from assises.templatetags import typography
from assises.templatetags.typography import (
    bcp47,
    french_spaces,
    write_date,
    write_date_range,
    write_moment,
    write_number,
    write_phone,
    write_time,
)

FIRST, LAST = dt.date(2018, 12, 11), dt.date(2018, 12, 13)


def plain(text: str) -> str:
    """The text with ordinary spaces, where a test is not about spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_day_is_written_with_its_weekday_in_both_languages():
    assert plain(write_date(FIRST, "fr", weekday=True)) == "mardi 11 décembre 2018"
    assert write_date(FIRST, "zh-hans", weekday=True) == "2018年12月11日（星期二）"


def test_day_and_month_do_not_part_at_the_end_of_a_line():
    assert write_date(FIRST, "fr") == "11\u00a0décembre 2018"


def test_the_first_of_a_month_is_an_ordinal_in_french_only():
    assert plain(write_date(dt.date(2018, 12, 1), "fr")) == "1er décembre 2018"
    assert write_date(dt.date(2018, 12, 1), "zh-hans") == "2018年12月1日"


@pytest.mark.parametrize(
    ("first", "last", "french", "chinese"),
    [
        (FIRST, LAST, "11-13 décembre 2018", "2018年12月11日至13日"),
        (
            dt.date(2018, 11, 30),
            dt.date(2018, 12, 2),
            "30 novembre – 2 décembre 2018",
            "2018年11月30日至12月2日",
        ),
        (
            dt.date(2018, 12, 30),
            dt.date(2019, 1, 2),
            "30 décembre 2018 – 2 janvier 2019",
            "2018年12月30日至2019年1月2日",
        ),
        (FIRST, FIRST, "11 décembre 2018", "2018年12月11日"),
    ],
)
def test_a_range_writes_once_what_both_days_share(first, last, french, chinese):
    assert plain(write_date_range(first, last, "fr")) == french
    assert write_date_range(first, last, "zh-hans") == chinese


@pytest.mark.parametrize(
    ("hour", "french", "chinese"),
    [(dt.time(14, 30), "14 h 30", "14:30"), (dt.time(9), "9 h", "09:00"), (dt.time(0, 5), "0 h 05", "00:05")],
)
def test_hours_follow_the_usage_of_each_language(hour, french, chinese):
    assert plain(write_time(hour, "fr")) == french
    assert write_time(hour, "zh-hans") == chinese


def test_a_moment_is_a_day_and_an_hour():
    at = dt.datetime(2018, 12, 11, 14, 30)  # noqa: DTZ001 - already in the time of the place

    assert plain(write_moment(at, "fr")) == "mardi 11 décembre 2018 à 14 h 30"
    assert write_moment(at, "zh-hans") == "2018年12月11日（星期二）14:30"


def test_thousands_are_parted_in_french_and_not_in_chinese():
    assert write_number(1250, "fr") == "1\u202f250"
    assert write_number(Decimal("1250.5"), "fr") == "1\u202f250,5"
    assert write_number(1250, "zh-hans") == "1250"


def test_telephone_numbers_are_grouped_and_do_not_break():
    assert write_phone("+33536490000", "fr") == "05\u00a036\u00a049\u00a000\u00a000"
    assert write_phone("05 36 49 00 00", "zh-hans") == "+33\u00a05\u00a036\u00a049\u00a000\u00a000"
    assert plain(write_phone("+861085000000", "fr")).startswith("+86 ")
    assert write_phone("poste 12", "fr") == "poste 12"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Est-ce possible ?", "Est-ce possible\u202f?"),
        ("Attention : complet", "Attention\u00a0: complet"),
        ("« l'innovation »", "«\u00a0l’innovation\u00a0»"),
        ("un ; deux !", "un\u202f; deux\u202f!"),
        ("1 250 places à 50 %", "1\u202f250 places à 50\u00a0%"),
        ("de 14 h 30 à 16 h", "de 14\u00a0h\u00a030 à 16\u00a0h"),
        ("n° 5 et M. Exemple", "n°\u00a05 et M.\u00a0Exemple"),
    ],
)
def test_typed_french_becomes_printed_french(typed, printed):
    assert french_spaces(typed) == printed
    assert french_spaces(printed) == printed


@pytest.mark.parametrize("text", ["https://example.org/?a=1;b=2", "fait à 10:30", "AT&amp;T", "1000"])
def test_marks_without_a_space_before_them_are_left_alone(text):
    assert french_spaces(text) == text


def test_chinese_text_is_left_alone():
    with translation.override("zh-hans"):
        assert typography.typo("创新 ! 14 h") == "创新 ! 14 h"


def test_language_tags_are_those_of_the_web():
    assert [bcp47(code) for code in ("fr", "zh-hans", "zh_Hans", "zh-cn", None)] == [
        "fr",
        "zh-Hans",
        "zh-Hans",
        "zh-CN",
        "fr",
    ]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", '<span lang="fr">Ville d’Issy &lt;3</span> <span lang="zh-Hans">伊西</span>'),
        ("zh-hans", '<span lang="zh-Hans">伊西</span> <span lang="fr">Ville d’Issy &lt;3</span>'),
    ],
)
def test_both_names_are_tagged_escaped_and_the_language_of_the_page_comes_first(language, expected):
    with translation.override(language):
        assert typography.in_both("Ville d'Issy <3", "伊西") == expected


def test_a_missing_name_is_left_out():
    with translation.override("fr"):
        assert typography.in_both("Toulouse", None) == '<span lang="fr">Toulouse</span>'
        assert typography.in_own_script(None, "成都") == '<span lang="zh-Hans">成都</span>'


def test_an_hour_is_shown_in_the_time_of_the_page():
    at = dt.datetime(2018, 10, 15, 8, 12, tzinfo=dt.UTC)

    with translation.override("fr"):
        shown = Template("{% load typography %}{{ at|moment }}").render(Context({"at": at}))

    assert plain(shown) == "lundi 15 octobre 2018 à 10 h 12"


def test_a_telephone_number_is_a_link_that_dials():
    with translation.override("fr"):
        assert 'href="tel:+33536490000"' in typography.phone("05 36 49 00 00")
        assert typography.phone("<poste 12>") == "&lt;poste 12&gt;"
