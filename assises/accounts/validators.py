"""What a password must be, in words of ours: Django's own lack in Chinese, or are not polite."""

from typing import Any

from django.contrib.auth import password_validation as django
from django.utils.translation import gettext, ngettext


class LongEnough(django.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return ngettext(
            "This password is too short: at least %(count)d character.",
            "This password is too short: at least %(count)d characters.",
            self.min_length,
        ) % {"count": self.min_length}

    def get_help_text(self) -> str:
        return ngettext(
            "At least %(count)d character.", "At least %(count)d characters.", self.min_length
        ) % {"count": self.min_length}


class UnlikeTheAccount(django.UserAttributeSimilarityValidator):
    def get_error_message(self) -> Any:
        return gettext("This password is too much like your name or your address.")

    def get_help_text(self) -> str:
        return gettext("Not like your name or your address.")


class Uncommon(django.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return gettext("This password is among those that many people use.")

    def get_help_text(self) -> str:
        return gettext("None of those that many people use.")
