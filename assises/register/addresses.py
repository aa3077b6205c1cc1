"""Where the back office shows the register, for the pages of all apps that lead there."""

from urllib.parse import urlencode

from django.db.models import Model
from django.urls import reverse

from assises.models import RegisterItem
from assises.register.subjects import subject_key


def item_url(item: RegisterItem) -> str:
    """The page of one item."""
    return reverse("admin:register_item", args=[item.number])


def add_url(kind: str, subject: Model) -> str:
    """The page where one more item is noted, its kind and what it is about filled in."""
    query = urlencode({"kind": kind, "subject": subject_key(subject)}, safe=":")
    return f"{reverse('admin:register_add')}?{query}"
