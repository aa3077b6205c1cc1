"""Why a file, or a part of it, is not taken."""

from django.utils.translation import gettext as _

from assises import files
from assises.exceptions import Refusal


class Closed(Refusal):
    """What the file is for receives nothing at present. What has arrived stays until it expires."""


class NotAccepted(Refusal):
    """The file was looked at and is not what it should be; nothing of it is kept."""


class Gone(Refusal):
    """The upload has expired, was given up, or made room for newer ones."""

    def __init__(self) -> None:
        super().__init__(_("This upload is no longer here. Choose the file again: it will be sent anew."))


class TooLarge(Refusal):
    """More bytes than may come."""

    def __init__(self, size: int, most: int) -> None:
        super().__init__(
            _("This file is too large: %(size)s. At most %(most)s are accepted: export it in a smaller size.")
            % {"size": files.size_in_words(size), "most": files.size_in_words(most)}
        )


class WrongOffset(Refusal):
    """The sender is not where we are."""

    def __init__(self) -> None:
        super().__init__(
            _("The sender and the server do not agree on what has arrived. Ask again, then go on.")
        )
