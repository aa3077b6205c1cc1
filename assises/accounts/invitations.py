"""How somebody comes to an account: by a letter with a link, behind which they choose their own password."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils.translation import gettext as _

from assises import journal
from assises.accounts import links
from assises.accounts.letters import INVITATION, forgotten_letter, invitation_letter
from assises.exceptions import Refusal
from assises.mail import outbox
from assises.models import OutgoingEmail, User


@dataclass(frozen=True)
class Invitation:
    """Where the invitation of an account stands: the last letter, and when somebody last came in by one."""

    letter: OutgoingEmail | None
    accepted_at: dt.datetime | None


@transaction.atomic
def invite(user: User, *, at: dt.datetime, by: User | None, leads_to: str = "") -> None:
    """Write to ``user``, in their language, a letter with a link to choose a password and come in.

    Behind the link they enrol a second factor where they must, and land on the path ``leads_to`` or where everybody
    does after logging in. Asking again writes again. Refused for an account that is closed.
    """
    if not user.is_active:
        raise Refusal(_("This account is closed. Open it before you invite."))
    journal.write([journal.entry(user, "account_invited", at=at, by=by)])
    outbox.write([invitation_letter(user, leads_to=leads_to, at=at)], at=at)


def send_forgotten(email: str, *, at: dt.datetime) -> None:
    """Write a link to whoever has an open account with this address; nothing tells whether anybody has."""
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        # It takes as long as for somebody whom we know.
        outbox.rendered(forgotten_letter(User(email=email), at=at), at=at)
    else:
        outbox.write([forgotten_letter(user, at=at)], at=at)


def user_behind(token: str, *, at: dt.datetime) -> User:
    """Whoever may choose a password with this link.

    Refused, in words, when the link was used, is out of date, or is none of ours.
    """
    link = links.read(token)
    user = User.objects.filter(pk=link.pk, is_active=True).first() if link else None
    if link is None or user is None:
        raise Refusal(_("This link is not complete. Copy it whole from the letter."))
    life = links.life(link, user, at=at)
    if life is links.Life.LATE:
        raise Refusal(_("This link is out of date."))
    if life is links.Life.USED:
        raise Refusal(
            _(
                "This link no longer works: it was used already, or the password or the address was changed since."
            )
        )
    return user


@transaction.atomic
def choose_password(token: str, password: str, *, at: dt.datetime) -> User:
    """Give the account behind the link its password; with that the link is used.

    Raises what ``user_behind`` raises, also for the second of two at once, and ValidationError for a weak password.
    """
    User.objects.select_for_update().get(pk=user_behind(token, at=at).pk)
    user = user_behind(token, at=at)
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    link = links.read(token)
    joined = link is not None and link.kind == links.INVITATION
    action = "account_joined" if joined else "account_password_chosen"
    journal.write([journal.entry(user, action, at=at, by=user)])
    return user


def invitation_of(user: User) -> Invitation:
    joined = journal.of(user).filter(action="account_joined").first()
    letters = OutgoingEmail.objects.filter(event=INVITATION, key__startswith=f"account:{user.pk}:")
    return Invitation(letters.order_by("-id").first(), joined.at if joined else None)
