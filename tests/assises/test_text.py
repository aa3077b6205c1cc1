"""Text as people look for it."""

import pytest

from assises.models import Organisation
from assises.text import fold, search_key, whole_number
from tests.factories import an_organisation


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Saint-Étienne", "saint etienne"),
        ("L’Haÿ-les-Roses", "l hay les roses"),
        ("  ŒUVRÉE  ", "oeuvree"),
        ("成都市", "成都市"),
        ("Łódź", "lodz"),
    ],
)
def test_one_form_for_what_is_typed_and_what_is_stored(typed, folded):
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", 12), ("0", 0), ("", 0), (None, 0), ("x", 0), ("-1", 0), ("1.5", 0), (" 1", 0), ("1\x00", 0), ("١٢", 0),
        ("²", 0), ("9" * 17, int("9" * 17)), ("9" * 18, 0), ("9" * 5000, 0),
    ],
)  # fmt: skip
def test_a_number_that_is_asked_for_is_one_or_nobodys(typed, number):
    assert whole_number(typed) == number


def test_chinese_names_are_found_in_pinyin_with_or_without_spaces():
    assert search_key("李示例") == "李示例 li shi li lishili"


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["guangzhou", "Canton", "广州", "CANTON guang", "Guǎngzhōu"])
def test_an_organisation_is_found_by_any_of_its_names(typed):
    city = an_organisation("Guangzhou", side="CN", kind="city", name_zh_hans="广州市", aliases=["Canton"])
    an_organisation("Lyon")

    assert list(Organisation.objects.matching(typed)) == [city]
