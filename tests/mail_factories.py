"""Letters of the outbox and mailings, as tests need them."""

from typing import Any

from assises.enums import LetterState
from assises.models import Mailing, OutgoingEmail
from tests.factories import NOW


def a_letter(key: str = "letter:1", **fields: Any) -> OutgoingEmail:
    defaults = {
        "event": "registration/confirmed",
        "to_name": "Élodie 王",
        "to_email": "elodie@example.org",
        "language": "fr",
        "subject": "Votre place est confirmée – 高层论坛",
        "text": "Bonjour Élodie,\n\nà bientôt à Toulouse. 图卢兹见！\n",
        "html": "<p>à bientôt</p>",
        "created_at": NOW,
        "next_attempt_at": NOW,
    }
    return OutgoingEmail.objects.create(key=key, **{**defaults, **fields})


def a_mailing(letters: int = 0, **fields: Any) -> Mailing:
    """A mailing with so many letters: the first is in French, the next in Chinese, and so on."""
    mailing = Mailing.objects.create(
        **{"event": "program/moved", "count": letters, "created_at": NOW, **fields}
    )
    for n in range(letters):
        a_letter(
            f"mailing:{mailing.pk}:{n}",
            mailing=mailing,
            event="program/moved",
            to_email=f"reader{n}@example.org",
            language="zh-hans" if n % 2 else "fr",
            subject="日程已更新" if n % 2 else "Le programme a changé",
            text="您的研讨会已改期。\n" if n % 2 else "Votre atelier a changé d’heure.\n",
        )
    return mailing


def one_of_each_state() -> dict[LetterState, OutgoingEmail]:
    """Six letters, each in another state."""
    return {
        LetterState.HELD: a_letter("held", mailing=a_mailing()),
        LetterState.WAITING: a_letter("waiting"),
        LetterState.FAILED: a_letter("failed", attempts=1, last_error="connection lost"),
        LetterState.BOUNCED: a_letter("bounced", attempts=1, bounced_at=NOW, last_error="550 unknown"),
        LetterState.SENT: a_letter("sent", attempts=1, sent_at=NOW),
        LetterState.CANCELLED: a_letter("cancelled", cancelled_at=NOW),
    }
