"""Pictures that people sent us: looked at, shrunk, and made anew without what they tell of place and camera.

Memory is bounded by the limits below, which are read from the header before anything is decoded: a JPEG is shrunk while
it is decoded (``draft``), other formats are decoded whole, 4 bytes a pixel.
"""

import contextlib
import io
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

from assises.exceptions import Refusal

#: Width times height: of a JPEG, as of a camera of 108 megapixels; of anything else.
MOST_PIXELS, MOST_PIXELS_WHOLE = 120_000_000, 40_000_000
#: That setting is one for the process.
_one_at_a_time = threading.Lock()
#: A side of a picture, in pixels, at most; a JPEG cannot have more.
LONGEST_SIDE = 65_500
FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
#: How good the renditions are, of 100.
QUALITY = {"JPEG": 85, "WEBP": 82}
# The library has a limit of its own, for the whole process: it is ours.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


@dataclass(frozen=True)
class Picture:
    """What is in a file of a picture; width and height in pixels, as it is looked at."""

    media_type: str
    width: int
    height: int
    bytes: int


@dataclass(frozen=True)
class Rendition:
    """A picture made anew, within a square of ``size`` pixels; width and height in pixels."""

    size: int
    media_type: str
    width: int
    height: int
    content: bytes


def examine(path: Path) -> Picture:
    """What is in the file, decoded to its end. Raises ``Refusal`` for what is no whole JPEG, PNG or WebP, or too large."""
    with _opened(path) as image:
        width, height = image.size
        # Quarter turns of the camera: what was wide is high.
        if image.getexif().get(0x0112, 1) in (5, 6, 7, 8):
            width, height = height, width
        media_type = FORMATS[image.format or ""]
        image.draft("RGB", (64, 64))
        image.load()
    return Picture(media_type, width, height, path.stat().st_size)


def renditions(
    path: Path, sizes: Sequence[int], formats: Sequence[str] = ("JPEG", "WEBP")
) -> list[Rendition]:
    """The picture within a square of each of ``sizes`` (pixels, never enlarged), in each of ``formats``, the largest first.

    Turned as the camera was held, in sRGB, on white where it was transparent, with nothing of its EXIF, place and name
    included. Raises ``Refusal`` as ``examine`` does.
    """
    made = []
    with _opened(path) as image:
        largest = max(sizes)
        image.draft("RGB", (largest, largest))
        # Shrunk first: turning a large picture would need it twice.
        image.thumbnail((largest, largest), Image.Resampling.LANCZOS, reducing_gap=3.0)
        picture = _on_white(_srgb(ImageOps.exif_transpose(image)))
    for size in sorted(set(sizes), reverse=True):
        picture.thumbnail((size, size), Image.Resampling.LANCZOS)
        for name in formats:
            made.append(Rendition(size, FORMATS[name], *picture.size, _encoded(picture, name)))
    return made


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    try:
        with _whole_only(), Image.open(path, formats=list(FORMATS)) as image:
            _refuse(image)
            yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refusal(_too_many(MOST_PIXELS)) from error
    except UnidentifiedImageError as error:
        raise Refusal(
            _(
                "This file is not a picture that we can show, whatever its name says. Send a JPEG, PNG or WebP file."
            )
        ) from error
    except (OSError, SyntaxError, ValueError, EOFError, ImageCms.PyCMSError) as error:
        raise Refusal(
            _(
                "This picture is damaged or incomplete. Copy it again from where it was made, or export it again."
            )
        ) from error


@contextlib.contextmanager
def _whole_only() -> Iterator[None]:
    """What draws documents lets the library read pictures that were cut, for the whole process: here they are refused."""
    with _one_at_a_time:
        before = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


def _refuse(image: Image.Image) -> None:
    width, height = image.size
    most = MOST_PIXELS if image.format == "JPEG" else MOST_PIXELS_WHOLE
    if width * height > most or max(width, height) > LONGEST_SIDE:
        raise Refusal(_too_many(most))
    if getattr(image, "is_animated", False):
        raise Refusal(_("This picture moves. Send one that stands still."))


def _too_many(most: int) -> str:
    return _(
        "This picture has too many pixels: at most %(most)d million are accepted. Export it in a smaller size."
    ) % {"most": most // 1_000_000}


def _srgb(image: Image.Image) -> Image.Image:
    """In the colours of screens: a picture with a profile of its own is converted, and loses it."""
    if image.mode in ("I", "I;16", "I;16B", "I;16L"):
        image = image.point(lambda level: level / 256).convert("L")
    profile = image.info.get("icc_profile")
    if image.mode == "P":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    if profile and image.mode in ("RGB", "L", "CMYK"):
        with contextlib.suppress(ImageCms.PyCMSError, OSError):
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            found = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
            return found or image
    return image


def _on_white(image: Image.Image) -> Image.Image:
    """Without transparency, and without anything but pixels."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    bare = image.convert("RGB")
    bare.info = {}
    return bare


def _encoded(picture: Image.Image, name: str) -> bytes:
    content = io.BytesIO()
    extra = {"progressive": True, "optimize": True} if name == "JPEG" else {"method": 4}
    picture.save(content, name, quality=QUALITY[name], **extra)
    return content.getvalue()
