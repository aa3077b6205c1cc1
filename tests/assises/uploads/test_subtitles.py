"""Subtitles: what browsers read is accepted, and what they would drop in silence is said with its line."""

import pytest

from assises.exceptions import Refusal
from assises.subtitles import MOST_BYTES, Cue, check

GOOD = """WEBVTT – Notre film

NOTE
Traduit par la mairie.

STYLE
::cue { color: white }

1
00:01.000 --> 00:04.500
Bonjour,
<v Élodie>voici notre ville.

premier plan
00:00:05.000 --> 00:00:08.000 line:80% align:start
我们的城市
"""


def refusal(content, seconds=180):
    with pytest.raises(Refusal) as refused:
        check(content if isinstance(content, bytes) else content.encode(), film_seconds=seconds)
    return str(refused.value)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_subtitles_are_read(mark, end):
    assert check((mark + GOOD.replace("\n", end)).encode(), film_seconds=180) == [
        Cue(1, 4.5, "Bonjour,\n<v Élodie>voici notre ville."),
        Cue(5, 8, "我们的城市"),
    ]


def test_two_may_be_shown_at_once_and_the_last_may_end_with_the_film():
    text = "WEBVTT\n\n00:01.000 --> 00:09.000\na\n\n00:02.000 --> 00:10.000\nb\n"

    assert len(check(text.encode(), film_seconds=9.6)) == 2


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("", 1),
        ("1\n00:01.000 --> 00:02.000\na\n", 1),
        ("WEBVTTX\n\n00:01.000 --> 00:02.000\na\n", 1),
        ("WEBVTT\n\n00:01,000 --> 00:02,000\na\n", 3),
        ("WEBVTT\n\n1\n00:01,000 --> 00:02.000\na\n", 4),
        ("WEBVTT\n\n00:1.000 --> 00:02.000\na\n", 3),
        ("WEBVTT\n\n00:01.000-->00:02.000\na\n", 3),
        ("WEBVTT\n\n00:61.000 --> 01:02.000\na\n", 3),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n\n", 3),
        ("WEBVTT\n\nBonjour\n", 3),
        ("WEBVTT\n\nBonjour\nà tous\n", 4),
        ("WEBVTT\n\n00:02.000 --> 00:02.000\na\n", 3),
        ("WEBVTT\n\n00:05.000 --> 00:06.000\na\n\n00:04.000 --> 00:05.000\nb\n", 6),
        ("WEBVTT\n\n02:59.000 --> 03:02.000\na\n", 3),
        (
            "WEBVTT\n\nSTYLE\n::cue { background: URL (https://example.org/x) }\n\n00:01.000 --> 00:02.000\na\n",
            3,
        ),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\nB\xe9ziers\n", 4),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nB\0\n", 4),
        ("WEBVTT".encode("utf-16"), 1),
    ],
)
def test_what_is_wrong_is_said_with_its_line(content, line):
    assert refusal(content).startswith(f"Ligne {line} ")


def test_a_file_without_any_subtitle_or_with_too_many():
    assert refusal("WEBVTT\n\nNOTE rien\n")
    assert refusal("WEBVTT\n\n" + "a" * MOST_BYTES)


def test_a_file_of_the_largest_size_is_read_at_once():
    assert "Ligne" in refusal("WEBVTT\n\n00:01.000 -->" + " " * (MOST_BYTES - 100))
    cues = "".join(
        f"00:{n // 60:02d}:{n % 60:02d}.000 --> 00:59:59.000\n{'字' * 10}\n\n" for n in range(3500)
    )
    assert len(check(f"WEBVTT\n\n{cues}".encode(), film_seconds=3600)) == 3500
