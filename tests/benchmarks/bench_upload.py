"""How much memory, and how much time, a film of 500 MB takes on its way through the endpoint of a real server.

    python -m tests.benchmarks.bench_upload [--megabytes 500] [--part 4]

Needs what ``bench_registration`` needs. On the ground of ``./run``:
``python -m assises.development.services python -m tests.benchmarks.bench_upload``.

The server is two gunicorn processes of eight threads, as in production; the sender is one program over loopback that
sends zeros, as parts of ``--part`` megabytes (what browsers send), and then all of it as one part. The floor is the
same bytes written to the same disk by one process that makes them as safe (``fdatasync`` every 4 MiB).

What is asked for: no process of the server ever holds more than ``BOUND`` bytes more than before (VmHWM).
"""

# Django is set up before its models can be imported.

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

# Sets Django up.
from tests.benchmarks.bench_registration import own_database, say

# isort: split
from assises import files
from assises.uploads.keeping import CHECKPOINT
from tests.uploading.server import Server, Upload

MEGABYTE = 1_000_000
#: The most by which a process of the server may grow, bytes.
BOUND = 24 * MEGABYTE
PIECE = bytes(256 * 1024)


def zeros(count: int) -> Iterator[bytes]:
    for begin in range(0, count, len(PIECE)):
        yield PIECE[: min(len(PIECE), count - begin)]


def in_parts(server: Server, size: int, part: int) -> float:
    """Seconds for a file of ``size`` bytes in parts of ``part``, each on a connection of its own."""
    upload, begin = Upload(server, size), time.perf_counter()
    for offset in range(0, size, part):
        length = min(part, size - offset)
        status, headers, body = upload.patch(offset, zeros(length), length)
        if (status, headers.get("upload-offset")) != (204, str(offset + length)):
            raise RuntimeError(f"the server says {status}: {body}")
    return time.perf_counter() - begin


def floor(folder: Path, size: int) -> float:
    """Seconds for the same bytes without a network, a protocol or a database."""
    begin, unsafe = time.perf_counter(), 0
    file = os.open(folder / "floor", os.O_WRONLY | os.O_CREAT, 0o600)
    for piece in zeros(size):
        files.write(file, piece)
        unsafe += len(piece)
        if unsafe >= CHECKPOINT:
            os.fdatasync(file)
            unsafe = 0
    os.fdatasync(file)
    os.close(file)
    (folder / "floor").unlink()
    return time.perf_counter() - begin


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=500)
    parser.add_argument("--part", type=int, default=4)
    options = parser.parse_args()
    size = options.megabytes * MEGABYTE
    say(
        f"Processors {os.cpu_count()}, load before {os.getloadavg()[0]:.1f}, a file of {options.megabytes} MB"
    )
    reached = True
    with own_database(), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "server").mkdir()
        with Server(folder / "server", folder / "files") as server:
            # What each process needs once, whatever the size.
            for _unused in range(8):
                in_parts(server, MEGABYTE, MEGABYTE)
            for what, part in ((f"parts of {options.part} MB", options.part * MEGABYTE), ("one part", size)):
                before = server.peak()
                seconds = in_parts(server, size, part)
                grown = server.peak() - before
                reached &= grown < BOUND
                say(
                    f"{'reached' if grown < BOUND else 'MISSED '} {what}: {seconds:.1f} s, {size / seconds / MEGABYTE:.0f} MB/s;"
                    f" peak {before / MEGABYTE:.0f} MB before, {grown / MEGABYTE:+.1f} MB, bound {BOUND / MEGABYTE:.0f} MB"
                )
            seconds = floor(folder, size)
            say(f"        the disk alone: {seconds:.1f} s, {size / seconds / MEGABYTE:.0f} MB/s")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
