"""Who comes in, in which language; letters, journal and editions."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.urls import reverse

from assises import accounts
from assises.back_office import HouseAdmin
from assises.models import JournalEntry, Organisation, OutgoingEmail, User
from tests.composing_factories import a_lead, a_workshop
from tests.factories import NOW, a_member_of_staff, a_registration, an_edition, an_organisation

pytestmark = pytest.mark.django_db

LOGIN = "/fr/compte/connexion/"


def log_in(client, email, password="a long password"):
    return client.post(LOGIN, {"login": email, "password": password, "next": "/admin/"})


def test_one_logs_in_with_an_address_whatever_its_case(client):
    user = a_member_of_staff()

    assert log_in(client, user.email.upper()).url == "/admin/"


def test_a_wrong_password_does_not_say_whether_there_is_an_account(client):
    user = a_member_of_staff()

    known, unknown = log_in(client, user.email, "wrong"), log_in(client, "nobody@example.org", "wrong")

    told = [list(answer.context["form"].non_field_errors()) for answer in (known, unknown)]
    assert told[0] == told[1]
    assert len(told[0]) == 1


def test_whoever_tries_passwords_is_made_to_wait(client, settings):
    settings.ABUSE_PROTECTION = True
    settings.ABUSE_LOGINS_PER_HOUR = 2
    user = a_member_of_staff()

    answers = [log_in(client, user.email, "wrong").status_code for _unused in range(3)]

    assert answers == [200, 200, 429]
    assert log_in(client, user.email).status_code == 429


def test_the_back_office_speaks_the_language_of_the_account(client):
    client.force_login(a_member_of_staff(language="zh-hans"))

    response = client.get("/admin/")

    assert 'lang="zh-hans"' in response.text


NONSENSE = ["a\x00", "9" * 40, "²", "x"]


def names_in_addresses(model_admin):
    """What filters of a list read from its address, and what any list does."""
    for entry in model_admin.list_filter:
        entry = entry[0] if isinstance(entry, tuple) else entry
        if isinstance(entry, str):
            yield from (f"{entry}{lookup}" for lookup in ("__exact", "__id__exact"))
        else:
            yield entry.parameter_name
    yield from ("p", "q", "nothing\x00")


@pytest.mark.parametrize("model", admin.site._registry, ids=str)
def test_an_address_typed_by_hand_shows_a_list_and_is_no_error_of_the_server(client, edition, model):
    model_admin = admin.site._registry[model]
    if not isinstance(model_admin, HouseAdmin):
        pytest.skip("not a list of ours")
    an_edition()  # with a second one there is a choice of editions
    client.force_login(a_member_of_staff())
    path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")

    for name in names_in_addresses(model_admin):
        for value in NONSENSE:
            assert client.get(path, {name: value}).status_code in (200, 302), (name, value)


def test_the_language_is_kept_with_the_account(client):
    user = a_member_of_staff(language="fr")
    client.force_login(user)

    response = client.post("/admin/langue/", {"language": "zh-hans", "next": "/admin/places/"})

    assert response.url == "/admin/places/"
    user.refresh_from_db()
    assert user.language == "zh-hans"


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com", "javascript:alert(1)", ""])
def test_changing_the_language_leads_to_no_other_host(client, elsewhere):
    response = client.post("/admin/langue/", {"language": "fr", "next": elsewhere})

    assert response.url == "/admin/"


def test_the_language_can_be_chosen_before_logging_in(client):
    client.post("/admin/langue/", {"language": "zh-hans", "next": "/admin/"})

    assert 'lang="zh-Hans"' in client.get("/admin/", follow=True).text


def test_the_password_can_be_changed(client):
    user = a_member_of_staff()
    client.force_login(user)
    new = "un autre mot de passe"

    client.post(
        client.get("/admin/password_change/").url,
        {"old_password": "a long password", "new_password1": new, "new_password2": new},
    )

    user.refresh_from_db()
    assert user.check_password(new)


# --- Accounts -----------------------------------------------------------------------------


def test_groups_are_made_once_and_brought_up_to_date():
    accounts.ensure_groups()
    Group.objects.get(name=accounts.DESK).permissions.clear()
    accounts.ensure_groups()

    assert Group.objects.count() == len(accounts.roles._GROUPS)
    assert [p.codename for p in Group.objects.get(name=accounts.DESK).permissions.all()] == ["check_in"]


def test_organisers_may_all_but_accounts_needs_and_erasing(django_user_model):
    accounts.ensure_groups()
    codenames = {p.codename for p in Group.objects.get(name=accounts.ORGANISERS).permissions.all()}

    assert {"add_registration", "change_edition", "view_journalentry", "check_in"} <= codenames
    assert not codenames & {"view_access_needs", "change_user", "delete_registration", "delete_journalentry"}


def test_the_accounts_of_the_demonstration_are_made_once(capsys):
    call_command("demo_accounts")
    call_command("demo_accounts")

    assert User.objects.count() == len(accounts.DEMO_ACCOUNTS)
    assert accounts.DEMO_PASSWORD in capsys.readouterr().out
    assert User.objects.get(email="apcae@example.org").language == "zh-hans"


def test_no_account_with_a_known_password_outside_of_the_demonstration(settings):
    settings.DEMO = "none"

    with pytest.raises(CommandError):
        call_command("demo_accounts")
    assert not User.objects.exists()


def test_an_account_is_added_with_an_address(admin_of_all):
    data = {
        "email": "nouvelle@example.org", "first_name": "Ana", "last_name": "Exemple", "side": "FR", "language": "fr",
        "is_staff": "on",
    }  # fmt: skip

    response = admin_of_all.post("/admin/assises/user/add/", data)

    assert response.status_code == 302, response.context["adminform"].form.errors
    assert not User.objects.get(email="nouvelle@example.org").has_usable_password()


@pytest.fixture
def admin_of_all(client):
    client.force_login(a_member_of_staff())
    return client


# --- Letters and journal ------------------------------------------------------------------


def test_a_letter_that_failed_is_tried_again_and_one_that_left_is_not(admin_of_all, edition):
    a_registration(edition)
    a_registration(edition)
    stuck, gone = OutgoingEmail.objects.order_by("pk")
    OutgoingEmail.objects.filter(pk=stuck.pk).update(attempts=3, next_attempt_at=NOW.replace(year=2030))
    OutgoingEmail.objects.filter(pk=gone.pk).update(sent_at=NOW, next_attempt_at=NOW.replace(year=2030))

    admin_of_all.post(
        "/admin/assises/outgoingemail/", {"action": "send_again", "_selected_action": [stuck.pk, gone.pk]}
    )

    stuck.refresh_from_db()
    gone.refresh_from_db()
    assert stuck.next_attempt_at.year < 2030 == gone.next_attempt_at.year
    assert JournalEntry.objects.filter(action="sent again").count() == 1


def test_the_html_of_a_letter_is_a_page_without_rights(admin_of_all, edition):
    a_registration(edition)
    letter = OutgoingEmail.objects.get()

    response = admin_of_all.get(reverse("admin:assises_outgoingemail_html", args=[letter.pk]))

    policy = response.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("state", ["sent", "waiting", "failed"])
def test_letters_are_narrowed_by_what_became_of_them(admin_of_all, edition, state):
    for number in range(3):
        a_registration(edition)
        letter = OutgoingEmail.objects.first()
        letter.sent_at = NOW if number == 0 else None
        letter.attempts = 1 if number < 2 else 0
        letter.save()

    response = admin_of_all.get("/admin/assises/outgoingemail/", {"state": state})

    assert response.context["cl"].result_count == 1


def test_the_journal_is_read_and_never_written(admin_of_all, edition):
    a_registration(edition)
    entry = JournalEntry.objects.first()
    url = reverse("admin:assises_journalentry_change", args=[entry.pk])

    assert admin_of_all.get(url).status_code == 200
    assert admin_of_all.post(url, {"action": "forged"}).status_code == 403
    assert admin_of_all.post(reverse("admin:assises_journalentry_delete", args=[entry.pk])).status_code == 403


# --- What an edition is made of -----------------------------------------------------------


@pytest.mark.parametrize("typed", ["saint etienne", "圣艾蒂安", "sheng ai", "shengai"])
def test_organisations_are_found_without_accents_in_chinese_and_in_pinyin(admin_of_all, typed):
    an_organisation("Toulouse")
    an_organisation("Saint-Étienne", name_zh_hans="圣艾蒂安")

    response = admin_of_all.get("/admin/assises/organisation/", {"q": typed})

    assert [o.name_fr for o in response.context["cl"].result_list] == ["Saint-Étienne"]


def test_the_places_of_an_edition_are_not_changed_on_its_form(admin_of_all):
    edition = an_edition(elected=3)
    url = reverse("admin:assises_edition_change", args=[edition.pk])
    form = admin_of_all.get(url).context["adminform"].form

    data = {name: value for name, value in form.initial.items() if value is not None} | {
        "capacity_french": 999
    }
    response = admin_of_all.post(url, {**data, "slogan_fr": "L’innovation"})

    assert response.status_code == 302, response.context["adminform"].form.errors
    edition.refresh_from_db()
    assert (edition.capacity_french, edition.slogan_fr) == (3, "L’innovation")


def test_an_organisation_is_added_in_both_languages(admin_of_all):
    data = {"name_fr": "Albi", "name_zh_hans": "阿尔比", "code": "albi", "side": "FR", "kind": "commune"}

    admin_of_all.post("/admin/assises/organisation/add/", data)

    assert Organisation.objects.get(code="albi").name_zh_hans == "阿尔比"


def test_what_only_the_database_knows_is_told_on_a_plain_page(admin_client):
    """An authority that leads a workshop stays of its side: a foreign key of the programme sees to it."""
    edition, lille = an_edition(), an_organisation("Lille")
    a_lead(a_workshop(edition, pair=""), lille)
    page = reverse("admin:assises_organisation_change", args=[lille.pk])
    typed = {
        name: value
        for name, value in admin_client.get(page).context["adminform"].form.initial.items()
        if value is not None
    }

    answer = admin_client.post(
        page, {**typed, "aliases": "", "side": "CN", "kind": "city", "siren": ""}, follow=True
    )

    lille.refresh_from_db()
    assert lille.side == "FR"
    assert answer.status_code == 200
    assert "n’est pas de cette partie" in answer.text
