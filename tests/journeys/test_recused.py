"""A juror who is tied to an application: they mark and decide on the others, and nothing of that one reaches them."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from assises import clock, memory
from awards import services
from awards.enums import Choice, JuryRole, MotionState, Phase
from awards.models import Motion, Result, Sheet, Vote
from tests.award_factories import opened
from tests.deliberation_factories import in_deliberation, recuse
from tests.journeys.conftest import log_in_with_code
from tests.journeys.test_deliberating import close, propose, vote
from tests.jury_factories import (
    CN,
    FR,
    IN_CONFLICTS,
    IN_DELIBERATION,
    IN_SCORING,
    answer,
    in_conflicts,
    juror,
    members,
    rows_of,
    secretary,
    sign,
)

WORDS = "Ma sœur dirige ce projet."
GONE = {FR: ("fr", "Cette page n’existe pas"), CN: ("zh-hans", "此页面不存在")}
OUT = "Vous êtes hors de la salle"


@pytest.fixture
def be_at(site, monkeypatch):
    """``be_at(IN_SCORING)``: it is that hour for the site from now on."""

    def be(at):
        started = dt.datetime.now(dt.UTC)
        monkeypatch.setattr(clock, "now", lambda: at + (dt.datetime.now(dt.UTC) - started))
        memory.forget()

    return be


def logged_in(open_page, member, path, **options):
    page = open_page(f"/admin/login/?next={path}", **options)
    log_in_with_code(page, member.user)
    page.wait_for_url(f"**{path}")
    return page


def told_of(row, page):
    """What a page tells of an application: its title in each language, its number as the jury writes it."""
    number = rf"(?i:dossier|申报材料)\s*{row.number}\b|>\s*{row.number}\. |/notation/{row.number}/"
    html = page.content()
    return [w for w in (row.title_fr, row.title_zh_hans, number) if re.search(w, html)]


@pytest.mark.parametrize(("side", "width"), [(FR, 1440), (CN, 320)])
def test_a_juror_declares_a_tie_reads_nothing_of_that_application_and_marks_another(
    open_page, axe, picture, edition, be_at, side, width
):
    call = in_conflicts(edition)
    tied, other = rows_of(call)
    own, opposite = juror(call, side), juror(call, CN if side == FR else FR)
    for member in members(call):
        if member != own:
            answer(sign(member))
    for member in members(call, None, JuryRole.SECRETARY):
        sign(member)
    be_at(IN_CONFLICTS)
    page = logged_in(open_page, own, "/admin/jury/", width=width)

    page.locator("main a[href='/admin/jury/engagement/']").click()
    page.wait_for_url("**/engagement/")
    axe(page)
    page.locator("main form button[type=submit]").click()
    page.locator("main a[href='/admin/jury/conflits/']").click()
    page.locator(f"[name=answer-{tied.pk}][value=tied]").check()
    page.locator(f"[name=words-{tied.pk}]").fill(WORDS)
    page.locator(f"[name=answer-{other.pk}][value=none]").check()
    axe(page)
    picture(page, f"recused-declares-{side}-{width}")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(page.locator("main .state-refused")).to_have_count(1)
    axe(page)

    opened(call, Phase.SCORING, at=IN_SCORING)
    be_at(IN_SCORING)
    page.goto("/admin/jury/notation/")
    expect(page.locator("main tbody a")).to_have_attribute("href", f"/admin/jury/notation/{other.number}/")
    assert told_of(tied, page) == []
    axe(page)
    answered = page.goto(f"/admin/jury/notation/{tied.number}/")
    language, words = GONE[side]
    assert answered.status == 404
    expect(page.locator("html")).to_have_attribute("lang", re.compile(language, re.IGNORECASE))
    expect(page.locator("h1")).to_have_text(words)
    assert tied.title_fr not in page.content()
    axe(page)
    picture(page, f"recused-no-sheet-{side}-{width}")

    page.goto(f"/admin/jury/notation/{other.number}/")
    page.locator("[name=mark-innovation][value='3']").check()
    page.locator("[name=read_over]").click()
    page.locator("#content form button[type=submit]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert [(s.member, s.application) for s in Sheet.objects.sealed()] == [(own, other)]

    # The other side sees who does not judge what; what ties them is for the secretaries.
    for reader, reads_words in ((opposite, 0), (secretary(call, opposite.side), 1)):
        page = logged_in(open_page, reader, "/admin/jury/recusations/", width=width)
        line = page.locator("main tbody tr")
        expect(line).to_have_count(1)
        expect(line).to_contain_text(f"{tied.number}. {tied.title_fr}")
        expect(line).to_contain_text(str(own))
        expect(page.get_by_text(WORDS)).to_have_count(reads_words)
        axe(page)


def test_a_recused_juror_is_out_of_the_room_for_that_application_and_votes_on_another(
    open_page, axe, picture, edition, be_at
):
    call = in_deliberation(edition, applications=2)
    tied, other = rows_of(call)
    own = juror(call, FR, 1)
    recuse(own, tied)
    be_at(IN_DELIBERATION)
    services.open_sitting(call, at=clock.now(), by=juror(call, CN, 0).user)
    path = "/admin/jury/deliberation/"
    chair, page = (logged_in(open_page, member, path) for member in (juror(call, FR, 0), own))
    for present in (chair, page):
        present.locator("button[name=enter]").click()
        expect(present.locator("button[name=leave]")).to_be_visible()
    others = [m for m in members(call) if m not in (own, juror(call, FR, 0))]

    def move_and_vote_yes(row, **options):
        for member in others:
            services.enter(member, at=clock.now())
        propose(chair, row.number, **options)
        vote(chair, "yes")
        for member in others:
            services.vote(Motion.objects.open().get(), Choice.YES, at=clock.now(), by=member.user)

    # It is discussed, moved, voted on and decided: all that they learn is that they are out.
    first = page.locator(".jury-item[aria-current=step]")
    expect(first).to_contain_text(OUT)
    expect(page.locator("#jury-sitting li", has_text=str(own))).to_contain_text("hors de la salle")
    move_and_vote_yes(tied)
    page.reload()
    expect(page.locator(".jury-motion, button[name=choice]")).to_have_count(0)
    assert told_of(tied, page) == []
    axe(page)
    picture(page, "recused-out-of-the-room-1280")
    # Whoever judges it is told all three.
    assert len(told_of(tied, chair)) == 3
    close(chair)
    expect(chair.locator("#jury-results li")).to_have_count(1)
    assert Result.objects.get().application == tied
    page.reload()
    expect(page.locator("#jury-results .empty")).to_be_visible()
    assert told_of(tied, page) == []
    axe(page)

    # The next item is about another one: they are back, without a reload.
    chair.locator("button[name=take_up]").click()
    expect(page.locator(".jury-item[aria-current=step]")).to_contain_text(other.title_fr)
    expect(page.locator("#jury-sitting li", has_text=str(own))).not_to_contain_text("hors de la salle")
    move_and_vote_yes(other, effect="reserve", under=1)
    vote(page, "yes")
    axe(page)
    picture(page, "recused-votes-1280")
    close(chair)
    expect(page.locator("#jury-results li")).to_have_count(1)
    expect(page.locator("#jury-results li")).to_contain_text(other.title_fr)
    assert told_of(tied, page) == []
    decided, reserve = Motion.objects.all()
    assert decided.state == reserve.state == MotionState.PASSED
    assert list(Vote.objects.filter(member=own)) == [reserve.votes.get(member=own)]
