"""Four hundred people, thirty-two at a time, on two hundred places: over HTTP, on the real server."""

import asyncio
import email
import io
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from assises.models import Edition, OutgoingEmail
from registration.models import Place
from tests.factories import NOW
from tests.load import checks
from tests.load.crowd import Browser, answers, press, register
from tests.load.stack import Stack, emptied_redis

pytestmark = [pytest.mark.load, pytest.mark.django_db(transaction=True)]

PEOPLE, AT_ONCE, PLACES = 400, 32, 200
#: Everybody does what stands here for the number, in turn; the others do nothing more.
CONFIRMS, CANCELS, CONFIRMS_THEN_CANCELS, SENDS_TWICE = {1, 2}, {3, 6}, {4}, {5}
TURN = 10


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    call_command("load_edition", "toulouse-2018", stdout=io.StringIO())
    with emptied_redis(), Stack(tmp_path, starts_at=NOW) as running:
        yield running


class Mailbox:
    """Reads the letters as they stand in the outbox, on one connection beside the crowd."""

    def __init__(self) -> None:
        self.reader = ThreadPoolExecutor(1)

    async def link(self, event: str, address: str) -> str:
        """The path behind the link in the letter."""

        def read() -> str:
            letter = OutgoingEmail.objects.get(event=f"registration/{event}", to_email=address)
            found = re.search(r"https?://[^/\s]+(/fr/inscription/[^/\s]+/)", letter.text)
            assert found, letter.text
            return found[1]

        return await asyncio.get_running_loop().run_in_executor(self.reader, read)

    def close(self) -> None:
        self.reader.submit(lambda: connection.close()).result()
        self.reader.shutdown()


async def visit(browser: Browser, mailbox: Mailbox, number: int) -> str:
    """What one person does; the state that the own page showed first."""
    fields, habit = answers(number), number % TURN
    if habit in SENDS_TWICE:
        fields["language"] = "zh-hans"
    _path, state = await register(browser, fields)
    event = "confirm_address" if state == "held" else "waiting"
    if habit in SENDS_TWICE:
        _again, shown = await register(browser, {**fields, "email": fields["email"].upper()})
        assert shown in ("held", "waiting")  # the screen tells nobody who is registered
        return state
    if habit in CONFIRMS | CANCELS | CONFIRMS_THEN_CANCELS:
        own = await mailbox.link(event, fields["email"])
        if habit in CONFIRMS | CONFIRMS_THEN_CANCELS and state == "held":
            for _unused in range(2):  # the button pressed twice
                page = await browser.get(own)
                token = (
                    {"csrfmiddlewaretoken": page.hidden("csrfmiddlewaretoken")}
                    if page.state == "held"
                    else None
                )
                if token:
                    assert (await browser.post(f"{own}confirmer/", token)).status == 302
            assert (await browser.get(own)).state == "confirmed"
        if habit in CANCELS | CONFIRMS_THEN_CANCELS:
            assert (await press(browser, own, "annuler")).status == 302
            assert (await browser.get(own)).state == "cancelled"
    return state


async def crowd(port: int, mailbox: Mailbox) -> Counter[str]:
    numbers, seen = iter(range(PEOPLE)), Counter[str]()

    async def one_after_the_other() -> None:
        browser = Browser(port)
        for number in numbers:
            browser.forget()
            seen[await visit(browser, mailbox, number)] += 1
        await browser.close()

    await asyncio.gather(*[one_after_the_other() for _unused in range(AT_ONCE)])
    return seen


def until_all_letters_left(seconds: int) -> None:
    """The worker sends them; beat wakes it at the latest in half a minute."""
    for _unused in range(seconds * 10):
        if not OutgoingEmail.objects.filter(sent_at=None).exists():
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.1)")
    raise AssertionError(f"{OutgoingEmail.objects.filter(sent_at=None).count()} letters did not leave")


def letters_that_left(folder: Path) -> list[str]:
    """The Message-IDs of what the worker handed over."""
    text = "".join(path.read_text() for path in folder.iterdir())
    messages = [
        email.message_from_string(part) for part in text.split("\n" + "-" * 79 + "\n") if part.strip()
    ]
    return [str(message["Message-ID"]) for message in messages]


def test_four_hundred_people_on_two_hundred_places(stack):
    mailbox = Mailbox()
    try:
        # In a thread of its own: the browser tests keep an event loop running in this one.
        with ThreadPoolExecutor(1) as pool:
            seen = pool.submit(asyncio.run, crowd(stack.port, mailbox)).result()
    finally:
        mailbox.close()
    until_all_letters_left(40)
    edition = Edition.objects.get()
    twins = sum(n % TURN in SENDS_TWICE for n in range(PEOPLE))

    # Nobody is lost, and nobody is there twice.
    assert sum(seen.values()) == PEOPLE
    states = Counter(edition.registrations.values_list("status", flat=True))
    assert states["duplicate"] == twins
    assert sum(states.values()) == PEOPLE + twins
    assert states["cancelled"] == sum(n % TURN in CANCELS | CONFIRMS_THEN_CANCELS for n in range(PEOPLE))
    # Exactly two hundred places, all of them held: enough people wait.
    assert (edition.capacity_french, Place.objects.count()) == (PLACES, PLACES)
    assert states["held"] + states["confirmed"] + states["offered"] == PLACES
    assert states["waiting"] == PEOPLE - PLACES - states["cancelled"]
    checks.check_places(edition)
    checks.check_nobody_waits_beside_a_free_place(edition)
    checks.check_order(edition)
    # No letter is missing, none was written or sent twice.
    checks.check_letters(edition)
    sent = letters_that_left(stack.letters)
    assert len(sent) == len(set(sent)) == OutgoingEmail.objects.count()
    assert not re.search(r"Traceback|ERROR", stack.log("web") + stack.log("worker") + stack.log("beat"))
