"""How fast the outbox is emptied, beside the bare loop of smtplib in the same run.

    python -m tests.benchmarks.bench_letters [--runs 3] [--letters 10000]

Needs what ``bench_registration`` needs. On the ground of ``./run``:
``python -m assises.development.services python -m tests.benchmarks.bench_letters``.

Each way sends the same letters, half French and half Chinese, to the same sink in another process:

* ours: ``deliver_pending`` again and again until nothing is due: letters are read from PostgreSQL, one transaction
  each, made into messages, handed over, and noted as sent; each commit is on disk;
* the bare loop: ``sendmail`` on one connection, of messages that were made into bytes before the clock started. It
  reads nothing, keeps nothing, and after a crash does not know what it has sent;
* the bare loop that also makes each message from its parts, with ``email.message`` of the standard library;
* the commits alone: as many single-row updates, one transaction each, as there are letters.
"""

# Django is set up before its models can be imported.

import argparse
import os
import smtplib
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from email.message import EmailMessage

# Sets Django up.
from tests.benchmarks.bench_registration import AT, own_database, say

# isort: split
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from assises.mail import outbox
from assises.mail.tasks import deliver_pending, message
from assises.models import Edition, OutgoingEmail, Reminded
from assises.reminding.letters import letter_to
from tests.benchmarks.sink import running
from tests.reminder_factories import a_milestone, a_reminder

#: What is asked for: at least this part of the rate of the bare loop.
RATIO = 0.5
#: No sink lives longer.
SECONDS = 300


def write(count: int) -> None:
    """Letters as reminders are: from the real templates, in two languages, to a reader each."""
    edition = Edition.objects.get()
    reminder = a_reminder(
        a_milestone(edition, AT),
        text_fr="Les ateliers sont ouverts : choisissez le vôtre avant la fin de la semaine.\n\n" * 4,
        text_zh_hans="研讨会已开放选择，请在本周内完成选择。\n\n" * 4,
    )
    for language in ("fr", "zh-hans"):
        line = Reminded(
            reminder=reminder, person=language, email=f"{language}@example.org", name="Élodie 王",
            language=language, link="/fr/inscription/", not_before=AT,
        )  # fmt: skip
        outbox.write([letter_to(language, [line])], at=AT)
    patterns = list(OutgoingEmail.objects.order_by("id"))
    OutgoingEmail.objects.all().delete()
    names = [
        f.attname for f in OutgoingEmail._meta.concrete_fields if f.name not in ("id", "key", "to_email")
    ]
    OutgoingEmail.objects.bulk_create(
        (
            OutgoingEmail(
                **{name: getattr(patterns[n % 2], name) for name in names},
                key=f"bench:{n}",
                to_email=f"lecteur.{n}@example.org",
            )
            for n in range(count)
        ),
        batch_size=1000,
    )


def again() -> None:
    """As before the first letter left, in a table without dead rows."""
    OutgoingEmail.objects.update(sent_at=None, attempts=0, next_attempt_at=AT, last_error="")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE assises_outgoingemail")
        cursor.execute("CHECKPOINT")


# --- The ways of sending ------------------------------------------------------------------


def deliver(port: int) -> None:
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=port
    ):
        while deliver_pending():
            pass


def bare(ready: Sequence[tuple[str, bytes]]) -> Callable[[int], None]:
    def send(port: int) -> None:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as server:
            for address, content in ready:
                server.sendmail(settings.DEFAULT_FROM_EMAIL, [address], content)

    return send


def bare_and_made(letters: Sequence[OutgoingEmail]) -> Callable[[int], None]:
    def send(port: int) -> None:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as server:
            for letter in letters:
                made = EmailMessage()
                made["Subject"] = letter.subject
                made["From"] = settings.DEFAULT_FROM_EMAIL
                made["To"] = letter.to_email
                made["Message-ID"] = f"<letter-{letter.pk}@example.org>"
                made.set_content(letter.text)
                made.add_alternative(letter.html, subtype="html")
                server.send_message(made)

    return send


def rate(send: Callable[[int], None], count: int) -> tuple[float, dict[str, int]]:
    """Letters a second, and what the sink saw; every letter must have come once."""
    with running(letters=count, seconds=SECONDS) as sink:
        begin = time.perf_counter()
        send(sink.port)
        seconds = time.perf_counter() - begin
        seen = sink.report()
    if (seen["taken"], seen["distinct"]) != (count, count):
        raise RuntimeError(f"the sink saw {seen}, {count} letters were to come once each")
    return count / seconds, seen


def commits(count: int) -> float:
    """Transactions a second of one row's update each, from one connection: what durability costs here."""
    ids = list(OutgoingEmail.objects.values_list("pk", flat=True))
    begin = time.perf_counter()
    with connection.cursor() as cursor:
        for pk in ids:
            cursor.execute("UPDATE assises_outgoingemail SET attempts = attempts + 1 WHERE id = %s", [pk])
    return count / (time.perf_counter() - begin)


# --- The runs -----------------------------------------------------------------------------


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--letters", type=int, default=10_000)
    options = parser.parse_args()
    settings.CLOCK_OFFSET = AT - timezone.now()
    count = options.letters
    say(
        f"Processors {os.cpu_count()}, load before {os.getloadavg()[0]:.1f}, {count} letters, {options.runs} runs"
    )
    rates: dict[str, list[float]] = {"ours": [], "bare": [], "bare and made": [], "commits": []}
    with own_database():
        write(count)
        letters = list(OutgoingEmail.objects.order_by("id"))
        ready = [(letter.to_email, message(letter).message().as_bytes(linesep="\r\n")) for letter in letters]
        size = sum(len(content) for _address, content in ready) // count
        for run in range(options.runs):
            again()
            found, seen = rate(deliver, count)
            rates["ours"].append(found)
            if OutgoingEmail.objects.filter(sent_at=None).exists():
                raise RuntimeError("a letter was left behind")
            rates["bare"].append(rate(bare(ready), count)[0])
            rates["bare and made"].append(rate(bare_and_made(letters), count)[0])
            rates["commits"].append(commits(count))
            again()
            say(
                f"  run {run + 1}: "
                + ", ".join(f"{name} {found[-1]:.0f}/s" for name, found in rates.items())
                + f"; ratio {rates['ours'][-1] / rates['bare'][-1]:.2f}, {seen['connections']} connections,"
                f" {size} bytes a letter, load {os.getloadavg()[0]:.1f}"
            )
    return report(rates)


def report(rates: dict[str, list[float]]) -> int:
    """The medians, and the target read in both ways: it says "the bare loop", not what that loop is handed."""
    ours = statistics.median(rates["ours"])
    say(f"\n{'letters a second, medians':42}{'a second':>10}{'ours / this':>13}")
    for name, found in rates.items():
        middle = statistics.median(found)
        say(f"{name:42}{middle:10.0f}{ours / middle:13.2f}")
    say("")
    reached = [
        _verdict(rates["ours"], rates[floor], what)
        for floor, what in (
            ("bare and made", "the loop of smtplib that makes each message"),
            ("bare", "the loop of smtplib that is handed ready bytes"),
        )
    ]
    return 0 if all(reached) else 1


def _verdict(ours: list[float], floor: list[float], what: str) -> bool:
    # Each run is compared with its own floor: what else the machine does falls on both.
    ratios = [mine / bare for mine, bare in zip(ours, floor, strict=True)]
    reached = statistics.median(ratios) >= RATIO
    say(
        f"{'reached' if reached else 'MISSED '} {statistics.median(ratios):.2f} of {what}"
        f" ({min(ratios):.2f} to {max(ratios):.2f}), target {RATIO}"
    )
    return reached


if __name__ == "__main__":
    sys.exit(main())
