"""Text as people look for it."""

import pytest

from assises.models import Organisation
from assises.text import fold, search_key
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


def test_chinese_names_are_found_in_pinyin_with_or_without_spaces():
    assert search_key("李示例") == "李示例 li shi li lishili"


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["guangzhou", "Canton", "广州", "CANTON guang", "Guǎngzhōu"])
def test_an_organisation_is_found_by_any_of_its_names(typed):
    city = an_organisation("Guangzhou", side="CN", kind="city", name_zh_hans="广州市", aliases=["Canton"])
    an_organisation("Lyon")

    assert list(Organisation.objects.matching(typed)) == [city]
