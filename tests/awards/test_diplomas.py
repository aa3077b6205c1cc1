"""The diplomas of the laureates, as values and as a document."""

import datetime as dt
from typing import Any

import pytest

from assises.enums import MilestoneKey
from awards.diplomas import Diploma, Signatory, diplomas_of, diplomas_pdf
from awards.enums import Effect, ResultKind
from awards.models import Call, Category, JuryMember
from tests import jury_factories
from tests.deliberation_factories import a_sitting, decided, in_deliberation
from tests.jury_factories import CN, FR, juror, rows_of
from tests.pdf import Pdf, needs_pdftotext

PRESIDENTS = (
    Signatory("Camille Exemple", {"fr": "Élue régionale", "zh-Hans": "大区议员"}),
    Signatory("王为民", {"fr": "Vice-président", "zh-Hans": "副会长"}),
)
FRENCH, CHINESE = {"fr": "Ville de Toulouse", "zh-Hans": "图卢兹市"}, {"fr": "Chengdu", "zh-Hans": "成都市"}
LONG = {
    "fr": ("Communauté d’agglomération des Grands Causses " * 5)[:200],
    "zh-Hans": "阿坝藏族羌族自治州" * 10,
}


def a_diploma(**fields: Any) -> Diploma:
    return Diploma(
        **{
            "code": "1-1",
            "award": {"fr": "Prix de la coopération", "zh-Hans": "合作奖"},
            "category": {"fr": "Prix de l'innovation : tourisme", "zh-Hans": "创新奖：旅游"},
            "kind": ResultKind.PRIZE,
            "is_ex_aequo": False,
            "title": {"fr": "Sentiers en terrasses", "zh-Hans": "梯田步道"},
            "partner": FRENCH,
            "partners": (FRENCH, CHINESE),
            "edition": {"fr": "Assises", "zh-Hans": "高层论坛"},
            "city": {"fr": "Toulouse", "zh-Hans": "图卢兹"},
            "day": dt.date(2018, 12, 13),
            "signatories": PRESIDENTS,
            **fields,
        }
    )


def with_results(edition: Any) -> Call:
    """Application 3 has a prize, 1 and 2 share another one, 3 has a mention too, 4 is on the reserve list."""
    call = in_deliberation(edition, applications=4)
    a_sitting(call)
    decided(call, 3)
    tourism, youth = call.categories.order_by("order")
    decided(call, 1, 2, effect=Effect.EX_AEQUO, category=tourism)
    decided(call, 3, effect=Effect.MENTION, category=youth)
    decided(call, 4, effect=Effect.RESERVE, category=tourism)
    return call


@pytest.fixture
def call(edition: Any, monkeypatch: pytest.MonkeyPatch) -> Call:
    """With two prizes and a mention: categories stay from the first file that is opened."""
    made = jury_factories.an_award

    def with_categories(edition: Any, **fields: Any) -> Call:
        call = made(edition, **fields)
        call.categories.update(prizes=2, order=1)
        Category.objects.create(
            call=call, code="youth", name_fr="Mention jeunesse", name_zh_hans="特别奖", order=5
        )
        return call

    monkeypatch.setattr(jury_factories, "an_award", with_categories)
    return with_results(edition)


@pytest.mark.django_db
def test_each_authority_of_each_laureate_has_one_in_the_order_of_categories_places_and_sides(call):
    found = diplomas_of(call)

    pairs = {row.number: [p.in_both() for p in row.partners.all()] for row in rows_of(call)}
    assert [d.partner for d in found] == [*pairs[3], *pairs[1], *pairs[2], *pairs[3]]
    assert [d.code for d in found] == ["1-1", "1-2", "2-1", "2-2", "3-1", "3-2", "4-1", "4-2"]
    assert [d.is_ex_aequo for d in found] == [False] * 2 + [True] * 4 + [False] * 2
    assert [d.kind for d in found] == ["prize"] * 6 + ["mention"] * 2
    assert found[0].partners == tuple(pairs[3])
    assert found[-1].category == {"fr": "Mention jeunesse", "zh-Hans": "特别奖"}
    assert found[0].city == {"fr": "Toulouse", "zh-Hans": "图卢兹"}
    assert found[0].day == dt.date(2018, 12, 13)


@pytest.mark.django_db
def test_a_laureate_costs_no_query_more(call, django_assert_num_queries):
    call = Call.objects.select_related("edition").prefetch_related("edition__milestones").get(pk=call.pk)

    # Presidents, results, their partners, these as they are in our list; what the rules have told of the ceremony.
    with django_assert_num_queries(5):
        diplomas_of(call)


@pytest.mark.django_db
def test_both_co_presidents_sign_the_french_one_first_and_a_side_without_one_leaves_a_line(call):
    JuryMember.objects.filter(pk=juror(call, FR, 0).pk).update(function_fr="Élue", function_zh_hans="议员")
    user = juror(call, CN, 0).user
    user.last_name, user.first_name = "王", "为民"
    user.save()

    french, chinese = diplomas_of(call)[0].signatories

    assert french == Signatory(str(juror(call, FR, 0)), {"fr": "Élue", "zh-Hans": "议员"})
    assert chinese == Signatory("王为民", {"fr": "", "zh-Hans": ""})


@pytest.mark.django_db
def test_while_the_planning_has_no_ceremony_there_is_no_day(call):
    call.edition.milestones.filter(key=MilestoneKey.AWARD_CEREMONY).delete()

    assert diplomas_of(Call.objects.get(pk=call.pk))[0].day is None
    assert "2018" not in Pdf(diplomas_pdf([a_diploma(day=None)])).text()


@pytest.mark.django_db
def test_an_award_that_has_given_nothing_has_none(edition):
    assert diplomas_of(in_deliberation(edition)) == []


@needs_pdftotext
def test_a_page_says_all_in_both_languages():
    pdf = Pdf(diplomas_pdf([a_diploma(), a_diploma(code="1-2", partner=CHINESE)]))

    assert len(pdf.pages) == 2
    text = pdf.text(1).replace("\u00a0", " ")
    for said in (
        "Diplôme", "Prix de la coopération", "Prix de l’innovation : tourisme", "Le prix est décerné à",
        "Ville de Toulouse", "Sentiers en terrasses", "Ville de Toulouse, Chengdu", "Toulouse, le 13 décembre 2018",
        "Camille Exemple", "Élue régionale", "Vice-président",
        "证书", "合作奖", "创新奖：旅游", "本奖项授予", "图卢兹市", "梯田步道", "图卢兹市、成都市",
        "2018年12月13日于图卢兹", "王为民", "大区议员", "副会长",
    ):  # fmt: skip
        assert said in text, said
    assert "1-1" not in text
    assert pdf.text(2).count("Ville de Toulouse") == 1


@needs_pdftotext
@pytest.mark.parametrize(
    ("kind", "is_ex_aequo", "french", "chinese"),
    [
        ("prize", True, "Le prix est décerné ex æquo à", "本奖项并列授予"),
        ("mention", False, "La mention est décernée à", "本特别奖授予"),
        ("mention", True, "La mention est décernée ex æquo à", "本特别奖并列授予"),
    ],
)
def test_a_mention_is_a_mention_and_what_is_shared_is_shared(kind, is_ex_aequo, french, chinese):
    text = Pdf(diplomas_pdf([a_diploma(kind=ResultKind(kind), is_ex_aequo=is_ex_aequo)])).text()

    assert french in text
    assert chinese in text
    assert ("Le prix" in text) is (kind == "prize")


@pytest.mark.parametrize(
    "fields",
    [
        {"partner": LONG, "partners": (LONG, CHINESE)},
        {"partner": LONG, "title": LONG, "partners": (LONG, LONG)},
        {"title": {"fr": "x" * 20 + " mots" * 36, "zh-Hans": "让河流成为共同财富与" * 20}},
        {"partner": LONG, "title": LONG, "partners": ({k: v[:80] for k, v in LONG.items()},) * 14},
        {"category": {"fr": LONG["fr"][:120], "zh-Hans": LONG["zh-Hans"][:60]}, "award": LONG, "title": LONG},
        {"signatories": (Signatory("Camille Exemple", LONG),) * 2, "title": LONG, "partner": LONG},
    ],
    ids=["authority", "pair", "title", "many", "award", "functions"],
)
def test_what_is_long_is_set_smaller_and_stays_on_one_page(fields):
    assert len(Pdf(diplomas_pdf([a_diploma(**fields)])).pages) == 1


def test_a_name_in_the_other_script_is_tagged_with_its_language():
    written = {"fr": "成都市", "zh-Hans": "成都市"}
    pdf = Pdf(
        diplomas_pdf([a_diploma(partner=written, partners=(written, {"fr": "Foix", "zh-Hans": "Foix"}))])
    )

    tagged = [element for element in pdf.elements if "/S /Span" in element and "/Lang" in element]
    # Chengdu on the French side, as addressee and in the pair, and who signs; Foix on the Chinese side.
    assert sum("/Lang (zh-Hans)" in element for element in tagged) == 3
    assert sum("/Lang (fr)" in element for element in tagged) == 1


def test_the_same_diplomas_are_the_same_bytes_and_their_document_is_accessible():
    first, second = (diplomas_pdf([a_diploma()]) for _twice in range(2))

    assert first == second != diplomas_pdf([a_diploma(is_ex_aequo=True)])
    pdf = Pdf(first)
    assert "/MarkInfo" in pdf.catalog
    assert pdf.bookmarks == ["1-1", "1-1"]
    assert sum("/S /H1" in element for element in pdf.elements) == 2
    assert sum("/S /Figure" in element for element in pdf.elements) == 1
    assert set(pdf.drawn) == {"Assises-Latin", "Assises-Latin-Bold", "Assises-Hanzi", "Assises-Hanzi-Bold"}
