"""Forms that everybody may send: each is handed out with a key, and robots give themselves away."""

import time
import uuid
from copy import copy
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.signing import BadSignature, TimestampSigner
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_keys = TimestampSigner(salt="assises.forms")


def new_form_key() -> str:
    """A key for one form that is about to be filled in; it tells when, and nobody else can make one."""
    return _keys.sign(uuid.uuid4().hex)


def seconds_since(key: str) -> float | None:
    """How long ago the form with this key was handed out; None if the key is not ours."""
    try:
        _keys.unsign(key)
    except BadSignature:
        return None
    return time.time() - signing.b62_decode(key.split(_keys.sep)[-2])


class PublicForm(forms.Form):
    """A form with a key, so that sent twice it is one request, and with a trap for robots."""

    form_key = forms.CharField(required=False, widget=forms.HiddenInput)
    # A field that people do not see and robots fill in.
    website = forms.CharField(
        label=gettext_lazy("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean_form_key(self) -> uuid.UUID:
        """The key of this form; a form without one, or with one that is not ours, counts as new."""
        try:
            return uuid.UUID(hex=_keys.unsign(self.cleaned_data["form_key"]))
        except (BadSignature, ValueError):
            return uuid.uuid4()

    def take_new_key(self) -> None:
        """Sent once more, it is another request; what was typed stays."""
        again: Any = copy(self.data)
        again["form_key"] = new_form_key()
        self.data = again

    def comes_from_robot(self) -> bool:
        """Whether the form was filled in as no person does; if so, the form says how to go on."""
        if not settings.ABUSE_PROTECTION:
            return False
        if self.data.get("website"):
            self.add_error(
                "website",
                _("This field must stay empty: it is there for robots. Empty it and send the form again."),
            )
            return True
        filled_in = seconds_since(self.data.get("form_key", ""))
        if filled_in is None:
            self.add_error(None, _("This form has lost its key. Send it again: nothing you typed is lost."))
            self.take_new_key()
            return True
        if filled_in < settings.ABUSE_MINIMUM_SECONDS:
            self.add_error(
                None, _("That was faster than people are. Look your answers over, then send the form again.")
            )
            return True
        return False
