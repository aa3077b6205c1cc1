"""A field for a large file: scripts send it in parts before the form, which then names it by its key."""

import contextlib
import uuid
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from assises.uploads import purpose_of, write_grant


class UploadInput(forms.FileInput):
    """``<input type=file>`` in ``components/upload.html``; the page puts ``{{ form.media }}`` into its ``scripts``."""

    #: Where scripts send the file, and the most bytes that may come; given by ``UploadField.send_to``.
    address = ""
    most_bytes = 0

    class Media:
        js = [forms.Script("tus/tus.min.js", defer=True), forms.Script("assises/js/upload.js", defer=True)]

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        # A form that comes back because of another answer keeps the file that scripts have sent.
        key = value if isinstance(value, uuid.UUID) else None
        if key:
            attrs = {name: attr for name, attr in (attrs or {}).items() if name != "required"}
        context = {
            "input": super().render(name, None, attrs, renderer),
            "key": key,
            "address": self.address,
            "most_bytes": self.most_bytes,
            "key_name": _key_name(name),
        }
        return render_to_string("components/upload.html", context)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> UploadedFile | uuid.UUID | None:
        sent: UploadedFile | None = super().value_from_datadict(data, files, name)
        if sent is not None:
            return sent
        with contextlib.suppress(ValueError):
            return uuid.UUID(data.get(_key_name(name), ""))
        return None

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return super().value_omitted_from_data(data, files, name) and _key_name(name) not in data


def _key_name(name: str) -> str:
    return f"{name}_key"


class UploadField(forms.FileField):
    """A file for a purpose; its value is a file or the key of one that is here, either for ``uploads.receive``."""

    widget = UploadInput

    def __init__(self, *, purpose: str, accept: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.purpose = purpose
        if accept:
            self.widget.attrs["accept"] = accept

    def send_to(self, target: str | int) -> None:
        """Say for which row the file is; a form does so in its ``__init__``. Without it the file comes with the form."""
        declared = purpose_of(self.purpose)
        if declared is None:
            raise LookupError(f"No app declares the purpose {self.purpose}.")
        self.widget.address = reverse("uploads", args=[write_grant(self.purpose, target)])
        self.widget.most_bytes = declared.most_bytes(str(target))

    def to_python(self, data: Any) -> Any:
        return data if isinstance(data, uuid.UUID) else super().to_python(data)

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data if isinstance(data, uuid.UUID) else super().bound_data(data, initial)
