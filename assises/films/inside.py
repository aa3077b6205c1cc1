"""Run as a program, in a process of its own: reads a film and writes what it found, as JSON. See ``examining``.

    python -I inside.py FILE BYTES_OF_MEMORY SECONDS_OF_PROCESSOR MOST_PIXELS

It imports nothing of ours. The demuxer is chosen here, by the first bytes: those that open other files, as playlists
do, are never asked; nor may the two that are read anything but a file.
"""

import json
import resource
import sys
from typing import Any

#: What a browser plays, by container: pictures, sound.
PLAYED = {
    "mp4": ({"h264"}, {"aac"}),
    "webm": ({"vp8", "vp9", "av1"}, {"opus", "vorbis"}),
}
DEMUXER = {"mp4": "mov", "webm": "matroska"}
#: Where colours are stored in another way, browsers show black or nothing.
COLOURS = {"h264": {"yuv420p", "yuvj420p"}, "vp8": {"yuv420p"}}
OTHER_COLOURS = {"yuv420p", "yuvj420p", "yuv420p10le"}
#: Which decoders may run at all.
DECODERS = "h264,aac,vp8,vp9,libvpx,libvpx-vp9,av1,libdav1d,opus,libopus,vorbis,libvorbis"
#: Seconds, and part of the whole, that may lack at the end: containers round, and the sound may be longer.
MISSING, MISSING_PART = 1.0, 0.02
#: Pictures that may be skipped at each place until one is whole.
TRIES = 60


class Refused(Exception):
    def __init__(self, why: str, **values: Any) -> None:
        self.answer = {"refused": why, **values}


def main(path: str, memory: int, processor: int, most_pixels: int) -> dict[str, Any]:
    container = sniffed(path)
    if container == "mp4":
        whole(path)
    import av

    limit(memory, processor)
    options = {"protocol_whitelist": "file", "codec_whitelist": DECODERS}
    try:
        with av.open(path, format=DEMUXER[container], options=options, metadata_errors="replace") as film:
            return examined(av, film, container, most_pixels)
    except (av.error.FFmpegError, MemoryError, ValueError, OverflowError):
        raise Refused("unreadable") from None


def limit(memory: int, processor: int) -> None:
    """From here on: so much memory, so much time; nothing is written but the answer, and no core is dumped."""
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, processor),
        (resource.RLIMIT_FSIZE, 64 * 1024),
        (resource.RLIMIT_NOFILE, 16),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def sniffed(path: str) -> str:
    """The container by its first bytes: ISO/IEC 14496-12 (``ftyp``), or EBML that says ``webm`` (RFC 8794)."""
    with open(path, "rb") as file:
        head = file.read(4096)
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand == b"qt  ":
            raise Refused("quicktime")
        return "mp4"
    if head[4:8] in (b"moov", b"wide", b"mdat"):
        raise Refused("quicktime")
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        if b"\x42\x82\x84webm" in head[:64]:
            return "webm"
        raise Refused("matroska")
    raise Refused("no film")


def whole(path: str) -> None:
    """Refuse an MP4 file whose boxes go on beyond its end, or that has no table of contents: it was cut."""
    with open(path, "rb") as file:
        end = file.seek(0, 2)
        at, names = 0, set()
        while at < end:
            file.seek(at)
            head = file.read(16)
            size, name = int.from_bytes(head[:4], "big"), head[4:8]
            if size == 1:
                size = int.from_bytes(head[8:16], "big")
            elif size == 0:
                size = end - at
            if size < 8 or at + size > end:
                raise Refused("cut")
            names.add(name)
            at += size
    if b"moov" not in names:
        raise Refused("cut")


def examined(av: Any, film: Any, container: str, most_pixels: int) -> dict[str, Any]:
    pictures, sounds = PLAYED[container]
    # The picture of a cover is not a film.
    streams = [s for s in film.streams.video if not s.disposition & av.stream.Disposition.attached_pic]
    if not streams:
        raise Refused("no picture")
    stream = streams[0]
    for video in streams:
        if codec_of(video) not in pictures:
            raise Refused("picture", codec=codec_of(video))
    for sound in film.streams.audio:
        if codec_of(sound) not in sounds:
            raise Refused("sound", codec=codec_of(sound))
    context = stream.codec_context
    width, height = context.width, context.height
    if width * height > most_pixels:
        raise Refused("pixels", width=width, height=height)
    if not width * height:
        raise Refused("no picture")
    if context.pix_fmt is None:
        raise Refused("damaged", here=0)
    if context.pix_fmt not in COLOURS.get(codec_of(stream), OTHER_COLOURS):
        raise Refused("colours", codec=str(context.pix_fmt))
    begins, seconds, announced = counted(av, film, stream)
    if announced and announced - seconds > max(MISSING, MISSING_PART * announced):
        raise Refused("truncated", here=round(seconds, 1), announced=round(announced, 1))
    for part in (0.0, 0.5, 1.0):
        see(film, stream, begins + part * seconds, at=part * seconds)
    return {
        "container": container,
        "seconds": round(seconds, 3),
        "width": width,
        "height": height,
        "video_codec": codec_of(stream),
        "audio_codec": codec_of(film.streams.audio[0]) if film.streams.audio else "",
    }


def codec_of(stream: Any) -> str:
    """The name of the codec, by whichever library it is decoded; what may not be decoded has a name too."""
    name = stream.codec_context.codec.canonical_name if stream.codec_context else stream.name or "?"
    return str(name)


def counted(av: Any, film: Any, stream: Any) -> tuple[float, float, float]:
    """Where the pictures begin, and how long they last by counting all of them and as announced; seconds."""
    base = float(stream.time_base)
    first, last, damaged = None, None, None
    for packet in film.demux(stream):
        if packet.pts is None:
            continue
        if packet.is_corrupt:
            damaged = packet.pts
            break
        end = packet.pts + (packet.duration or 0)
        first = packet.pts if first is None else min(first, packet.pts)
        last = end if last is None else max(last, end)
    if first is None or last is None:
        raise Refused("damaged", here=0)
    announced = float(stream.duration * stream.time_base) if stream.duration else 0.0
    if not announced and film.duration:
        announced = film.duration / av.time_base
    seconds = (last - first) * base
    if damaged is not None:
        raise Refused("truncated", here=round(seconds, 1), announced=round(announced, 1))
    return first * base, seconds, announced


def see(film: Any, stream: Any, second: float, *, at: float) -> None:
    """Decode a whole picture at or before a place, or refuse: what lies there is damaged."""
    from av.error import FFmpegError

    film.seek(max(0, int(second / float(stream.time_base))), stream=stream, backward=True)
    stream.codec_context.flush_buffers()
    tried = 0
    try:
        for packet in film.demux(stream):
            for frame in packet.decode():
                if not frame.is_corrupt and frame.width and frame.height:
                    return
                tried += 1
            if tried >= TRIES:
                break
    except FFmpegError:
        pass
    raise Refused("damaged", here=round(at, 1))


if __name__ == "__main__":
    try:
        found = main(sys.argv[1], *map(int, sys.argv[2:]))
    except Refused as refused:
        found = refused.answer
    sys.stdout.write(json.dumps(found))
