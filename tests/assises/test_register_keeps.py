"""What the register keeps: reasons, subjects and organisations that nobody offers any more, voices of the sides."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from assises import accounts
from assises.enums import Side
from assises.exceptions import Refusal
from assises.models import Candidate, JournalEntry, Preference, RegisterItem
from assises.register import abandon, choose, decide, remove_candidate, reopen
from tests.factories import NOW, an_edition, an_organisation
from tests.minutes_factories import a_speaker_for
from tests.register_factories import TODAY, a_candidate, a_meeting, an_item

pytestmark = pytest.mark.django_db


def as_sent(client, item):
    """What a browser sends of the form as it opened: of a choice only what it offers."""
    data = {}
    for bound in client.get(reverse("admin:register_edit", args=[item.number])).context["form"]:
        value = bound.value() if bound.value() is not None else ""
        data[f"initial-{bound.html_name}"] = value
        offered = []
        for key, label in getattr(bound.field, "choices", ()):
            offered += (
                [str(k) for k, _name in label]
                if isinstance(label, list)
                else [str(getattr(key, "value", key))]
            )
        data[bound.html_name] = value if not offered or str(value) in offered else ""
    return data


@pytest.mark.parametrize("what", ["organisation", "subject"])
def test_what_is_not_offered_any_more_stays_while_something_else_is_changed(edition, as_role, what):
    organiser = as_role(accounts.ORGANISERS)
    old = an_organisation("Ancienne région")
    item = an_item(edition, **{what: old})
    old.successors.add(an_organisation())

    organiser.post(
        reverse("admin:register_edit", args=[item.number]), {**as_sent(organiser, item), "source": "S-1"}
    )

    item.refresh_from_db()
    assert (item.source, getattr(item, what)) == ("S-1", old)


def test_another_subject_of_somebody_else_is_shown_beside_ones_own_change(edition, as_role):
    organiser = as_role(accounts.ORGANISERS)
    item = an_item(edition)
    page = reverse("admin:register_edit", args=[item.number])
    opened = as_sent(organiser, item)
    assert organiser.post(page, {**opened, "subject": f"assises.edition:{edition.pk}"}).status_code == 302

    answer = organiser.post(page, {**opened, "source": "S-1"})

    assert answer.status_code == 409
    assert str(edition) in [line.theirs for line in answer.context["comparison"].lines]


@pytest.mark.parametrize("reason", [("Trop cher.", ""), ("", "费用过高。")])
@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_the_reason_of_what_was_abandoned_stands_in_the_list_for_every_reader(
    edition, as_role, language, reason
):
    item = an_item(edition)
    abandon(item, reason_fr=reason[0], reason_zh=reason[1], on=TODAY, version=1, at=NOW, by=None)

    page = as_role(accounts.ORGANISERS, language=language).get(
        reverse("admin:register"), {"status": "abandoned"}
    )

    assert "".join(reason) in page.text


def test_the_reason_survives_that_it_is_opened_again_and_decided(edition):
    item = abandon(an_item(edition), reason_fr="Trop cher", on=TODAY, version=1, at=NOW, by=None)
    item = reopen(item, version=item.version, at=NOW, by=None)
    decide(item, outcome_fr="Au Capitole", on=TODAY, version=item.version, at=NOW, by=None)

    assert JournalEntry.objects.filter(action="item_abandoned", reason="Trop cher").exists()


@pytest.mark.parametrize("blank", [" ", "\u200b", "\u3000", "."])
def test_a_reason_says_something(edition, blank):
    with pytest.raises(Refusal):
        abandon(an_item(edition), reason_fr=blank, on=TODAY, version=1, at=NOW, by=None)


def test_what_was_abandoned_is_never_deleted(edition):
    item = abandon(an_item(edition), reason_fr="Trop cher", on=TODAY, version=1, at=NOW, by=None)

    with pytest.raises(IntegrityError, match="assises_registeritem_settled_stays"):
        item.delete()


def test_a_page_that_is_older_than_the_decision_does_not_open_it_again(edition, as_role):
    organiser = as_role(accounts.ORGANISERS)
    item = decide(an_item(edition), outcome_fr="A", on=TODAY, version=1, at=NOW, by=None)
    old = item.version
    item = reopen(item, version=old, at=NOW, by=None)
    item = decide(item, outcome_fr="B", on=TODAY, version=item.version, at=NOW, by=None)

    organiser.post(reverse("admin:register_item", args=[item.number]), {"reopen": "1", "version": old})

    item.refresh_from_db()
    assert item.status == "decided"


def test_a_decision_is_raised_by_both_unless_somebody_says_otherwise(edition, as_role):
    as_role(accounts.ORGANISERS).post(
        reverse("admin:register_add"), {"kind": "decision", "text_fr": "Oui", "raised_by": ""}
    )

    assert RegisterItem.objects.get().raised_by == "both"


# --- Candidates and voices -------------------------------------------------------------------------------


def test_a_candidate_that_was_taken_back_meanwhile_is_not_chosen(edition):
    item = an_item(edition)
    candidate = a_candidate(item)
    seen = Candidate.objects.get(pk=candidate.pk)
    remove_candidate(candidate, at=NOW, by=None)

    with pytest.raises(Refusal):
        choose(seen, on=TODAY, version=item.version, at=NOW, by=None)


def test_a_slogan_chosen_in_one_language_keeps_the_other_and_the_journal_keeps_the_old_one(edition):
    edition.slogan_fr, edition.slogan_zh_hans = "Ancien", "旧口号"
    edition.save()
    item = an_item(edition, subject=edition, subject_field="slogan")

    choose(a_candidate(item, text_fr="Nouveau", text_zh_hans=None), on=TODAY, version=1, at=NOW, by=None)

    edition.refresh_from_db()
    assert (edition.slogan_fr, edition.slogan_zh_hans) == ("Nouveau", "旧口号")
    assert JournalEntry.objects.get(action="text_decided").details["before"] == {"slogan_fr": "Ancien"}


def test_nothing_is_settled_at_a_meeting_of_another_edition(edition):
    elsewhere = a_meeting(an_edition())

    with pytest.raises(Refusal):
        decide(an_item(edition), outcome_fr="A", on=TODAY, meeting=elsewhere, version=1, at=NOW, by=None)
    with pytest.raises(IntegrityError, match="assises_registeritem_of_its_edition"):
        RegisterItem.objects.update(meeting=elsewhere)


def test_the_database_lets_nobody_vote_for_the_other_side_or_after_the_end(edition):
    item = an_item(edition)
    candidate, other = a_candidate(item), a_candidate(item)
    french = a_speaker_for(Side.FRENCH)
    voice = Preference.objects.create(item=item, side="FR", candidate=candidate, at=NOW, by=french)

    with pytest.raises(IntegrityError, match="assises_preference_of_that_side"), transaction.atomic():
        Preference.objects.create(item=item, side="CN", candidate=candidate, at=NOW, by=french)
    choose(candidate, on=TODAY, version=item.version, at=NOW, by=None)
    with pytest.raises(IntegrityError, match="assises_preference_stays"), transaction.atomic():
        Preference.objects.filter(pk=voice.pk).update(candidate=other)
