"""The minutes of the jury are begun, worded, written, signed and amended."""

import datetime as dt
import logging

from celery import current_app
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import constraints, files, journal
from assises.canonical import hash_of
from assises.enums import Side
from assises.exceptions import Refusal
from assises.models import User
from awards import letters, sealing
from awards.enums import SIGNING, Phase, SealKind
from awards.minutes import content_of
from awards.minutes.document import minutes_pdf
from awards.models import Call, JuryMember, JuryMinutes, MinutesSignature
from awards.rights import seat_of, secretary
from awards.services.phases import held
from awards.services.sittings import in_two_languages
from awards.wording import Wording

logger = logging.getLogger(__name__)

#: Characters of the remarks, in each language.
REMARKS = 4000

constraints.declare(
    {
        "awards_signature_of_the_four": gettext_lazy(
            "Both co-presidents and both secretaries sign the minutes, as they stand now."
        ),
        "awards_signature_stays": gettext_lazy("These minutes are signed by all: they stay as they are."),
        "awards_jury_stays": gettext_lazy(
            "The jury deliberates, or its results are sealed: nobody joins it now. Its members may change roles."
        ),
        "awards_minutes_stay": gettext_lazy("These minutes are signed by all: they stay as they are."),
        "awards_minutes_of_sealed_results": gettext_lazy(
            "Minutes are written once the results are sealed; afterwards they are amended."
        ),
        "awards_minutes_signed_by_four": gettext_lazy("Minutes are signed by all four, or they are a draft."),
        "awards_published_with_minutes": gettext_lazy("Results are released once their minutes are signed."),
    }
)


@transaction.atomic
def begin_minutes(call: Call, *, at: dt.datetime, by: User) -> JuryMinutes:
    """A secretary has the first minutes written. Refuses anybody else, before the results are sealed, and twice."""
    call = held(call)
    member = _secretary(call, by)
    if call.minutes.exists():
        raise Refusal(_("The minutes of the jury are begun already."))
    return _begin(call, member, None, Wording("", ""), at=at)


@transaction.atomic
def amend_minutes(minutes: JuryMinutes, reason: Wording, *, at: dt.datetime, by: User) -> JuryMinutes:
    """A secretary begins minutes that amend those that stand; what was signed stays beside them.

    Refuses anybody else, one language alone, and what is a draft or amended already.
    """
    call = held(minutes.call)
    member = _secretary(call, by)
    stands = call.minutes.signed().first()
    if stands is None or stands.pk != minutes.pk or call.minutes.in_draft().exists():
        raise Refusal(_("Only the minutes that stand are amended, once."))
    return _begin(call, member, stands, in_two_languages(reason), at=at)


@transaction.atomic
def give_up_amendment(minutes: JuryMinutes, *, at: dt.datetime, by: User) -> None:
    """A secretary gives up an amendment that is not signed by all. Refuses the first minutes."""
    call, row = _held(minutes)
    _secretary(call, by)
    if row.is_signed or row.amends_id is None:
        raise Refusal(_("Only an amendment that is not signed by all is given up."))
    journal.write([journal.entry(call, "minutes_given_up", at=at, by=by, number=row.label)])
    row.signatures.all().delete()
    _forget_document(row)
    row.delete()


@transaction.atomic
def write_remarks(minutes: JuryMinutes, text: Wording, *, at: dt.datetime, by: User) -> JuryMinutes:
    """A secretary adds points of the debate, without names, in both languages; the minutes are written anew.

    Signatures of other words no longer count. Two empty texts take the remarks out. Refuses anybody else, one language
    alone, and minutes that are signed by all.
    """
    call, row = _held(minutes)
    _secretary(call, by)
    if row.is_signed:
        raise Refusal(_("These minutes are signed by all: they stay as they are."))
    if text.fr.strip() or text.zh_hans.strip():
        text = in_two_languages(text, most=REMARKS)
    row.remarks_fr, row.remarks_zh_hans = text.fr.strip(), text.zh_hans.strip()
    _to_be_written(row)
    journal.write([journal.entry(row, "minutes_worded", at=at, by=by)])
    return row


@transaction.atomic
def sign_minutes(minutes: JuryMinutes, *, digest: str, at: dt.datetime, by: User) -> JuryMinutes:
    """A co-president or a secretary signs what has this hash; the fourth signature makes it the minutes, for good.

    Signing twice changes nothing. Refuses anybody else, minutes that are not written, and a text that has changed.
    """
    call, row = _held(minutes)
    member = seat_of(call, by)
    if member is None or member.role not in SIGNING or not member.has_pledged:
        raise Refusal(
            _("Both co-presidents and both secretaries of the jury sign its minutes, and nobody else.")
        )
    if row.content is None:
        raise Refusal(_("The minutes are still being written: sign them in a moment."))
    if digest != row.digest:
        raise Refusal(_("The minutes were changed since you opened this page. Read them again, then sign."))
    if hash_of(row.content) != row.digest:
        raise Refusal(
            _("These minutes are not what was written: keep the remarks again, and they are written anew.")
        )
    four = {m["id"] for m in row.content["members"] if m["role"] in SIGNING}
    if not row.is_signed and four != set(call.jury.signing().values_list("pk", flat=True)):
        raise Refusal(
            _("The jury has changed since: a secretary keeps the remarks again, and they are written anew.")
        )
    if row.is_signed or row.signatures.filter(member=member, digest=digest).exists():
        return row
    row.signatures.filter(member=member).delete()
    MinutesSignature.objects.create(minutes=row, member=member, digest=digest, at=at)
    journal.write([journal.entry(row, "minutes_signed", at=at, by=by, side=member.side, digest=digest)])
    if {(s.member.side, s.member.role) for s in valid_signatures(row)} == {
        (s, r) for s in Side for r in SIGNING
    }:
        _conclude(call, row, at=at)
    return row


def valid_signatures(minutes: JuryMinutes) -> list[MinutesSignature]:
    """Those of the words that stand now, by whoever signs."""
    found = minutes.signatures.filter(digest=minutes.digest, member__role__in=SIGNING)
    return list(found.select_related("member__user"))


def write_minutes(*, at: dt.datetime) -> int:
    """Write all minutes that wait to be, and make their documents, also those that were lost; how many documents.

    May run twice, and side by side. What they say is kept before the document is made, so that they are read and signed
    where that fails. Raises what went wrong with the last one of them, once the others are done; the page says that it did.
    """
    trouble: Exception | None = None
    done = 0
    for row in JuryMinutes.objects.exclude(document=None).defer("content"):
        if row.document is not None and not files.path_of(row.document).exists():
            JuryMinutes.objects.filter(pk=row.pk, document=row.document).update(document=None)
    for pk in JuryMinutes.objects.unwritten().values_list("pk", flat=True):
        try:
            write_content(pk, at=at)
            done += _make_document(pk, at=at)
        except Exception as error:
            logger.exception("The minutes %s of the jury could not be made.", pk)
            JuryMinutes.objects.filter(pk=pk).update(trouble=type(error).__name__)
            trouble = error
    if trouble is not None:
        raise trouble
    return done


@transaction.atomic
def write_content(pk: int, *, at: dt.datetime) -> None:
    """Write what minutes say, if they wait for it, and tell the four."""
    row = _waiting(pk)
    if row is None or row.content is not None:
        return
    row.content = content_of(row)
    row.digest, row.written_at = hash_of(row.content), at
    row.save(update_fields=["content", "digest", "written_at"])
    letters.minutes_to_sign(row, at=at)


@transaction.atomic
def _make_document(pk: int, *, at: dt.datetime) -> bool:
    row = _waiting(pk)
    if row is None or row.content is None:
        return False
    row.document, row.trouble = files.put([minutes_pdf(row, valid_signatures(row))]), ""
    row.save(update_fields=["document", "trouble"])
    journal.write([journal.entry(row, "minutes_document", at=at, digest=files.digest_of(row.document))])
    return True


def _waiting(pk: int) -> JuryMinutes | None:
    """Minutes without a document, which nobody else writes until the transaction ends; None where there is nothing to do."""
    found = JuryMinutes.objects.unwritten().select_for_update(of=("self",), skip_locked=True, no_key=True)
    return found.select_related("call__edition", "amends__call__edition").filter(pk=pk).first()


def _secretary(call: Call, user: User) -> JuryMember:
    member = secretary(call, user)
    if not member.has_pledged:
        raise Refusal(_("Sign the pledge first."))
    if not call.has_reached(Phase.SEALED):
        raise Refusal(_("Minutes are written once the results are sealed; afterwards they are amended."))
    return member


def _held(minutes: JuryMinutes) -> tuple[Call, JuryMinutes]:
    """The call, held, and the minutes as they stand. Refuses where they were given up."""
    call = held(minutes.call)
    row = JuryMinutes.objects.select_for_update(no_key=True).filter(pk=minutes.pk).first()
    if row is None:
        raise Refusal(_("These minutes were given up."))
    row.call = call
    return call, row


def _begin(
    call: Call, member: JuryMember, amends: JuryMinutes | None, reason: Wording, *, at: dt.datetime
) -> JuryMinutes:
    row = JuryMinutes.objects.create(
        call=call,
        number=call.minutes.count() + 1,
        amends=amends,
        reason_fr=reason.fr,
        reason_zh_hans=reason.zh_hans,
        remarks_fr=amends.remarks_fr if amends else "",
        remarks_zh_hans=amends.remarks_zh_hans if amends else "",
        begun_by=member,
        begun_at=at,
    )
    transaction.on_commit(wake)
    journal.write([journal.entry(row, "minutes_begun", at=at, by=member.user, number=row.label)])
    return row


def _to_be_written(row: JuryMinutes) -> None:
    _forget_document(row)
    row.content, row.digest, row.written_at, row.document = None, "", None, None
    row.save()
    transaction.on_commit(wake)


def _conclude(call: Call, row: JuryMinutes, *, at: dt.datetime) -> None:
    _forget_document(row)
    # Of whoever signs no more, and of other words.
    row.signatures.exclude(pk__in=[signature.pk for signature in valid_signatures(row)]).delete()
    row.signed_at, row.document = at, None
    row.save(update_fields=["signed_at", "document"])
    content = sealing.minutes_content(row)
    sealing.seal(call, kind=SealKind.MINUTES, subject=row.pk, content=content, at=at)
    journal.write([journal.entry(row, "minutes_concluded", at=at, digest=row.digest)])
    transaction.on_commit(wake)


def _forget_document(row: JuryMinutes) -> None:
    if row.document is not None:
        files.delete_after_commit(row.document)


def wake() -> None:
    """Tell a worker that minutes wait to be written. If nobody hears it, the periodic task finds them in a minute."""
    try:
        current_app.send_task("awards.tasks.write_minutes", retry=False)
    except Exception:  # the broker's library raises of its own, and a page must never fail for it
        logger.warning("The broker does not answer; the minutes are written within a minute.", exc_info=True)
