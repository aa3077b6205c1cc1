"""Fields of texts that are written in both languages."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

#: Each language of a translated field: how it is tagged, how it is called.
LANGUAGES = {
    "_fr": ("fr", gettext_lazy("%(what)s, in French")),
    "_zh_hans": ("zh-Hans", gettext_lazy("%(what)s, in Chinese")),
}


def in_both_languages(form: forms.BaseForm, model: Any) -> None:
    """Label and tag the two columns of each translated field."""
    for name, field in form.fields.items():
        for ending, (tag, label) in LANGUAGES.items():
            if name.endswith(ending):
                what = capfirst(str(model._meta.get_field(name.removesuffix(ending)).verbose_name))
                field.label = label % {"what": what}
                field.widget.attrs["lang"] = tag
