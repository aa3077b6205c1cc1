"""What lies between the two sides: pairs, translations, open points, verdicts, visibility."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assises.enums import Side
from program.checks.finding import Draft, Finding
from program.enums import (
    Severity,
    Verdict,
)
from program.visibility import balance


def pairs_incomplete(draft: Draft) -> Iterator[Finding]:
    """One French and one Chinese authority lead each workshop (S-100)."""
    for session in draft.sessions:
        if not session.is_workshop:
            continue
        sides = {lead.side: lead for lead in session.leads.all()}
        for side in Side:
            if side not in sides:
                yield Finding(
                    "pair_incomplete",
                    Severity.BLOCKS,
                    _("“%(session)s” has no leading authority of the %(side)s.")
                    % {"session": session, "side": side.label},
                    (session,),
                )
            elif sides[side].confirmed_on is None:
                yield Finding(
                    "lead_unconfirmed",
                    Severity.WARNING,
                    _("“%(session)s”: %(who)s has not confirmed that it leads.")
                    % {"session": session, "who": sides[side].organisation},
                    (session,),
                )
        if session.theme_id is None:
            yield Finding(
                "no_theme",
                Severity.BLOCKS,
                _("“%(session)s” is a workshop without a theme.") % {"session": session},
                (session,),
            )


def texts_to_translate(draft: Draft) -> Iterator[Finding]:
    for session in draft.sessions:
        if count := draft.missing_texts.get(session.pk):
            yield Finding(
                "text_missing",
                Severity.BLOCKS,
                ngettext(
                    "“%(session)s”: %(count)d text is missing in Chinese.",
                    "“%(session)s”: %(count)d texts are missing in Chinese.",
                    count,
                )
                % {"session": session, "count": count},
                (session,),
            )
        if count := draft.without_french.get(session.pk):
            yield Finding(
                "french_missing",
                Severity.BLOCKS,
                ngettext(
                    "“%(session)s”: %(count)d text stands in Chinese only (loi Toubon).",
                    "“%(session)s”: %(count)d texts stand in Chinese only (loi Toubon).",
                    count,
                )
                % {"session": session, "count": count},
                (session,),
            )
        if count := draft.stale_texts.get(session.pk):
            yield Finding(
                "text_stale",
                Severity.WARNING,
                ngettext(
                    "“%(session)s”: %(count)d Chinese text is older than its French.",
                    "“%(session)s”: %(count)d Chinese texts are older than their French.",
                    count,
                )
                % {"session": session, "count": count},
                (session,),
            )


def open_points(draft: Draft) -> Iterator[Finding]:
    """What nobody owes for a date is forgotten: it stands in red (D-16)."""
    for session in draft.sessions:
        for point in session.open_points.all():
            if not point.is_owed:
                continue
            if point.due_on is None:
                code, said = (
                    "open_point_undated",
                    _("“%(session)s”, still open and without a date: %(point)s"),
                )
            elif not point.owner_side:
                code, said = (
                    "open_point_unowned",
                    _("“%(session)s”, still open and owed by nobody: %(point)s"),
                )
            else:
                code, said = "open_point", _("“%(session)s”, still open: %(point)s")
            severity = Severity.WARNING if point.is_red else Severity.INFORMATION
            yield Finding(code, severity, said % {"session": session, "point": point}, (session,))


def visits_undecided(draft: Draft) -> Iterator[Finding]:
    for session in draft.sessions:
        visit = getattr(session, "visit", None)
        if visit is None or visit.is_kept is not None:
            continue
        silent = [
            str(side.label)
            for side, verdict in ((Side.FRENCH, visit.verdict_french), (Side.CHINESE, visit.verdict_chinese))
            if verdict in (Verdict.NONE, Verdict.TO_SPECIFY)
        ]
        yield Finding(
            "visit_undecided",
            Severity.WARNING,
            _("“%(session)s” is not decided; awaited: %(who)s.")
            % {"session": session, "who": ", ".join(silent) or _("the decision")},
            (session,),
        )


def visibility_unequal(draft: Draft) -> Iterator[Finding]:
    """To honour one territory must not shut the others out (S-059): see ``program.visibility`` for the shares."""
    guest = draft.guest_of_honour
    whole = balance(draft.sessions, guest)
    if territory := whole.heaviest(guest):
        is_guest = guest is not None and territory.organisation.pk == guest.pk
        yield Finding(
            "visibility_of_one",
            Severity.WARNING if is_guest else Severity.INFORMATION,
            _("%(who)s has %(percent)d %% of all minutes of speech and of leading.")
            % {"who": territory.name, "percent": round(100 * whole.share(territory.minutes))},
        )
    if side := whole.lighter_side():
        yield Finding(
            "visibility_of_a_side",
            Severity.INFORMATION,
            _("The %(side)s has %(percent)d %% of all minutes of speech and of leading.")
            % {"side": side.label, "percent": round(100 * whole.share(whole.of(side)))},
        )
