from typing import Any

from django.utils.translation import gettext as _


class Refusal(Exception):
    """A rule of the house says no; ``str()`` is translated and fit to show to the user."""


class Conflict(Refusal):
    """Somebody else has changed the same thing meanwhile; ``current`` is how it stands now."""

    def __init__(self, current: Any) -> None:
        super().__init__(
            _(
                "Somebody else has changed this since you opened it. Nothing of yours is saved yet: compare the two versions, then save again."
            )
        )
        self.current = current
