"""The file to fill in."""

from django.utils.translation import gettext as _

from assises.models import Edition
from assises.spreadsheets import Sheet, write
from registration.forms.imported import ImportedLine
from registration.imports.reading import NEEDED, OPTIONAL
from registration.summary import sessions_on_offer


def template_file(edition: Edition) -> bytes:
    """A workbook to fill in: the columns with an example, and a second sheet that explains them."""
    categories = list(edition.categories.all())
    sessions, visits = sessions_on_offer(edition)
    form = ImportedLine({}, categories=categories, organisations=[], sessions=sessions, visits=visits)
    names = [*NEEDED, *OPTIONAL]
    example = {
        "organisation": "Toulouse", "given_name": "Camille", "family_name": "Exemple", "job_title": "Adjointe au maire",
        "email": "camille.exemple@example.org", "category": str(categories[0].code) if categories else "",
        "request": "1", "together": "0", "is_elected": "1", "language": "fr", "phone": "05 36 49 00 00",
    }  # fmt: skip
    allowed = {
        "category": ", ".join(form.categories),
        "sessions": " | ".join(s.code for s in form.on_offer),
        "sessions_waiting": _("as in the column “sessions”: chosen first, and waited for where it is full"),
        "wishes": " | ".join(s.code for s in form.visits),
        "organisation_kind": ", ".join(code for code, _label in form.fields["organisation_kind"].words),  # type: ignore[attr-defined]
        "honorific": "mr, ms",
        "language": "fr, zh-hans",
        "together": "1, 0",
        "is_elected": "1, 0",
        "needs_interpretation": "1, 0",
        "request": _("lines with the same value are one request, of six people at most"),
    }
    explained = [
        [n, str(form.fields[n].label), _("needed") if n in NEEDED else _("optional"), allowed.get(n, "")]
        for n in names
    ]
    return write(
        [
            Sheet(_("People"), names, [[example.get(n, "") for n in names]], [18] * len(names)),
            Sheet(
                _("Columns"),
                [_("Column"), _("Meaning"), _("Needed"), _("Values")],
                explained,
                [22, 34, 12, 80],
            ),
        ]
    )
