"""The composing pages: who reads and who changes, what is refused and how it is said, both versions of a conflict."""

import re

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assises import accounts
from program import services
from program.enums import ReleaseKind
from program.models import FieldVisit, Session
from tests.composing_factories import (
    FIRST,
    SECOND,
    a_lead,
    a_part,
    a_report,
    a_room,
    a_session,
    a_visit,
    a_workshop,
    an_open_point,
)
from tests.factories import NOW, a_member_of_staff, an_organisation

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Assises-Part": "composer"}
ROOM_IS_TAKEN = "Une autre séance occupe cette salle à cette heure-là."


def url(name, *args):
    return reverse(f"admin:{name}", args=args)


def pages_of(session):
    names = ["session", "session_order", "session_points", "session_move"]
    names += ["session_pair"] if session.is_workshop else ["session_visit"]
    return [url(name, session.code) for name in names]


def a_move(session, **fields):
    return {
        "day": session.day.isoformat(),
        "starts_at": "09:30",
        "room": "",
        "version": session.version,
        **fields,
    }


@pytest.fixture
def sessions(edition):
    workshop = a_workshop(edition, "14:00-16:00", room=a_room(edition))
    visit = a_visit(edition).session
    a_part(workshop)
    an_open_point(workshop, due_on=None)
    return [workshop, visit]


# --- Who --------------------------------------------------------------------------------------------------


def everything(sessions):
    return [url("compose"), url("visibility"), *[page for s in sessions for page in pages_of(s)]]


def test_a_stranger_signs_in_first(client, sessions):
    for page in everything(sessions):
        assert client.get(page).status_code == 302
        assert client.post(page).status_code == 302


def test_staff_without_the_right_sees_nothing_of_it(with_rights, sessions):
    client = with_rights("view_edition")

    for page in everything(sessions):
        assert client.get(page).status_code == 403
    assert url("compose") not in client.get("/admin/").text


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_who_may_read_reads_all_and_changes_nothing(with_rights, sessions, language):
    client = with_rights("view_session", language=language)

    for page in everything(sessions):
        text = client.get(page).text
        # Only the forms of the frame are left: language, and leaving.
        assert len(re.findall(r"<form", text)) == 2, page
    for session in sessions:
        for page in pages_of(session):
            answer = client.post(page, {"version": 1, "sheet": "1"})
            assert answer.status_code in (200, 403), page
    assert client.get(url("session_add")).status_code == 403
    assert client.get(url("session_abandon", sessions[0].code)).status_code == 403
    assert set(Session.objects.values_list("version", flat=True)) == {1}


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_every_page_opens_for_a_composer_and_has_nothing_inline(with_rights, sessions, language):
    client = with_rights("view_session", "compose_programme", language=language)
    extra = [
        url("session_add"),
        url("session_abandon", sessions[0].code),
        url("session_delete", sessions[0].code),
    ]

    for page in [*everything(sessions), *extra]:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", answer.text), page
        assert len(re.findall(r"<h1", answer.text)) == 1, page


def test_each_side_gives_its_verdict_on_the_page_without_composing(with_rights, edition):
    visit = a_visit(edition)
    client = with_rights("view_session", "approve_for_chinese_side")
    page = url("session_visit", visit.session.code)

    answer = client.post(page, {"verdict-CN": "1", "verdict-CN-verdict": "kept", "verdict-CN-version": 1})
    assert answer.status_code == 302
    assert FieldVisit.objects.get().verdict_chinese == "kept"
    for act in ("verdict-FR", "decide", "sheet"):
        assert (
            client.post(page, {act: "1", f"{act}-version": 2, "verdict-FR-verdict": "kept"}).status_code
            == 403
        )


@pytest.mark.parametrize("code", ["nowhere", "-", "x" * 300])
def test_what_does_not_exist_is_not_found(composer, edition, code):
    assert composer.get(f"/admin/composer/{code}/").status_code == 404
    assert composer.post(f"/admin/composer/{code}/deplacer/").status_code == 404


# --- The timetable ----------------------------------------------------------------------------------------


def test_an_empty_programme_says_how_to_begin(composer, edition):
    assert 'class="empty"' in composer.get(url("compose")).text


def test_the_programme_group_works_with_the_open_points(client, edition):
    accounts.ensure_groups()
    user = a_member_of_staff(is_superuser=False)
    user.groups.add(Group.objects.get(name=accounts.PROGRAMME))
    client.force_login(user)

    assert "/admin/registre/ajouter/" in client.get(url("session_points", a_session(edition).code)).text
    assert user.has_perms([f"assises.{verb}_registeritem" for verb in ("view", "add", "change")])
    assert not user.has_perm("assises.delete_registeritem")
    assert not user.has_perm("assises.change_edition")


def test_a_session_stands_in_its_room_on_its_rows(composer, edition):
    room = a_room(edition)
    session = a_session(edition, "10:30-12:30", room=room)
    shelved = a_session(edition)
    a_session(edition, status="abandoned", status_reason_fr="Trop complexe")

    answer = composer.get(url("compose"))

    [day] = answer.context["timetable"].days
    column = next(c for c in day.columns if c.room == room)
    [block] = column.blocks
    assert (block.session, block.row, block.rows) == (session, (10 * 60 + 30 - 8 * 60) // 5, 24)
    assert [b.session for b in day.shelf] == [shelved]
    assert "Trop complexe" in answer.text


def test_what_takes_place_at_once_without_a_room_stands_side_by_side(composer, edition):
    for _n in range(3):
        a_session(edition, "11:00", kind="visit")

    [day] = composer.get(url("compose")).context["timetable"].days
    assert [b.lane for b in day.columns[-1].blocks] == [1, 2, 3]


@pytest.mark.parametrize(
    ("query", "days"), [("", 1), ("?jour=tous", 3), ("?jour=2018-12-13", 1), ("?jour=hier&pas=7", 1)]
)
def test_one_day_or_all_of_them(composer, edition, query, days):
    a_session(edition, "10:00-11:00")

    shown = composer.get(url("compose") + query).context["timetable"].days
    assert len(shown) == days
    if not query or "hier" in query:
        assert shown[0].date == SECOND


def test_the_timetable_takes_as_many_queries_with_one_as_with_three(composer, edition):
    def add():
        workshop = a_workshop(edition, "14:00-16:00", room=a_room(edition))
        a_part(workshop)
        an_open_point(workshop)
        a_visit(edition)

    def count():
        with CaptureQueriesContext(connection) as queries:
            composer.get(url("compose") + "?jour=tous")
        return len(queries)

    add()
    count()
    one = count()
    add()
    add()
    assert count() == one


def test_the_first_page_counts_what_the_checks_say(composer, edition):
    a_workshop(edition, "14:00-16:00", pair="")

    [panel] = [p for p in composer.get("/admin/").context["panels"] if "checks" in p["template"]]
    assert [len(group.findings) for group in panel["data"]["groups"]] == [2, 1, 0]


# --- Moving -----------------------------------------------------------------------------------------------


def test_a_plain_form_moves_a_session_and_shows_it_on_its_day(composer, edition):
    session, room = a_session(edition, "10:00-11:00"), a_room(edition)

    answer = composer.post(
        url("session_move", session.code), a_move(session, day=FIRST.isoformat(), room=room.pk)
    )

    assert answer["Location"] == f"{url('compose')}?jour=2018-12-11#seance-{session.code}"
    session.refresh_from_db()
    assert (session.day, session.room, f"{session.ends_at}") == (FIRST, room, "10:30:00")


def test_a_script_gets_the_timetable_as_it_stands_then(composer, edition):
    session = a_session(edition, "10:00-11:00")

    answer = composer.post(url("session_move", session.code), a_move(session), headers=SCRIPT)

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert 'data-assises-version="2"' in answer.text
    assert session.title_fr in answer.context["said"]


@pytest.mark.parametrize("headers", [SCRIPT, {}], ids=["script", "form"])
def test_a_refused_move_says_why_next_to_what_was_to_move(composer, edition, headers):
    room = a_room(edition)
    a_session(edition, "09:00-10:00", room=room)
    session = a_session(edition, "14:00-15:00")

    answer = composer.post(url("session_move", session.code), a_move(session, room=room.pk), headers=headers)

    assert answer.status_code == 409
    assert ROOM_IS_TAKEN in answer.text
    if headers:
        assert f'id="refus-{session.code}"' in answer.text
    else:
        assert answer.context["form"].errors["room"] == [ROOM_IS_TAKEN]
        assert 'value="09:30"' in answer.text
    session.refresh_from_db()
    assert (session.version, session.room) == (1, None)


@pytest.mark.parametrize("headers", [SCRIPT, {}], ids=["script", "form"])
def test_a_session_that_somebody_else_changed_is_not_moved(composer, edition, headers):
    session = a_session(edition, "14:00-15:00")
    services.change_session(session, {"title_fr": "Leur titre"}, version=1, at=NOW, by=None)

    answer = composer.post(url("session_move", session.code), a_move(session, version=1), headers=headers)

    assert answer.status_code == 409
    assert Session.objects.get().version == 2
    if not headers:
        # Whoever looks and presses again means the version that stands.
        assert 'name="version" value="2"' in answer.text


@pytest.mark.parametrize(
    "typed",
    [
        {"day": "2018-12-25"}, {"day": "\x00"}, {"room": "99999999999999999999"}, {"room": "\x00"},
        {"starts_at": "25:00"}, {"version": "x"}, {"version": ""}, {"starts_at": "23:30"},
    ],
)  # fmt: skip
def test_nonsense_is_refused_in_words(composer, edition, typed):
    session = a_session(edition, "14:00-15:00")

    for headers in (SCRIPT, {}):
        answer = composer.post(url("session_move", session.code), a_move(session, **typed), headers=headers)
        assert answer.status_code == 409
    assert Session.objects.get().version == 1


# --- A session's own page ---------------------------------------------------------------------------------


def filled(page, **changes):
    """The data of the form on a page, as a browser would send it, with what somebody typed."""
    data = {}
    for bound in page.context["form"]:
        value = bound.field.prepare_value(bound.value())
        value = "" if value is None else str(value)
        if value not in ("", "False"):
            data[bound.html_name] = value
        if bound.field.show_hidden_initial:
            data[bound.html_initial_name] = bound.form.data.get(bound.html_initial_name, value)
    return {**data, **changes}


def test_only_what_was_typed_is_saved(composer, edition):
    session = a_session(edition, "14:00-15:00", summary_fr="Un résumé.")
    page = composer.get(url("session", session.code))

    answer = composer.post(url("session", session.code), filled(page, title_fr="Ouverture"))

    assert answer.status_code == 302
    session.refresh_from_db()
    assert (session.title_fr, session.summary_fr, session.version) == ("Ouverture", "Un résumé.", 2)
    [entry] = composer.get(url("session", session.code)).context["history"]
    assert entry["entry"].details["fields"] == ["title_fr"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"starts_at": "16:00"}, "ends_at"),
        ({"starts_at": "", "ends_at": "15:00"}, "starts_at"),
        ({"status": "abandoned"}, "status_reason_fr"),
        ({"title_fr": ""}, "title_fr"),
        ({"expected": "many"}, "expected"),
        ({"title_fr": "a\x00b"}, "title_fr"),
    ],
)
def test_a_rule_that_says_no_stands_next_to_its_field(composer, edition, typed, field):
    session = a_session(edition, "14:00-15:00")
    page = composer.get(url("session", session.code))

    answer = composer.post(url("session", session.code), filled(page, summary_fr="Gardé", **typed))

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert "Gardé" in answer.text
    assert f'href="#id_{field}"' in answer.text


@pytest.mark.parametrize(
    "field", ["status", "kind", "day", "starts_at", "room", "theme", "audience", "languages"]
)
def test_what_is_no_choice_is_told_at_its_field(composer, edition, field):
    hall = a_room(edition)
    session = a_session(edition, "14:00-15:00", room=hall)

    answer = composer.post(
        url("session", session.code), filled(composer.get(url("session", session.code)), **{field: "x"})
    )

    assert (answer.status_code, [*answer.context["form"].errors]) == (200, [field])


def test_a_room_that_is_taken_is_said_at_the_room(composer, edition):
    room = a_room(edition)
    a_session(edition, "14:00-15:00", room=room)
    session = a_session(edition, "14:30-15:00")
    page = composer.get(url("session", session.code))

    answer = composer.post(url("session", session.code), filled(page, room=room.pk))

    assert answer.context["form"].errors["room"] == [ROOM_IS_TAKEN]


def test_a_second_save_shows_both_versions_and_keeps_what_was_typed(composer, edition):
    session = a_session(edition, "14:00-15:00", title_fr="Avant", expected=10)
    page = composer.get(url("session", session.code))
    claire = a_member_of_staff(first_name="Claire", last_name="Exemple")
    theirs = {"title_fr": "Leur titre", "expected": 20}
    services.change_session(session, theirs, version=1, at=NOW, by=claire)

    refused = composer.post(url("session", session.code), filled(page, title_fr="Mon titre", source="S-094"))

    assert refused.status_code == 409
    comparison = refused.context["comparison"]
    assert {(line.theirs, line.yours, line.whose) for line in comparison.lines} == {
        ("Leur titre", "Mon titre", "both"),
        ("–", "S-094", "yours"),
        ("20", "20", "theirs"),
    }
    assert "Claire" in refused.text
    session.refresh_from_db()
    assert session.title_fr == "Leur titre"

    # Saved again: mine where I typed, theirs where I did not.
    again = composer.post(url("session", session.code), filled(refused))

    assert again.status_code == 302
    session.refresh_from_db()
    assert (session.title_fr, session.source, session.expected, session.version) == (
        "Mon titre",
        "S-094",
        20,
        3,
    )


def test_boxes_and_choices_survive_a_conflict(composer, edition):
    session = a_session(edition, "14:00-15:00", interpretation=True, time_is_flexible=False)
    page = composer.get(url("session", session.code))
    services.change_session(session, {"time_is_flexible": True}, version=1, at=NOW, by=None)
    typed = filled(page, kind="show")
    del typed["interpretation"]

    refused = composer.post(url("session", session.code), typed)
    composer.post(url("session", session.code), filled(refused))

    session.refresh_from_db()
    assert (session.interpretation, session.time_is_flexible, session.kind) == (False, True, "show")


def test_a_session_is_added(composer, edition):
    answer = composer.post(
        url("session_add"),
        {
            "code": "visite-musee", "title_fr": "Musée", "kind": "visit", "status": "proposed", "day": "2018-12-13",
            "languages": "both", "audience": "public", "order": "0",
        },
    )  # fmt: skip

    assert answer["Location"] == url("session", "visite-musee")
    assert composer.post(url("session_add"), {"code": "visite-musee", "title_fr": "x"}).status_code == 200


def test_an_offer_without_a_choice_group_is_refused_at_its_field(composer, edition):
    workshop = a_workshop(edition, "14:00-16:00")
    page = composer.get(url("session", workshop.code))

    refused = composer.post(url("session", workshop.code), filled(page, on_form="on"))
    assert list(refused.context["form"].errors) == ["choice_group"]
    composer.post(url("session", workshop.code), filled(refused, choice_group="ateliers"))

    workshop.refresh_from_db()
    assert (workshop.on_form, workshop.choice_group) == (True, "ateliers")


def test_another_choice_group_of_a_visit_changes_nothing(composer, edition):
    visit = a_visit(edition).session
    page = composer.get(url("session", visit.code))

    answer = composer.post(url("session", visit.code), filled(page, choice_group="cars"))

    visit.refresh_from_db()
    assert answer.status_code == 302
    assert (visit.choice_group, visit.version) == ("visits", 1)


def test_what_stands_in_a_release_is_abandoned_and_not_deleted(composer, edition):
    session = a_session(edition, "14:00-15:00")
    delete = url("session_delete", session.code)
    assert delete in composer.get(url("session", session.code)).text
    services.prepare(edition, kind=ReleaseKind.TRAVEL_DRAFT, at=NOW, by=None)

    assert delete not in composer.get(url("session", session.code)).text
    assert composer.post(delete, {"version": 1}).status_code == 200
    assert Session.objects.exists()
    answer = composer.post(
        url("session_abandon", session.code), {"version": 1, "status_reason_fr": "Trop complexe"}
    )
    assert answer.status_code == 302
    assert Session.objects.get().status == "abandoned"


# --- Pair, running order, points, visit -------------------------------------------------------------------


def test_only_authorities_of_a_side_are_offered_for_it(composer, edition):
    workshop = a_workshop(edition, pair="")
    lyon, chengdu = an_organisation("Lyon"), an_organisation("Chengdu", side="CN", kind="city")
    page = composer.get(url("session_pair", workshop.code))

    wrong = composer.post(url("session_pair", workshop.code), filled(page, french=chengdu.pk))
    assert list(wrong.context["form"].errors) == ["french"]
    composer.post(
        url("session_pair", workshop.code), filled(page, french=lyon.pk, french_confirmed_on="2018-10-01")
    )

    [lead] = workshop.leads.all()
    assert (lead.organisation, str(lead.confirmed_on)) == (lyon, "2018-10-01")


def test_two_who_set_a_pair_see_both_versions(composer, edition):
    workshop = a_workshop(edition, pair="")
    lyon, brest = an_organisation("Lyon"), an_organisation("Brest")
    page = composer.get(url("session_pair", workshop.code))
    a_lead(workshop, brest)
    services.change_session(workshop, {"title_fr": "x"}, version=1, at=NOW, by=None)

    refused = composer.post(url("session_pair", workshop.code), filled(page, french=lyon.pk))

    assert refused.status_code == 409
    assert [(line.theirs, line.yours) for line in refused.context["comparison"].lines] == [("Brest", "Lyon")]
    composer.post(url("session_pair", workshop.code), filled(refused))
    assert workshop.leads.get().organisation == lyon


def rows(session, *parts, **more):
    """The running order as its form sends it: (key, minutes, title)."""
    data = {
        "rows": ",".join(key for key, *_rest in parts),
        "version": session.version,
        "restitution_limit": "",
    }
    for key, minutes, title in parts:
        data |= {f"part-{key}-kind": "speech", f"part-{key}-minutes": minutes, f"part-{key}-title_fr": title}
    return {**data, **more}


def test_rows_move_without_being_saved_and_nothing_typed_is_lost(composer, edition):
    session = a_session(edition, "10:00-11:00")
    part = a_part(session, 10)
    page = url("session_order", session.code)
    key = str(part.pk)

    answer = composer.post(page, rows(session, (key, 10, "Un"), ("n1", 20, "Deux"), up="n1"))

    assert [row["title_fr"].value() for row in answer.context["order"].rows] == ["Deux", "Un"]
    assert answer.context["not_saved"]
    answer = composer.post(page, rows(session, ("n1", 20, "Deux"), (key, 10, "Un"), add="1"))
    assert [row.key for row in answer.context["order"].rows] == ["n1", key, "n2"]
    answer = composer.post(page, rows(session, ("n1", 20, "Deux"), (key, 10, "Un"), remove=key))
    assert [row.key for row in answer.context["order"].rows] == ["n1"]
    assert list(session.parts.all()) == [part]


def test_the_running_order_is_saved_with_its_limit_and_shows_the_sums(composer, edition):
    closing = a_session(edition, "10:15-10:45", restitution_limit=15)
    for _n in range(3):
        a_report(closing, a_workshop(edition), 6)
    page = url("session_order", closing.code)

    sums = composer.get(page).context["sums"]
    assert (sums.reports, sums.limit, sums.reports_over, sums.left) == (18, 15, 3, 12)
    assert [str(line["starts"])[:5] for line in composer.get(page).context["lines"]] == [
        "10:15",
        "10:21",
        "10:27",
    ]

    composer.post(page, rows(closing, ("n1", 12, "Clôture"), restitution_limit="20"))
    closing.refresh_from_db()
    assert [p.minutes for p in closing.parts.all()] == [12]
    assert (closing.restitution_limit, closing.version) == (20, 3)


def test_two_who_write_a_running_order_see_both(composer, edition):
    session = a_session(edition, "10:00-11:00")
    page = url("session_order", session.code)
    services.change_session(session, {"title_fr": "x"}, version=1, at=NOW, by=None)
    a_part(session, 30, title_fr="La leur")

    refused = composer.post(page, rows(session, ("n1", 20, "La mienne"), version=1))

    assert refused.status_code == 409
    assert "La leur" in refused.context["theirs"][0]
    assert "La mienne" in refused.context["yours"][0]
    assert 'name="version" value="2"' in refused.text


def test_a_row_that_was_named_and_not_sent_is_told(composer, edition):
    session = a_session(edition, "10:00-11:00")
    part = a_part(session)

    answer = composer.post(url("session_order", session.code), {"rows": f"{part.pk}", "version": 1})

    assert answer.status_code == 200
    assert answer.context["order"].rows[0].errors


@pytest.mark.parametrize("written", ["", "9" * 40, "n", "n1,n1,\x00", ",".join(f"n{n}" for n in range(400))])
def test_nonsense_rows_are_no_error(composer, edition, written):
    session = a_session(edition, "10:00-11:00")

    answer = composer.post(url("session_order", session.code), {"rows": written, "version": 1})

    assert answer.status_code in (200, 302)


def test_a_running_order_takes_as_many_queries_with_one_as_with_three_parts(composer, edition):
    session = a_session(edition, "10:00-11:00")

    def count():
        with CaptureQueriesContext(connection) as queries:
            composer.get(url("session_order", session.code))
        return len(queries)

    a_part(session)
    count()
    one = count()
    a_part(session)
    a_part(session)
    assert count() == one


def test_the_points_of_a_session_are_those_of_the_register(composer, edition):
    session = a_session(edition)
    late = an_open_point(session, due_on=FIRST.replace(month=10, day=1))
    nobody = an_open_point(session, owner_side="", text_fr="", text_zh_hans="地点")
    warning = an_open_point(session, kind="warning", status="under_study", owner_side="", due_on=None)
    fixed = an_open_point(session, status="decided", settled_on=FIRST, outcome_fr="À l’atrium")
    an_open_point(a_session(edition), text_fr="Ailleurs")

    answer = composer.get(url("session_points", session.code))

    assert [row["item"] for row in answer.context["open"]] == [late, nobody, warning]
    assert [row["item"] for row in answer.context["settled"]] == [fixed]
    assert [(t["name"], t["count"]) for t in answer.context["tabs"] if t["name"] == "session_points"] == [
        ("session_points", 2)
    ]
    assert answer.text.count('class="late"') == 2
    assert "À l’atrium" in answer.text
    assert "Ailleurs" not in answer.text
    for item in (late, nobody, warning, fixed):
        assert f'href="/admin/registre/{item.number}/"' in answer.text
    adding = f"/admin/registre/ajouter/?kind=open_point&amp;subject=program.session:{session.pk}"
    assert f'href="{adding}"' in answer.text


def test_who_may_not_open_the_register_reads_of_it_without_links(viewer, edition):
    session = a_session(edition)
    an_open_point(session, text_fr="Le lieu du dîner")

    answer = viewer.get(url("session_points", session.code))

    assert "Le lieu du dîner" in answer.text
    assert "/admin/registre/" not in answer.text


def test_the_points_take_as_many_queries_with_one_as_with_three(composer, edition):
    session = a_session(edition)

    def count():
        with CaptureQueriesContext(connection) as queries:
            composer.get(url("session_points", session.code))
        return len(queries)

    an_open_point(session)
    count()
    one = count()
    an_open_point(session)
    an_open_point(session, status="decided", settled_on=FIRST, outcome_fr="Fait")
    assert count() == one


def test_the_sheet_and_the_decision_of_a_visit(composer, edition):
    visit = a_visit(edition, verdict_french="kept")
    page = url("session_visit", visit.session.code)
    form = filled(composer.get(page), place_fr="Cité de Carcassonne", is_accessible="false", sheet="1")
    assert composer.post(page, form).status_code == 302

    refused = composer.post(page, {"decide": "1", "decision-is_kept": "yes", "decision-version": 2})
    assert refused.status_code == 200
    composer.post(page, {"verdict-CN": "1", "verdict-CN-verdict": "kept", "verdict-CN-version": 2})
    composer.post(page, {"decide": "1", "decision-is_kept": "yes", "decision-version": 3})

    visit.refresh_from_db()
    assert (visit.place_fr, visit.is_accessible, visit.is_kept) == ("Cité de Carcassonne", False, True)


# --- Lists, days, timer -----------------------------------------------------------------------------------


def test_a_session_has_one_page_where_it_is_changed(client, sessions):
    client.force_login(a_member_of_staff())
    session = sessions[0]

    change = client.get(reverse("admin:program_session_change", args=[session.pk]))
    assert change["Location"] == url("session", session.code)
    assert client.get(reverse("admin:program_session_add"))["Location"] == url("session_add")
    assert client.get(reverse("admin:program_session_change", args=["999999999"])).status_code == 404
    for model in ("session", "venue", "room", "protocolrank"):
        assert client.get(reverse(f"admin:program_{model}_changelist")).status_code == 200


def test_the_days_of_an_edition_keep_what_stands_on_them(client, edition):
    client.force_login(a_member_of_staff())
    session = a_session(edition, day=FIRST, title_fr="Séminaire")
    page = reverse("admin:assises_edition_change", args=[edition.pk])
    form = client.get(page).context["adminform"].form
    data = {b.html_name: b.value() for b in form if b.value() is not None}

    refused = client.post(page, {**data, "starts_on": "2018-12-12"})

    assert refused.status_code == 200
    assert "Séminaire" in refused.context["adminform"].form.errors["starts_on"][0]
    assert client.post(page, {**data, "ends_on": "2018-12-14"}).status_code == 302
    session.refresh_from_db()
    assert str(session.last_day) == "2018-12-14"


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_the_timer_shows_the_plan_in_both_languages(composer, edition, language):
    closing = a_session(edition, "10:15-10:45", restitution_limit=15)
    first = a_report(closing, a_workshop(edition, title_fr="Tourisme", title_zh_hans="旅游"), 5)
    second = a_report(closing, a_workshop(edition), 5)

    answer = composer.get(f"/{language}/programme/minuteur/{closing.code}/{first.pk}/")

    assert "Tourisme" in answer.text
    assert "旅游" in answer.text
    assert 'data-assises-timer="300"' in answer.text
    assert answer.context["next"].part == second
    assert (f"{answer.context['turn'].starts:%H:%M}", f"{answer.context['turn'].ends:%H:%M}") == (
        "10:15",
        "10:20",
    )


def test_the_timer_is_for_composers(client, viewer, edition):
    closing = a_session(edition, "10:15-10:45")
    speech = a_part(closing)
    report = a_report(closing, a_workshop(edition), 5)
    page = f"/fr/programme/minuteur/{closing.code}/{report.pk}/"

    assert viewer.get(page).status_code == 403
    client.logout()
    assert client.get(page).status_code == 302
    client.force_login(a_member_of_staff())
    assert client.get(page).status_code == 200
    assert client.get(f"/fr/programme/minuteur/{closing.code}/{speech.pk}/").status_code == 404
    assert client.get(f"/fr/programme/minuteur/{closing.code}/{'9' * 30}/").status_code == 404
    assert client.post(page).status_code == 405
