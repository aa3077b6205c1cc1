"""What every member of the jury promises, in both languages, before anything of an application is seen (S-116, S-117)."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from awards.content import LANGUAGES, both
from awards.models import Call


def text_of(call: Call) -> dict[str, Any]:
    """Plain values: the name of the award and of its edition, and the sentences of the pledge by language."""
    sentences = {}
    for tag in LANGUAGES:
        with translation.override(tag.lower()):
            sentences[tag] = _sentences()
    return {"edition": both(call.edition, "name"), "award": both(call, "name"), "pledge": sentences}


def _sentences() -> list[str]:
    return [
        _("I judge each application on its own merits, by the criteria of the rules and by nothing else."),
        _("I take instructions from nobody, and accept nothing from anybody, about what I judge."),
        _("I say at once what ties me to an application, and then I do not open, mark, hear or vote it."),
        _(
            "I keep applications, marks, debates and results to myself until the ceremony; debates and marks for good."
        ),
        _("I pass no document on, and copy none. My account and my second factor are mine alone."),
    ]
