"""The plain part of letters: 72 columns in both scripts."""

from assises.mail.plain import wrap


def test_french_lines_end_before_column_72():
    written = wrap("Nous avons bien reçu votre demande pour la Ville de Toulouse, déposée ce matin. " * 3)

    assert max(map(len, written.splitlines())) <= 72
    assert len(written.splitlines()) == 4


def test_an_address_is_never_cut():
    address = "https://example.org/fr/inscription/" + "x" * 80 + "/"

    assert wrap(f"Voici le lien : {address}").splitlines() == ["Voici le lien :", address]


def test_a_no_break_space_holds_its_words_together():
    written = wrap("a" * 66 + " 14\u00a0h\u00a030 :")

    assert written.splitlines() == ["a" * 66, "14\u00a0h\u00a030 :"]


def test_a_chinese_character_takes_two_columns():
    written = wrap("报" * 80)

    assert [len(line) for line in written.splitlines()] == [36, 36, 8]


def test_no_chinese_line_begins_with_a_mark_that_ends_a_sentence():
    written = wrap("报" * 36 + "。" + "名" * 3)

    assert written.splitlines() == ["报" * 35, "报。名名名"]


def test_an_opening_bracket_stays_with_what_it_opens():
    written = wrap("报" * 35 + "（名）")

    assert written.splitlines() == ["报" * 35, "（名）"]


def test_a_list_item_goes_on_below_its_first_word():
    written = wrap("- " + "mot " * 20)

    assert written.splitlines() == ["- " + " ".join(["mot"] * 17), "  " + " ".join(["mot"] * 3)]


def test_one_empty_line_at_most_and_none_at_the_ends():
    assert wrap("\n\na\n \n\n\nb\n\n") == "a\n\nb"
