"""Films made in a moment by the library that reads them: small pictures of changing grey, and silence."""

import os
from fractions import Fraction
from pathlib import Path

import av


def a_film(
    path: Path,
    *,
    seconds: float = 2,
    pictures: str | None = "libx264",
    sound: str | None = "aac",
    size: tuple[int, int] = (64, 48),
    rate: int = 10,
    colours: str = "yuv420p",
    options: dict[str, str] | None = None,
    is_noise: bool = False,
) -> Path:
    """Write a film; the container is that of the name. Noise cannot be made small: such a film is large."""
    with av.open(str(path), "w", options=options or {}) as film:
        video = film.add_stream(pictures, rate=rate) if pictures else None
        audio = film.add_stream(sound, rate=48_000, layout="mono") if sound else None
        if video:
            video.width, video.height, video.pix_fmt = *size, colours
            if is_noise:
                video.bit_rate = 20_000_000
                video.options = {"deadline": "realtime", "cpu-used": "8"}
            for n in range(round(seconds * rate)):
                film.mux(video.encode(_picture(n, rate, size, colours, is_noise)))
            film.mux(video.encode(None))
        if audio:
            samples = 1024 if sound == "aac" else 960
            for n in range(int(seconds * 48_000 / samples)):
                film.mux(audio.encode(_silence(n, samples, "fltp" if sound in ("aac", "mp3") else "s16")))
            film.mux(audio.encode(None))
    return path


def _picture(n: int, rate: int, size: tuple[int, int], colours: str, is_noise: bool) -> av.VideoFrame:
    frame = av.VideoFrame(*size, colours)
    for plane in frame.planes:
        grey = bytes([n * 7 % 256]) * plane.buffer_size
        plane.update(os.urandom(plane.buffer_size) if is_noise else grey)
    frame.pts, frame.time_base = n, Fraction(1, rate)
    return frame


def _silence(n: int, samples: int, kind: str) -> av.AudioFrame:
    frame = av.AudioFrame(format=kind, layout="mono", samples=samples)
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    frame.sample_rate, frame.pts, frame.time_base = 48_000, n * samples, Fraction(1, 48_000)
    return frame
