"""The questions about sessions: which to attend, where to sit meanwhile, which visits to wish for."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assises.forms.fields import active_language
from assises.models import Edition
from assises.templatetags.components import icon
from assises.templatetags.typography import typo
from program.models import Session
from registration.models.visit import MOST_WISHES
from registration.seat_counts import SeatCount, full_sessions, in_words, seat_counts
from registration.services.choosing import Meanwhile
from registration.summary import choices

WISHES = {
    1: gettext_lazy("First wish"),
    2: gettext_lazy("Second wish, if the first has no seat left"),
    3: gettext_lazy("Third wish, if the second has none either"),
}


class SessionFields(forms.Form):
    """The sessions somebody wishes to attend: any of some, one at most of each group; and up to three visits."""

    sessions = forms.MultipleChoiceField(
        label=gettext_lazy("Sessions I wish to attend"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def choose_sessions_from(
        self, edition: Edition, *, mine: Mapping[str, str] | None = None, held: Sequence[Session] = ()
    ) -> None:
        """Add the fields; one with radio buttons for each choice group.

        ``mine`` says in words where this person stands with a session, by its code; ``held`` are those attended.
        """
        offer = choices(edition)
        self.on_offer, self.visits = offer.sessions, offer.visits
        self.counts = seat_counts(edition)
        self.names = offer.names(active_language())
        self.mine, self.held = mine or {}, held
        free = [s for s in self.on_offer if not s.choice_group]
        field = self.fields["sessions"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(s.code, self._label(s)) for s in free]
        groups: dict[str, list[Session]] = {}
        for session in self.on_offer:
            if session.choice_group:
                groups.setdefault(session.choice_group, []).append(session)
        self.group_fields: dict[str, str] = {}
        self.meanwhile_fields: dict[str, str] = {}
        for group, sessions in groups.items():
            self._add_group(group, sessions)
        self._add_wishes()

    def _label(self, session: Session) -> str:
        """The session, and below it the seats: what is left, or where this person stands."""
        count = self.counts.get(session.code)
        words = self.mine.get(session.code) or (in_words(count) if count else "")
        if not words:
            return self.names[session.pk]
        waits = count is not None and count.is_full and session not in self.held
        return format_html(
            '{}<span class="seats seats-{}">{} {}</span>',
            self.names[session.pk],
            "waiting" if waits else "confirmed",
            icon("queue" if waits else "check"),
            typo(words),
        )

    def _add_group(self, group: str, sessions: list[Session]) -> None:
        name = f"session_{group.replace('-', '_')}"
        self.group_fields[group] = name
        self.fields[name] = forms.ChoiceField(
            label=capfirst(sessions[0].get_kind_display() if len(sessions) > 1 else str(sessions[0])),
            help_text=_("One at most: they take place at the same time."),
            required=False,
            choices=[("", _("none of them")), *[(s.code, self._label(s)) for s in sessions]],
            widget=forms.RadioSelect,
            initial="",
        )
        name = f"meanwhile_{group.replace('-', '_')}"
        # What was asked a moment ago is still an answer, whatever has come free since.
        was_asked = name in self.data
        if not was_asked and (len(sessions) < 2 or not any(self._is_full(s) for s in sessions)):
            return
        # Somebody waits for a full session: where does she sit if it stays full?
        codes = [
            s for s in sessions if not self._is_full(s) or s in self.held or self.data.get(name) == s.code
        ]
        if not codes and not was_asked:
            return
        kept = next((s.code for s in self.held if s.choice_group == group), "")
        self.meanwhile_fields[group] = name
        self.fields[name] = forms.ChoiceField(
            label=_("If the one you chose is full: while you wait, keep a seat for you in"),
            help_text=_(
                "When your turn comes you have the seat that you wait for, and the other one is given on."
            ),
            required=False,
            choices=[("", pgettext_lazy("no session", "none")), *[(s.code, typo(s.title)) for s in codes]],
            widget=forms.RadioSelect,
            initial=kept,
        )

    def _is_full(self, session: Session) -> bool:
        count: SeatCount | None = self.counts.get(session.code)
        return count is not None and count.is_full

    def _add_wishes(self) -> None:
        self.wish_fields = [f"wish_{rank}" for rank in range(1, min(MOST_WISHES, len(self.visits)) + 1)]
        visits = [(s.code, self.names[s.pk]) for s in self.visits]
        for rank, name in enumerate(self.wish_fields, start=1):
            self.fields[name] = forms.ChoiceField(
                label=WISHES[rank],
                required=False,
                choices=[
                    ("", _("no visit") if rank == 1 else _("no other wish")),
                    *visits,
                ],
            )

    def clean_wishes(self) -> None:
        """Called by ``clean``: each visit is named once; a gap between wishes is no fault."""
        seen: set[str] = set()
        for name in self.wish_fields:
            code = self.cleaned_data.get(name)
            if code and code in seen:
                self.add_error(name, _("You named this visit above already: choose another one, or none."))
            seen.add(code or "")

    # -- what was chosen -------------------------------------------------------------------

    def _called(self, sessions: Sequence[Session], code: Any) -> Session | None:
        return next((s for s in sessions if s.code == code), None)

    @property
    def chosen_sessions(self) -> list[Session]:
        codes = {
            *self.cleaned_data.get("sessions", []),
            *[self.cleaned_data.get(n) for n in self.group_fields.values()],
        }
        return [s for s in self.on_offer if s.code in codes]

    @property
    def meanwhile(self) -> Meanwhile:
        """By group, where to sit until then; only of the groups that were asked about."""
        return {
            group: self._called(self.on_offer, self.cleaned_data.get(name))
            for group, name in self.meanwhile_fields.items()
            if name in self.data
        }

    @property
    def wishes(self) -> list[Session]:
        """The visits wished for, the dearest first."""
        found = [self._called(self.visits, self.cleaned_data.get(name)) for name in self.wish_fields]
        return [visit for visit in found if visit is not None]

    @property
    def likely_full(self) -> list[int]:
        return full_sessions(self.counts)

    # -- how the page goes through them ----------------------------------------------------

    def session_fields(self) -> list[forms.BoundField]:
        fields = [self["sessions"]] if self.fields["sessions"].choices else []  # type: ignore[attr-defined]
        for group, name in self.group_fields.items():
            fields.append(self[name])
            if group in self.meanwhile_fields:
                fields.append(self[self.meanwhile_fields[group]])
        return fields

    def visit_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.wish_fields]
