"""The questions about a contribution: on the public form, and on the page of whoever proposed it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises.characters import writable
from assises.enums import Side
from assises.forms.fields import HANZI, LANGUAGES, AddressField, text
from assises.forms.organisations import ask_back, meant, suggest_while_typing
from assises.models import Edition, Organisation
from program.counterparts import other_side
from program.forms.prose import MOST_SUMMARY, WORDS, FourWords, ProseField
from program.names import is_hanzi
from program.services import Practice, SpeakerDetails

LOOKING, KNOWN = "looking", "known"
MYSELF, SOMEBODY = "me", "other"


class PracticeForm(FourWords):
    """What is told, with whom, and by whom."""

    # As on the page: the list of errors at its top goes the same way.
    field_order = ["theme", "title", "summary", "minutes", *WORDS]

    theme = forms.ChoiceField(
        label=gettext_lazy("Theme"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the theme of the workshop.")},
    )
    title = text(
        gettext_lazy("Title of the contribution"),
        most=200,
        example=gettext_lazy("School canteens that buy close to home"),
    )
    summary = ProseField(
        label=gettext_lazy("Summary"),
        help_text=gettext_lazy(
            "What you do, with whom, since when. It is printed in the programme. At most 1500 characters."
        ),
        most=MOST_SUMMARY,
        example=gettext_lazy(
            "Two regions share their methods for local buying and train their cooks together."
        ),
        rows=6,
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes that you need"),
        help_text=gettext_lazy("As a rule from 10 to 20, interpretation included."),
        initial=15,
        min_value=1,
        max_value=60,
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
        error_messages={
            "required": gettext_lazy("Write a number of minutes, for example: 15."),
            "invalid": gettext_lazy("Write a number of minutes, for example: 15."),
            "min_value": gettext_lazy("A contribution lasts from 1 to 60 minutes."),
            "max_value": gettext_lazy("A contribution lasts from 1 to 60 minutes."),
        },
    )
    counterpart_is = forms.ChoiceField(
        label=gettext_lazy("Do you tell it with an authority of the other side?"),
        choices=[
            (LOOKING, gettext_lazy("we are looking for a counterpart")),
            (KNOWN, gettext_lazy("yes, with this one:")),
        ],
        initial=LOOKING,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "While you look for one, your authority and your title are shown to authorities of the other side that look on the same theme."
        ),
        error_messages={"required": gettext_lazy("Say whether you are looking for a counterpart.")},
    )
    counterpart = forms.CharField(
        label=gettext_lazy("Counterpart"),
        required=False,
        max_length=200,
        validators=[writable],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    counterpart_pick = forms.CharField(
        label=gettext_lazy("Which one do you mean?"), max_length=80, required=False, widget=forms.RadioSelect
    )
    speaker_is = forms.ChoiceField(
        label=gettext_lazy("Who will speak?"),
        choices=[(MYSELF, gettext_lazy("I speak myself")), (SOMEBODY, gettext_lazy("somebody else:"))],
        initial=MYSELF,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say who will speak.")},
    )
    speaker_given_name = text(
        gettext_lazy("Given name of the speaker"), most=80, example="Camille", autocomplete="off"
    )
    speaker_family_name = text(
        gettext_lazy("Family name of the speaker"), most=80, example="Exemple", autocomplete="off"
    )
    speaker_email = AddressField(
        label=gettext_lazy("Work e-mail address of the speaker"),
        required=False,
        max_length=254,
        help_text=gettext_lazy(
            "Once the contribution is accepted, we ask there for a yes. It is not published."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "invalid": gettext_lazy(
                "This is not an e-mail address. For example: camille.exemple@example.org."
            )
        },
    )
    speaker_language = forms.ChoiceField(
        label=gettext_lazy("Language of our letters to the speaker"), choices=LANGUAGES, required=False
    )
    speaker_name_zh = forms.CharField(
        label=gettext_lazy("Name of the speaker in Chinese characters"),
        max_length=40,
        required=False,
        validators=[HANZI],
        help_text=gettext_lazy("Family name first, for example 李示例. The programme prints both scripts."),
        widget=forms.TextInput(attrs={"lang": "zh-Hans", "class": "medium"}),
    )
    speaker_function = text(
        gettext_lazy("Function of the speaker"),
        most=200,
        example=gettext_lazy("head of international relations"),
    )

    def __init__(
        self, data: Any = None, *, edition: Edition, organisations: str, side: str = "", **kwargs: Any
    ) -> None:
        """``organisations`` is the address that suggests them; ``side`` that of the authority, if known."""
        super().__init__(data, use_required_attribute=False, **kwargs)
        self.edition, self.own_side = edition, side
        self.found_counterpart: Organisation | None = None
        self.counterparts: list[Organisation] = []
        self.themes = {theme.code: theme for theme in edition.themes.all()}
        field = self.fields["theme"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, str(theme)) for code, theme in self.themes.items()]
        for name in ("speaker_given_name", "speaker_family_name"):
            self.fields[name].required = False
        suggest_while_typing(self.fields["counterpart"], organisations)

    # -- the counterpart -------------------------------------------------------------------

    def _find_counterpart(self) -> None:
        """Called once the side is known."""
        typed = str(self.cleaned_data.get("counterpart") or "")
        if self.cleaned_data.get("counterpart_is") != KNOWN:
            return
        if not typed:
            self.add_error("counterpart", _("Name the authority, or say that you are looking for one."))
            return
        found, alike = meant(typed, self.data.get("counterpart_pick", ""))
        others = [o for o in alike if o.side == other_side(self.own_side)]
        if found and found.side == self.own_side:
            others = []
        elif found:
            self.found_counterpart = found
            return
        if others:
            self.counterparts = others[:6]
            ask_back(self, "counterpart_pick", self.counterparts, as_typed=False)
            self.add_error("counterpart_pick", _("Tell us which organisation you mean."))
        elif found:
            self.add_error(
                "counterpart",
                _("%(authority)s is of your own side: the counterpart is of the other one.")
                % {"authority": found},
            )
        else:
            self.add_error(
                "counterpart",
                _(
                    "This authority is not in our list. Say that you are looking for a counterpart, and name it in the summary."
                ),
            )

    # -- the speaker -----------------------------------------------------------------------

    @property
    def own_names(self) -> tuple[str, str, str, str]:
        """Given name, family name, address and language of whoever proposes it."""
        raise NotImplementedError

    def _check_speaker(self) -> None:
        """Called once the side is known: names in the scripts that the programme prints."""
        data = self.cleaned_data
        somebody = data.get("speaker_is") == SOMEBODY
        if somebody:
            for name, missing in (
                ("speaker_given_name", _("Write the given name of the speaker. For example: Camille.")),
                ("speaker_family_name", _("Write the family name of the speaker. For example: Exemple.")),
                (
                    "speaker_email",
                    _("Write the address of the speaker. For example: camille.exemple@example.org."),
                ),
            ):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, missing)
        given, family, _email, _language = self._speaker_names()
        in_hanzi = is_hanzi(family + given)
        if self.own_side == Side.CHINESE and not in_hanzi and not data.get("speaker_name_zh"):
            if "speaker_name_zh" not in self.errors and given and family:
                self.add_error(
                    "speaker_name_zh", _("Write the name in Chinese characters, for example 李示例.")
                )
        elif self.own_side == Side.FRENCH and in_hanzi:
            field = "speaker_family_name" if somebody or "family_name" not in self.fields else "family_name"
            self.add_error(
                field, _("Write the name in Latin letters here; its characters have a line of their own.")
            )

    def _speaker_names(self) -> tuple[str, str, str, str]:
        data = self.cleaned_data
        if data.get("speaker_is") != SOMEBODY:
            return self.own_names
        return (
            str(data.get("speaker_given_name") or ""),
            str(data.get("speaker_family_name") or ""),
            str(data.get("speaker_email") or ""),
            str(data.get("speaker_language") or self.own_names[3]),
        )

    # -- what was answered -----------------------------------------------------------------

    def practice(self) -> Practice:
        """The answers as the services take them."""
        data = self.cleaned_data
        given, family, email, language = self._speaker_names()
        return Practice(
            theme=self.themes[data["theme"]],
            counterpart=self.found_counterpart,
            speaker=SpeakerDetails(
                given_name=given,
                family_name=family,
                email=email,
                language=language,
                function=data["speaker_function"],
                name_zh=data["speaker_name_zh"],
            ),
            **{
                name: data[name]
                for name in (
                    "title",
                    "summary",
                    "exemplary",
                    "existing",
                    "concrete",
                    "reproducible",
                    "minutes",
                )
            },
        )
