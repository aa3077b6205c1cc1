"""A contribution that was proposed, as the answers of a form, to be changed by whoever proposed it."""

from typing import Any

from django import forms

from assises.enums import Side
from assises.forms.versioned import stands_otherwise
from program.forms.practice import KNOWN, LOOKING, MYSELF, SOMEBODY, PracticeForm
from program.models import Contribution
from program.names import is_hanzi


class RevisionForm(PracticeForm):
    """A contribution that was proposed, changed by whoever proposed it."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, contribution: Contribution, organisations: str) -> None:
        self.contribution = contribution
        super().__init__(
            data,
            edition=contribution.edition,
            organisations=organisations,
            side=contribution.side,
            initial=initial_of(contribution),
        )

    @property
    def own_names(self) -> tuple[str, str, str, str]:
        row = self.contribution
        return row.given_name, row.family_name, row.email, row.language

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._find_counterpart()
        self._check_speaker()
        return data

    def show_version(self, current: Contribution) -> list[tuple[str, str]]:
        """From now on save over ``current``; what stands there is given as questions and answers where it differs."""
        again: Any = self.data.copy()  # type: ignore[attr-defined]
        again["version"] = str(current.version)
        self.data = again
        return stands_otherwise(self, initial_of(current))


def initial_of(row: Contribution) -> dict[str, Any]:
    """A contribution as the answers of the form."""
    plain = ("exemplary", "existing", "concrete", "reproducible", "minutes", "version")
    return {
        **{name: getattr(row, name) for name in plain},
        "theme": row.theme.code,
        "title": row.original_title,
        "summary": row.original_summary,
        "counterpart_is": KNOWN if row.counterpart_id else LOOKING,
        "counterpart": str(row.counterpart) if row.counterpart else "",
        **_speaker_of(row),
    }


def _speaker_of(row: Contribution) -> dict[str, Any]:
    speaker = row.speaker
    if speaker is None:
        return {}
    function = speaker.function_zh_hans if row.original == "zh-hans" else speaker.function_fr
    shared = {"speaker_function": function or "", "speaker_name_zh": speaker.name_zh}
    own_name = is_hanzi(row.family_name + row.given_name)
    if speaker.email.lower() == row.email.lower():
        return {**shared, "speaker_is": MYSELF, "speaker_name_zh": "" if own_name else speaker.name_zh}
    chinese = speaker.side == Side.CHINESE
    return {
        **shared,
        "speaker_is": SOMEBODY,
        "speaker_given_name": speaker.given_pinyin if chinese else speaker.given_name,
        "speaker_family_name": speaker.family_pinyin if chinese else speaker.family_name,
        "speaker_email": speaker.email,
        "speaker_language": speaker.language,
    }
