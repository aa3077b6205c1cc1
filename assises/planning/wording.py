"""Dates of the planning in words: on the clocks of the place, and on those of the partner."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises.models import Edition, Milestone
from assises.templatetags.typography import is_chinese, write_date, write_date_range, write_time

#: What readers call the time of a zone.
_PLACES: dict[str, str | Promise] = {
    "Europe/Paris": gettext_lazy("Paris"),
    "Asia/Shanghai": gettext_lazy("Beijing"),
}


def place_of(zone: str) -> str:
    """The name of a time zone for readers: that of its best-known city."""
    return str(_PLACES.get(zone) or zone.rpartition("/")[2].replace("_", " "))


def span_in_words(starts: dt.datetime, ends: dt.datetime, language: str | None) -> str:
    """``lundi 15 octobre 2018, 10 h – 17 h``: an hour on the clocks of both moments' zone; midnight says days only."""
    midnight = dt.time.min
    if starts.time() == ends.time() == midnight:
        first, last = starts.date(), ends.date()
        if first == last:
            return write_date(first, language, weekday=True)
        return write_date_range(first, last, language)
    comma = "，" if is_chinese(language) else ", "
    first_words = f"{write_date(starts.date(), language, weekday=True)}{comma}{write_time(starts, language)}"
    if starts == ends:
        return first_words
    if starts.date() == ends.date():
        return f"{first_words} – {write_time(ends, language)}"
    return f"{first_words} – {write_date(ends.date(), language, weekday=True)}{comma}{write_time(ends, language)}"


def date_in_words(milestone: Milestone, language: str | None) -> str:
    """On the clocks of the place, with the words of the source where it gives no day."""
    return span_in_words(*milestone.on_clocks(milestone.edition.time_zone), language)


def in_both_calendars(milestone: Milestone, language: str | None) -> list[tuple[str, str]]:
    """The date on the clocks of each side, by the name of the place; once where only days are given."""
    edition = milestone.edition
    here, there = edition.time_zone, edition.partner_time_zone
    if milestone.is_whole_day or here == there:
        both = _("%(here)s and %(there)s") % {"here": place_of(here), "there": place_of(there)}
        return [(both if here != there else place_of(here), date_in_words(milestone, language))]
    return [(place_of(zone), span_in_words(*milestone.on_clocks(zone), language)) for zone in (here, there)]


def moment(edition: Edition, day: dt.date, hour: dt.time | None) -> dt.datetime:
    """That day and hour on the clocks of the place, in UTC; without an hour, its start."""
    return dt.datetime.combine(day, hour or dt.time.min, ZoneInfo(edition.time_zone)).astimezone(dt.UTC)
