"""The programme as it stands in the database now, read in a constant number of queries; and counted on."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch

from assises.enums import AgreementStatus
from assises.models import Edition, Organisation
from assises.templatetags.typography import is_chinese
from program.enums import RETAINED, ContributionState, SessionKind, SpeakerState
from program.models import Contribution, FieldVisit, Room, Session, SessionPart, Speaker, Venue
from program.programme import (
    Credit,
    EditionFacts,
    Lead,
    Part,
    Programme,
    RoomFacts,
    SessionFacts,
    ThemeFacts,
    VenueFacts,
    Visit,
    Voice,
    Words,
    sessions_in_order,
)


def read(edition: Edition) -> Programme:
    """The programme in progress, without what was abandoned and without who declined."""
    sessions = (
        Session.objects.kept()
        .filter(edition=edition)
        .select_related("theme", "room", "visit")
        .prefetch_related(
            "leads__organisation",
            Prefetch(
                "parts",
                SessionPart.objects.select_related(
                    "speaker__organisation",
                    "workshop",
                    "contribution__organisation",
                    "contribution__counterpart",
                    "contribution__speaker__organisation",
                ),
            ),
        )
    )
    return Programme(
        edition=_edition(edition),
        themes=tuple(ThemeFacts(t.code, words(t, "name"), t.shape, t.colour) for t in edition.themes.all()),
        venues=tuple(_venue(v) for v in Venue.objects.filter(edition=edition)),
        rooms=tuple(_room(r) for r in Room.objects.filter(edition=edition).select_related("venue")),
        sessions=sessions_in_order(_session(s) for s in sessions),
    )


def since(
    programme: Programme, earlier: Programme | None, *, at: dt.datetime, read: Sequence[Programme] = ()
) -> Programme:
    """The programme with the number of changes of each item since ``earlier``, and what was dropped since.

    ``read`` is what its readers have read last, the latest at the end: what they never read is not told to be dropped.
    """
    gone: dict[str, SessionFacts] = {}
    there: dict[str, SessionFacts] = {}
    for past in filter(None, (*read, earlier)):
        for session in past.sessions:
            there[session.guid] = session
            gone.pop(session.guid, None)
        for session in past.dropped:
            gone[session.guid] = session
            there.pop(session.guid, None)

    def counted(session: SessionFacts) -> SessionFacts:
        old = there.get(session.guid)
        if old is None:
            was = gone.get(session.guid)
            return _later(session, was.sequence, at) if was else dataclasses.replace(session, changed_at=at)
        same = dataclasses.replace(session, sequence=old.sequence, changed_at=old.changed_at)
        assert earlier is not None
        stays = same == old and programme.place_of(session) == earlier.place_of(old)
        return same if stays else _later(session, old.sequence, at)

    sessions = tuple(counted(s) for s in programme.sessions)
    for session in sessions:
        gone.pop(session.guid, None)
        there.pop(session.guid, None)
    # Title and hour are enough to cancel an item; who was to speak there is nobody's business any more.
    gone |= {guid: _later(dataclasses.replace(s, parts=()), s.sequence, at) for guid, s in there.items()}
    known = {s.guid for past in read for s in (*past.sessions, *past.dropped)}
    return dataclasses.replace(
        programme, sessions=sessions, dropped=tuple(s for guid, s in gone.items() if guid in known)
    )


def _later(session: SessionFacts, sequence: int, at: dt.datetime) -> SessionFacts:
    return dataclasses.replace(session, sequence=sequence + 1, changed_at=at)


def words(instance: Any, name: str) -> Words:
    """A translated column in both languages."""
    return Words(getattr(instance, f"{name}_fr") or "", getattr(instance, f"{name}_zh_hans") or "")


def name_of(organisation: Organisation | None) -> Words:
    return words(organisation, "name") if organisation else Words()


def _edition(edition: Edition) -> EditionFacts:
    return EditionFacts(
        code=edition.code,
        number=edition.number,
        name=words(edition, "name"),
        short_name=words(edition, "short_name"),
        city=words(edition, "city"),
        venue_name=words(edition, "venue_name"),
        venue_address=edition.venue_address,
        starts_on=edition.starts_on,
        ends_on=edition.ends_on,
        time_zone=edition.time_zone,
        host=name_of(edition.host),
        guest_of_honour=name_of(edition.guest_of_honour),
        contact_email=edition.contact_email,
        contact_phone=edition.contact_phone,
        credits=tuple(
            Credit(name_of(c.organisation), c.role, words(c, "title"))
            for c in edition.credits.select_related("organisation")
        ),
    )


def _venue(venue: Venue) -> VenueFacts:
    return VenueFacts(
        venue.code, words(venue, "name"), venue.address, words(venue, "directions"), venue.travel_minutes
    )


def _room(room: Room) -> RoomFacts:
    return RoomFacts(
        room.code,
        words(room, "name"),
        room.venue.code,
        room.capacity,
        room.is_accessible,
        words(room, "equipment"),
    )


def _session(session: Session) -> SessionFacts:
    return SessionFacts(
        guid=str(session.guid),
        code=session.code,
        short_code=session.short_code,
        title=words(session, "title"),
        summary=words(session, "summary"),
        kind=session.kind,
        theme=session.theme.code if session.theme else "",
        day=session.day,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        time_is_flexible=session.time_is_flexible,
        room=session.room.code if session.room else "",
        status=session.status,
        audience=session.audience,
        invited_by=words(session, "invited_by"),
        invited=words(session, "invited"),
        languages=session.languages,
        interpretation=session.interpretation,
        seats=session.seats,
        # A visit that is not on offer is of the group too, but readers have nothing to choose.
        choice_group=""
        if session.kind == SessionKind.VISIT and not session.on_form
        else session.choice_group,
        leads=tuple(
            Lead(lead.side, name_of(lead.organisation), lead.confirmed_on is not None)
            for lead in session.leads.all()
        ),
        parts=tuple(part for p in session.parts.all() if (part := _part(p)) is not None),
        visit=_visit(session.visit) if hasattr(session, "visit") else None,
    )


def _part(part: SessionPart) -> Part | None:
    """None for what is not to be told: a contribution not retained, a report on what was abandoned."""
    contribution = part.contribution
    if contribution is not None and contribution.state not in RETAINED:
        return None
    if part.workshop is not None and part.workshop.status == AgreementStatus.ABANDONED:
        return None
    speaker, answer = part.voice or (None, None)
    if answer == SpeakerState.DECLINED:
        speaker = None
    return Part(
        kind=part.kind,
        title=words(part, "title") or (words(contribution, "title") if contribution else Words()),
        minutes=part.minutes,
        confirmed=contribution.state == ContributionState.CONFIRMED
        if contribution
        else speaker is None or answer == SpeakerState.CONFIRMED,
        voice=_voice(speaker, named=answer == SpeakerState.CONFIRMED) if speaker else None,
        authority=_authority(contribution) if contribution else None,
        counterpart=name_of(contribution.counterpart) if contribution and contribution.counterpart else None,
        workshop=part.workshop.code if part.workshop else "",
    )


def _authority(contribution: Contribution) -> Words:
    """As it is listed; else as it was typed, in the language in which it was."""
    typed = contribution.organisation_name
    return name_of(contribution.organisation) or (
        Words(zh=typed) if is_chinese(contribution.original) else Words(fr=typed)
    )


def _voice(speaker: Speaker, *, named: bool) -> Voice:
    return Voice(
        side=speaker.side,
        name=speaker.printed_name if named else "",
        name_zh=speaker.name_zh if named else "",
        function=words(speaker, "function"),
        organisation=name_of(speaker.organisation),
    )


def _visit(visit: FieldVisit) -> Visit:
    return Visit(
        place=words(visit, "place"),
        programme=words(visit, "programme"),
        distance_km=visit.distance_km,
        travel_minutes=visit.travel_minutes,
        duration_minutes=visit.duration_minutes,
        is_accessible=visit.is_accessible,
        accessibility=words(visit, "accessibility"),
        identity_document=visit.identity_document,
        origin=visit.origin,
        origin_side=visit.origin_side,
        verdict_french=visit.verdict_french,
        verdict_chinese=visit.verdict_chinese,
        is_kept=visit.is_kept,
        decision_note=words(visit, "decision_note"),
    )
