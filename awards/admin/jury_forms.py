"""What members of the jury fill in: conflicts of interest, and sheets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from awards.enums import InterestKind
from awards.models import Application, Criterion, Interest, Sheet
from awards.services import Entry
from awards.services.sheets import entry_of
from awards.sheets import COMMENT_CHARACTERS, FILM, has_film

WORDS = 1000


class ConflictForm(forms.Form):
    """What ties a member to one application, in words."""

    words = forms.CharField(
        label=gettext_lazy("What ties you to it"),
        help_text=gettext_lazy("The two secretaries read this, and nobody else."),
        max_length=WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@dataclass(frozen=True)
class Question:
    """One application as the page of conflicts shows it: what was found or said, or the fields of the answer."""

    application: Application
    interest: Interest | None
    answer: forms.BoundField | None = None
    words: forms.BoundField | None = None

    @property
    def is_recused(self) -> bool:
        return self.interest is not None and self.interest.kind != InterestKind.NONE


class ConflictsForm(forms.Form):
    """One answer for each application that is not answered yet; some may be left for later."""

    def __init__(self, data: Any = None, *, rows: Sequence[Application], said: dict[int, Interest]) -> None:
        super().__init__(data, use_required_attribute=False)
        self.rows, self.said = rows, said
        for row in rows:
            if row.pk in said:
                continue
            self.fields[f"answer-{row.pk}"] = forms.ChoiceField(
                label=_("Does anything tie you to application %(number)d?") % {"number": row.number or 0},
                choices=[
                    ("none", pgettext_lazy("conflict of interest", "Nothing ties me to it")),
                    ("tied", pgettext_lazy("conflict of interest", "I have a conflict of interest")),
                ],
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[f"words-{row.pk}"] = forms.CharField(
                label=_("What ties you to application %(number)d") % {"number": row.number or 0},
                help_text=_(
                    "Only with a conflict of interest. The two secretaries read this, and nobody else."
                ),
                max_length=WORDS,
                widget=forms.Textarea(attrs={"rows": 2}),
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        for row in self.rows:
            answer, words = (self.cleaned_data.get(f"{name}-{row.pk}", "") for name in ("answer", "words"))
            if answer == "tied" and not words:
                self.add_error(
                    f"words-{row.pk}", _("Say in a few words what ties you to it: the secretaries read this.")
                )
            elif words and answer != "tied" and f"words-{row.pk}" not in self.errors:
                self.add_error(
                    f"answer-{row.pk}", _("You wrote what ties you to it: say that it is a conflict.")
                )
        return self.cleaned_data

    @property
    def answers(self) -> dict[int, str]:
        """What was answered, by the keys of applications, as ``services.answer_conflicts`` takes it."""
        return {
            row.pk: self.cleaned_data[f"words-{row.pk}"]
            for row in self.rows
            if self.cleaned_data.get(f"answer-{row.pk}")
        }

    @cached_property
    def questions(self) -> list[Question]:
        return [
            Question(row, self.said[row.pk])
            if row.pk in self.said
            else Question(row, None, self[f"answer-{row.pk}"], self[f"words-{row.pk}"])
            for row in self.rows
        ]


class SheetForm(forms.Form):
    """A sheet as it stands or is typed: a mark and a comment for each criterion, or an abstention."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    page = forms.UUIDField(widget=forms.HiddenInput)
    abstains = forms.BooleanField(
        label=gettext_lazy("I abstain on this application"),
        help_text=gettext_lazy("An abstention is no mark: it changes nothing in the ranking."),
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why you abstain"),
        max_length=WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )

    def __init__(self, data: Any = None, *, sheet: Sheet, criteria: Sequence[Criterion], page: Any) -> None:
        self.criteria, self.has_film = criteria, has_film(sheet.application)
        stands = entry_of(sheet, list(criteria))
        initial = {
            "version": sheet.version,
            "page": page,
            "abstains": stands.abstains,
            "reason": stands.reason,
        }
        for criterion in criteria:
            initial[f"mark-{criterion.code}"] = stands.marks[criterion.code]
            initial[f"comment-{criterion.code}"] = stands.comments[criterion.code]
        super().__init__(data, initial=initial, use_required_attribute=False)
        for criterion in criteria:
            self._add(criterion)

    def _add(self, criterion: Criterion) -> None:
        if not self.is_marked(criterion):
            return
        words = {"criterion": criterion.name, "weight": criterion.weight}
        self.fields[f"mark-{criterion.code}"] = forms.TypedChoiceField(
            label=_("%(criterion)s (%(weight)d of 100)") % words,
            help_text=criterion.question,
            choices=[(a.mark, f"{a.mark} – {a.meaning}") for a in criterion.anchors.all()],
            coerce=int,
            empty_value=None,
            widget=forms.RadioSelect,
            required=False,
        )
        self.fields[f"comment-{criterion.code}"] = forms.CharField(
            label=_("Comment on “%(criterion)s”") % words,
            help_text=_("Needed for a 1 or a 5: %(least)d characters at least.")
            % {"least": COMMENT_CHARACTERS},
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 3}),
            required=False,
        )

    def is_marked(self, criterion: Criterion) -> bool:
        """Without a film the rules give that mark (article 7)."""
        return criterion.code != FILM or self.has_film

    def lines(self) -> Iterator[tuple[Criterion, forms.BoundField | None, forms.BoundField | None]]:
        for criterion in self.criteria:
            if self.is_marked(criterion):
                yield criterion, self[f"mark-{criterion.code}"], self[f"comment-{criterion.code}"]
            else:
                yield criterion, None, None

    @property
    def entry(self) -> Entry:
        said = self.cleaned_data
        return Entry(
            marks={c.code: said.get(f"mark-{c.code}") for c in self.criteria},
            comments={c.code: said.get(f"comment-{c.code}", "") for c in self.criteria},
            abstains=said["abstains"],
            reason=said["reason"],
        )
