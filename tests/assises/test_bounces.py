"""Letters that a real mail server refuses: for good they have come back, for now they are tried again."""

import datetime as dt
import email
import socketserver
import threading
from collections.abc import Iterator

import pytest
from django.core.mail import get_connection

from assises.enums import LetterState
from assises.mail import deciding, outbox, tasks
from assises.mail.outbox import Letter
from assises.models import OutgoingEmail
from registration import letters
from tests.factories import NOW, a_member_of_staff, a_registration
from tests.mail_factories import a_letter

pytestmark = pytest.mark.django_db
TOMORROW = NOW + dt.timedelta(days=1)


class Conversation(socketserver.StreamRequestHandler):
    """SMTP that answers ``RCPT`` and the end of ``DATA`` by the reader's name: ``550-rcpt@…``, ``451-data@…``."""

    def handle(self) -> None:
        self.say("220 test")
        name = ""
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"RCPT":
                name = line.decode().partition("<")[2].partition("@")[0]
                self.say(self.answer(name, "rcpt"))
            elif word == b"DATA":
                self.say("354 go on")
                self.server.received.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                self.say(self.answer(name, "data"))
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 yes")

    def answer(self, name: str, step: str) -> str:
        code, _dash, refuses_at = name.partition("-")
        return f"{code} Postfach unbekannt ü\0" if refuses_at == step else "250 yes"

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


@pytest.fixture
def server() -> Iterator[socketserver.ThreadingTCPServer]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as found:
        found.received = []
        found.daemon_threads = True
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield found
        found.shutdown()


def deliver_all(server: socketserver.ThreadingTCPServer, *, at: dt.datetime = NOW) -> None:
    host, port = server.server_address
    backend = "django.core.mail.backends.smtp.EmailBackend"
    with get_connection(backend, host=host, port=port, username="", password="", use_tls=False) as post:
        while tasks.deliver_next(post, at=at):
            pass


@pytest.mark.parametrize("name", ["550-rcpt", "554-data"])
def test_what_is_refused_for_good_has_come_back_and_is_not_tried_again(server, name):
    a_letter("1", to_email=f"{name}@example.org")
    a_letter("2", to_email="here@example.org")

    deliver_all(server)
    deliver_all(server, at=TOMORROW)

    gone, here = OutgoingEmail.objects.order_by("key")
    assert (gone.state, gone.bounced_at, gone.attempts) == (LetterState.BOUNCED, NOW, 1)
    assert gone.last_error == f"{name[:3]} Postfach unbekannt ü"
    assert here.state == LetterState.SENT


@pytest.mark.parametrize("name", ["450-rcpt", "451-data"])
def test_what_is_refused_for_now_is_tried_again(server, name):
    letter = a_letter(to_email=f"{name}@example.org")

    deliver_all(server)
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (LetterState.FAILED, 1)
    deliver_all(server, at=TOMORROW)

    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (LetterState.FAILED, 2)


def test_what_came_back_leaves_once_somebody_has_mended_the_address_and_tries_again(server):
    letter = a_letter(to_email="550-rcpt@example.org")
    deliver_all(server)
    OutgoingEmail.objects.update(to_email="mended@example.org")

    deciding.try_again([letter], at=TOMORROW, by=a_member_of_staff())
    deliver_all(server, at=TOMORROW)

    letter.refresh_from_db()
    assert (letter.state, letter.last_error) == (LetterState.SENT, "")


def test_answers_go_to_the_contact_of_the_edition(server, edition):
    edition.contact_email = "contact@example.org"
    edition.save()
    row = a_registration(edition)
    OutgoingEmail.objects.all().delete()

    letters.tell("confirmed", [row], edition=edition, at=NOW)
    deliver_all(server)

    assert OutgoingEmail.objects.get().reply_to == "contact@example.org"
    [received] = server.received
    assert email.message_from_bytes(received)["Reply-To"] == "contact@example.org"


def test_a_letter_may_name_who_reads_the_answers_and_without_anybody_they_go_where_it_comes_from(edition):
    edition.contact_email = ""
    row = a_registration(edition)
    plain = letters.to_person("confirmed", row, edition=edition, once="1")
    named = Letter(**{**vars(plain), "key": "named", "reply_to": "salon@example.org"})

    outbox.write([plain, named], at=NOW)

    found = {
        letter.key: tasks.message(letter).message()["Reply-To"]
        for letter in OutgoingEmail.objects.filter(key__in=[plain.key, "named"])
    }
    assert found == {plain.key: None, "named": "salon@example.org"}
