"""What is engraved on the objects that laureates are given."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from awards.braces import ENGRAVED, words_in
from awards.engraving import engraving_of, engraving_pdf, lines_of, tells_who_has_won
from awards.models import Call, Result
from tests.award_factories import an_award
from tests.deliberation_factories import a_sitting, decided, in_deliberation
from tests.factories import a_member_of_staff
from tests.pdf import Pdf, needs_pdftotext

pytestmark = pytest.mark.django_db
NAME = ("Prix de la coopération décentralisée franco-chinoise", "中法地方政府合作奖")


def with_a_prize(edition: Any, **fields: Any) -> Call:
    call = in_deliberation(edition)
    a_sitting(call)
    decided(call, 1)
    return worded(call, **fields)


def worded(call: Call, **fields: Any) -> Call:
    Call.objects.filter(pk=call.pk).update(**fields)
    return Call.objects.select_related("edition").get(pk=call.pk)


def test_where_nothing_is_said_it_is_award_category_city_and_year(edition):
    call = with_a_prize(edition)

    assert engraving_of(call, Result.objects.get()) == {
        "fr": "Prix – Tourisme – Toulouse 2018",
        "zh-Hans": "奖项·旅游·2018年图卢兹",
    }


def test_words_in_braces_are_filled_in_in_each_language(edition):
    call = with_a_prize(
        edition,
        engraving_fr="{edition} : {award}, {category}, {city} {year}, {title}, {authority}",
        engraving_zh_hans="{edition}{award}{category}{city}{year}{title}{authority}",
    )
    result = Result.objects.get()
    title, pair = result.application, [p.in_both() for p in result.application.partners.all()]

    said = engraving_of(call, result)

    assert said["fr"] == (
        f"{edition.name_fr}\u00a0: Prix, Tourisme, Toulouse 2018, {title.title_fr}, {pair[0]['fr']}, {pair[1]['fr']}"
    )
    assert said["zh-Hans"].startswith(f"{edition.name_zh_hans}奖项旅游图卢兹2018{title.title_zh_hans}")
    assert said["zh-Hans"].endswith(f"{pair[0]['zh-Hans']}、{pair[1]['zh-Hans']}")


def test_only_title_and_authority_tell_who_has_won(edition):
    call = an_award(edition)

    assert not tells_who_has_won(call)
    assert not tells_who_has_won(worded(call, engraving_fr="{award} {category} {edition} {city} {year}"))
    assert tells_who_has_won(worded(call, engraving_fr="{award} {title}"))
    assert tells_who_has_won(worded(call, engraving_fr="{award}", engraving_zh_hans="{authority}"))


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("", []),
        ("{award} {year}", []),
        ("{laureate}", ["laureate"]),
        ("{award", ["{"]),
        ("{ award }", [" award "]),
    ],
)
def test_words_that_nobody_knows_are_found(text, unknown):
    assert [word for word in words_in(text) if word not in ENGRAVED] == unknown


def test_words_that_nobody_knows_are_refused_where_they_are_written(edition):
    call = an_award(edition)
    call.engraving_fr, call.engraving_zh_hans = "{award} {lauréat}", "{award}"

    with pytest.raises(ValidationError) as refused:
        call.full_clean()

    assert list(refused.value.message_dict) == ["engraving_fr"]
    assert "lauréat" in str(refused.value)


def test_the_form_of_the_back_office_says_it_beside_the_field(client, edition):
    call = an_award(edition)
    client.force_login(a_member_of_staff())
    address = reverse("admin:awards_call_change", args=[call.pk])
    form = client.get(address).context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in data.items() if value not in (None, False)}

    page = client.post(address, {**data, "engraving_zh_hans": "{得主}"})

    assert list(page.context["adminform"].form.errors) == ["engraving_zh_hans"]
    client.post(address, {**data, "engraving_zh_hans": "{award}"})
    assert Call.objects.get().engraving_zh_hans == "{award}"


@needs_pdftotext
def test_the_sheet_has_the_exact_texts_and_their_lengths_and_not_who_has_won(edition):
    call = with_a_prize(edition, trophy_fr="Un objet en grès", trophy_zh_hans="陶器")
    row = Result.objects.get().application

    pdf = Pdf(engraving_pdf(call, lines_of(call)))

    text = pdf.text()
    for said in (
        "Prix – Tourisme – Toulouse 2018",
        "31 caractères",
        "奖项·旅游·2018年图卢兹",
        "14个字符",
        "Un objet en grès",
        "陶器",
    ):
        assert said in text, said
    assert len(pdf.pages) == 1
    for name in (row.title_fr, row.title_zh_hans, *(n for p in row.partners.all() for n in p.names)):
        assert name not in text
    assert "secret" not in text


@needs_pdftotext
def test_a_sheet_that_tells_who_has_won_says_until_when_it_is_secret(edition):
    call = with_a_prize(edition, engraving_fr="{title}")

    text = Pdf(engraving_pdf(call, lines_of(call))).text().replace("\u00a0", " ")

    assert "secrets jusqu’à la remise des prix, le 13 décembre 2018" in text
    assert "2018年12月13日颁奖仪式前须保密" in text
    assert Result.objects.get().application.title_fr in text
    # What the object is stays open until somebody says it.
    assert "reste à définir" in text


def test_seven_prizes_fit_on_one_page_and_the_same_sheet_is_the_same_bytes(edition):
    call = an_award(edition)
    line = {
        "fr": f"{NAME[0]} – Prix de l’innovation : agriculture et alimentation – Toulouse 2018",
        "zh-Hans": f"{NAME[1]}·创新奖：农业与食品·2018年图卢兹",
    }

    first, second = (engraving_pdf(call, [line] * 7) for _twice in range(2))

    assert first == second
    assert len(Pdf(first).pages) == 1
    for many in (1, 2, 3, 4, 5, 6):
        assert len(Pdf(engraving_pdf(call, [line] * many)).pages) == 1
