"""The pages of meetings and minutes, for each who reads them."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from assises import accounts, minutes
from assises.enums import Side
from assises.models import Meeting, Minutes, OutgoingEmail, RegisterItem, Verdict
from tests.assises.minutes.asking import answers, as_user, page_of, told
from tests.factories import NOW, a_member_of_staff
from tests.minutes_factories import (
    DAY,
    a_meeting,
    a_speaker_for,
    accept_all,
    an_item,
    commented,
    sent_minutes,
    validated_minutes,
    written_minutes,
)
from tests.registration.test_query_counts import statements

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
LIST = reverse("admin:meetings")
INDEX = reverse("admin:index")


# --- Who may read and do what -----------------------------------------------------------------------------


@pytest.fixture
def client_of(as_role):
    def make(who):
        match who:
            case "visitor":
                return Client()
            case "organiser":
                return as_role(accounts.ORGANISERS)
            case "french":
                return as_user(a_speaker_for(Side.FRENCH))
            case "chinese":
                return as_user(a_speaker_for(Side.CHINESE))
        return as_role(accounts.APCAE, side=Side.CHINESE, language="zh-hans")

    return make


@pytest.mark.parametrize(
    ("who", "reads", "writes", "answers_for"),
    [
        ("visitor", 302, 302, None),
        ("organiser", 200, 200, None),
        ("french", 200, 403, Side.FRENCH),
        ("chinese", 200, 403, Side.CHINESE),
        ("apcae", 200, 403, None),
    ],
)
def test_who_reads_writes_and_answers(edition, client_of, who, reads, writes, answers_for):
    found, draft = sent_minutes(edition), written_minutes(edition)
    client = client_of(who)

    for path in (LIST, reverse("admin:meeting", args=[found.meeting.code]), page_of(found)):
        assert client.get(path).status_code == reads
    for name in ("minutes_pdf", "minutes_print"):
        assert client.get(page_of(found, name)).status_code == reads
    for path in (reverse("admin:meeting_add"), page_of(found, "minutes_line", 1)):
        assert client.get(path).status_code == writes
    done = client.post(page_of(draft), {"introduce": "1", "version": 1, "introduction_fr": "Voici."})
    assert done.status_code == (302 if writes == 200 else writes)
    done = client.post(page_of(found), answers(found))
    assert done.status_code == (302 if answers_for or who == "visitor" else 403)
    assert set(Verdict.objects.values_list("side", flat=True)) == ({answers_for} if answers_for else set())


def test_the_right_to_speak_comes_from_no_other_role():
    accounts.ensure_groups()
    speaking = {
        group.name: {p.codename for p in group.permissions.filter(codename__startswith="speak_for_")}
        for group in Group.objects.all()
    }

    assert {name: rights for name, rights in speaking.items() if rights} == {
        accounts.FRENCH_APPROVAL: {"speak_for_french_side"},
        accounts.CHINESE_APPROVAL: {"speak_for_chinese_side"},
    }


# --- Meetings ---------------------------------------------------------------------------------------------


def meeting_form(**fields):
    return {
        "title_fr": "Groupe-pays Chine", "title_zh_hans": "中国国别工作组会议", "held_on": "2018-04-10",
        "place_fr": "Paris", "place_zh_hans": "巴黎", "workstream": "assises", **fields,
    }  # fmt: skip


def test_a_meeting_is_noted_changed_and_its_minutes_are_written(edition, organiser):
    added = organiser.post(reverse("admin:meeting_add"), meeting_form(), follow=True)
    again = organiser.post(reverse("admin:meeting_add"), meeting_form(), follow=True)
    assert (told(added), told(again)) == (["success"], ["success"])
    first, second = Meeting.objects.order_by("id")
    assert (first.code, second.code) == ("2018-04-10", "2018-04-10-2")

    path = reverse("admin:meeting", args=[first.code])
    seen = organiser.get(path).context["form"].initial["seen"]
    organiser.post(path, meeting_form(title_fr="Groupe-pays", seen=seen, save="1"))
    first.refresh_from_db()
    assert first.title_fr == "Groupe-pays"

    an_item(first)
    written = organiser.post(path, {"write": "1"}, follow=True)
    assert [row.line.order for row in written.context["rows"]] == [1]
    assert told(organiser.post(path, {"write": "1"}, follow=True)) == ["error"]


def test_nobody_overwrites_what_somebody_else_said_of_a_meeting(edition, organiser):
    meeting = a_meeting(edition)
    path = reverse("admin:meeting", args=[meeting.code])
    seen = organiser.get(path).context["form"].initial["seen"]
    organiser.post(path, meeting_form(place_fr="Pékin", seen=seen, save="1"))

    answer = organiser.post(path, meeting_form(place_fr="Wuhan", seen=seen, save="1"))

    meeting.refresh_from_db()
    assert meeting.place_fr == "Pékin"
    form = answer.context["form"]
    assert form.non_field_errors()
    assert form["place_fr"].value() == "Wuhan"
    organiser.post(path, meeting_form(place_fr="Wuhan", seen=form["seen"].value(), save="1"))
    meeting.refresh_from_db()
    assert meeting.place_fr == "Wuhan"


def test_a_meeting_whose_minutes_are_validated_says_why_it_stays(edition, organiser):
    meeting = validated_minutes(edition).meeting
    path = reverse("admin:meeting", args=[meeting.code])
    seen = organiser.get(path).context["form"].initial["seen"]

    answer = organiser.post(path, meeting_form(seen=seen, save="1"))

    assert answer.context["form"].non_field_errors()


@pytest.mark.parametrize(
    "wrong",
    [{"title_fr": ""}, {"held_on": "hier"}, {"held_on": ""}, {"place_fr": "a\x00b"}, {"follows": "99999999"}, {"workstream": "x"}, {"title_fr": "x" * 201}],
)  # fmt: skip
def test_nonsense_about_a_meeting_is_told_at_its_field(edition, organiser, wrong):
    answer = organiser.post(reverse("admin:meeting_add"), meeting_form(**wrong))

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == list(wrong)
    assert not Meeting.objects.exists()


def test_no_edition_no_meeting_and_what_does_not_exist(organiser):
    assert organiser.get(LIST).status_code == 200
    assert organiser.get(reverse("admin:meeting_add")).status_code == 200
    assert organiser.get(reverse("admin:meeting", args=["nulle-part"])).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["releve/2/", "releve/99999999999999999999/", "releve/1/lignes/9/", "releve/1/lignes/99999999999999999999/", "releve/2/releve.pdf"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(edition, organiser, path):
    found = written_minutes(edition)

    assert organiser.get(f"/admin/reunions/{found.meeting.code}/{path}").status_code == 404


# --- Written, sent ----------------------------------------------------------------------------------------


def test_a_draft_is_introduced_taken_anew_and_sent(edition, organiser):
    for side in Side:
        a_speaker_for(side)
    draft = written_minutes(edition)
    version = organiser.get(page_of(draft)).context["introduction"].initial["version"]
    words = {"introduction_fr": "Voici.", "introduction_zh_hans": "如下。"}
    organiser.post(page_of(draft), {"introduce": "1", "version": version, **words})
    an_item(draft.meeting)
    organiser.post(page_of(draft), {"refresh": "1", "version": version + 1})
    page = organiser.get(page_of(draft))
    assert len(page.context["rows"]) == 3

    sending = {"send-deadline_at": "2018-10-22T12:00", "send-silent_days": "4", "send-version": version + 2}
    answer = organiser.post(page_of(draft), {"send": "1", **sending}, follow=True)

    assert told(answer) == ["success"]
    draft.refresh_from_db()
    assert (draft.state, draft.silent_days, draft.introduction_zh_hans) == ("sent", 4, "如下。")
    assert draft.deadline_at.isoformat() == "2018-10-22T10:00:00+00:00"


@pytest.mark.parametrize(
    "wrong",
    [
        {"send-deadline_at": "2018-10-01T12:00"},
        {"send-deadline_at": "demain"},
        {"send-silent_days": "0"},
        {"send-silent_days": "99999999999"},
        {"send-version": "1", "stale": True},
        {"send-version": "x"},
    ],
)
def test_what_cannot_be_sent_is_told_and_what_was_typed_stays(edition, organiser, wrong):
    for side in Side:
        a_speaker_for(side)
    draft = written_minutes(edition)
    if wrong.pop("stale", False):
        minutes.refresh(draft, version=1, at=NOW, by=a_member_of_staff())
    typed = {"send-deadline_at": "2018-10-22T12:00", "send-silent_days": "4", "send-version": draft.version}

    answer = organiser.post(page_of(draft), {"send": "1", **typed, **wrong})

    assert answer.status_code == 200
    assert answer.context["sending"].errors
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert not OutgoingEmail.objects.exists()


def test_what_lacks_a_language_is_seen_with_the_way_to_mend_it(edition, organiser):
    meeting = a_meeting(edition, title_zh_hans="")
    an_item(meeting, text_zh_hans="")
    draft = minutes.write(meeting, at=NOW, by=a_member_of_staff())

    page = organiser.get(page_of(draft))

    assert [gap["line"] and gap["line"].order for gap in page.context["gaps"]] == [None, 1]
    assert page_of(draft, "minutes_line", 1) in page.text


@pytest.mark.parametrize(
    "sent", [{}, {"refresh": "1", "version": "x"}, {"introduce": "1"}, {"send": "1"}, {"answer": "1"}]
)
def test_half_a_form_changes_nothing(edition, organiser, sent):
    draft = written_minutes(edition)

    answer = organiser.post(page_of(draft), sent)

    assert answer.status_code in (200, 302, 403)
    draft.refresh_from_db()
    assert (draft.state, draft.version) == ("draft", 1)


# --- Worded anew ------------------------------------------------------------------------------------------


def line_form(line, **fields):
    return {
        "text_fr": line.text_fr, "text_zh_hans": line.text_zh_hans, "status": line.status,
        "owner_side": line.owner_side, "due_on": line.due_on.isoformat(), "source": line.source,
        "revision": line.revision, "line": line.pk, **fields,
    }  # fmt: skip


def test_a_line_is_worded_anew_and_the_register_along(edition, organiser):
    found = sent_minutes(edition)
    line = found.lines.first()
    path = page_of(found, "minutes_line", line.order)

    answer = organiser.post(path, line_form(line, text_fr="Autre.", also_in_register="on"), follow=True)

    assert told(answer) == ["success"]
    line.refresh_from_db()
    assert (line.text_fr, line.revision) == ("Autre.", 2)
    assert RegisterItem.objects.get(pk=line.item_id).text_fr == "Autre."


@pytest.mark.parametrize(
    "wrong",
    [{"text_fr": "x" * 401}, {"status": "x"}, {"due_on": "demain"}, {"text_zh_hans": ""}, {"revision": "9"}, {"revision": ""}, {"text_fr": "a\x00"}, {"owner_side": "XX"}],
)  # fmt: skip
def test_a_wording_that_cannot_be_is_told_and_stays_typed(edition, organiser, wrong):
    found = sent_minutes(edition)
    line = found.lines.first()

    answer = organiser.post(
        page_of(found, "minutes_line", 1), line_form(line, **{"source": "Autre source", **wrong})
    )

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert answer.context["form"]["source"].value() == "Autre source"
    line.refresh_from_db()
    assert line.revision == 1


def test_a_line_of_validated_minutes_is_shown_and_stays(edition, organiser):
    found = validated_minutes(edition)
    path = page_of(found, "minutes_line", 1)

    assert "<form method" not in organiser.get(path).text.split('id="content"')[1]
    answer = organiser.post(path, line_form(found.lines.first(), text_fr="Autre."))

    assert answer.context["form"].errors


# --- What the first page says -----------------------------------------------------------------------------


def test_the_first_page_shows_each_side_what_is_theirs(edition, french, chinese, organiser, as_role):
    found = sent_minutes(edition)
    path = page_of(found)
    accept_all(found, Side.FRENCH)

    assert path not in french.get(INDEX).text
    assert path in chinese.get(INDEX).text
    assert path not in organiser.get(INDEX).text
    minutes.escalate(at=NOW + 6 * DAY)
    assert path in organiser.get(INDEX).text
    assert path not in as_role(accounts.DESK).get(INDEX).text
    accept_all(found, Side.CHINESE)
    for client in (french, chinese, organiser):
        assert path not in client.get(INDEX).text


def test_a_comment_calls_the_organisers(edition, organiser):
    found = sent_minutes(edition)
    minutes.give_verdicts(
        found, Side.FRENCH, commented(found.lines.first()), at=NOW, by=a_speaker_for(Side.FRENCH)
    )

    assert page_of(found) in organiser.get(INDEX).text


# --- How it is shown --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_all_pages_speak_both_languages(edition, as_role, language):
    client = as_role(accounts.ORGANISERS, language=language)
    several = [written_minutes(edition), sent_minutes(edition), validated_minutes(edition)]
    minutes.escalate(at=NOW + 6 * DAY)

    for found in several:
        for path in (page_of(found), page_of(found, "minutes_print"), page_of(found, "minutes_line", 1)):
            page = client.get(path)
            assert page.status_code == 200
            assert all(line.text_fr in page.text or line.order > 1 for line in found.lines.all())
    assert client.get(LIST).status_code == 200


def test_a_line_leads_to_its_item_of_the_register(edition, french):
    found = sent_minutes(edition)
    number = found.lines.first().item.number

    assert f'href="/admin/registre/{number}/"' in french.get(page_of(found)).text


@pytest.mark.parametrize("state", ["draft", "sent", "validated"])
def test_a_page_takes_as_many_statements_for_one_line_as_for_thirty(edition, organiser, french, state):
    make = {"draft": written_minutes, "sent": sent_minutes, "validated": validated_minutes}[state]
    counts = {}
    for lines in (1, 30):
        found = make(edition, lines)
        for name, client in (("organiser", organiser), ("french", french)):
            client.get(page_of(found))
            counts[name, lines] = len(statements(lambda c=client, f=found: c.get(page_of(f))))
        counts["print", lines] = len(statements(lambda f=found: organiser.get(page_of(f, "minutes_print"))))

    for name in ("organiser", "french", "print"):
        assert counts[name, 1] == counts[name, 30]


def test_the_list_and_the_first_page_take_as_many_statements_for_one_as_for_four(edition, organiser, french):
    counts = []
    for several in (1, 3):
        for _unused in range(several):
            sent_minutes(edition)
        for client in (organiser, french):
            client.get(LIST)
            client.get(INDEX)
        counts.append(
            [len(statements(lambda c=c, p=p: c.get(p))) for c in (organiser, french) for p in (LIST, INDEX)]
        )

    assert counts[0] == counts[1]
    assert Minutes.objects.count() == 4
