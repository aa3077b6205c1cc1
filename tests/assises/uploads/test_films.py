"""What is in a film, whatever it says of itself."""

import os
import struct
import time

import pytest

from assises.exceptions import Refusal
from assises.films import examine, examining
from tests.films import a_film


@pytest.fixture
def folder(tmp_path):
    return tmp_path


def refusal(path, **limits):
    with pytest.raises(Refusal) as refused:
        examine(path, **{"max_seconds": 180, **limits})
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert "%(" not in sentence
    return sentence


@pytest.mark.parametrize(
    ("name", "made", "container", "pictures", "sound"),
    [
        ("a.mp4", {}, "mp4", "h264", "aac"),
        ("table-first.mp4", {"options": {"movflags": "faststart"}}, "mp4", "h264", "aac"),
        ("in-pieces.mp4", {"options": {"movflags": "frag_keyframe+empty_moov"}}, "mp4", "h264", "aac"),
        ("silent.mp4", {"sound": None}, "mp4", "h264", ""),
        ("b.webm", {"pictures": "libvpx-vp9", "sound": "libopus"}, "webm", "vp9", "opus"),
        ("c.webm", {"pictures": "libvpx", "sound": None}, "webm", "vp8", ""),
        ("d.webm", {"pictures": "libsvtav1", "sound": "libopus"}, "webm", "av1", "opus"),
    ],
)
def test_what_browsers_play_is_accepted(folder, name, made, container, pictures, sound):
    path = a_film(folder / name, **made)

    film = examine(path, max_seconds=180)

    assert (film.container, film.video_codec, film.audio_codec) == (container, pictures, sound)
    assert (film.width, film.height, film.bytes) == (64, 48, path.stat().st_size)
    assert film.seconds == pytest.approx(2, abs=0.11)
    assert film.media_type == f"video/{container}"


def test_the_name_says_nothing(folder):
    path = a_film(folder / "a.webm", pictures="libvpx-vp9", sound=None)

    assert examine(path.rename(folder / "0c5d2f"), max_seconds=180).container == "webm"


@pytest.mark.parametrize(
    ("name", "made", "word"),
    [
        ("a.mp4", {"pictures": "mpeg4"}, "MPEG-4 Part 2"),
        ("a.mp4", {"sound": "mp3"}, "MP3"),
        ("a.mp4", {"pictures": None}, "du son"),
        ("a.mp4", {"colours": "yuv444p"}, "yuv444p"),
        ("a.mp4", {"size": (4096, 2304), "seconds": 0.2, "sound": None}, "4096 × 2304"),
        ("a.mov", {}, "QuickTime"),
        ("a.mkv", {}, "Matroska"),
    ],
)
def test_what_not_all_browsers_play_is_refused_with_its_reason(folder, name, made, word):
    assert word in refusal(a_film(folder / name, **made))


@pytest.mark.parametrize(
    ("seconds", "most", "accepted"),
    [(180, 180, True), (180.4, 180, True), (181, 180, False), (400, 180, False)],
)
def test_a_film_that_is_too_long_says_both_lengths(folder, seconds, most, accepted):
    path = a_film(folder / "a.mp4", seconds=seconds, rate=5, sound=None, options={"g": "50"})

    if accepted:
        assert examine(path, max_seconds=most).seconds == pytest.approx(seconds, abs=0.3)
    else:
        sentence = refusal(path, max_seconds=most)
        assert examining.clock_of(seconds) in sentence
        assert examining.clock_of(most) in sentence


def test_a_length_that_is_claimed_is_not_believed(folder):
    """The header says one second; the pictures last twenty."""
    path = a_film(folder / "a.webm", seconds=20, pictures="libvpx", sound=None)
    content = path.read_bytes()
    place = content.index(b"\x44\x89\x88") + 3
    path.write_bytes(content[:place] + struct.pack(">d", 1000.0) + content[place + 8 :])

    assert "20" in refusal(path, max_seconds=10)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("a.mp4", {}),
        ("a.mp4", {"options": {"movflags": "faststart"}}),
        ("a.webm", {"pictures": "libvpx-vp9", "sound": "libopus"}),
    ],
)
def test_a_film_that_was_cut_is_refused(folder, name, made, part):
    path = a_film(folder / name, seconds=20, size=(320, 240), **made)
    os.truncate(path, int(path.stat().st_size * part))

    refusal(path)


@pytest.mark.parametrize("where", [0.3, 0.6])
def test_a_film_whose_pictures_are_noise_is_refused(folder, where):
    path = a_film(folder / "a.mp4", seconds=20, size=(320, 240), options={"movflags": "faststart"})
    content = bytearray(path.read_bytes())
    begin = content.index(b"mdat") + 4
    begin += int((len(content) - begin) * where)
    content[begin:] = os.urandom(len(content) - begin)
    path.write_bytes(content)

    refusal(path)


def test_files_that_are_no_films(folder):
    secret = folder / "secret.txt"
    secret.write_text("of the server")
    disguised = {
        "empty": b"",
        "text": "Voici notre film : voir pièce jointe.".encode(),
        "playlist": f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{secret}\n#EXT-X-ENDLIST\n".encode(),
        "concat": f"ffconcat version 1.0\nfile '{secret}'\n".encode(),
        "dash": b"<?xml version='1.0'?><MPD><Period/></MPD>",
        "sdp": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
        "zip": b"PK\x03\x04" + bytes(100),
        "picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "avi": b"RIFF\0\0\0\0AVI LIST" + bytes(100),
        "only the beginning": b"\0\0\0\x18ftypisom" + bytes(12),
        "zeros after the beginning": b"\0\0\0\x18ftypisom" + bytes(1000),
        "a box beyond the end": b"\0\0\0\x18ftypisom" + bytes(12) + b"\xff\xff\xff\xffmoov",
        "boxes without end": b"\0\0\0\x18ftypisom" + bytes(12) + b"\0\0\0\x08free" * 200_000,
        "noise that says webm": b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + os.urandom(5000),
    }
    for what, content in disguised.items():
        path = folder / f"{what}.mp4"
        path.write_bytes(content)
        assert refusal(path), what


def test_a_film_that_refers_to_another_file_does_not_open_it(folder):
    """The pictures are said to lie in another file, which is there: they are not taken from it."""
    other = a_film(folder / "other.mp4", sound=None)
    content = a_film(folder / "a.mp4", sound=None).read_bytes()
    place = content.index(b"url \0\0\0\x01") - 4
    # Where "in this file" stood, the name of the other one; the boxes around it grow by as much.
    entry = b"url \0\0\0\0" + f"file://{other}".encode() + b"\0"
    entry = (len(entry) + 4).to_bytes(4, "big") + entry
    changed = bytearray(content[:place] + entry + content[place + 12 :])
    for box in (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"):
        at = changed.index(box) - 4
        size = int.from_bytes(changed[at : at + 4], "big") + len(entry) - 12
        changed[at : at + 4] = size.to_bytes(4, "big")
    begin = changed.index(b"mdat") + 4
    changed[begin : changed.index(b"moov") - 4] = bytes(changed.index(b"moov") - 4 - begin)
    path = folder / "b.mp4"
    path.write_bytes(changed)

    refusal(path)


# --- The process that reads it ------------------------------------------------------------


def test_it_has_none_of_our_environment(folder, monkeypatch):
    """A film is read by a program that is given nothing: neither settings nor secrets."""
    spy = folder / "spy.py"
    spy.write_text(
        "import json, os, sys\n"
        "json.dump({'refused': 'damaged', 'codec': ','.join(sorted(os.environ)), 'here': len(os.listdir('/proc/self/fd'))}, sys.stdout)\n"
    )
    monkeypatch.setattr(examining, "_INSIDE", spy)
    path = folder / "a.mp4"
    path.touch()

    found = examining._found(path)

    assert set(found["codec"].split(",")) <= {"LC_CTYPE", ""}
    assert found["here"] <= 4


@pytest.mark.parametrize(
    "program",
    [
        "while True: pass",
        "bytearray(1 << 40)",
        "import os; os.kill(os.getpid(), 11)",
        "print('{' * 1000)",
        "import time; time.sleep(1000)",
    ],
)
def test_whatever_becomes_of_it_the_sender_reads_a_sentence(folder, monkeypatch, program):
    fake = folder / "inside.py"
    limits = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1)); resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n"
    fake.write_text(limits + program + "\n")
    monkeypatch.setattr(examining, "_INSIDE", fake)
    monkeypatch.setattr(examining, "CLOCK", 3)
    path = folder / "a.mp4"
    path.touch()

    begin = time.monotonic()
    refusal(path)

    assert time.monotonic() - begin < 15


def test_its_limits_are_real(folder):
    """With too little memory to open anything the same film is refused, and nothing happens to us."""
    path = a_film(folder / "a.mp4", seconds=2, size=(1920, 1080), sound=None)
    assert examine(path, max_seconds=180).width == 1920
    memory = examining.MEMORY
    examining.MEMORY = 64 * 1024 * 1024
    try:
        refusal(path)
    finally:
        examining.MEMORY = memory


def test_a_large_film_is_read_in_seconds(folder):
    """200 MB, most of them in a box that players pass over: the time is that of a disk, not of decoding."""
    path = a_film(folder / "a.mp4", seconds=170, rate=25, size=(320, 240))
    with path.open("ab") as file:
        size = 200 * 1024 * 1024
        file.write(size.to_bytes(4, "big") + b"free")
        file.truncate(file.tell() + size - 8)

    begin = time.monotonic()
    assert examine(path, max_seconds=180).bytes > 200 * 1024 * 1024
    assert time.monotonic() - begin < 30
