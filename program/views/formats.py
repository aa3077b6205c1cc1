"""The files of a release, as its pages offer them."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Func, IntegerField
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from assises.memory import remember
from program.current import Shown
from program.models import ReleaseFile

#: Sizes of files that are made only when somebody asks for them.
SIZES_SECONDS = 60


@dataclass(frozen=True)
class Format:
    """A file to take along: what it is, its format as people know it, in which language, and its size in bytes."""

    name: str
    label: str | Promise
    kind: str
    lang: str
    url: str
    size: int | None
    icon: str = "download"


#: Name in ``services.files.KINDS``, what it is, format, language tag, address of the latest.
OFFERED = [
    ("programme.fr.pdf", gettext_lazy("Booklet in French"), "PDF", "fr", "program_files:pdf"),
    ("programme.zh-hans.pdf", gettext_lazy("Booklet in Chinese"), "PDF", "zh-Hans", "program_files:pdf"),
    ("programme-bilingue.pdf", gettext_lazy("Booklet in both languages"), "PDF", "", "program_feeds:bilingual"),
    ("salles.pdf", gettext_lazy("Sheets for the doors of the rooms, in both languages"), "PDF", "", "program_feeds:rooms"),
    ("fiches-visites.pdf", gettext_lazy("Sheets of the field visits, in both languages"), "PDF", "", "program_feeds:visits"),
    ("programme.fr.ics", gettext_lazy("Calendar in French"), "iCalendar", "fr", "program_files:ics"),
    ("programme.zh-hans.ics", gettext_lazy("Calendar in Chinese"), "iCalendar", "zh-Hans", "program_files:ics"),
    ("programme.fr.xlsx", gettext_lazy("Spreadsheet in French"), "Excel", "fr", "program_files:xlsx"),
    ("programme.zh-hans.xlsx", gettext_lazy("Spreadsheet in Chinese"), "Excel", "zh-Hans", "program_files:xlsx"),
    ("schedule.xml", gettext_lazy("For conference applications (Giggity, EventFahrplan)"), "schedule.xml", "", "program_feeds:schedule_xml"),
    ("schedule.json", gettext_lazy("The same for programs"), "schedule.json", "", "program_feeds:schedule_json"),
]  # fmt: skip


def formats_of(shown: Shown) -> list[Format]:
    """The files of the release that is shown; none while the programme is in progress."""
    if shown.stamp is None:
        return []
    sizes = remember(f"program:sizes:{shown.pk}", SIZES_SECONDS, lambda: _sizes(shown.pk))
    return [
        Format(name, label, kind, lang, _address(shown, name, lang, view), sizes.get(name))
        for name, label, kind, lang, view in OFFERED
    ]


def _sizes(pk: int) -> dict[str, int]:
    length = Func("data", function="octet_length", output_field=IntegerField())
    return dict(ReleaseFile.objects.filter(release=pk).annotate(size=length).values_list("name", "size"))


def _address(shown: Shown, name: str, lang: str, view: str) -> str:
    if not shown.is_latest:
        return reverse("program:version_file", args=[shown.where, name])
    if not lang:
        return reverse(view)
    return _in_language(reverse(view), lang.lower())


def _in_language(path: str, language: str) -> str:
    """The same path under another language: it is the first part of it."""
    _empty, _language, rest = path.split("/", 2)
    assert language in dict(settings.LANGUAGES)
    return f"/{language}/{rest}"
