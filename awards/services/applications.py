"""A pair begins its application, writes in it together, submits it, and may take it back until the deadline."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import constraints, files, journal
from assises.canonical import hash_of
from assises.enums import Side
from assises.exceptions import Refusal
from assises.models import Organisation, OutgoingEmail
from assises.text import fold
from awards import letters
from awards.completeness import film_of, gaps_of
from awards.deadlines import closing_of, end_of, is_in_time, is_open, why_not
from awards.enums import ApplicationState, Phase
from awards.models import Application, Call, Category, Editor, Partner
from awards.services.phases import held

P = ParamSpec("P")
T = TypeVar("T")

constraints.declare(
    {
        "awards_application_moves": gettext_lazy(
            "This application has gone on meanwhile. Open its page again."
        ),
        "awards_application_stays": gettext_lazy("What was submitted stays as it is."),
        "awards_application_complete": gettext_lazy("Something that the rules ask for is missing."),
        "awards_application_decided_by_both": gettext_lazy("Both secretaries decide it, and find the same."),
        "awards_partner_of_its_side": gettext_lazy("This authority is of the other side."),
        "awards_secretaryopinion_by_a_secretary": gettext_lazy(
            "The secretary of that side says it, while applications are looked at."
        ),
    }
)


class ChangedMeanwhile(Refusal):
    """Somebody else has saved this page since it was opened. Nothing was written."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody else has changed this since you opened it. Nothing of yours is saved yet: compare both, then save again."
            )
        )


class SentAlready(Refusal):
    """The same form was sent before with other answers: somebody went back, and mended an address or a name."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This form was sent already, and an application is begun with other answers: its link went to the address given then. To begin another one with these answers, send the form again."
            )
        )


class Late(Refusal):
    """It came after the deadline, by the clock of the server."""


@dataclass(frozen=True)
class Authority:
    """An authority as it was given: one of our list, or by its name."""

    organisation: Organisation | None
    name: str
    side: str

    @property
    def said(self) -> tuple[int | None, str]:
        return (self.organisation.pk, "") if self.organisation else (None, self.name)


@dataclass(frozen=True)
class Person:
    """Somebody of the pair, who receives our letters."""

    given_name: str
    family_name: str
    email: str
    language: str
    side: str


@dataclass(frozen=True)
class Pair:
    """Who applies, and in which category. Others may join the two that lead."""

    category: Category
    french: Authority
    chinese: Authority
    others: Sequence[Authority] = ()

    def partners(self) -> list[tuple[Authority, bool]]:
        return [(self.french, True), (self.chinese, True), *((other, False) for other in self.others)]


def said_in_words(service: Callable[P, T]) -> Callable[P, T]:
    """What the database refuses is a ``Refusal``: an authority that was deleted meanwhile, another partnership first."""

    @wraps(service)
    def told(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return service(*args, **kwargs)
        except IntegrityError as error:
            raise Refusal(constraints.sentence_of(error)) from error

    return told


# --- Beginning -------------------------------------------------------------------------------------------


@said_in_words
@transaction.atomic
def begin(
    call: Call, pair: Pair, person: Person, *, original: str, key: uuid.UUID, at: dt.datetime
) -> tuple[Application, Editor]:
    """Begin a draft, and send its link. The same form sent twice (``key``) is one application; with other answers it is
    another one, which is asked (``SentAlready``).

    Refuses while the call is not open, and a category that nobody applies for.
    """
    known = _begun_with(key, pair, person)
    if known is not None:
        return known.application, known
    _refuse_closed(call, at)
    _check_category(call, pair.category)
    row = Application(
        call=call, category=pair.category, original=original, key=key, begun_at=at, state_since=at
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        # The same form, sent on another connection at the same instant.
        known = _begun_with(key, pair, person)
        if known is None:
            raise
        return known.application, known
    _write_partners(row, pair)
    editor = Editor.objects.create(application=row, began=True, added_at=at, **vars(person))
    keep(row)
    journal.write([journal.entry(row, "application_begun", at=at, original=original, side=person.side)])
    letters.to_editor("application_begun", row, editor, at=at)
    return row, editor


def _begun_with(key: uuid.UUID, pair: Pair, person: Person) -> Editor | None:
    """Who began an application with this form; raises ``SentAlready`` where it said something else."""
    editors = Editor.objects.filter(application__key=key, began=True)
    known = editors.select_related("application__category").first()
    if known is None:
        return None
    same = all(getattr(known, name) == value for name, value in vars(person).items())
    if not same or _said(known.application) != _given(pair):
        raise SentAlready
    return known


# --- Writing, together -----------------------------------------------------------------------------------


def seen_of_pair(row: Application) -> str:
    """A hash of what the step of the pair says: it comes back with the form, and tells whether it changed meanwhile."""
    return hash_of(
        [row.category_id, *([p.side, p.leads, p.organisation_id, p.name] for p in row.partners.all())]
    )


def seen_of_project(row: Application) -> str:
    return row.original_digest


def seen_of_rights(row: Application) -> str:
    return hash_of([row.people_agree, row.music, row.rights_note])


@said_in_words
@transaction.atomic
def write_pair(row: Application, pair: Pair, *, seen: str, at: dt.datetime, by: Editor) -> Application:
    """Keep who applies. Raises ``ChangedMeanwhile`` where somebody else has saved something else since ``seen``."""
    row = writable(row, at, by)
    _check_category(row.call, pair.category)
    if _given(pair) == _said(row):
        return row
    if row.state != ApplicationState.DRAFT:
        raise Refusal(_("Who applies, and in which category, stays as it was submitted."))
    _check_seen(seen, seen_of_pair(row))
    row.category = pair.category
    row.partners.all().delete()
    _write_partners(row, pair)
    return written(row, "pair", at=at, by=by)


@transaction.atomic
def write_project(
    row: Application, texts: dict[str, str], *, seen: str, at: dt.datetime, by: Editor
) -> Application:
    """Keep the texts of the project, in the language of the application; as ``write_pair``."""
    row = writable(row, at, by)
    if row.original_texts() == texts:
        return row
    _check_seen(seen, seen_of_project(row))
    row.write(row.original, texts)
    return written(row, "project", at=at, by=by)


@transaction.atomic
def write_rights(
    row: Application,
    *,
    people_agree: bool,
    music: str,
    rights_note: str,
    seen: str,
    at: dt.datetime,
    by: Editor,
) -> Application:
    """Keep what the pair says of the rights of people and of music; as ``write_pair``."""
    row = writable(row, at, by)
    if (row.people_agree, row.music, row.rights_note) == (people_agree, music, rights_note):
        return row
    _check_seen(seen, seen_of_rights(row))
    row.people_agree, row.music, row.rights_note = people_agree, music, rights_note
    return written(row, "rights", at=at, by=by)


# --- Submitting ------------------------------------------------------------------------------------------


def submit(row: Application, *, version: int, at: dt.datetime, by: Editor) -> Application:
    """Hand the application in, having accepted ``version`` of the rules, and send the receipt to the whole pair.

    Late to the second is late, by the clock of the server (``at``): raises ``Late``, and notes by how much. Refuses
    what lacks something, another version of the rules than the one in force, and a second application of a partnership
    where the rules allow one. What was to be completed goes back to the secretaries. Asking twice changes nothing.
    """
    try:
        return _submit(row, version=version, at=at, by=by)
    except Late:
        due = end_of(row)
        # Once: somebody who presses again is as late as before.
        if due is not None and at >= due and not journal.of(row).filter(action="application_late").exists():
            seconds = int((at - due).total_seconds())
            journal.write([journal.entry(row, "application_late", at=at, seconds=seconds, editor=by.pk)])
        raise


@said_in_words
@transaction.atomic
def _submit(row: Application, *, version: int, at: dt.datetime, by: Editor) -> Application:
    call = held(row.call)
    row = of_the_pair(row, by)
    if row.state == ApplicationState.SUBMITTED:
        return row
    refuse_unwritable(row, at)
    completes = row.state == ApplicationState.TO_COMPLETE
    in_force = call.rules.in_force().first()
    if in_force is None or in_force.version != version:
        raise Refusal(_("New rules are in force since you opened this page. Read them, then submit again."))
    gaps = gaps_of(row)
    if gaps:
        raise Refusal(gaps[0].sentence)
    _find_in_our_list(row)
    row.rules = in_force
    row.number = row.number or (call.applications.aggregate(last=Max("number"))["last"] or 0) + 1
    row.pair_key = _pair_key(row) if call.one_per_partnership else ""
    if completes:
        row.completed_at, row.round = at, row.round + 1
    else:
        row.submitted_at, row.deadline = at, closing_of(call)
    row.move_to(ApplicationState.SUBMITTED, at=at)
    _refuse_second(row)
    keep(row)
    journal.write(
        [journal.entry(row, "application_submitted", at=at, number=row.number, rules=version, editor=by.pk)]
    )
    letters.to_editors("application_submitted", row, at=at)
    return row


@transaction.atomic
def take_back(row: Application, *, at: dt.datetime, by: Editor) -> Application:
    """Make a submitted application a draft again, until the deadline. Refuses afterwards. Asking twice changes nothing."""
    row = of_the_pair(row, by)
    if row.state == ApplicationState.DRAFT:
        return row
    if row.state != ApplicationState.SUBMITTED or row.round > 1 or not is_open(row.call, at):
        raise Refusal(
            _("The call has closed: what was submitted is no longer taken back. It can be withdrawn.")
        )
    row.move_to(ApplicationState.DRAFT, at=at)
    row.save(update_fields=["state", "state_since"])
    journal.write([journal.entry(row, "application_taken_back", at=at, editor=by.pk)])
    letters.to_editors("application_taken_back", row, at=at)
    return row


@transaction.atomic
def delete_draft(row: Application, *, at: dt.datetime, by: Editor) -> None:
    """Erase a draft with its people and its files, at any time. Refuses what was submitted: that is withdrawn."""
    row = of_the_pair(row, by)
    if row.state != ApplicationState.DRAFT:
        raise Refusal(_("This application was submitted: it can be taken back, or withdrawn."))
    erase(row)
    journal.write([journal.entry(row.call, "application_deleted", at=at)])


@transaction.atomic
def withdraw(row: Application, *, at: dt.datetime, by: Editor) -> Application:
    """Give an application up for good. Refuses a draft, which needs nothing, and any once the jury deliberates."""
    held(row.call)
    row = of_the_pair(row, by)
    if row.state == ApplicationState.WITHDRAWN:
        return row
    if row.call.has_reached(Phase.DELIBERATION):
        raise Refusal(
            _("The jury deliberates: an application is no longer withdrawn here. Write to the organisers.")
        )
    row.move_to(ApplicationState.WITHDRAWN, at=at)
    row.save(update_fields=["state", "state_since"])
    journal.write([journal.entry(row, "application_withdrawn", at=at, editor=by.pk)])
    letters.to_editors("application_withdrawn", row, at=at)
    return row


# --- For all services of applications --------------------------------------------------------------------


def writable(row: Application, at: dt.datetime, by: Editor) -> Application:
    """The application as it is now, held until the transaction ends.

    Refuses what its pair may not write in any more, and somebody who was taken out meanwhile.
    """
    row = of_the_pair(row, by)
    refuse_unwritable(row, at)
    return row


def of_the_pair(row: Application, by: Editor) -> Application:
    """The application as it is now, held until the transaction ends. Refuses somebody who was taken out meanwhile."""
    row = Application.objects.held(row.pk)
    if not row.editors.filter(pk=by.pk).exists():
        raise Refusal(_("You no longer write in this application."))
    return row


def refuse_unwritable(row: Application, at: dt.datetime) -> None:
    if not row.is_writable:
        raise Refusal(
            _("This application is “%(state)s”: it cannot be changed any more.")
            % {"state": row.get_state_display()}
        )
    if not is_in_time(row, at):
        raise Late(why_not(row.call, end_of(row), at))


def written(row: Application, what: str, *, at: dt.datetime, by: Editor) -> Application:
    """Keep a change of a held application; the journal says what, and who of the pair."""
    keep(row)
    journal.write([journal.entry(row, "application_written", at=at, what=what, editor=by.pk)])
    return row


def erase(row: Application) -> None:
    """Delete an application with its files, its letters and what the journal says of it; the caller holds it."""
    keys = [attachment.key for attachment in row.attachments.all()]
    film = film_of(row)
    files.delete_after_commit(*keys, *([film.key] if film else []))
    OutgoingEmail.objects.filter(key__startswith=f"application:{row.key}:").delete()
    row.delete()


def keep(row: Application) -> None:
    row.fill_search_key()
    row.save()


def _refuse_closed(call: Call, at: dt.datetime) -> None:
    if not is_open(call, at):
        raise Refusal(why_not(call, closing_of(call), at))


def _check_category(call: Call, category: Category) -> None:
    if category.call_id != call.pk or category.theme_id is None:
        raise Refusal(_("Nobody applies for a mention: choose the category of a theme."))


def _given(pair: Pair) -> tuple[int, set[object]]:
    return pair.category.pk, {(a.side, leads, *a.said) for a, leads in pair.partners()}


def _said(row: Application) -> tuple[int, set[object]]:
    partners = row.partners.all()
    return row.category_id, {
        (p.side, p.leads, p.organisation_id, "" if p.organisation_id else p.name) for p in partners
    }


def _check_seen(seen: str, now: str) -> None:
    if seen != now:
        raise ChangedMeanwhile


def _write_partners(row: Application, pair: Pair) -> None:
    for authority, side in ((pair.french, Side.FRENCH), (pair.chinese, Side.CHINESE)):
        if authority.side != side:
            raise Refusal(_("%(authority)s is of the other side.") % {"authority": authority.name})
    known: set[object] = set()
    for authority, leads in pair.partners():
        said = (authority.said[0], fold(authority.said[1]))
        if said in known:
            raise Refusal(_("%(authority)s is named twice.") % {"authority": authority.name})
        known.add(said)
        Partner.objects.create(
            application=row,
            organisation=authority.organisation,
            name=authority.name,
            side=authority.side,
            leads=leads,
        )


def _find_in_our_list(row: Application) -> None:
    """An authority that was written by its name is the one of our list that is called so: ties and partnerships know it."""
    partners = list(row.partners.all())
    known = {partner.organisation_id for partner in partners}
    for partner in partners:
        if partner.organisation_id is None:
            found = Organisation.objects.called(partner.name, partner.side)
            if found is not None and found.pk not in known:
                partner.organisation = found
                partner.save(update_fields=["organisation"])
                known.add(found.pk)


def _pair_key(row: Application) -> str:
    """The same for the same two leading authorities, whoever begins the application."""
    leading = {partner.side: partner.identity for partner in row.partners.all() if partner.leads}
    return hash_of([leading[side] for side in Side])


def _refuse_second(row: Application) -> None:
    """Say which application of this partnership is there already; the database holds it against two at once."""
    if not row.pair_key:
        return
    other = (
        Application.objects.arrived().filter(call=row.call, pair_key=row.pair_key).exclude(pk=row.pk).first()
    )
    if other is not None:
        raise Refusal(
            _(
                "Your partnership has submitted an application already, number %(number)d: the rules allow one. If you do not know of it, write to the organisers."
            )
            % {"number": other.number}
        )
