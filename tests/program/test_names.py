"""Pinyin as GB/T 28039 writes it, proposed and never imposed."""

import pytest

from program.names import Pinyin, family_length, is_hanzi, propose


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("王为民", "Wang Weimin"),
        ("李示例", "Li Shili"),
        ("欧阳文", "Ouyang Wen"),
        ("司马相如", "Sima Xiangru"),
        ("吕绿", "Lü Lü"),
        ("李西安", "Li Xi’an"),
        ("张爱玲", "Zhang Ailing"),
        ("张三", "Zhang San"),
    ],
)
def test_family_name_first_given_name_in_one_word_with_capital_initials(name, written):
    assert str(propose(name)) == written


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("单雄信", "Shan"),
        ("曾国藩", "Zeng"),
        ("解缙绅", "Xie"),
        ("仇英文", "Qiu"),
        ("尉迟恭", "Yuchi"),
        ("区志强", "Ou"),
    ],
)
def test_some_characters_are_read_otherwise_in_a_family_name(name, family):
    assert propose(name).family == family


def test_the_given_name_keeps_the_usual_reading():
    assert propose("王单曾").given == "Danceng"


def test_two_family_names_side_by_side_are_joined_by_a_hyphen():
    assert propose("刘杨美丽", 2) == Pinyin("Liu-Yang", "Meili")


@pytest.mark.parametrize(("name", "length"), [("欧阳文", 2), ("王为民", 1), ("欧阳", 1), ("", 1)])
def test_the_length_of_a_family_name_is_known_for_compound_ones(name, length):
    assert family_length(name) == length


@pytest.mark.parametrize("name", ["", "买买提·吐尔逊", "Camille", "李 示例"])
def test_nothing_is_proposed_for_what_is_no_chinese_name(name):
    assert propose(name) == Pinyin()


def test_a_length_beyond_the_name_is_not_an_error():
    assert propose("王", 5) == Pinyin("Wang", "")
    assert propose("王为民", 0).family == "Wang"


def test_latin_letters_are_no_characters():
    assert is_hanzi("李示例")
    assert not is_hanzi("Li Shili")
    assert not is_hanzi("")
