"""Reminders as organisers write them, look at them, and let them leave."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from assises import accounts
from assises.models import OutgoingEmail, Reminder
from assises.reminding import deciding
from assises.reminding.sending import send_due
from tests.factories import NOW, a_booking, a_member_of_staff, a_person, a_registration, an_edition
from tests.registration.test_query_counts import statements
from tests.reminder_factories import a_milestone, a_reminder

pytestmark = pytest.mark.django_db
LIST = reverse("admin:assises_reminder_changelist")
ADD = reverse("admin:assises_reminder_add")
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def october():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def edition():
    return an_edition(elected=9)


def page_of(reminder):
    return reverse("admin:assises_reminder_change", args=[reminder.pk])


def decide(client, reminder, step, **sent):
    return client.post(reverse("admin:assises_reminder_decide", args=[reminder.pk, step]), sent, follow=True)


def typed(milestone, /, **fields):
    return {
        "milestone": milestone.pk, "offset_days": "-7", "audience": "registration.seated",
        "subject_fr": "Choisissez votre atelier", "subject_zh_hans": "请选择研讨会",
        "text_fr": "Les ateliers sont ouverts.", "text_zh_hans": "研讨会已开放选择。", **fields,
    }  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_an_organiser_writes_looks_tries_and_lets_it_leave(as_role, edition, language):
    client = as_role(accounts.ORGANISERS, language=language)
    french = a_registration(edition)
    chinese = a_booking(edition, a_person(is_contact=True, language="zh-hans"), at=NOW).registrations.get()
    milestone = a_milestone(edition, NOW + 10 * DAY)

    assert client.post(ADD, typed(milestone)).status_code == 302
    reminder = Reminder.objects.get()
    page = client.get(page_of(reminder))
    assert [(look["lang"], look["who"].name) for look in page.context["looks"]] == [
        ("fr", french.full_name),
        ("zh-hans", chinese.full_name),
    ]
    assert "研讨会已开放选择。" in page.context["looks"][1]["text"]

    decide(client, reminder, "test", language="zh-hans")
    test = OutgoingEmail.objects.get(event="assises/reminder")
    assert (test.language, "请选择研讨会" in test.subject) == ("zh-hans", True)
    decide(client, reminder, "approve", version=page.context["original"].version)

    reminder.refresh_from_db()
    assert reminder.approved_at == NOW
    assert reminder.approved_by is not None
    assert send_due(at=NOW + 3 * DAY)["written"] == 2
    sent = client.get(page_of(reminder))
    assert french.email in sent.text
    assert 'name="subject_fr"' not in sent.text
    assert client.get(LIST).status_code == 200


def test_what_is_changed_is_looked_at_again(as_role, edition):
    client = as_role(accounts.ORGANISERS)
    milestone = a_milestone(edition, NOW + 10 * DAY)
    reminder = a_reminder(milestone, offset_days=-7)

    client.post(page_of(reminder), typed(milestone, seen=1, text_fr="Autre chose."))

    reminder.refresh_from_db()
    assert (reminder.approved_at, reminder.text_fr) == (None, "Autre chose.")


def test_nobody_approves_what_somebody_else_has_changed_since(as_role, edition):
    client = as_role(accounts.ORGANISERS)
    milestone = a_milestone(edition, NOW + 10 * DAY)
    client.post(ADD, typed(milestone))
    reminder = Reminder.objects.get()
    seen = client.get(page_of(reminder)).context["original"].version
    client.post(page_of(reminder), typed(milestone, seen=seen, text_fr="Autre chose."))

    for stale in (seen, "x", ""):
        answer = decide(client, reminder, "approve", version=stale)
        assert [*answer.context["messages"]][-1].level_tag == "error"

    reminder.refresh_from_db()
    assert reminder.approved_at is None


def test_a_change_does_not_take_back_what_was_held_back_meanwhile(edition):
    reminder = a_reminder(a_milestone(edition, NOW + DAY))
    opened = Reminder.objects.get(pk=reminder.pk)
    somebody = a_member_of_staff()
    deciding.pause(reminder, paused=True, at=NOW, by=somebody)

    opened.text_fr = "Autre chose."
    deciding.change(opened, version=1, at=NOW, by=somebody)

    reminder.refresh_from_db()
    assert (reminder.is_paused, reminder.text_fr) == (True, "Autre chose.")


def test_two_who_change_one_reminder_do_not_write_over_one_another(as_role, edition):
    first, second = as_role(accounts.ORGANISERS), as_role(accounts.ORGANISERS)
    milestone = a_milestone(edition, NOW + 10 * DAY)
    reminder = a_reminder(milestone, offset_days=-7)
    assert '<input type="hidden" name="seen" value="1"' in first.get(page_of(reminder)).text
    first.post(page_of(reminder), typed(milestone, seen=1, text_fr="Texte de la première."))

    answer = second.post(page_of(reminder), typed(milestone, seen=1, subject_fr="Objet de la seconde"))

    form = answer.context["adminform"].form
    assert form.non_field_errors()
    assert form["subject_fr"].value() == "Objet de la seconde"
    reminder.refresh_from_db()
    assert (reminder.text_fr, reminder.version) == ("Texte de la première.", 2)


def test_it_is_held_back_and_goes_on(as_role, edition):
    client = as_role(accounts.ORGANISERS)
    a_registration(edition)
    reminder = a_reminder(a_milestone(edition, NOW + DAY))

    decide(client, reminder, "pause")
    assert send_due(at=NOW + DAY)["fired"] == 0
    decide(client, reminder, "resume")

    assert send_due(at=NOW + DAY)["fired"] == 1


@pytest.mark.parametrize(
    ("wrong", "days"),
    [
        ({"subject_zh_hans": ""}, 1),
        ({"text_zh_hans": ""}, 1),
        ({"audience": "registration.gone"}, 1),
        ({"offset_days": -3}, -1),
        ({"offset_days": 1}, -5),
    ],
)
def test_what_cannot_leave_well_is_refused_in_words(as_role, edition, wrong, days):
    client = as_role(accounts.ORGANISERS)
    reminder = a_reminder(a_milestone(edition, NOW + days * DAY), approved_at=None, **wrong)

    answer = decide(client, reminder, "approve", version=1)

    reminder.refresh_from_db()
    assert reminder.approved_at is None
    assert len(list(answer.context["messages"])) == 1


@pytest.mark.parametrize(
    "nasty", [{"audience": "x"}, {"milestone": "x"}, {"offset_days": "500"}, {"subject_fr": ""}]
)
def test_nonsense_is_told_at_its_field(as_role, edition, nasty):
    client = as_role(accounts.ORGANISERS)

    answer = client.post(ADD, typed(a_milestone(edition, NOW + DAY), **nasty))

    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors
    assert not Reminder.objects.exists()


def test_what_is_wrong_is_told_at_the_start_of_the_page(as_role, edition):
    client = as_role(accounts.ORGANISERS)
    milestone = a_milestone(edition, NOW + 10 * DAY)
    reminder = a_reminder(milestone, offset_days=-7)

    for url in (ADD, page_of(reminder)):
        page = client.post(url, typed(milestone, seen=1, subject_fr="")).text
        assert 'href="#id_subject_fr"' in page
        assert page.index("error-summary") < page.index('id="reminder_form"')
        assert "looks" not in page or page.index("error-summary") < page.index('id="looks"')
        assert "error-summary" not in client.get(url).text


@pytest.mark.parametrize(
    ("language", "subject", "text"),
    [("fr", "Objet, en français", "Texte, en chinois"), ("zh-hans", "主题（法文）", "文本（中文）")],
)
def test_what_is_written_in_both_languages_says_in_which(as_role, edition, language, subject, text):
    client = as_role(accounts.ORGANISERS, language=language)

    form = client.get(ADD).context["adminform"].form

    assert (form["subject_fr"].label, form["text_zh_hans"].label) == (subject, text)
    tags = {
        n: form.fields[n].widget.attrs["lang"]
        for n in ("subject_fr", "text_fr", "subject_zh_hans", "text_zh_hans")
    }
    assert tags == {
        "subject_fr": "fr",
        "text_fr": "fr",
        "subject_zh_hans": "zh-Hans",
        "text_zh_hans": "zh-Hans",
    }


def test_what_has_left_is_neither_changed_nor_deleted(as_role, edition):
    client = as_role(accounts.ORGANISERS)
    a_registration(edition)
    milestone = a_milestone(edition, NOW)
    reminder = a_reminder(milestone)
    send_due(at=NOW)

    assert client.post(page_of(reminder), typed(milestone)).status_code == 403
    assert client.post(reverse("admin:assises_reminder_delete", args=[reminder.pk])).status_code == 403
    assert len(list(decide(client, reminder, "approve").context["messages"])) == 1


@pytest.mark.parametrize("role", [accounts.DESK, accounts.APCAE, accounts.TRANSLATORS, accounts.PROGRAMME])
def test_others_write_to_nobody(as_role, edition, role):
    client = as_role(role)
    reminder = a_reminder(a_milestone(edition, NOW))

    assert client.get(LIST).status_code == 403
    assert client.get(page_of(reminder)).status_code in (302, 403)
    assert decide(client, reminder, "pause").status_code in (403, 404)
    reminder.refresh_from_db()
    assert not reminder.is_paused


def test_the_list_takes_as_many_statements_for_one_as_for_three(as_role, edition):
    client = as_role(accounts.ORGANISERS)
    counts = []
    for reminders in (1, 2):
        for _unused in range(reminders):
            a_reminder(a_milestone(edition, NOW + 2 * DAY), offset_days=-1)
        client.get(LIST)
        counts.append(len(statements(lambda: client.get(LIST))))

    assert counts[0] == counts[1]
