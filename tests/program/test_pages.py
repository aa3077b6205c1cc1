"""The programme as people read it on the site."""

import dataclasses
import datetime as dt
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.staticfiles import finders

from assises import memory
from program.programme import Lead, Part, Visit, Voice, Words
from tests.factories import a_member_of_staff
from tests.program.showing import (
    FRENCH_LEAD,
    THURSDAY,
    TUESDAY,
    a_programme,
    a_release,
    a_workshop,
    an_item,
)

PAGE, PAGE_ZH = "/fr/programme/", "/zh-hans/programme/"
FIRST_VISIT_BYTES = 100_000


def html(client, path, status=200, **headers):
    response = client.get(path, headers=headers)
    assert response.status_code == status, response.content[:500]
    return response.content.decode()


def linked_data(page):
    [found] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    return json.loads(found)


def text(page):
    main = re.search(r"<main.*?</main>", page, re.DOTALL)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("\xa0", " ").split())


def somebody_who_may(*rights):
    user = a_member_of_staff(is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return user


# --- Which programme -----------------------------------------------------------------------------------


def test_while_nothing_is_public_the_page_says_what_will_come(client, edition):
    a_release(edition, an_item("Secret"), is_public=False)
    a_release(edition, an_item("Pas encore"), published_at=None)

    for path in (PAGE, PAGE_ZH, f"{PAGE}versions/"):
        page = html(client, path)
        assert "Secret" not in page
        assert "Pas encore" not in page


def test_without_an_edition_nothing_breaks(client, db):
    assert client.get(PAGE).status_code == 200
    assert client.get(f"{PAGE}x/").status_code == 404
    assert client.get("/schedule.xml").status_code == 404


def test_the_public_reads_the_latest_public_release(client, edition):
    a_release(edition, an_item("Ancien titre"))
    a_release(edition, an_item("Nouveau titre"))
    a_release(edition, an_item("Brouillon pour la tutelle"), is_public=False)

    page = html(client, PAGE)

    assert "Nouveau titre</a>" in page
    assert "Ancien titre</a>" not in page
    assert "Brouillon pour la tutelle" not in page


def test_a_new_release_is_seen_within_seconds(client, edition):
    a_release(edition, an_item("Ancien titre"))
    html(client, PAGE)

    a_release(edition, an_item("Nouveau titre"))  # forgets what the process remembers, as five seconds do

    assert "Nouveau titre" in html(client, PAGE)


def test_the_page_says_which_release_it_is_and_what_changed_since(client, edition):
    moved = an_item("Atelier")
    a_release(edition, moved)
    a_release(
        edition, dataclasses.replace(moved, starts_at=dt.time(15), ends_at=dt.time(16)), an_item("Ajout")
    )

    page = text(html(client, PAGE))

    assert "Version 2" in page
    assert "3 octobre 2018" in page
    for hours in (r"9 h ?– ?10 h,", r"15 h ?– ?16 h,"):
        assert re.search(hours, page), hours


def test_changes_are_counted_from_what_the_public_has_read(client, edition):
    session = an_item("Atelier")
    a_release(edition, session)
    a_release(edition, an_item("Interne"), is_public=False)
    a_release(edition, session, an_item("Ajout"))

    page = html(client, PAGE)

    assert "Interne" not in page
    assert 'href="#changements"' in page


def test_a_draft_says_in_words_which_pairs_are_incomplete(client, edition):
    a_release(edition, a_workshop("Atelier ville", leads=(FRENCH_LEAD,)), kind="travel_draft")

    page = html(client, PAGE)

    assert page.count('class="incomplete"') == 1
    assert "half-missing" in page


def test_a_hundred_changes_are_counted_and_the_first_are_told(client, edition):
    a_release(edition, an_item())
    a_release(edition, *(an_item() for _unused in range(99)))

    page = html(client, PAGE)

    assert page.count('class="change ') == 50
    assert "100 changements" in page


# --- What an item says ---------------------------------------------------------------------------------


def test_an_item_says_all_that_one_must_know(client, edition):
    a_release(edition, a_workshop("Atelier ville", "城市分论坛", status="proposed"))

    french, chinese = text(html(client, PAGE)), text(html(client, PAGE_ZH))

    for words in (
        "Atelier ville",
        "14 h",
        "16 h 30",
        "Salle A",
        "Ville durable",
        "proposé",
        "Bordeaux",
        "Wuhan",
        "100",
    ):
        assert words in french, words
    for words in ("城市分论坛", "14:00", "16:30", "A厅", "可持续城市", "建议", "波尔多", "武汉市"):
        assert words in chinese, words


def test_each_side_stands_first_in_its_own_language(client, edition):
    a_release(edition, a_workshop())

    french, chinese = text(html(client, PAGE)), text(html(client, PAGE_ZH))

    assert french.index("Bordeaux") < french.index("Wuhan")
    assert chinese.index("武汉市") < chinese.index("波尔多")


def test_where_the_chinese_is_missing_the_french_is_tagged(client, edition):
    a_release(edition, dataclasses.replace(an_item(), title=Words("Dîner & <gala>"), code="gala"))

    assert '<span lang="fr">Dîner &amp; &lt;gala&gt;</span>' in html(client, PAGE_ZH)
    assert "Dîner &amp; &lt;gala&gt;</a>" in html(client, PAGE)


def test_what_is_open_is_said_and_not_invented(client, edition):
    a_release(
        edition,
        an_item("Sans heure", starts_at=None, ends_at=None, room=""),
        an_item("Sans fin", ends_at=None, starts_at=dt.time(19)),
    )

    page = text(html(client, PAGE))

    assert "horaire à définir" in page
    assert "lieu à définir" in page
    assert "19 h –" not in page


@pytest.mark.parametrize("query", ["?par=theme", "?par=lieu", "?type=parallel", "?quand=2018-12-12&par=lieu"])
def test_each_view_and_choice_is_a_page(client, edition, query):
    a_release(edition, a_workshop("Atelier"), an_item("Mardi", day=TUESDAY))

    assert "Atelier" in html(client, PAGE + query)


@pytest.mark.parametrize(
    "query", ["?par=%00", "?page=" + "9" * 400, "?quand=31.02.", "?type=%E0%A4%A", "?par[]=x"]
)
def test_a_bad_query_gets_a_page_that_says_so(client, edition, query):
    a_release(edition, an_item("Atelier"))

    assert "Atelier" in html(client, PAGE + query)


def test_a_choice_that_nothing_fits_helps_on(client, edition):
    a_release(edition, an_item("Atelier"))

    page = html(client, PAGE + "?type=ceremony&quand=2018-12-13")

    assert "Atelier</a>" not in page
    assert f'href="{PAGE}"' in page


# --- The page of an item -------------------------------------------------------------------------------


def voice(**fields):
    return Voice(**{"side": "CN", "name": "LI Shili", "name_zh": "李示例", "function": Words("Directrice", "局长"), "organisation": Words("Chengdu", "成都市"), **fields})  # fmt: skip


def test_a_session_has_everything_about_it(client, edition):
    parts = (
        Part("contribution", Words("Des serres sobres", "节水温室"), 20, True, voice(), Words("Shandong", "山东省"), Words("Bretagne", "布列塔尼")),
        Part("speech", Words("Allocution", "致辞"), 75, False, voice(name="", name_zh="", function=Words("Préfet", "区长"))),
    )  # fmt: skip
    a_release(
        edition,
        a_workshop(
            "Atelier ville", "城市分论坛", code="ville", parts=parts, summary=Words("Mobilité", "交通")
        ),
    )

    page = html(client, f"{PAGE}ville/")

    for words in (
        "Atelier ville", "城市分论坛", "mercredi 12 décembre 2018", "Mobilité", "Des serres sobres", "20 min", "1 h 15",
        "LI Shili", "李示例", "Directrice", "Shandong", "Bretagne", "Préfet", "Salle A", "22 bd du Maréchal-Juin", "Métro", "Écran",
    ):  # fmt: skip
        assert words in text(page), words
    assert f'href="{PAGE}ville.ics"' in page
    assert '<span lang="zh-Hans">李示例</span>' in page


def test_a_visit_has_its_sheet(client, edition):
    sheet = Visit(
        place=Words("Carcassonne", "卡尔卡松"), programme=Words("La cité", "古城"), distance_km=95, travel_minutes=70,
        duration_minutes=120, is_accessible=False, accessibility=Words("Pavés"), identity_document=True, origin="requested",
        origin_side="CN", verdict_french="kept", verdict_chinese="not_kept", is_kept=None, decision_note=Words("En discussion"),
    )  # fmt: skip
    visit = an_item(
        "Visite",
        code="visite",
        kind="visit",
        day=THURSDAY,
        starts_at=dt.time(11),
        ends_at=None,
        room="",
        seats=50,
        visit=sheet,
    )
    a_release(edition, visit)

    page = text(html(client, f"{PAGE}visite/"))

    for words in ("Carcassonne", "95", "1 h 10", "2 h", "15 h 20", "50", "Pavés", "retenu", "En discussion"):
        assert words in page, words


def test_what_nobody_knows_of_a_visit_is_to_be_confirmed(client, edition):
    nothing = Visit(
        Words("Ailleurs"),
        Words(),
        None,
        None,
        None,
        None,
        Words(),
        None,
        "proposed",
        "FR",
        "",
        "",
        None,
        Words(),
    )
    a_release(edition, an_item("Visite", code="visite", kind="visit", room="", visit=nothing, ends_at=None))

    assert text(html(client, f"{PAGE}visite/")).count("à confirmer") == 6


def test_one_goes_on_to_the_item_before_and_after(client, edition):
    a_release(edition, an_item(code="un"), an_item(code="deux", starts_at=dt.time(11), ends_at=dt.time(12)))

    first, last = html(client, f"{PAGE}un/"), html(client, f"{PAGE}deux/")

    assert f'rel="next" href="{PAGE}deux/"' in first
    assert 'rel="prev"' not in first
    assert f'rel="prev" href="{PAGE}un/"' in last
    assert 'rel="next"' not in last


def test_what_was_taken_out_is_gone_and_what_never_was_is_not_found(client, edition):
    a_release(edition, an_item(), dropped=(an_item("Déambulation", code="deambulation"),))

    assert "Déambulation" in html(client, f"{PAGE}deambulation/", status=410)
    html(client, f"{PAGE}rien/", status=404)


# --- Releases ------------------------------------------------------------------------------------------


def test_each_public_release_is_listed_with_who_approved_it(client, edition):
    first = a_release(edition, an_item("Ancien"), purpose_fr="Premier essai")
    hidden = a_release(edition, an_item(), is_public=False)
    a_release(edition, an_item())

    page = html(client, f"{PAGE}versions/")

    assert first.content_hash in page
    assert hidden.content_hash not in page
    for words in ("Premier essai", "Solène Référent", "孙样例"):
        assert words in page


def test_a_release_stays_readable_as_it_was(client, edition):
    a_release(edition, an_item("Ancien titre", code="a"))
    a_release(edition, an_item("Nouveau titre", code="a"))

    assert "Ancien titre" in html(client, f"{PAGE}versions/1/")
    assert "Ancien titre" in html(client, f"{PAGE}versions/1/a/")
    assert 'content="noindex"' in html(client, f"{PAGE}versions/1/")


def test_a_release_that_is_not_public_is_read_by_its_whole_address_only(client, edition):
    release = a_release(edition, an_item("Pour la tutelle", code="a"), is_public=False)
    address = f"{PAGE}versions/1-{release.content_hash[:12]}/"

    response = client.get(address)

    assert "Pour la tutelle" in response.content.decode()
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert client.get(f"{address}a/").status_code == 200
    for wrong in ("1", "1-000000000000", "1-", "2", "9999", "0"):
        assert client.get(f"{PAGE}versions/{wrong}/").status_code == 404, wrong


@pytest.mark.parametrize(
    ("right", "status"),
    [
        (None, 404),
        ("compose_programme", 404),
        ("release_programme", 200),
        ("approve_for_french_side", 200),
        ("approve_for_chinese_side", 200),
    ],
)
def test_a_release_that_waits_is_read_by_those_at_work_on_it(client, edition, right, status):
    a_release(edition, an_item("En attente"), published_at=None)
    if right:
        client.force_login(somebody_who_may(right))

    response = client.get(f"{PAGE}versions/1/")

    assert response.status_code == status
    if status == 200:
        assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("right", "status"), [(None, 302), ("translate_programme", 403), ("compose_programme", 200)]
)
def test_the_work_in_progress_is_for_organisers(client, edition, right, status):
    a_release(edition, an_item("Publié"))
    if right:
        client.force_login(somebody_who_may(right))

    response = client.get(f"{PAGE}en-cours/")

    assert response.status_code == status
    if status == 200:
        assert "no-store" in response.headers["Cache-Control"]


def test_organisers_find_the_work_in_progress_and_nobody_else_does(client, edition):
    a_release(edition, an_item())
    link = f'href="{PAGE}en-cours/"'

    as_visitor = html(client, PAGE)
    client.force_login(somebody_who_may("compose_programme"))
    as_organiser = client.get(PAGE)
    client.logout()

    assert link not in as_visitor
    assert link in as_organiser.content.decode()
    assert as_organiser.headers["Cache-Control"] == "private, no-store"
    assert link not in html(client, PAGE)


# --- For machines --------------------------------------------------------------------------------------


def test_search_engines_read_the_programme_as_events(client, edition):
    a_release(
        edition,
        an_item("</script><script>alert(1)</script>", "开幕式"),
        an_item(starts_at=None, ends_at=None),
    )

    page = html(client, PAGE)
    found = linked_data(page)

    assert "alert(1)</script>" not in page
    assert found["@type"] == "Event"
    assert found["subEvent"][0]["name"] == "</script><script>alert(1)</script>"
    assert found["subEvent"][0]["startDate"] == "2018-12-12T09:00:00+01:00"
    assert found["subEvent"][1]["startDate"] == "2018-12-12"
    assert linked_data(html(client, PAGE_ZH))["subEvent"][0]["name"] == "开幕式"


def test_search_engines_read_an_item_as_part_of_the_edition(client, edition):
    a_release(edition, a_workshop("Atelier", code="a"))

    found = linked_data(html(client, f"{PAGE}a/"))

    assert (found["name"], found["superEvent"]["@type"]) == ("Atelier", "Event")
    assert found["location"]["name"] == "Salle A, Hôtel de Région"
    assert found["url"].startswith(settings.BASE_URL)


def test_who_has_the_page_is_not_sent_it_again(client, edition):
    a_release(edition, an_item(code="a"))

    for path in (PAGE, f"{PAGE}a/", f"{PAGE}?par=theme", f"{PAGE}versions/", f"{PAGE}versions/1/"):
        tag = client.get(path).headers["ETag"]
        again = client.get(path, headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b""), path
        assert client.head(path).status_code == 200


def test_what_one_visitor_is_told_nobody_else_reads(client, edition):
    a_release(edition, an_item())
    client.force_login(a_member_of_staff())
    signed_in = client.get(PAGE)
    client.logout()

    anonymous = client.get(PAGE)

    assert "ETag" not in signed_in.headers
    assert "csrf" not in anonymous.content.decode()
    assert "Cookie" in anonymous.headers["Vary"]
    assert "Set-Cookie" not in anonymous.headers


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_the_programme_is_only_read(client, edition, method):
    a_release(edition, an_item())

    assert getattr(client, method)(PAGE).status_code == 405


# --- Cost ----------------------------------------------------------------------------------------------


def many(count):
    return [an_item(starts_at=dt.time(8 + n % 10), ends_at=dt.time(9 + n % 10)) for n in range(count)]


@pytest.mark.parametrize("count", [3, 40])
def test_a_page_costs_as_many_queries_whatever_the_number_of_sessions(
    client, edition, django_assert_num_queries, count
):
    items = many(count)
    a_release(edition, *items)
    client.get("/fr/aide/")  # the edition itself, which every page needs

    # Which release is the latest, its content, its approvals, the one before it, the sizes of its files, the seats.
    with django_assert_num_queries(6):
        client.get(PAGE)
    with django_assert_num_queries(0):
        client.get(f"{PAGE}{items[0].code}/")


@pytest.mark.parametrize("count", [3, 40])
def test_after_the_first_reader_the_next_cost_nothing(client, edition, django_assert_num_queries, count):
    a_release(edition, *many(count))
    client.get(PAGE)

    with django_assert_num_queries(0):
        client.get(PAGE)


@pytest.mark.parametrize("count", [3, 40])
def test_asking_again_which_is_the_latest_is_one_query(
    client, edition, django_assert_num_queries, count, monkeypatch
):
    a_release(edition, *many(count))
    client.get(PAGE)
    key = f"program:latest:{edition.pk}"
    memory._kept.pop(key)
    memory._kept.pop(f"page:{PAGE}")

    with django_assert_num_queries(1):
        client.get(PAGE)


def test_the_first_visit_weighs_less_than_a_photograph(client, edition):
    leads = (FRENCH_LEAD, Lead("CN", Words("Province du Sichuan", "四川省"), True))
    items = [
        a_workshop(
            "Un titre d’une longueur habituelle pour un atelier",
            "标题",
            leads=leads,
            starts_at=dt.time(8 + n % 10),
            ends_at=dt.time(9 + n % 10),
        )
        for n in range(25)
    ]
    a_release(edition, *items)

    page = html(client, PAGE)

    assets = re.findall(r'(?:src|href)="/static/([^"#?]+)', page)
    weight = len(page.encode()) + sum(Path(finders.find(name)).stat().st_size for name in set(assets))
    assert weight <= FIRST_VISIT_BYTES


def test_a_programme_of_two_thousand_items_is_read_in_pages(client, edition):
    a_release(edition, programme=a_programme(edition, *many(2000)))

    page = html(client, PAGE)

    assert page.count('<li class="item') == 100
    assert "page=2" in page
    assert len(page) < FIRST_VISIT_BYTES * 2


# --- Other pages ---------------------------------------------------------------------------------------


def test_the_home_page_says_what_comes_next(client, edition, at, monkeypatch):
    a_release(
        edition,
        *(
            an_item(f"Moment {n}", day=THURSDAY, starts_at=dt.time(8 + n), ends_at=dt.time(9 + n))
            for n in range(6)
        ),
    )
    monkeypatch.setattr("assises.clock.now", lambda: dt.datetime(2018, 12, 13, 8, 30, tzinfo=dt.UTC))

    page = text(html(client, "/fr/"))

    assert "Moment 1" not in page
    assert "Moment 2" in page
    assert "Moment 5" in page
    assert PAGE in html(client, "/fr/")


def test_the_home_page_says_nothing_of_a_programme_that_is_not_public(client, edition):
    a_release(edition, an_item("Secret"), is_public=False)

    assert "Secret" not in html(client, "/fr/")


def test_the_programme_is_in_the_menu_and_on_the_site_map(client, edition):
    assert f'href="{PAGE}"' in html(client, "/fr/aide/")
    assert f'href="{PAGE}versions/"' in html(client, "/fr/plan-du-site/")
