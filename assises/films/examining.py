"""A film is opened in a process of its own, with limits; here is what is said of what that process found.

This stands in for ``ffprobe``: no such program need be installed, PyAV (the package ``av``) brings the same libraries
of FFmpeg. They are large, written in C, and read what strangers send; so ``inside.py`` runs them without our settings,
secrets or connections, within limits of memory and time, and what becomes of that process is not what becomes of us.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assises.exceptions import Refusal

#: Limits of the other process: bytes of address space, seconds of processor and of the clock.
MEMORY, PROCESSOR, CLOCK = 1536 * 1024 * 1024, 60, 120
#: Width times height, of a picture in 4K UHD.
MOST_PIXELS = 3840 * 2160
#: Seconds by which containers round the length of a film.
TOLERANCE = 0.5

_INSIDE = Path(__file__).with_name("inside.py")
_WANTED = "MP4 (H.264, AAC), WebM (VP8, VP9, AV1; Opus, Vorbis)"
_NAMES = {
    "h264": "H.264", "hevc": "H.265 (HEVC)", "mpeg4": "MPEG-4 Part 2", "prores": "ProRes", "vp8": "VP8", "vp9": "VP9",
    "av1": "AV1", "aac": "AAC", "mp3": "MP3", "opus": "Opus", "vorbis": "Vorbis", "ac3": "Dolby Digital (AC-3)",
}  # fmt: skip


@dataclass(frozen=True)
class Film:
    """What is in a file that browsers play. ``seconds`` were counted, not claimed; pixels are those of the picture."""

    container: str
    seconds: float
    width: int
    height: int
    video_codec: str
    #: Empty for a film without sound.
    audio_codec: str
    bytes: int

    @property
    def media_type(self) -> str:
        return f"video/{self.container}"


def examine(path: Path, *, max_seconds: int) -> Film:
    """What is in the film; raises ``Refusal``, with a sentence, for anything that browsers would not play whole.

    Accepted are MP4 (H.264, with AAC or without sound) and WebM (VP8, VP9 or AV1, with Opus or Vorbis or without sound)
    of at most ``max_seconds`` and 3840 × 2160 pixels. Takes some seconds for 500 MB.
    """
    found = _found(path)
    if "refused" in found:
        raise Refusal(_sentence(**found))
    film = Film(**found, bytes=path.stat().st_size)
    if film.seconds > max_seconds + TOLERANCE:
        raise Refusal(
            _("This film lasts %(long)s; at most %(most)s are accepted. Shorten it, then send it again.")
            % {"long": clock_of(film.seconds), "most": clock_of(max_seconds)}
        )
    return film


def clock_of(seconds: float) -> str:
    """``3 min 05 s``, in the reader's language."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return ngettext("%(count)d second", "%(count)d seconds", rest) % {"count": rest}
    return _("%(minutes)d min %(seconds)02d s") % {"minutes": minutes, "seconds": rest}


def _found(path: Path) -> dict[str, Any]:
    limits = [str(MEMORY), str(PROCESSOR), str(MOST_PIXELS)]
    # A file and not a pipe: its size has a limit too.
    with tempfile.TemporaryFile() as answer:
        try:
            subprocess.run(
                [sys.executable, "-I", str(_INSIDE), str(path.resolve()), *limits],
                env={},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=CLOCK,
                check=True,
            )
            answer.seek(0)
            found = json.loads(answer.read())
        except (subprocess.SubprocessError, ValueError):
            return {"refused": "unreadable"}
    return dict(found)


def _sentence(
    refused: str, codec: str = "", width: int = 0, height: int = 0, here: float = 0, announced: float = 0
) -> str:
    values = {
        "wanted": _WANTED, "codec": _NAMES.get(codec, codec), "width": width, "height": height,
        "here": clock_of(here), "announced": clock_of(announced),
    }  # fmt: skip
    sentences = {
        "no film": _("This file is not a film that browsers play, whatever its name says. Export it as %(wanted)s."),
        "quicktime": _("This is a QuickTime film, which not all browsers play. Export it as %(wanted)s."),
        "matroska": _("This is a Matroska film, which not all browsers play. Export it as %(wanted)s."),
        "no picture": _("There is no picture in this file, only sound. Choose the file of the film."),
        "picture": _("The picture of this film is in %(codec)s, which not all browsers play. Export it as %(wanted)s."),
        "colours": _("The colours of this film are stored in a way that browsers do not play (%(codec)s). Export it with 8 bits, 4:2:0."),
        "sound": _("The sound of this film is in %(codec)s, which not all browsers play. Export it as %(wanted)s."),
        "pixels": _("The picture of this film is too large: %(width)d × %(height)d pixels. At most 3840 × 2160 are accepted."),
        "truncated": _("The end of this film is missing: of %(announced)s only %(here)s are here. Export it again, or copy it again from where it was made."),
        "cut": _("A part of this film is missing: the file ends too early. Export it again, or copy it again from where it was made."),
        "damaged": _("This film is damaged: its pictures cannot be read at about %(here)s. Export it again, or copy it again from where it was made."),
        "unreadable": _("This file could not be read as a film: it is damaged, or made in an unusual way. Export it as %(wanted)s."),
    }  # fmt: skip
    return sentences.get(refused, sentences["unreadable"]) % values
