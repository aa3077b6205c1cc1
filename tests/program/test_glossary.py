"""The words that both sides have agreed on are shown beside a text."""

from program.glossary import glossary, terms_in


def french(text):
    return [term.french for term in terms_in(text)]


def test_the_glossary_has_each_term_once_in_both_languages():
    terms = glossary()

    assert len(terms) > 150
    assert len({t.french for t in terms}) == len(terms)
    assert all(t.french.strip() and t.chinese.strip() for t in terms)
    assert {t.french for t in terms if t.verified} >= {"coopération décentralisée", "Toulouse"}


def test_terms_are_found_in_the_plural_in_any_case_and_in_the_order_of_the_text():
    text = "LES RESTITUTIONS des ateliers, puis un diner de gala à Toulouse"

    assert french(text) == ["restitution", "atelier", "dîner de gala", "Toulouse"]


def test_a_term_inside_of_a_longer_one_is_not_told_again():
    assert french("Prix de la coopération décentralisée franco-chinoise") == [
        "Prix de la coopération décentralisée franco-chinoise"
    ]


def test_a_word_inside_of_another_word_is_no_term():
    assert french("villégiature, hôtellerie") == []


def test_a_chinese_text_is_searched_for_the_chinese_terms():
    found = terms_in("全体研讨会之后举行闭幕式", chinese=True)

    assert [t.french for t in found] == ["atelier en plénière", "clôture"]
