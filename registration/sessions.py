"""Sessions, said in words."""

import datetime as dt

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assises.templatetags.typography import write_date, write_time
from program.models import Session


def describe(session: Session) -> str:
    """Title, day and hours, in the active language; an hour that is open is said to be open."""
    language = get_language() or "fr"
    day = write_date(session.day, language)
    if session.starts_at is None:
        return _("%(title)s – %(day)s, time to be defined") % {"title": session, "day": day}
    starts = write_time(_on(session, session.starts_at), language)
    if session.ends_at is None:
        return _("%(title)s – %(day)s, %(start)s") % {"title": session, "day": day, "start": starts}
    ends = write_time(_on(session, session.ends_at), language)
    return _("%(title)s – %(day)s, %(start)s to %(end)s") % {
        "title": session,
        "day": day,
        "start": starts,
        "end": ends,
    }


def _on(session: Session, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(session.day, time)
