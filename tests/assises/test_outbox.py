"""Letters are written with what they speak of, and leave once, by whatever worker comes first."""

import datetime as dt
import email
import email.policy
import smtplib
import socketserver
import threading
from collections.abc import Iterator
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected
from unittest import mock

import pytest
from django.core import mail
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

from assises.exceptions import Refusal
from assises.mail import deciding, outbox, tasks
from assises.mail.outbox import Letter
from assises.models import Mailing, OutgoingEmail
from tests.factories import NOW, a_member_of_staff
from tests.mail_factories import a_letter

pytestmark = pytest.mark.django_db


class Post(BaseEmailBackend):
    """A post office that keeps what it is given, and refuses as told."""

    def __init__(self, *, refuses: Exception | None = None, only: str = "") -> None:
        super().__init__()
        self.refuses = refuses
        self.only = only
        self.taken: list[str] = []
        self.closed = 0

    def send_messages(self, messages: list) -> int:
        for message in messages:
            if self.refuses and self.only in message.to[0]:
                raise self.refuses
            self.taken.append(message.to[0])
        return len(messages)

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def templates(settings) -> None:
    """The templates of one letter, which says its time in the language of the reader."""
    pages = {
        "example/mail/hello.subject.txt": "Bonjour\n  {{ to_name }}",
        "example/mail/hello.body.txt": "{% load typography %}{{ written_at|moment }} {{ base_url }} {{ word }}",
        "example/mail/hello.body.html": "<p>{{ word }}</p>",
    }
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", pages)]},
        }
    ]


def hello(**fields: object) -> Letter:
    defaults = {
        "event": "example/hello",
        "key": "hello:1",
        "to_email": "a@example.org",
        "to_name": "Élodie",
        "language": "fr",
        "context": {"word": "<b>"},
    }
    return Letter(**{**defaults, **fields})


def test_the_same_key_is_written_once(templates):
    outbox.write([hello()], at=NOW)
    outbox.write([hello(to_name="somebody else"), hello(key="hello:2")], at=NOW)

    assert list(OutgoingEmail.objects.order_by("key").values_list("key", "to_name")) == [
        ("hello:1", "Élodie"),
        ("hello:2", "Élodie"),
    ]


def test_a_letter_speaks_the_language_of_its_reader(templates):
    outbox.write([hello(), hello(key="hello:2", language="zh-hans")], at=NOW)

    french, chinese = OutgoingEmail.objects.order_by("key")

    assert "lundi\u00a015\u00a0octobre 2018" in french.text
    assert "2018年10月15日（星期一）10:00" in chinese.text


def test_a_subject_is_one_line_and_html_is_escaped(templates):
    outbox.write([hello()], at=NOW)

    letter = OutgoingEmail.objects.get()

    assert letter.subject == "Bonjour Élodie"
    assert letter.html == "<p>&lt;b&gt;</p>"


def test_many_letters_are_one_statement(templates, django_assert_num_queries):
    with django_assert_num_queries(1):
        outbox.write([hello(key=f"hello:{n}") for n in range(20)], at=NOW)


def many(count: int) -> list[Letter]:
    return [hello(key=f"hello:{n}", to_email=f"reader{n}@example.org") for n in range(count)]


def test_twenty_letters_of_one_act_leave_by_themselves(templates):
    outbox.write(many(20), at=NOW, is_mailing=True)

    assert OutgoingEmail.objects.due(NOW).count() == 20
    assert not Mailing.objects.exists()


def test_twenty_one_letters_of_one_act_wait_until_somebody_approves_them(
    templates, django_capture_on_commit_callbacks
):
    by = a_member_of_staff()
    with django_capture_on_commit_callbacks() as woken:
        outbox.write(many(21), at=NOW, by=by, is_mailing=True)

    mailing = Mailing.objects.get()
    assert (mailing.event, mailing.count, mailing.created_by) == ("example/hello", 21, by)
    assert (OutgoingEmail.objects.held().count(), woken) == (21, [])
    assert tasks.deliver_pending() == 0

    deciding.approve(mailing, at=NOW, by=by)
    assert tasks.deliver_pending() == 21


def test_letters_that_somebody_waits_for_leave_however_many_they_are(templates):
    outbox.write(many(21), at=NOW)

    assert OutgoingEmail.objects.due(NOW).count() == 21


def test_a_mailing_that_is_asked_for_twice_is_one(templates):
    for _unused in range(2):
        outbox.write(many(21), at=NOW, is_mailing=True)

    assert Mailing.objects.get().count == OutgoingEmail.objects.count() == 21


def test_a_mailing_counts_the_letters_that_were_not_written_before(templates):
    outbox.write(many(2), at=NOW)

    outbox.write(many(23), at=NOW, is_mailing=True)

    assert Mailing.objects.get().count == 21
    assert OutgoingEmail.objects.due(NOW).count() == 2


def test_what_is_rolled_back_writes_no_letter_and_wakes_nobody(
    templates, django_capture_on_commit_callbacks, monkeypatch
):
    @transaction.atomic
    def write_and_fail() -> None:
        outbox.write([hello()], at=NOW)
        raise Refusal

    wake = mock.Mock()
    monkeypatch.setattr(outbox, "wake", wake)

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(Refusal):
        write_and_fail()

    assert not OutgoingEmail.objects.exists()
    assert wake.called is False


def test_a_broker_that_is_down_does_not_fail_the_page_and_beat_sends_later(
    templates, django_capture_on_commit_callbacks, monkeypatch
):
    monkeypatch.setattr(tasks.deliver_pending, "apply_async", mock.Mock(side_effect=OSError("no broker")))

    with django_capture_on_commit_callbacks(execute=True):
        outbox.write([hello()], at=NOW)
    sent = tasks.deliver_pending()

    assert sent == 1
    assert [message.to for message in mail.outbox] == [["a@example.org"]]


def test_a_rush_of_letters_wakes_one_worker(templates, django_capture_on_commit_callbacks, monkeypatch):
    woken = mock.Mock()
    monkeypatch.setattr(tasks.deliver_pending, "apply_async", woken)

    for n in range(5):
        with django_capture_on_commit_callbacks(execute=True):
            outbox.write([hello(key=f"hello:{n}")], at=NOW)

    assert woken.call_count == 1


def test_a_failing_server_delays_the_letter_more_and_more_and_keeps_the_error():
    letter = a_letter()
    post = Post(refuses=SMTPServerDisconnected("connection lost"))
    waits = []

    for _attempt in range(7):
        letter.refresh_from_db()
        at = letter.next_attempt_at
        tasks.deliver_next(post, at=at)
        letter.refresh_from_db()
        waits.append((letter.next_attempt_at - at) / dt.timedelta(minutes=1))

    assert waits == [1, 5, 15, 60, 240, 240, 240]
    assert (letter.attempts, letter.sent_at, letter.last_error) == (7, None, "connection lost")


def test_before_its_next_attempt_a_letter_waits():
    a_letter(attempts=1, next_attempt_at=NOW + dt.timedelta(minutes=1))

    assert not tasks.deliver_next(Post(), at=NOW)


def test_a_letter_written_by_a_machine_whose_clock_is_ahead_leaves_at_once():
    ahead = NOW + dt.timedelta(hours=3)
    a_letter(created_at=ahead, next_attempt_at=ahead)

    assert tasks.deliver_next(Post(), at=NOW)


def test_once_sent_the_old_error_is_forgotten():
    letter = a_letter(attempts=2, last_error="connection lost")

    tasks.deliver_next(Post(), at=NOW)

    letter.refresh_from_db()
    assert (letter.attempts, letter.sent_at, letter.last_error) == (3, NOW, "")


@pytest.mark.parametrize(
    "refusal",
    [SMTPRecipientsRefused({"gone@example.org": (550, b"unknown")}), SMTPDataError(451, b"try again later")],
)
def test_one_refused_letter_does_not_hold_back_the_others(refusal):
    a_letter("letter:1", to_email="gone@example.org")
    a_letter("letter:2", to_email="here@example.org")
    post = Post(refuses=refusal, only="gone")

    while tasks.deliver_next(post, at=NOW):
        pass

    assert post.taken == ["here@example.org"]
    assert post.closed == 0
    assert OutgoingEmail.objects.get(sent_at=None).to_email == "gone@example.org"


def test_a_server_that_closes_its_door_is_not_asked_again_at_once():
    for n in range(2):
        a_letter(f"letter:{n}")
    post = Post(refuses=SMTPDataError(421, b"closing"))

    assert not tasks.deliver_next(post, at=NOW)
    assert post.closed == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_letter_once():
    OutgoingEmail.objects.all().delete()
    for n in range(120):
        a_letter(f"letter:{n}", to_email=f"reader{n}@example.org")
    posts = [Post(), Post(), Post()]
    start = threading.Barrier(len(posts))

    def deliver(post: Post) -> None:
        start.wait()
        try:
            while tasks.deliver_next(post, at=NOW):
                pass
        finally:
            connection.close()

    workers = [threading.Thread(target=deliver, args=[post]) for post in posts]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)

    taken = sorted(address for post in posts for address in post.taken)
    assert taken == sorted(f"reader{n}@example.org" for n in range(120))
    assert not OutgoingEmail.objects.filter(sent_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_before_its_commit_leaves_the_letter_to_the_next_with_the_same_message_id():
    OutgoingEmail.objects.all().delete()
    letter = a_letter()
    first, second = Post(), Post()

    @transaction.atomic
    def send_and_die() -> None:
        tasks.deliver_next(first, at=NOW)
        raise SystemExit

    with pytest.raises(SystemExit):
        send_and_die()
    tasks.deliver_next(second, at=NOW)

    letter.refresh_from_db()
    assert (first.taken, second.taken) == (["elodie@example.org"], ["elodie@example.org"])
    assert tasks.message(letter).extra_headers["Message-ID"] == f"<letter-{letter.pk}@example.org>"


class Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs to hand over its letters."""

    def handle(self) -> None:
        self.say("220 test")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"DATA":
                self.say("354 go on")
                self.server.received.append(self.read_message())
                self.say("250 taken")
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 yes")

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def read_message(self) -> bytes:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)


@pytest.fixture
def smtp_server() -> Iterator[socketserver.ThreadingTCPServer]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        server.received = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_real_server_receives_both_parts_in_utf8_with_their_headers(smtp_server):
    letter = a_letter()
    host, port = smtp_server.server_address
    backend = "django.core.mail.backends.smtp.EmailBackend"

    with get_connection(backend, host=host, port=port, username="", password="", use_tls=False) as post:
        assert tasks.deliver_next(post, at=NOW)

    [received] = smtp_server.received
    message = email.message_from_bytes(received, policy=email.policy.default)
    # A long subject starts on a folded line.
    assert message["Subject"].strip() == "Votre place est confirmée – 高层论坛"
    assert message["To"] == "elodie@example.org"
    assert message["Message-ID"] == f"<letter-{letter.pk}@example.org>"
    assert message["Date"] == "Mon, 15 Oct 2018 10:00:00 +0200"
    assert message["Content-Language"] == "fr"
    assert message["Auto-Submitted"] == "auto-generated"
    text, html = message.iter_parts()
    assert [part.get_content_type() for part in (text, html)] == ["text/plain", "text/html"]
    assert [part.get_content_charset() for part in (text, html)] == ["utf-8", "utf-8"]
    assert text.get_content().replace("\r\n", "\n") == letter.text
    assert html.get_content().strip() == letter.html


def test_an_unreachable_server_leaves_all_letters_for_later():
    a_letter("letter:1")
    a_letter("letter:2")
    backend = "django.core.mail.backends.smtp.EmailBackend"

    # Nothing listens on port 9 of this machine.
    connection_to_nobody = get_connection(backend, host="127.0.0.1", port=9, username="", password="")
    went_on = [tasks.deliver_next(connection_to_nobody, at=NOW) for _letter in range(2)]

    waiting = OutgoingEmail.objects.failed()
    assert went_on == [False, False]
    assert [letter.next_attempt_at for letter in waiting] == [NOW + dt.timedelta(minutes=1)] * 2


def test_a_full_turn_asks_for_another_at_once(db, monkeypatch):
    """Ten thousand letters do not wait for beat after every two hundred."""
    woken = []
    monkeypatch.setattr(tasks, "BATCH", 2)
    monkeypatch.setattr(tasks.deliver_pending, "apply_async", lambda **options: woken.append(1))
    for n in range(3):
        a_letter(key=f"turn:{n}")

    counts = [tasks.deliver_pending() for _turn in range(2)]

    assert (counts, len(woken)) == ([2, 1], 1)


def test_all_letters_of_a_run_go_over_one_connection(settings, monkeypatch):
    opened = []

    class Server:
        def __init__(self, *args, **kwargs):
            opened.append(self)

        def __getattr__(self, name):
            return lambda *args, **kwargs: {}

    monkeypatch.setattr(smtplib, "SMTP", Server)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    for n in range(5):
        a_letter(f"letter:{n}")

    assert tasks.deliver_pending() == 5

    assert len(opened) == 1


def test_a_server_that_is_down_is_told_on_the_letter(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    letter = a_letter()
    a_letter("letter:2")

    assert tasks.deliver_pending() == 0

    letter.refresh_from_db()
    assert (letter.attempts, letter.last_error != "") == (1, True)
    assert OutgoingEmail.objects.filter(attempts=0).count() == 1
