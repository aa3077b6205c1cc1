"""People with browsers, as lean as can be: HTTP/1.1 on one connection that stays open, cookies, forms.

As a program it sends a crowd through the form and prints what it saw as JSON, in a process of its own so that it
takes as little as possible from the server beside it:

    python -m tests.load.crowd --port 8000 --people 400 --at-once 32
"""

import argparse
import asyncio
import json
import re
import sys
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

FORM = "/fr/inscription/"
ORGANISATIONS = ["Toulouse", "Montpellier", "Strasbourg", "Lyon", "Bordeaux", "Rennes"]


@dataclass
class Answer:
    status: int
    location: str
    body: bytes
    wire_bytes: int

    @property
    def state(self) -> str:
        """What the page says to machines about the registration."""
        found = re.search(rb'<main[^>]* data-assises-state="(\w+)"', self.body)
        return found[1].decode() if found else ""

    def hidden(self, name: str) -> str:
        found = re.search(rb'name="' + name.encode() + rb'" value="([^"]*)"', self.body)
        if not found:
            raise AssertionError(f"no field {name}: {self.status} {self.body[:300]!r}")
        return found[1].decode()


@dataclass
class Browser:
    """One connection to the server, kept open; ``forget`` makes a new visitor of it."""

    port: int
    accept_encoding: str = "identity"
    cookies: dict[str, str] = field(default_factory=dict)
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    def forget(self) -> None:
        self.cookies.clear()

    async def get(self, path: str) -> Answer:
        return await self._ask("GET", path, b"")

    async def post(self, path: str, fields: dict[str, str]) -> Answer:
        return await self._ask("POST", path, urlencode(fields).encode())

    async def close(self) -> None:
        if self._streams:
            self._streams[1].close()
            self._streams = None

    async def _ask(self, method: str, path: str, body: bytes) -> Answer:
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept-Encoding: {self.accept_encoding}\r\n"
        if self.cookies:
            head += "Cookie: " + "; ".join(f"{k}={v}" for k, v in self.cookies.items()) + "\r\n"
        if method == "POST":
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        message = head.encode() + b"\r\n" + body
        fresh = self._streams is None
        try:
            return await self._exchange(message)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            await self.close()
            # A server may close a connection that was idle; only then nothing was done, and one asks again.
            if fresh or getattr(error, "partial", b""):
                raise
            return await self._exchange(message)

    async def _exchange(self, message: bytes) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._streams
        writer.write(message)
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in lines:
            name, _colon, value = line.partition(": ")
            if name.lower() == "set-cookie":
                cookie, _equals, rest = value.partition("=")
                self.cookies[cookie] = rest.partition(";")[0]
            else:
                headers[name.lower()] = value
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("connection") == "close":
            await self.close()
        return Answer(int(first.split()[1]), headers.get("location", ""), body, len(head) + len(body))


def answers(number: int, **more: str) -> dict[str, str]:
    """What an ordinary person types into the form."""
    return {
        "organisation": ORGANISATIONS[number % len(ORGANISATIONS)],
        "given_name": "Camille",
        "family_name": f"Exemple {number}",
        "job_title": "Adjointe au maire",
        "email": f"camille{number}@example.org",
        "language": "fr",
        **more,
    }


async def register(browser: Browser, fields: dict[str, str], path: str = FORM) -> tuple[str, str]:
    """Form, sending, own page: the path of the own page, and the state it shows."""
    form = await browser.get(path)
    sent = await browser.post(
        path,
        {
            "csrfmiddlewaretoken": form.hidden("csrfmiddlewaretoken"),
            "form_key": form.hidden("form_key"),
            **fields,
        },
    )
    if sent.status != 302:
        raise AssertionError(f"{sent.status} for {fields['email']}: {sent.body[-3000:]!r}")
    page = await browser.get(sent.location)
    if page.status != 200:
        raise AssertionError(f"{page.status} on the own page of {fields['email']}")
    return sent.location, page.state


async def press(browser: Browser, page_path: str, action: str) -> Answer:
    """Open a page and send the form in it that leads to ``<page><action>/``."""
    page = await browser.get(page_path)
    path = f"{page_path}{action}/"
    if action == "annuler":
        page = await browser.get(path)
    return await browser.post(path, {"csrfmiddlewaretoken": page.hidden("csrfmiddlewaretoken")})


def choices(number: int, choose: str) -> dict[str, str]:
    """``session_workshops=one,two``: what each in turn answers to this question."""
    field, _equals, values = choose.partition("=")
    codes = values.split(",")
    return {field: codes[number % len(codes)]} if field else {}


async def crowd(
    port: int, people: int, at_once: int, first: int, path: str, choose: str = ""
) -> dict[str, object]:
    """So many complete registrations, so many at once: seconds in all, seconds of each, and the states seen."""
    numbers = iter(range(first, first + people))
    seconds: list[float] = []
    states: dict[str, int] = {}

    async def visit() -> None:
        browser = Browser(port)
        for number in numbers:
            browser.forget()
            start = time.perf_counter()
            _path, state = await register(browser, answers(number, **choices(number, choose)), path)
            seconds.append(time.perf_counter() - start)
            states[state] = states.get(state, 0) + 1
        await browser.close()

    start = time.perf_counter()
    await asyncio.gather(*[visit() for _unused in range(at_once)])
    return {"total": time.perf_counter() - start, "seconds": seconds, "states": states}


async def pages(
    port: int, path: str, requests: int, at_once: int, accept_encoding: str = "identity"
) -> dict[str, object]:
    """The same for one page that is asked for again and again."""
    left = iter(range(requests))
    seconds: list[float] = []

    async def visit() -> None:
        browser = Browser(port, accept_encoding=accept_encoding)
        for _unused in left:
            start = time.perf_counter()
            answer = await browser.get(path)
            assert answer.status == 200, answer.status
            seconds.append(time.perf_counter() - start)
        await browser.close()

    start = time.perf_counter()
    await asyncio.gather(*[visit() for _unused in range(at_once)])
    return {"total": time.perf_counter() - start, "seconds": seconds, "states": {}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--at-once", type=int, default=32)
    parser.add_argument("--first", type=int, default=0, help="the number of the first person")
    parser.add_argument("--form", default=FORM, help="the path of the form")
    parser.add_argument("--choose", default="", help="a question of the form and its answers, by turns")
    parser.add_argument("--page", default="", help="ask for this page instead of registering")
    parser.add_argument("--accept-encoding", default="identity")
    options = parser.parse_args()
    if options.page:
        result = asyncio.run(
            pages(options.port, options.page, options.people, options.at_once, options.accept_encoding)
        )
    else:
        result = asyncio.run(
            crowd(options.port, options.people, options.at_once, options.first, options.form, options.choose)
        )
    sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    main()
