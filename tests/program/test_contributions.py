"""What can be done to a contribution, by whom, and who hears of it."""

import datetime as dt

import pytest
from django.utils import translation

from assises.exceptions import Refusal
from assises.models import JournalEntry, OutgoingEmail
from program import checks, drafting, services, snapshot
from program.enums import CONTRIBUTION_MOVES, ContributionState, PartKind
from program.models import Contribution, SessionPart, Speaker
from tests.contribution_factories import (
    CALL_CLOSES,
    CALL_OPENS,
    a_practice,
    a_proposal,
    a_proposed,
    a_workshop,
    an_accepted,
    open_call,
    some_speaker,
    the_speaker,
)
from tests.factories import NOW, a_member_of_staff, an_organisation

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def theme(edition):
    return open_call(edition)


def letters():
    return [(m.event.removeprefix("program/"), m.to_email) for m in OutgoingEmail.objects.order_by("pk")]


def actions(row):
    return [
        e.action
        for e in JournalEntry.objects.filter(subject_type="program.contribution", subject_id=row.pk).order_by(
            "pk"
        )
    ]


# --- Proposing -----------------------------------------------------------------------------------------


def test_a_proposal_is_received_with_a_letter_in_its_readers_language(edition):
    row = services.propose(a_proposal(edition, language="zh-hans"), at=NOW)

    assert (row.state, row.submitted_at, row.version) == ("proposed", NOW, 1)
    letter = OutgoingEmail.objects.get()
    assert (letter.event, letter.language) == ("program/contribution_received", "zh-hans")
    assert f"/zh-hans/programme/contributions/c{row.pk}-" in letter.text
    assert actions(row) == ["contribution_proposed"]


def test_the_receipt_tells_the_hour_in_both_time_zones(edition):
    services.propose(a_proposal(edition), at=NOW)

    text = OutgoingEmail.objects.get().text.replace("\u00a0", " ")
    assert "10 h" in text
    assert "16 h" in text


def test_the_same_form_sent_twice_is_one_proposal(edition):
    proposal = a_proposal(edition)

    rows = [services.propose(proposal, at=at) for at in (NOW, LATER)]

    assert rows[0] == rows[1]
    assert Contribution.objects.count() == Speaker.objects.count() == OutgoingEmail.objects.count() == 1


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (CALL_OPENS - dt.timedelta(seconds=1), "3 septembre 2018"),
        (CALL_CLOSES, "26 octobre 2018"),
        (CALL_CLOSES + dt.timedelta(days=9), "26 octobre 2018"),
    ],
)
def test_outside_the_dates_of_the_call_the_refusal_says_the_date(edition, at, said):
    with translation.override("fr"), pytest.raises(Refusal) as refused:
        services.propose(a_proposal(edition), at=at)

    assert said in str(refused.value).replace("\u00a0", " ")
    assert not Contribution.objects.exists()


def test_without_dates_nothing_can_be_proposed_yet(edition):
    edition.milestones.filter(key__startswith="contributions").delete()

    with pytest.raises(Refusal):
        services.propose(a_proposal(edition), at=NOW)


def test_a_counterpart_is_of_the_other_side(edition):
    own_side = an_organisation("Nantes")

    with pytest.raises(Refusal, match="Nantes"):
        services.propose(a_proposal(edition, practice=a_practice(edition, counterpart=own_side)), at=NOW)


def test_a_chinese_authority_proposes_in_chinese_and_pinyin_is_proposed(edition):
    speaker = some_speaker(family_name="欧阳", given_name="范本", function="农艺师", language="zh-hans")
    practice = a_practice(edition, title="节水温室", speaker=speaker)

    row = services.propose(
        a_proposal(edition, practice=practice, side="CN", original="zh-hans", language="zh-hans"), at=NOW
    )

    row.refresh_from_db()
    assert (row.title_zh_hans, row.title_fr or "", str(row)) == ("节水温室", "", "节水温室")
    speaker = the_speaker(row)
    assert (speaker.name_zh, speaker.family_name_zh_length) == ("欧阳范本", 2)
    assert (speaker.family_pinyin, speaker.given_pinyin) == ("Ouyang", "Fanben")
    assert not speaker.pinyin_confirmed
    assert (speaker.function_zh_hans, speaker.state) == ("农艺师", "asked")


# --- Revising ------------------------------------------------------------------------------------------


def test_whoever_proposed_it_revises_it(edition):
    row = a_proposed(edition)

    services.revise(row, a_practice(edition, title="Mieux dit"), version=1, at=LATER)

    row.refresh_from_db()
    assert (row.title_fr, row.version, row.state) == ("Mieux dit", 2, "proposed")
    assert actions(row) == ["contribution_proposed", "contribution_revised"]
    assert Speaker.objects.count() == 1


def test_of_two_people_with_the_link_the_second_is_refused_and_sees_what_stands(edition):
    row = a_proposed(edition)
    services.revise(row, a_practice(edition, title="La première"), version=1, at=LATER)

    with pytest.raises(services.ChangedMeanwhile) as refused:
        services.revise(row, a_practice(edition, title="La seconde"), version=1, at=LATER)

    assert refused.value.current.title_fr == "La première"
    row.refresh_from_db()
    assert (row.title_fr, row.version) == ("La première", 2)
    assert the_speaker(row).family_name == refused.value.current.speaker.family_name


def test_the_same_answers_sent_twice_are_one_change(edition):
    row, practice = a_proposed(edition), a_practice(edition, title="Mieux dit")

    for _unused in range(2):
        services.revise(row, practice, version=1, at=LATER)

    row.refresh_from_db()
    assert row.version == 2
    assert actions(row).count("contribution_revised") == 1


def test_with_the_changes_that_were_asked_for_it_is_proposed_again(edition):
    row = a_proposed(edition)
    services.ask_for_changes(row, message="Quel budget ?", at=NOW, by=None)

    services.revise(row, a_practice(edition, title="Avec budget"), version=1, at=LATER)

    row.refresh_from_db()
    assert (row.state, row.state_since) == ("proposed", LATER)


@pytest.mark.parametrize("state", ["accepted", "confirmed", "declined", "withdrawn"])
def test_once_answered_it_is_not_revised(edition, state):
    row = a_proposed(edition)
    Contribution.objects.filter(pk=row.pk).update(state=state, message="Parce que.")

    with pytest.raises(Refusal):
        services.revise(row, a_practice(edition), version=1, at=LATER)


def test_pinyin_that_a_person_confirmed_survives_a_revision_and_other_characters_do_not(edition):
    named = some_speaker(family_name="王", given_name="为民")
    row = a_proposed(edition, side="CN", practice=a_practice(edition, speaker=named))
    Speaker.objects.update(family_pinyin="Wong", pinyin_confirmed=True)

    services.revise(row, a_practice(edition, speaker=named), version=1, at=LATER)
    assert (the_speaker(row).family_pinyin, the_speaker(row).pinyin_confirmed) == ("Wong", True)

    other = some_speaker(family_name="李", given_name="示例", email=named.email)
    services.revise(row, a_practice(edition, speaker=other), version=2, at=LATER)
    assert (the_speaker(row).family_pinyin, the_speaker(row).pinyin_confirmed) == ("Li", False)


# --- Answering -----------------------------------------------------------------------------------------


def test_the_organisers_say_which_of_the_four_words_are_met(edition):
    row, staff = a_proposed(edition), a_member_of_staff()

    services.judge(row, met=["reproducible", "exemplary", "nonsense"], at=LATER, by=staff)

    row.refresh_from_db()
    assert row.met == ["exemplary", "reproducible"]
    assert actions(row)[-1] == "contribution_judged"


def test_accepted_is_not_confirmed_it_stands_last_and_its_speaker_is_asked(edition):
    workshop, row = a_workshop(edition), a_proposed(edition)
    SessionPart.objects.create(session=workshop, kind="moderation", title_fr="Ouverture", minutes=10, order=7)

    services.accept(row, session=workshop, at=LATER, by=None)

    row.refresh_from_db()
    part = row.part
    assert (row.state, row.session, the_speaker(row).state) == ("accepted", workshop, "asked")
    assert (part.session, part.kind, part.order, part.minutes) == (workshop, "contribution", 8, 15)
    workshop.refresh_from_db()
    assert workshop.version == 2
    assert letters()[1:] == [
        ("please_confirm", the_speaker(row).email),
        ("contribution_accepted", row.email),
    ]
    assert "/intervenant/i" in OutgoingEmail.objects.get(event="program/please_confirm").text


def test_who_proposes_and_speaks_gets_one_letter(edition):
    speaker = some_speaker(email="ines@example.org")
    row = a_proposed(edition, email="ines@example.org", practice=a_practice(edition, speaker=speaker))

    services.accept(row, session=a_workshop(edition), at=LATER, by=None)
    services.confirm(row, speaker=the_speaker(row), at=LATER)

    events = [event for event, _to in letters()]
    assert events == ["contribution_received", "please_confirm", "speech_confirmed"]


@pytest.mark.parametrize("fields", [{"kind": "meal"}, {"status": "abandoned", "status_reason_fr": "Non."}])
def test_it_is_accepted_into_a_workshop_of_the_programme_only(edition, fields):
    row, session = a_proposed(edition), a_workshop(edition, **fields)

    with pytest.raises(Refusal):
        services.accept(row, session=session, at=LATER, by=None)

    row.refresh_from_db()
    assert row.state == "proposed"
    assert not SessionPart.objects.exists()


def test_a_speaker_without_an_address_cannot_be_asked(edition):
    row = a_proposed(edition)
    Speaker.objects.update(email="")

    with pytest.raises(Refusal):
        services.accept(row, session=a_workshop(edition), at=LATER, by=None)

    assert not SessionPart.objects.exists()


def test_it_is_declined_with_a_reason_that_the_proposer_reads(edition):
    row = a_proposed(edition)

    services.decline(row, reason="Hors du thème.", at=LATER, by=None)

    row.refresh_from_db()
    assert (row.state, row.message) == ("declined", "Hors du thème.")
    assert "Hors du thème." in OutgoingEmail.objects.get(event="program/contribution_declined").text


@pytest.mark.parametrize("answer", [services.decline, services.ask_for_changes])
def test_no_answer_without_words(edition, answer):
    row = a_proposed(edition)
    word = "reason" if answer is services.decline else "message"

    with pytest.raises(Refusal):
        answer(row, **{word: "  "}, at=LATER, by=None)

    row.refresh_from_db()
    assert row.state == "proposed"


def test_what_was_not_retained_can_be_taken_up_again(edition):
    row = a_proposed(edition)
    services.decline(row, reason="Hors du thème.", at=NOW, by=None)

    services.reopen(row, at=LATER, by=None)

    row.refresh_from_db()
    assert row.state == "proposed"


# --- The speaker ---------------------------------------------------------------------------------------


def test_the_speakers_yes_confirms_it_and_both_hear_of_it(edition):
    row = an_accepted(edition)

    services.confirm(row, speaker=the_speaker(row), at=LATER)

    row.refresh_from_db()
    assert (row.state, the_speaker(row).state) == ("confirmed", "confirmed")
    assert letters()[-2:] == [
        ("speech_confirmed", the_speaker(row).email),
        ("contribution_confirmed", row.email),
    ]


def test_yes_said_twice_is_one_yes(edition):
    row = an_accepted(edition)

    for _unused in range(2):
        services.confirm(row, speaker=the_speaker(row), at=LATER)

    assert actions(row).count("contribution_confirmed") == 1
    assert [event for event, _to in letters()].count("speech_confirmed") == 1


def test_the_speakers_no_leaves_it_accepted_and_the_organisers_see_it(edition):
    row = an_accepted(edition)

    services.decline_to_speak(row, speaker=the_speaker(row), at=LATER)

    row.refresh_from_db()
    assert (row.state, the_speaker(row).state) == ("accepted", "declined")
    assert letters()[-1] == ("speaker_declined", row.email)
    assert Contribution.objects.unconfirmed().get() == row


def test_a_no_can_still_become_a_yes(edition):
    row = an_accepted(edition)
    services.decline_to_speak(row, speaker=the_speaker(row), at=NOW)

    services.confirm(row, speaker=the_speaker(row), at=LATER)

    row.refresh_from_db()
    assert (row.state, the_speaker(row).state) == ("confirmed", "confirmed")


def test_one_person_answers_to_each_contribution_by_itself(edition):
    one = an_accepted(edition)
    speaker = the_speaker(one)
    other = services.accept(
        a_proposed(edition), session=a_workshop(edition), speaker=speaker, at=NOW, by=None
    )

    services.confirm(one, speaker=speaker, at=LATER)
    services.decline_to_speak(other, speaker=speaker, at=LATER)

    for row in (one, other):
        row.refresh_from_db()
    assert (one.speaker_state, other.speaker_state) == ("confirmed", "declined")
    assert the_speaker(one).state == "confirmed"
    voices = {s.code: s.parts[0].voice for s in snapshot.read(edition).sessions}
    assert voices[one.session.code].name_zh or voices[one.session.code].name
    assert voices[other.session.code] is None


def test_somebody_else_tells_what_was_accepted(edition):
    row = an_accepted(edition)
    before, place = the_speaker(row), row.part.pk
    services.confirm(row, speaker=before, at=NOW)
    other = Speaker.objects.create(
        edition=edition, side="FR", given_name="Anne", family_name="Modèle", email="anne@example.org"
    )

    services.name_speaker(row, speaker=other, at=LATER, by=a_member_of_staff())

    row.refresh_from_db()
    before.refresh_from_db()
    assert (row.state, row.speaker, row.part.pk, before.state) == ("accepted", other, place, "asked")
    assert letters()[-2:] == [("speech_cancelled", before.email), ("please_confirm", "anne@example.org")]
    with pytest.raises(Refusal):
        services.name_speaker(row, speaker=other, at=LATER, by=None)
    with pytest.raises(Refusal):
        services.confirm(row, speaker=before, at=LATER)


def test_after_a_no_somebody_else_is_asked_and_the_first_hears_nothing_more(edition):
    row = an_accepted(edition)
    before = the_speaker(row)
    services.decline_to_speak(row, speaker=before, at=NOW)
    other = Speaker.objects.create(edition=edition, side="FR", family_name="Modèle", email="anne@example.org")

    services.name_speaker(row, speaker=other, at=LATER, by=None)
    services.confirm(row, speaker=other, at=LATER)

    row.refresh_from_db()
    assert (row.state, row.speaker_declined_at) == ("confirmed", None)
    assert "speech_cancelled" not in [event for event, _to in letters()]


def test_a_contribution_stands_where_its_part_does_and_its_people_are_told(edition):
    row = an_accepted(edition)
    services.confirm(row, speaker=the_speaker(row), at=NOW)
    first, other = row.session, a_workshop(edition, title_fr="Séance haute")
    first.refresh_from_db()
    mark = len(letters())

    services.set_running_order(first, [], version=first.version, at=LATER, by=None)
    row.refresh_from_db()
    assert row.session is None
    assert [f.code for f in checks.find(drafting.load(edition))].count("contribution_nowhere") == 1
    assert len(letters()) == mark
    part = services.Part(kind=PartKind.CONTRIBUTION, minutes=15, contribution=row)
    services.set_running_order(other, [part], version=other.version, at=LATER, by=None)

    row.refresh_from_db()
    assert row.session == other
    assert letters()[mark:] == [("speech_moved", the_speaker(row).email), ("speech_moved", row.email)]
    assert "Séance haute" in OutgoingEmail.objects.filter(event="program/speech_moved").first().text
    assert "contribution_nowhere" not in [f.code for f in checks.find(drafting.load(edition))]


def test_the_database_keeps_a_contribution_with_its_part(edition):
    row, other = an_accepted(edition), a_workshop(edition)

    SessionPart.objects.filter(contribution=row).update(session=other)
    row.refresh_from_db()
    assert row.session == other
    SessionPart.objects.filter(contribution=row).delete()

    row.refresh_from_db()
    assert row.session is None


def test_nobody_confirms_what_is_not_accepted_or_for_somebody_else(edition):
    row = a_proposed(edition)
    stranger = Speaker.objects.create(edition=edition, side="FR", family_name="Autre", function_fr="Maire")

    with pytest.raises(Refusal):
        services.confirm(row, speaker=the_speaker(row), at=LATER)
    with pytest.raises(Refusal):
        services.confirm(row, speaker=stranger, at=LATER)


def test_after_a_no_the_proposer_names_somebody_else(edition):
    row = an_accepted(edition)
    first = the_speaker(row)
    services.decline_to_speak(row, speaker=first, at=NOW)
    services.ask_for_changes(row, message="Qui d’autre ?", at=NOW, by=None)

    services.revise(row, a_practice(edition), version=1, at=LATER)

    assert the_speaker(row) != first
    first.refresh_from_db()
    assert (the_speaker(row).state, first.state) == ("asked", "declined")


# --- Leaving -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_withdrawn_contribution_leaves_the_programme_and_its_speaker_is_told(edition, confirmed):
    row = an_accepted(edition)
    workshop = row.session
    if confirmed:
        services.confirm(row, speaker=the_speaker(row), at=NOW)

    services.withdraw(row, at=LATER)

    row.refresh_from_db()
    assert (row.state, row.session, the_speaker(row).state) == ("withdrawn", None, "asked")
    assert not workshop.parts.exists()
    workshop.refresh_from_db()
    assert workshop.version == 3
    assert letters()[-2:] == [
        ("speech_cancelled", the_speaker(row).email),
        ("contribution_withdrawn", row.email),
    ]


def test_whoever_speaks_elsewhere_too_stays_named(edition):
    row = an_accepted(edition)
    services.confirm(row, speaker=the_speaker(row), at=NOW)
    SessionPart.objects.create(
        session=row.session, kind="speech", minutes=5, speaker=the_speaker(row), title_fr="Bilan"
    )

    services.withdraw(row, at=LATER)

    assert the_speaker(row).state == "confirmed"


def test_withdrawn_twice_is_withdrawn_once(edition):
    row = a_proposed(edition)

    for _unused in range(2):
        services.withdraw(row, at=LATER)

    assert actions(row).count("contribution_withdrawn") == 1


def test_every_move_outside_the_table_is_refused(edition):
    row = a_proposed(edition)
    for state in ContributionState:
        for target in ContributionState:
            row.state = state
            if target in CONTRIBUTION_MOVES[state]:
                row.move_to(target, at=LATER)
                assert row.state == target
            else:
                with pytest.raises(Refusal):
                    row.move_to(target, at=LATER)


# --- Addresses, erasure --------------------------------------------------------------------------------


def test_a_new_address_gets_the_link_and_speaks_for_the_speaker_who_is_the_same_person(edition):
    speaker = some_speaker(email="ines@example.org")
    row = a_proposed(edition, email="ines@example.org", practice=a_practice(edition, speaker=speaker))

    services.send_link(row, email="ines.neuve@example.org", at=LATER, by=None)

    row.refresh_from_db()
    assert row.email == the_speaker(row).email == "ines.neuve@example.org"
    assert letters()[-1] == ("contribution_link", "ines.neuve@example.org")


def test_a_year_after_the_edition_nobody_is_named_but_those_who_confirmed(edition):
    silent = a_proposed(edition)
    told = an_accepted(edition)
    services.confirm(told, speaker=the_speaker(told), at=NOW)
    last = dt.datetime.combine(edition.ends_on, dt.time(12), tzinfo=dt.UTC)

    kept = services.forget_proposers(edition, at=last + dt.timedelta(days=365))
    forgotten = services.forget_proposers(edition, at=last + dt.timedelta(days=366))
    again = services.forget_proposers(edition, at=last + dt.timedelta(days=367))

    assert (kept.contributions, forgotten.contributions, again.contributions) == (0, 2, 0)
    assert the_speaker(silent).family_name == ""
    assert the_speaker(told).family_name
    assert not OutgoingEmail.objects.exists()
    silent.refresh_from_db()
    assert (silent.family_name, silent.email, the_speaker(told).email) == ("—", "", "")
    assert "brouillon" not in silent.search_key


# --- The organisers write speakers ---------------------------------------------------------------------


def test_other_characters_are_confirmed_anew(edition):
    speaker = Speaker(edition=edition, side="CN", name_zh="王为民", function_fr="Maire")
    speaker = services.write_speaker(speaker, changed=["name_zh"], at=NOW, by=None)
    assert speaker.full_name == "Wang Weimin"
    speaker.pinyin_confirmed = True
    speaker = services.write_speaker(speaker, changed=["pinyin_confirmed"], at=NOW, by=None)
    assert speaker.pinyin_confirmed

    speaker.name_zh = "李示例"
    services.write_speaker(speaker, changed=["name_zh"], at=LATER, by=None)

    speaker.refresh_from_db()
    assert (speaker.full_name, speaker.pinyin_confirmed) == ("Li Shili", False)


def test_pinyin_that_somebody_wrote_is_not_replaced(edition):
    speaker = Speaker(edition=edition, side="CN", name_zh="单文", family_pinyin="Dan", function_fr="Maire")

    services.write_speaker(speaker, changed=["name_zh", "family_pinyin"], at=NOW, by=None)

    assert (speaker.family_pinyin, speaker.pinyin_confirmed) == ("Dan", False)


def test_a_form_that_stayed_open_does_not_take_a_yes_back(edition):
    row = an_accepted(edition)
    on_the_form = the_speaker(row)
    services.confirm(row, speaker=on_the_form, at=NOW)
    on_the_form.function_zh_hans = "旅游局局长"

    services.write_speaker(on_the_form, changed=["function_zh_hans"], at=LATER, by=None)

    assert (the_speaker(row).state, the_speaker(row).function_zh_hans) == ("confirmed", "旅游局局长")
