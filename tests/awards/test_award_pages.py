"""The award as the public reads it, and in the back office as organisers and co-presidents use it."""

import io

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from assises import accounts, memory
from assises.enums import MilestoneKey, Side
from assises.models import Edition, JournalEntry, OutgoingEmail
from awards import services
from awards.content import digest_of_rules
from awards.enums import JuryRole, Phase
from awards.models import Agreement, Article, Call, JuryMember, Rules
from tests.account_factories import logged_in
from tests.award_factories import AUGUST, CLOSES, OPENS, a_member, agree, an_award, opened, president
from tests.factories import a_member_of_staff
from tests.pdf import Pdf, needs_pdftotext

pytestmark = pytest.mark.django_db
PAGE = "/admin/prix/"


def told(answer):
    return [m.level_tag for m in answer.context["messages"]]


# --- The public ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_before_there_is_an_award_its_page_says_so(client, edition, language):
    page = client.get(f"/{language}/prix/")

    assert 'data-assises-state="award-none"' in page.text
    assert client.get(f"/{language}/prix/reglement/").status_code == 404


def test_nobody_reads_a_draft(client, edition):
    an_award(edition)

    assert "Titre 1" not in client.get("/fr/prix/").text
    page = client.get("/fr/prix/reglement/")
    assert page.status_code == 200
    assert "Titre 1" not in page.text
    assert client.get("/fr/prix/reglement/1/").status_code == 404
    assert client.get("/fr/prix/reglement/1.pdf").status_code == 404


@pytest.mark.parametrize(("language", "said"), [("fr", "Sens 5"), ("zh-hans", "含义5")])
def test_once_the_call_is_open_everybody_reads_the_rules_in_their_language(client, edition, language, said):
    rules = opened(an_award(edition)).rules.get()
    memory.forget()

    with time_machine.travel(OPENS, tick=False):
        page = client.get(f"/{language}/prix/")
    assert said in page.text
    text = client.get(f"/{language}/prix/reglement/").text
    assert rules.digest in text
    assert ("Titre 2" if language == "fr" else "标题2") in text


def test_an_older_version_says_that_it_is_no_longer_in_force(client, edition):
    call = opened(an_award(edition))
    new = services.write_next(call, at=OPENS, by=None)
    services.explain(new, reason_fr="Corrigé.", reason_zh="更正。", at=OPENS, by=None)
    for side in Side:
        draft = Rules.objects.select_related("call__edition").get(pk=new.pk)
        services.agree_to_rules(draft, digest=digest_of_rules(draft), at=OPENS, by=president(call, side))
    memory.forget()

    old, current = client.get("/fr/prix/reglement/1/").text, client.get("/fr/prix/reglement/").text

    assert "n’est plus en vigueur" in old
    assert "n’est plus en vigueur" not in current
    assert "Corrigé." in current


@needs_pdftotext
def test_the_document_has_both_languages_its_hash_and_the_same_bytes_each_time(client, edition):
    rules = opened(an_award(edition)).rules.get()
    memory.forget()

    first = client.get("/fr/prix/reglement/1.pdf")
    # What is frozen names the edition as it was called then.
    Edition.objects.filter(pk=edition.pk).update(name_fr="Autre nom")
    memory.forget()
    second = client.get("/zh-hans/prix/reglement/1.pdf")

    assert first.content == second.content
    text = Pdf(first.content).text()
    assert rules.digest[:16] in text.replace("\n", "")
    assert "Titre 1" in text
    assert "标题1" in text.replace(" ", "")
    assert client.get("/fr/prix/reglement/1.pdf", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304


def test_pages_say_the_later_of_the_date_in_the_planning_and_of_the_one_that_was_told(client, edition):
    call = opened(an_award(edition))
    edition.milestones.filter(key=MilestoneKey.AWARD_CALL_CLOSES).update(starts_at=OPENS)
    memory.forget()

    with time_machine.travel(OPENS, tick=False):
        public = client.get("/fr/prix/")
        page = logged_in(president(call, Side.FRENCH)).get(PAGE)

    assert dict(public.context["dates"])[Phase.ADMISSIBILITY.label] == CLOSES
    assert "L’appel à candidatures est ouvert" in public.text
    assert {step.phase: step.date for step in page.context["steps"]}[Phase.ADMISSIBILITY] == CLOSES


def test_the_page_takes_few_queries(client, edition, django_assert_max_num_queries):
    opened(an_award(edition))
    memory.forget()
    client.get("/fr/prix/")

    with django_assert_max_num_queries(2):
        client.get("/fr/prix/")


# --- The back office -------------------------------------------------------------------------------------


def test_both_co_presidents_read_the_rules_and_open_the_call(edition):
    call = an_award(edition)
    french, chinese = (logged_in(president(call, side)) for side in Side)

    with time_machine.travel(OPENS, tick=False):
        for client, open_now in ((french, False), (chinese, True)):
            digest = client.get(reverse("admin:award_rules", args=[1])).context["digest"]
            answer = client.post(PAGE, {"agree": "1", "phase": "call", "digest": digest}, follow=True)
            assert told(answer) == ["success"]
            assert (Call.objects.get().phase == Phase.CALL) is open_now

    assert Agreement.objects.count() == 2


def test_what_changed_since_the_rules_were_read_is_read_again(edition):
    call = an_award(edition)
    client = logged_in(president(call, Side.FRENCH))
    digest = client.get(reverse("admin:award_rules", args=[1])).context["digest"]
    Article.objects.filter(number=1).update(text_fr="Autre texte, clos le {closes_at}.")

    answer = client.post(PAGE, {"agree": "1", "phase": "call", "digest": digest}, follow=True)

    assert told(answer) == ["error"]
    assert not Agreement.objects.exists()


def test_a_new_version_says_what_it_changes_and_can_be_given_up(as_role, edition):
    opened(an_award(edition))
    organiser = as_role(accounts.ORGANISERS)
    page = reverse("admin:award_rules", args=[2])
    organiser.post(PAGE, {"next_version": "1"})
    assert organiser.post(page, {"explain": "1", "reason_fr": "Film plus long."}).context["form"].errors

    organiser.post(page, {"explain": "1", "reason_fr": "Film plus long.", "reason_zh_hans": "延长影片。"})
    assert services.problems_of(Rules.objects.select_related("call__edition").get(version=2)) == []
    organiser.post(page, {"discard": "1"})

    assert list(Rules.objects.values_list("version", flat=True)) == [1]


def test_what_the_database_keeps_is_not_deleted_and_the_page_says_why(as_role, edition):
    call = opened(an_award(edition))
    Call.objects.filter(pk=call.pk).update(first_opened_at=OPENS)
    organiser = as_role(accounts.ORGANISERS)
    category = call.categories.get()

    one = organiser.post(
        reverse("admin:awards_category_delete", args=[category.pk]), {"post": "yes"}, follow=True
    )
    several = organiser.post(
        reverse("admin:awards_category_changelist"),
        {"action": "delete_selected", "_selected_action": [category.pk], "post": "yes"},
        follow=True,
    )

    assert [told(one), told(several)] == [["error"], ["error"]]
    assert call.categories.count() == 1


@pytest.mark.parametrize("wrong", [{"agree": "1"}, {"agree": "1", "phase": "x"}, {"agree_rules": "1"}, {"take_back": "1"}, {}])  # fmt: skip
def test_nonsense_is_answered_in_words(edition, wrong):
    client = logged_in(president(an_award(edition), Side.CHINESE))

    assert told(client.post(PAGE, wrong, follow=True)) == ["error"]


def test_a_co_president_takes_an_agreement_back(edition):
    call = agree(an_award(edition), Side.FRENCH, at=AUGUST)
    client = logged_in(president(call, Side.FRENCH))

    assert told(client.post(PAGE, {"take_back": "1", "phase": "call"}, follow=True)) == ["success"]

    assert not Agreement.objects.exists()


def test_the_history_says_which_phase_was_agreed_to_taken_back_and_opened(edition):
    call = agree(an_award(edition), Side.FRENCH, at=AUGUST)
    client = logged_in(president(call, Side.FRENCH))
    client.post(PAGE, {"take_back": "1", "phase": "call"})
    opened(call)

    words = [line["words"] for line in client.get(PAGE).context["history"]]

    label = str(Phase.CALL.label)
    assert [w.endswith(f"\u00a0: {label}") for w in words] == [True] * 5, words


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "version 2 du règlement"), ("zh-hans", "评选办法第2版")]
)
def test_the_history_says_which_version_of_the_rules_was_agreed_to_and_taken_back(edition, language, said):
    call = opened(an_award(edition))
    user = president(call, Side.FRENCH)
    user.language = language
    user.save()
    new = services.write_next(call, at=OPENS, by=None)
    services.explain(new, reason_fr="Corrigé.", reason_zh="更正。", at=OPENS, by=None)
    draft = Rules.objects.select_related("call__edition").get(pk=new.pk)
    services.agree_to_rules(draft, digest=digest_of_rules(draft), at=OPENS, by=user)

    client = logged_in(user)
    client.post(PAGE, {"take_back": "1", "phase": ""})

    words = [line["words"] for line in client.get(PAGE).context["history"]]
    assert [w.endswith(said) for w in words[:2]] == [True, True], words


def test_whoever_becomes_co_president_is_asked_anew_and_told_of_the_other_side(edition):
    call = opened(an_award(edition))
    agree(call, Side.FRENCH, Phase.ADMISSIBILITY)
    JuryMember.objects.filter(call=call, side=Side.FRENCH).update(role=JuryRole.JUROR)
    new = a_member(call, Side.FRENCH, JuryRole.PRESIDENT)

    page = logged_in(new.user).get(PAGE)
    assert 'name="agree"' in page.text
    assert 'name="take_back"' not in page.text
    step = next(step for step in page.context["steps"] if step.phase == Phase.ADMISSIBILITY)
    assert step.agreements == []
    agree(call, Side.CHINESE, Phase.ADMISSIBILITY)

    assert (
        OutgoingEmail.objects.filter(to_email=new.user.email, event="awards/agreement_awaited").count() == 1
    )


def test_administrators_name_the_jury_and_the_journal_says_whom(as_role, edition):
    call = an_award(edition)
    user = a_member_of_staff(is_superuser=False, side=Side.FRENCH)
    admin = logged_in(a_member_of_staff(is_superuser=True))
    named = {"call": call.pk, "user": user.pk, "side": Side.FRENCH, "role": JuryRole.SUBSTITUTE}
    admin.post(reverse("admin:awards_jurymember_add"), named)
    member = JuryMember.objects.get(user=user)

    admin.post(
        reverse("admin:awards_jurymember_changelist"),
        {"action": "delete_selected", "_selected_action": [member.pk], "post": "yes"},
    )

    assert not JuryMember.objects.filter(user=user).exists()
    noted = JournalEntry.objects.filter(action="jury_changed").order_by("pk")
    assert [(e.details["account"], e.details["role"], e.details["there"]) for e in noted] == [
        (user.pk, JuryRole.SUBSTITUTE, True),
        (user.pk, JuryRole.SUBSTITUTE, False),
    ]


def test_organisers_write_the_rules_and_agree_to_nothing(as_role, edition):
    call = an_award(edition)
    organiser = as_role(accounts.ORGANISERS)

    page = organiser.get(PAGE)
    assert 'name="agree"' not in page.text
    answer = organiser.post(
        PAGE, {"agree": "1", "phase": "call", "digest": digest_of_rules(call.rules.get())}, follow=True
    )
    assert told(answer) == ["error"]
    article = call.rules.get().articles.get(number=1)
    url = reverse("admin:awards_article_change", args=[article.pk])
    form = organiser.get(url).context["adminform"].form
    typed = {name: form[name].value() for name in form.fields} | {"text_fr": "Un autre texte."}
    assert organiser.post(url, typed).status_code == 302
    article.refresh_from_db()
    assert article.text_fr == "Un autre texte."


def test_articles_of_frozen_rules_are_read_and_not_written(as_role, edition):
    article = opened(an_award(edition)).rules.get().articles.get(number=1)
    organiser = as_role(accounts.ORGANISERS)

    page = organiser.get(reverse("admin:awards_article_change", args=[article.pk]))

    assert page.status_code == 200
    assert 'name="text_fr"' not in page.text
    answer = organiser.post(PAGE, {"next_version": "1"}, follow=True)
    assert told(answer) == ["success"]
    assert Rules.objects.get(frozen_at=None).articles.count() == 2


def test_who_may_read_and_do_what(as_role, edition, client):
    call = an_award(edition)
    juror, secretary = a_member(call, Side.FRENCH), a_member(call, Side.CHINESE, JuryRole.SECRETARY)

    assert client.get(PAGE).status_code == 302
    for role in (accounts.DESK, accounts.APCAE, accounts.TRANSLATORS):
        assert as_role(role).get(PAGE).status_code == 403
    for member in (juror, secretary):
        page = logged_in(member.user).get(PAGE)
        assert page.status_code == 200
        assert 'name="agree"' not in page.text
        assert 'name="next_version"' not in page.text
        assert logged_in(member.user).post(PAGE, {"next_version": "1"}).status_code == 403
        assert (
            logged_in(member.user).get(reverse("admin:awards_call_change", args=[call.pk])).status_code == 200
        )
        assert logged_in(member.user).get(reverse("admin:awards_jurymember_changelist")).status_code == 403


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_a_version_is_read_whole_before_anybody_agrees(edition, language):
    call = an_award(edition)
    user = president(call, Side.FRENCH)
    user.language = language
    user.save()

    page = logged_in(user).get(reverse("admin:award_rules", args=[1]))

    # Both languages, whatever the account's own, with all that the hash covers.
    for said in ("Titre 1", "标题1", "Sens 5", "含义5", "Tourisme", page.context["digest"]):
        assert said in page.text
    assert logged_in(user).get(reverse("admin:award_rules", args=[9])).status_code == 404


def test_every_list_of_the_award_opens(as_role, edition):
    call = opened(an_award(edition))
    organiser = as_role(accounts.ORGANISERS)
    for model in ("call", "category", "criterion", "anchor", "article", "jurymember"):
        assert organiser.get(reverse(f"admin:awards_{model}_changelist")).status_code == 200
        # Nobody makes themselves a member of the jury: administrators name it.
        added = 403 if model == "jurymember" else 200
        assert organiser.get(reverse(f"admin:awards_{model}_add")).status_code == added
    assert organiser.get(reverse("admin:awards_call_change", args=[call.pk])).status_code == 200


def test_without_people_the_rules_are_a_draft_that_can_be_agreed_to():
    call_command("load_edition", "toulouse-2018", stdout=io.StringIO())

    call = Call.objects.get()
    assert (call.phase, call.jury.count()) == (Phase.RULES, 0)
    assert services.problems_of(Rules.objects.select_related("call__edition").get()) == []


def test_the_command_tells_rules_that_were_changed_by_sql(edition):
    opened(an_award(edition))
    call_command("verify_award", stdout=io.StringIO())

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE awards_rules DISABLE TRIGGER USER")
        cursor.execute("UPDATE awards_rules SET content = jsonb_set(content, '{version}', '7')")
        cursor.execute("ALTER TABLE awards_rules ENABLE TRIGGER USER")

    with pytest.raises(CommandError):
        call_command("verify_award", stdout=io.StringIO())
