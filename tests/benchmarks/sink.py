"""A mail server that takes every letter, keeps none and counts them: a process of its own, on the loopback.

    python -m tests.benchmarks.sink --letters 10000 --seconds 120

Says its port in a line, and when its input is closed or the time is over, what it took; more letters than that number
it refuses. One connection after the other; as lean as can be, so that it does not hide what the sender costs.
"""

import argparse
import contextlib
import json
import re
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
END = b"\r\n.\r\n"
MESSAGE_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


class Sink:
    """One sink and what it has taken so far."""

    def __init__(self, letters: int, seconds: float) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.letters = letters
        self.ends = time.monotonic() + seconds
        self.taken = self.bytes = self.connections = 0
        self.ids: set[bytes] = set()

    def serve(self) -> None:
        with contextlib.suppress(TimeoutError):
            while True:
                self.listener.settimeout(self._left())
                client, _address = self.listener.accept()
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connections += 1
                with client, contextlib.suppress(ConnectionError):
                    self._converse(client)

    def report(self) -> str:
        return json.dumps(
            {
                "taken": self.taken, "distinct": len(self.ids), "bytes": self.bytes,
                "connections": self.connections,
            }
        )  # fmt: skip

    def _left(self) -> float:
        left = self.ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def _converse(self, client: socket.socket) -> None:
        client.sendall(b"220 sink\r\n")
        held, in_data = b"", False
        while True:
            client.settimeout(self._left())
            received = client.recv(1 << 17)
            if not received:
                return
            held += received
            answers, held, in_data, ended = self._answer(held, in_data)
            if answers:
                client.sendall(answers)
            if ended:
                return

    def _answer(self, held: bytes, in_data: bool) -> tuple[bytes, bytes, bool, bool]:
        """What to answer to what came, what is left of it, whether a letter is on its way, whether it is over."""
        answers = b""
        while True:
            message, end, rest = held.partition(END if in_data else b"\r\n")
            if not end:
                return answers, held, in_data, False
            held = rest
            if in_data:
                answers += b"250 taken\r\n" if self._take(message) else b"452 enough\r\n"
                in_data = False
            elif message[:4].upper() == b"DATA":
                answers += b"354 go on\r\n"
                in_data = True
            elif message[:4].upper() == b"QUIT":
                return answers + b"221 bye\r\n", held, False, True
            else:
                answers += b"250 yes\r\n"

    def _take(self, message: bytes) -> bool:
        if self.taken == self.letters:
            return False
        self.taken += 1
        self.bytes += len(message)
        if found := MESSAGE_ID.search(message):
            self.ids.add(found[1])
        return True


class Running:
    """A sink in another process, seen from the one that sends."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdin
        assert process.stdout
        self.process = process
        self.port = int(process.stdout.readline())

    def report(self) -> dict[str, int]:
        """End it; what it has taken."""
        said, _errors = self.process.communicate(timeout=30)
        found: dict[str, int] = json.loads(said)
        return found


@contextlib.contextmanager
def running(*, letters: int, seconds: float) -> Iterator[Running]:
    command = [
        sys.executable, "-m", "tests.benchmarks.sink", "--letters", str(letters), "--seconds", str(seconds)
    ]  # fmt: skip
    with subprocess.Popen(
        command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Running(process)
        finally:
            if process.poll() is None:
                process.kill()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    options = parser.parse_args()
    sink = Sink(options.letters, options.seconds)
    sys.stdout.write(f"{sink.listener.getsockname()[1]}\n")
    sys.stdout.flush()
    threading.Thread(target=sink.serve, daemon=True).start()
    # The one that asked for it reads our answer only when it has closed this.
    select.select([sys.stdin], [], [], options.seconds)
    sys.stdout.write(sink.report())


if __name__ == "__main__":
    main()
