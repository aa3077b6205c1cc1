"""Speakers: written down by whoever proposes them, named by the organisers, heard from themselves."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assises import journal
from assises.enums import Side
from assises.exceptions import Refusal
from assises.models import User
from program import letters, names
from program.enums import RETAINED, ContributionState, SpeakerState
from program.models import Contribution, Speaker


@dataclass(frozen=True)
class SpeakerDetails:
    """Who is to speak, as a form gives it: names in the script in which they were typed."""

    given_name: str
    family_name: str
    function: str
    email: str
    language: str
    name_zh: str = ""


def columns(details: SpeakerDetails, *, side: str, original: str) -> dict[str, Any]:
    """The values of a speaker's row. ``original`` is the language of the function; pinyin is proposed, not confirmed."""
    in_hanzi = names.is_hanzi(details.family_name + details.given_name)
    name_zh = details.name_zh or (details.family_name + details.given_name if in_hanzi else "")
    length = len(details.family_name) if in_hanzi and not details.name_zh else names.family_length(name_zh)
    values: dict[str, Any] = {
        "side": side,
        "name_zh": name_zh,
        "family_name_zh_length": length,
        "email": details.email,
        "language": details.language,
        "function_zh_hans" if original == "zh-hans" else "function_fr": details.function,
    }
    latin = ("", "") if in_hanzi else (details.given_name, details.family_name)
    if side == Side.FRENCH:
        return {**values, "given_name": latin[0], "family_name": latin[1]}
    proposed = names.propose(name_zh, length)
    return {
        **values,
        "family_pinyin": latin[1] or proposed.family,
        "given_pinyin": latin[0] or proposed.given,
    }


def differs(row: Contribution, details: SpeakerDetails) -> bool:
    """Whether these are other details than those of the contribution's speaker."""
    return any(getattr(row.speaker, name, None) != value for name, value in _values(row, details).items())


def revised(row: Contribution, details: SpeakerDetails) -> Speaker:
    """The speaker of a contribution with these details, not yet saved.

    Whoever has answered already, or speaks elsewhere too, is left as is: the contribution gets another speaker.
    """
    values, speaker = _values(row, details), row.speaker
    if speaker is None or not _is_only_of(speaker, row):
        speaker = Speaker(edition_id=row.edition_id, organisation=row.organisation)
    if speaker.name_zh != values["name_zh"]:
        speaker.pinyin_confirmed = False
    for name, value in values.items():
        setattr(speaker, name, value)
    return speaker


def _values(row: Contribution, details: SpeakerDetails) -> dict[str, Any]:
    """As ``columns``; where the characters are the same, pinyin that a person confirmed stays."""
    values = columns(details, side=row.side, original=row.original)
    speaker = row.speaker
    if speaker is not None and speaker.pinyin_confirmed and speaker.name_zh == values["name_zh"]:
        confirmed = ("family_pinyin", "given_pinyin", "family_name_zh_length")
        return {name: value for name, value in values.items() if name not in confirmed}
    return values


def _is_only_of(speaker: Speaker, row: Contribution) -> bool:
    elsewhere = speaker.contributions.exclude(pk=row.pk).exists() or speaker.parts.exists()
    return speaker.state == SpeakerState.ASKED and not speaker.code and not elsewhere


def ask(speaker: Speaker, *, at: dt.datetime, by: User | None) -> None:
    """Ask somebody who has not said yes; whoever declined before is asked anew."""
    if speaker.state == SpeakerState.DECLINED:
        _turn(speaker, SpeakerState.ASKED, at=at, by=by)


def release(row: Contribution, *, at: dt.datetime, by: User | None, author_is_told: bool) -> None:
    """Somebody no longer tells a contribution, and is named no more unless speaking elsewhere.

    A letter says so, unless the author is the same person and hears of it in another one.
    """
    speaker = row.speaker
    if speaker is None:
        return
    elsewhere = (
        speaker.parts.exists()
        or speaker.contributions.exclude(pk=row.pk).filter(state=ContributionState.CONFIRMED).exists()
    )
    if speaker.state == SpeakerState.CONFIRMED and not elsewhere:
        _turn(speaker, SpeakerState.ASKED, at=at, by=by)
    if not (author_is_told and letters.one_reader(row)):
        letters.to_speaker("speech_cancelled", row, at=at)


def _turn(
    speaker: Speaker, state: SpeakerState, *, at: dt.datetime, by: User | None = None, reason: str = ""
) -> None:
    speaker.state, speaker.state_since = state, at
    speaker.save(update_fields=["state", "state_since"])
    journal.write([journal.entry(speaker, f"speaker_{state}", at=at, by=by, reason=reason)])


# --- What the speaker says -------------------------------------------------------------------------------


@transaction.atomic
def confirm(contribution: Contribution, *, speaker: Speaker, at: dt.datetime) -> Contribution:
    """The speaker says yes: only now is an accepted contribution confirmed. Asking twice changes nothing.

    Refuses while nothing is accepted, and somebody in whose place another one speaks now.
    """
    row = _asked(contribution, speaker)
    assert row.speaker is not None
    if row.state == ContributionState.CONFIRMED:
        return row
    if not (row.speaker.family_name or row.speaker.name_zh):
        raise Refusal(_("Your name is missing in our programme: write to us, then confirm."))
    row.move_to(ContributionState.CONFIRMED, at=at)
    row.save(update_fields=["state", "state_since", "speaker_declined_at"])
    if row.speaker.state != SpeakerState.CONFIRMED:
        _turn(row.speaker, SpeakerState.CONFIRMED, at=at)
    journal.write([journal.entry(row, "contribution_confirmed", at=at)])
    letters.to_speaker("speech_confirmed", row, at=at)
    if not letters.one_reader(row):
        letters.to_proposer("contribution_confirmed", row, at=at)
    return row


@transaction.atomic
def decline_to_speak(
    contribution: Contribution, *, speaker: Speaker, at: dt.datetime, reason: str = ""
) -> Contribution:
    """The speaker says no: the contribution stays accepted, and the organisers see that it has nobody to tell it.

    Asking twice changes nothing. Refuses whoever has confirmed: that is spoken over with the organisers.
    """
    row = _asked(contribution, speaker)
    assert row.speaker is not None
    if row.state == ContributionState.CONFIRMED:
        raise Refusal(_("You have confirmed. If you cannot come after all, write to us or call us."))
    if row.state != ContributionState.ACCEPTED:
        raise Refusal(_("Nobody waits for your answer at present."))
    if row.speaker_declined_at is None:
        row.speaker_declined_at = at
        row.save(update_fields=["speaker_declined_at"])
        journal.write([journal.entry(row, "contribution_speaker_declined", at=at, reason=reason)])
        if row.speaker.state != SpeakerState.DECLINED and not _speaks_elsewhere(row.speaker, row):
            _turn(row.speaker, SpeakerState.DECLINED, at=at, reason=reason)
        if not letters.one_reader(row):
            letters.to_proposer("speaker_declined", row, at=at)
    return row


def _speaks_elsewhere(speaker: Speaker, row: Contribution) -> bool:
    """Whether somebody who says no to this contribution speaks, or may still speak, in another part."""
    others = speaker.contributions.exclude(pk=row.pk).filter(state__in=RETAINED, speaker_declined_at=None)
    return others.exists() or speaker.parts.exists()


def _asked(contribution: Contribution, speaker: Speaker) -> Contribution:
    row = Contribution.objects.held(contribution.pk)
    if row.speaker_id != speaker.pk:
        raise Refusal(_("Somebody else is to speak now."))
    return row


# --- What the organisers write ---------------------------------------------------------------------------


@transaction.atomic
def write_speaker(speaker: Speaker, *, changed: Collection[str], at: dt.datetime, by: User | None) -> Speaker:
    """Keep a speaker as the organisers wrote it; ``changed`` names the fields that they changed.

    Pinyin that is missing is proposed. Other characters are another name: their pinyin is confirmed anew.
    """
    is_new = speaker.pk is None
    if not is_new:
        # What the person has answered meanwhile stays: only what was changed on the form is written.
        current = Speaker.objects.select_for_update(no_key=True).get(pk=speaker.pk)
        for name in changed:
            setattr(current, name, getattr(speaker, name))
        speaker = current
    if {"name_zh", "family_name_zh_length"} & set(changed):
        speaker.pinyin_confirmed = False
        if not {"family_pinyin", "given_pinyin"} & set(changed):
            speaker.family_pinyin = speaker.given_pinyin = ""
    if speaker.side == Side.CHINESE and not (speaker.family_pinyin or speaker.given_pinyin):
        proposed = names.propose(speaker.name_zh, speaker.family_name_zh_length)
        speaker.family_pinyin, speaker.given_pinyin = proposed.family, proposed.given
        speaker.pinyin_confirmed = False
    if is_new or "state" in changed:
        speaker.state_since = at
    speaker.save()
    action = "speaker_added" if is_new else "speaker_changed"
    journal.write([journal.entry(speaker, action, at=at, by=by, fields=sorted(changed))])
    return speaker
