"""The stage of the ceremony: who has it, what a slide holds, and nothing of the next one."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from assises import accounts
from assises.models import JournalEntry
from awards.enums import AttachmentKind, Effect, JuryRole, Phase
from awards.models import Call, JuryMember
from awards.rights import may_prepare
from tests.account_factories import logged_in
from tests.award_factories import DATES, president, published
from tests.deliberation_factories import a_sitting, decided, in_deliberation
from tests.factories import a_member_of_staff
from tests.jury_factories import CN, FR, fresh, juror, rows_of, secretary, substitute
from tests.laureate_factories import FILM, REHEARSAL, a_category, give_prizes, seal, sealed, with_files

pytestmark = pytest.mark.django_db
PAGE = "/admin/jury/ceremonie/scene/"
CEREMONY = max(DATES.values())


@pytest.fixture(autouse=True)
def before_the_ceremony():
    with time_machine.travel(REHEARSAL, tick=False):
        yield


def slides(client):
    """Every slide, as a presenter sees them: by the links to the next one."""
    found = [client.get(PAGE)]
    while (following := found[-1].context["next"]) > found[-1].context["number"]:
        found.append(client.get(f"{PAGE}?page={following}"))
    return found


def kinds(found):
    return [str(page.context["slide"].kind) for page in found]


# --- Who has it ------------------------------------------------------------------------------------------


def readers(call, as_role):
    return {
        "visitor": Client(),
        "organiser": as_role(accounts.ORGANISERS),
        "APCAE": as_role(accounts.APCAE),
        "superuser": logged_in(a_member_of_staff(is_superuser=True)),
        "juror": logged_in(juror(call).user),
        "substitute": logged_in(substitute(call).user),
        "secretary": logged_in(secretary(call).user),
        "co-president": logged_in(president(call, FR)),
        "recused co-president": logged_in(president(call, CN)),
    }


#: While the results are sealed, and once they are published.
SEES = {
    "visitor": (302, 302),
    "organiser": (403, 403),
    "APCAE": (403, 403),
    "superuser": (403, 403),
    "juror": (403, 403),
    "substitute": (403, 403),
    "secretary": (200, 200),
    "co-president": (200, 200),
    "recused co-president": (403, 200),
}


def test_who_has_the_stage_is_a_table(edition, as_role):
    # From one that has won nothing: that it is not there tells that.
    call = sealed(edition, recused=[(CN, 0, 2)])
    who = readers(call, as_role)
    winner = rows_of(call)[0]

    for n in range(2):
        answers = {name: [client.get(f"{PAGE}?page={page}") for page in (1, 2, 3, 4, 5, 99)] for name, client in who.items()}  # fmt: skip
        assert {name: {a.status_code for a in told} for name, told in answers.items()} == {name: {sees[n]} for name, sees in SEES.items()}  # fmt: skip
        for name, told in answers.items():
            knows = any(winner.title_fr in answer.text for answer in told)
            assert knows == (SEES[name][n] == 200)
        published(call) if n == 0 else None


def test_a_recused_co_president_is_told_why(edition):
    call = sealed(edition, recused=[(CN, 0, 1)])

    page = logged_in(president(call, CN)).get(PAGE)

    assert page.status_code == 403
    assert "其中一份" in page.text
    assert not JournalEntry.objects.filter(action="results_seen").exists()


def test_before_the_results_are_sealed_there_is_no_stage(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    decided(call, 1)

    page = logged_in(secretary(call).user).get(PAGE)

    assert page.status_code == 403
    assert rows_of(call)[0].title_fr not in page.text


def test_without_the_pledge_nobody_prepares(edition):
    call = sealed(edition)
    assert may_prepare(fresh(secretary(call)))
    assert may_prepare(fresh(juror(call, FR, 0)))
    assert not may_prepare(fresh(juror(call, FR, 1)))
    assert not may_prepare(fresh(substitute(call)))
    unsigned = JuryMember(call=call, user=a_member_of_staff(), side=FR, role=JuryRole.SECRETARY)
    assert not may_prepare(unsigned)


def test_each_look_is_in_the_journal_until_the_release_and_its_lists_do_not_show_it(edition, as_role):
    call = sealed(edition)
    member = secretary(call)
    client = logged_in(member.user)

    client.get(PAGE)
    client.get(f"{PAGE}?page=2")
    looks = JournalEntry.objects.filter(action="results_seen")
    assert [(x.actor, x.details, x.subject_id) for x in looks] == [
        (member.user, {"what": "stage", "side": "FR"}, call.pk)
    ] * 2
    from assises.back_office import hidden_actions

    assert "results_seen" in hidden_actions()
    published(call)
    client.get(PAGE)
    assert looks.count() == 2


# --- What a slide holds ----------------------------------------------------------------------------------


@pytest.fixture
def ceremony(edition):
    """Two themes, one without a prize; a mention. Application 2 has a picture and no film, 3 has neither."""

    def begin(call):
        give_prizes(call, prizes=2)
        a_category(call, "youth", is_mention=True, order=0)
        a_category(call, "none", order=5)

    def prepare(row):
        if row.number < 3:
            with_files(row, has_film=row.number == 1)

    call = in_deliberation(edition, jurors=1, applications=4, begin=begin, prepare=prepare)
    tourism, youth, none = (call.categories.get(code=code) for code in ("tourism", "youth", "none"))
    a_sitting(call)
    decided(call, 1, category=tourism)
    decided(call, 3, effect=Effect.MENTION, category=youth)
    decided(call, 2, category=tourism)
    decided(call, 4, effect=Effect.RESERVE, category=tourism)
    decided(call, effect=Effect.NO_PRIZE, category=none)
    return seal(call)


def test_slides_follow_theme_by_theme_the_film_before_its_laureate_mentions_last(ceremony):
    found = slides(logged_in(secretary(ceremony).user))

    assert kinds(found) == [
        "opening", "category", "media", "laureate", "media", "laureate", "category", "no-prize", "category", "laureate",
        "closing",
    ]  # fmt: skip
    assert "<video" in found[2].text
    assert "<img" in found[4].text
    assert "© Service Exemple" in found[4].text


def test_a_slide_holds_nothing_of_another_one(ceremony):
    found = slides(logged_in(secretary(ceremony).user))

    for row in rows_of(ceremony):
        names = [row.title_fr, row.title_zh_hans, *(n for p in row.partners.all() for n in p.names)]
        own = [page for page in found if any(name in page.text for name in names)]
        laureates = [page for page in found if page.context["slide"].kind == "laureate"]
        assert own == [p for p in laureates if p.context["slide"].laureate.application == row]
        files = [f.key for f in row.attachments.all()]
        media = [page for page in found if any(str(key) in page.text for key in files)]
        assert media == [p for p in found if p.context["slide"].kind == "media" and p.context["slide"].laureate.application == row]  # fmt: skip
    # Who is on the reserve list is on no slide.
    assert not any(rows_of(ceremony)[3].title_fr in page.text for page in found)
    assert not any(word in page.text for page in found for word in ("prefetch", "prerender", "preconnect", 'rel="next"'))  # fmt: skip
    assert all("no-store" in page.headers["Cache-Control"] for page in found)


@pytest.mark.parametrize("side", [FR, CN])
def test_both_scripts_stand_on_every_slide_whoever_presents(ceremony, side):
    row = rows_of(ceremony)[0]
    found = slides(logged_in(secretary(ceremony, side).user))

    opening, category, _film, laureate = found[:4]
    for text in ("Prix", "奖项", "Assises de la coopération", "中法地方政府合作高层论坛"):
        assert text in opening.text
    for text in ("Tourisme", "旅游"):
        assert text in category.text
    for text in (row.title_fr, row.title_zh_hans, *row.partners.all()[1].names):
        assert text in laureate.text
    for text in ("répétition", "彩排"):
        assert all(text in page.text for page in found)


def test_a_shared_prize_is_said_in_both_scripts(edition):
    call = in_deliberation(edition, jurors=1, applications=3)
    a_sitting(call)
    decided(call, 1, 2, effect=Effect.EX_AEQUO, category=call.categories.get())
    found = slides(logged_in(secretary(seal(call)).user))

    shared = [page for page in found if "ex æquo" in page.text]
    assert kinds(shared) == ["laureate", "laureate"]
    assert "并列" in shared[0].text


def test_a_film_whose_music_is_not_settled_is_not_shown(edition):
    def prepare(row):
        with_files(row)
        row.music = ""

    call = sealed(edition, prepare=prepare)
    found = slides(logged_in(secretary(call).user))

    assert not any("<video" in page.text for page in found)
    assert "<img" in found[2].text


@pytest.mark.parametrize("who", ["secretary", "co-president"])
def test_films_come_from_the_back_office_and_once_they_are_public_from_there(edition, who):
    call = sealed(edition)
    row = rows_of(call)[0]
    client = logged_in(secretary(call).user if who == "secretary" else president(call, FR))
    private = reverse("admin:award_application_file", args=[1, row.film.key])
    public = reverse("awards:laureate_file", args=[row.film.key])

    page = client.get(f"{PAGE}?page=3")
    assert (private in page.text, public in page.text) == (True, False)
    assert b"".join(client.get(private, headers={"Range": "bytes=0-3"})) == FILM[:4]
    subtitles = row.attachments.get(kind=AttachmentKind.SUBTITLES)
    assert str(subtitles.key) in page.text

    published(call)
    page = client.get(f"{PAGE}?page=3")
    assert (private in page.text, public in page.text) == (False, True)


def test_the_mark_of_a_rehearsal_goes_with_the_hour_of_the_ceremony(edition):
    call = sealed(edition)
    client = logged_in(secretary(call).user)
    assert "data-assises-rehearsal" in client.get(PAGE).text
    with time_machine.travel(CEREMONY, tick=False):
        client = logged_in(secretary(call).user)
        assert "data-assises-rehearsal" not in client.get(PAGE).text


def test_the_last_slide_says_whether_the_results_are_public_and_where(edition, settings):
    settings.BASE_URL = "https://assises.example.org"
    call = sealed(edition)
    client = logged_in(secretary(call).user)
    last = client.get(f"{PAGE}?page=99")

    assert "Les deux coprésidents proclament" in last.text
    assert "assises.example.org/prix/laureats/" in last.text
    assert "<svg" in last.text
    # It looks again.
    assert last.context["next"] == last.context["number"]
    assert Client().get("/prix/laureats/").headers["Location"] == "/fr/prix/laureats/"

    published(call)
    last = client.get(f"{PAGE}?page=99")
    assert "maintenant publics" in last.text
    assert last.context["next"] == 0
    assert "data-assises-rehearsal" not in last.text


@pytest.mark.parametrize("typed", ["", "0", "-1", "x", "1.5", "１", "99999999999999999999"])
def test_nonsense_is_answered_with_a_slide(edition, typed):
    call = sealed(edition)
    assert logged_in(secretary(call).user).get(PAGE, {"page": typed}).context["number"] == 1


def test_it_is_only_looked_at(edition):
    call = sealed(edition)
    assert logged_in(secretary(call).user).post(PAGE).status_code == 405
    assert Call.objects.get().phase == Phase.SEALED


@pytest.mark.parametrize("laureates", [1, 4])
def test_a_slide_costs_as_many_queries_whatever_there_is(edition, laureates, django_assert_max_num_queries):
    client = logged_in(secretary(sealed(edition, laureates=laureates)).user)
    client.get(PAGE)
    with django_assert_max_num_queries(20):
        client.get(f"{PAGE}?page=4")
