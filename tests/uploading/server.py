"""A real gunicorn that receives files, and a line to it on which one sends byte by byte."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Self

from assises.uploads import write_grant
from tests.factories import NOW
from tests.load.stack import Stack

#: Seconds in which what must happen happens; nobody waits that long for anything that does.
PATIENCE = 60


class Server(Stack):
    """The web processes alone."""

    def __init__(self, folder: Path, files: Path, **environment: str) -> None:
        super().__init__(
            folder,
            starts_at=NOW,
            DJANGO_SETTINGS_MODULE="tests.uploading.settings",
            FILES_ROOT=str(files),
            FILES_RESERVE="0",
            **environment,
        )

    def __enter__(self) -> Self:
        try:
            self.start_web()
            self._wait_until_it_answers()
        except BaseException:
            self.stop()
            raise
        return self

    def crash(self) -> None:
        """Kill all of it at once; what comes after finds the same address."""
        process = self.processes.pop("web")
        # Workers first: the one above them would start others in their place.
        workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        process.send_signal(signal.SIGSTOP)
        for worker in map(int, workers):
            os.kill(worker, signal.SIGKILL)
        process.kill()
        process.wait()

    def line(self) -> "Line":
        return Line(self.port)

    def peak(self) -> int:
        """The most memory that a web process ever held, bytes (VmHWM)."""
        return max(_hwm(pid) for pid in self.children("web"))


def _hwm(pid: int) -> int:
    [line] = [li for li in Path(f"/proc/{pid}/status").read_text().splitlines() if li.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


class Line:
    """One connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._read = self.socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        self._read.close()
        self.socket.close()

    def reset(self) -> None:
        """As a network that says no: RST instead of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        self.close()

    def head(self, method: str, address: str, *, length: int = 0, **headers: object) -> None:
        """Send a request as far as its body."""
        given = {"Host": "127.0.0.1", "Tus-Resumable": "1.0.0", "Content-Length": length}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
        self.socket.sendall(f"{method} {address} HTTP/1.1\r\n{lines}\r\n".encode())

    def send(self, content: bytes) -> None:
        self.socket.sendall(content)

    def answer(self) -> tuple[int, dict[str, str], str]:
        """Status, headers and body of the answer to the last request."""
        status = int(self._read.readline().split()[1])
        headers: dict[str, str] = {}
        while (line := self._read.readline().strip()) != b"":
            name, _colon, value = line.decode().partition(": ")
            headers[name.lower()] = value
        body = self._read.read(int(headers.get("content-length", 0)))
        return status, headers, body.decode()


class Upload:
    """An upload on a real server, each request on a line of its own."""

    def __init__(self, server: Server, size: int, target: str = "12") -> None:
        self.server = server
        with server.line() as line:
            line.head("POST", f"/televersements/{write_grant('tests.film', target)}/", Upload_Length=size)
            status, headers, body = line.answer()
        assert status == 201, body
        self.address = headers["location"]

    def start(self, offset: int, length: int) -> Line:
        """A line on which a part is announced and nothing of it sent yet."""
        line = self.server.line()
        line.head(
            "PATCH", self.address, length=length, Upload_Offset=offset,
            Content_Type="application/offset+octet-stream", Accept_Language="fr",
        )  # fmt: skip
        return line

    def patch(
        self, offset: int, content: bytes | Iterable[bytes], length: int | None = None
    ) -> tuple[int, dict[str, str], str]:
        pieces = [content] if isinstance(content, bytes) else content
        with self.start(offset, len(content) if isinstance(content, bytes) else length or 0) as line:
            for piece in pieces:
                line.send(piece)
            return line.answer()

    def offset(self) -> int:
        with self.server.line() as line:
            line.head("HEAD", self.address)
            # The answer to HEAD has no body, whatever its headers say.
            status = int(line._read.readline().split()[1])
            assert status == 200
            while not (name := line._read.readline().lower()).startswith(b"upload-offset:"):
                assert name.strip()
            return int(name.split()[1])


def until(true: Callable[[], bool]) -> None:
    """Wait for a condition; fail when it does not come."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)
