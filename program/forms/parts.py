"""The running order: as many rows as one wants, moved up and down; nothing is saved before the button says so."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises.characters import writable
from assises.forms.versioned import shown
from program.enums import PartKind, SpeakerState
from program.models import Contribution, Session, SessionPart, Speaker
from program.services import Part

#: No running order is longer; a form that claims more rows is not ours.
MOST = 60


class PartForm(forms.ModelForm):
    """One part: what it is, who speaks, how long."""

    #: Of which row its errors speak.
    title = ""

    class Meta:
        model = SessionPart
        fields = ["kind", "title_fr", "title_zh_hans", "minutes", "speaker", "contribution", "workshop"]

    def __init__(self, data: Any = None, *, choices: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(data, use_required_attribute=False, **kwargs)
        self.fields["title_fr"].label = _("Title, in French")
        self.fields["title_zh_hans"].label = _("Title, in Chinese")
        for name, language in (("title_fr", "fr"), ("title_zh_hans", "zh-Hans")):
            self.fields[name].widget.attrs["lang"] = language
            self.fields[name].validators.append(writable)
        self.fields["minutes"].widget.attrs |= {"class": "short", "inputmode": "numeric"}
        for name, (rows, labels) in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
            # Read once for all rows of the page.
            field.choices = labels

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == PartKind.REPORT and not data.get("workshop"):
            self.add_error("workshop", _("A report back is about a workshop: choose it."))
        if data.get("kind") == PartKind.CONTRIBUTION and not data.get("contribution"):
            self.add_error("contribution", _("Choose the contribution."))
        if data.get("minutes") == 0:
            self.add_error("minutes", _("A part lasts one minute at least."))
        return data

    def _post_clean(self) -> None:
        """The rules of the model are said by ``clean`` at their fields, and held by the service."""

    @property
    def key(self) -> str:
        """The number of a part that stands, ``n1`` for a new one."""
        return str(self.prefix).removeprefix("part-")

    @property
    def part_id(self) -> int | None:
        return int(self.key) if self.key.isdigit() else None

    @property
    def part(self) -> Part:
        data = self.cleaned_data
        return Part(
            kind=PartKind(data["kind"]),
            minutes=data["minutes"],
            title_fr=data["title_fr"] or "",
            title_zh=data["title_zh_hans"] or "",
            speaker=data["speaker"],
            contribution=data["contribution"],
            workshop=data["workshop"],
            id=self.part_id,
        )


class OrderForm(forms.Form):
    """Which rows there are, in their order: numbers of parts that stand, ``n1``, ``n2``… for new ones."""

    rows = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    restitution_limit = forms.IntegerField(
        label=gettext_lazy("Limit of all reports back together, in minutes"),
        required=False,
        min_value=1,
        max_value=600,
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
        help_text=gettext_lazy("15 for the closing session (S-106). Leave it empty where there is no limit."),
    )


class RunningOrder:
    """The whole form: ``rows`` in their order, each a ``PartForm``."""

    def __init__(self, data: QueryDict | None = None, *, session: Session) -> None:
        self.session = session
        self.parts = {part.pk: part for part in session.parts.all()}
        self.choices = _choices(session)
        standing = ",".join(str(pk) for pk in self.parts)
        self.order = OrderForm(
            data,
            initial={
                "rows": standing,
                "version": session.version,
                "restitution_limit": session.restitution_limit,
            },
            use_required_attribute=False,
        )
        self.data = data
        self.ids = _ids(data.get("rows", "") if data is not None else standing)
        self.rows = [self._row(key, data) for key in self.ids]
        for number, row in enumerate(self.rows, start=1):
            row.title = _("Part %(n)d") % {"n": number}

    def _row(self, key: str, data: QueryDict | None = None) -> PartForm:
        instance = self.parts.get(int(key)) if key.isdigit() else None
        initial = {} if instance else {"kind": PartKind.SPEECH, "minutes": 10}
        return PartForm(data, prefix=f"part-{key}", instance=instance, initial=initial, choices=self.choices)

    def rearrange(self) -> bool:
        """Add, take out, move up or down, as a button said; True if one did. Nothing is saved."""
        data = self.data
        if data is None:
            return False
        if "add" in data and len(self.ids) < MOST:
            new = next(f"n{n}" for n in range(1, MOST + 2) if f"n{n}" not in self.ids)
            self.ids.append(new)
            self.rows.append(self._row(new))
        elif (key := data.get("remove", "")) in self.ids:
            self._take_out(self.ids.index(key))
        elif (key := data.get("up", "")) in self.ids:
            self._swap(self.ids.index(key) - 1)
        elif (key := data.get("down", "")) in self.ids:
            self._swap(self.ids.index(key))
        else:
            return False
        return True

    def _take_out(self, index: int) -> None:
        del self.ids[index], self.rows[index]

    def _swap(self, index: int) -> None:
        """Exchange a row and the next one."""
        if 0 <= index < len(self.ids) - 1:
            self.ids.insert(index, self.ids.pop(index + 1))
            self.rows.insert(index, self.rows.pop(index + 1))

    def rows_value(self) -> str:
        return ",".join(self.ids)

    def is_valid(self) -> bool:
        # All of them, so that everything to mend is said at once.
        return all([self.order.is_valid(), *[row.is_valid() for row in self.rows]])

    def values(self) -> list[Part]:
        return [row.part for row in self.rows]

    def in_words(self) -> list[str]:
        """The rows as they were typed, one sentence each, for two versions beside one another."""
        return [_in_words(row) for row in self.rows]


def _ids(written: str) -> list[str]:
    found: list[str] = []
    for key in written.split(",")[:MOST]:
        if key not in found and (
            (key.isdecimal() and len(key) < 19) or (key[:1] == "n" and key[1:].isdecimal())
        ):
            found.append(key)
    return found


def _in_words(row: PartForm) -> str:
    title = shown(row["title_fr"])
    if title == "–":
        title = next((t for n in ("contribution", "workshop") if (t := shown(row[n])) != "–"), "–")
    return _("%(kind)s: %(title)s, %(minutes)s min, %(speaker)s") % {
        "kind": shown(row["kind"]),
        "title": title,
        "minutes": shown(row["minutes"]),
        "speaker": shown(row["speaker"]),
    }


def _choices(session: Session) -> dict[str, tuple[QuerySet[Any], list[tuple[Any, str]]]]:
    edition = session.edition
    free = Q(part__isnull=True) | Q(part__session=session)
    welcome = ~Q(state=SpeakerState.DECLINED) | Q(parts__session=session)
    speakers = Speaker.objects.filter(welcome, edition=edition).distinct()
    contributions = Contribution.objects.retained().filter(free, edition=edition)
    workshops = Session.objects.workshops().filter(edition=edition).order_by("day", "starts_at", "order")
    return {
        "speaker": (speakers, [("", _("nobody, or not known yet")), *((s.pk, _who(s)) for s in speakers)]),
        "contribution": (contributions, [("", _("none")), *((c.pk, str(c)) for c in contributions)]),
        "workshop": (workshops, [("", _("none")), *((w.pk, str(w)) for w in workshops)]),
    }


def _who(speaker: Speaker) -> str:
    return f"{speaker.full_name}, {speaker.function}" if speaker.full_name else speaker.function
