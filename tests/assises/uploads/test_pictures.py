"""Pictures that people sent: bombs do not go off, and what is shown tells nothing of place and camera."""

import io
import resource
import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image, ImageCms, ImageFile

from assises.exceptions import Refusal
from assises.pictures import MOST_PIXELS_WHOLE, examine, renditions


def a_picture(path, kind="JPEG", size=(400, 300), mode="RGB", colour="teal", **options):
    Image.new(mode, size, colour).save(path, kind, **options)
    return path


def with_exif(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8825)[2] = (43.0, 36.0, 16.0)
    return exif.tobytes()


def refusal(path):
    with pytest.raises(Refusal) as refused:
        examine(path)
    with pytest.raises(Refusal):
        renditions(path, [100])
    assert str(refused.value).endswith(".")
    return str(refused.value)


def opened(rendition):
    return Image.open(io.BytesIO(rendition.content))


def a_png_of(width, height):
    """A small file that says how large a picture it is, and holds next to nothing of it."""

    def chunk(name, content):
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_is_in_it_is_said(tmp_path, kind):
    found = examine(a_picture(tmp_path / "of no name", kind))

    assert (found.media_type, found.width, found.height) == (f"image/{kind.lower()}", 400, 300)


def test_renditions_fit_into_their_squares_and_are_never_enlarged(tmp_path):
    made = renditions(a_picture(tmp_path / "a.jpg"), [1600, 200, 50])

    assert [(r.size, r.media_type, r.width, r.height) for r in made] == [
        (size, kind, width, height)
        for size, width, height in ((1600, 400, 300), (200, 200, 150), (50, 50, 38))
        for kind in ("image/jpeg", "image/webp")
    ]
    assert [(opened(r).format, opened(r).size) for r in made[2:4]] == [
        ("JPEG", (200, 150)),
        ("WEBP", (200, 150)),
    ]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_the_camera_was_held_and_tells_nothing_of_it(tmp_path, orientation):
    image = Image.new("RGB", (400, 300), "white")
    image.paste("red", (0, 0, 100, 100))
    turned = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}[
        orientation
    ]
    path = tmp_path / "a.jpg"
    image.save(path, "JPEG", exif=with_exif(orientation), comment=b"of somebody")

    found = examine(path)
    made = renditions(path, [200])

    wide = orientation < 5
    assert (found.width, found.height) == ((400, 300) if wide else (300, 400))
    for rendition in made:
        shown = opened(rendition)
        assert shown.size == ((200, 150) if wide else (150, 200))
        assert not shown.getexif()
        assert b"Exif" not in rendition.content
        assert b"A camera" not in rendition.content
        assert b"of somebody" not in rendition.content
        corner = (turned[0] * (shown.width - 1), turned[1] * (shown.height - 1))
        red, green, _blue = shown.convert("RGB").getpixel(corner)
        assert red > 200
        assert green < 80


def test_colours_are_those_of_screens(tmp_path):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    a_picture(tmp_path / "lab.jpg", icc_profile=profile)
    a_picture(
        tmp_path / "srgb.jpg", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    )
    a_picture(tmp_path / "cmyk.jpg", mode="CMYK", colour=(0, 255, 255, 0))
    a_picture(tmp_path / "nonsense.jpg", icc_profile=b"nonsense" * 40)

    for name in ("lab", "srgb", "cmyk", "nonsense"):
        for rendition in renditions(tmp_path / f"{name}.jpg", [100]):
            assert opened(rendition).mode == "RGB"
            assert "icc_profile" not in opened(rendition).info
    red, green, blue = opened(renditions(tmp_path / "cmyk.jpg", [100], ["JPEG"])[0]).getpixel((5, 5))
    assert (red > 200, green < 80, blue < 80) == (True, True, True)


@pytest.mark.parametrize(
    ("mode", "colour"), [("RGBA", (0, 0, 0, 0)), ("LA", (0, 0)), ("P", 0), ("1", 1), ("I;16", 65535)]
)
def test_other_kinds_of_pixels(tmp_path, mode, colour):
    options = {"transparency": 0} if mode == "P" else {}
    a_picture(tmp_path / "a.png", "PNG", mode=mode, colour=colour, **options)

    [made] = renditions(tmp_path / "a.png", [100], ["JPEG"])

    assert min(opened(made).getpixel((50, 30))) > 250  # white


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.02, 0.5, 0.97])
def test_a_picture_that_was_cut_is_refused(tmp_path, kind, part, monkeypatch):
    # As it is in a process that has drawn a document.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    path = tmp_path / "a"
    Image.effect_noise((400, 300), 80).convert("RGB").save(path, kind)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])

    refusal(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nothing",
        b"%PDF-1.7\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + bytes(50),
        b"\0\0\0\x18ftypheic" + bytes(50),
        b"II*\0" + bytes(100),
    ],
)
def test_what_is_no_picture_of_ours_is_refused_whatever_its_name(tmp_path, content):
    path = tmp_path / "a.jpg"
    path.write_bytes(content)

    refusal(path)


def test_a_picture_that_moves_is_refused(tmp_path):
    path = tmp_path / "a.webp"
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    frames[0].save(path, "WEBP", save_all=True, append_images=frames[1:])

    refusal(path)


@pytest.mark.parametrize(
    ("width", "height"),
    [(50_000, 50_000), (2**31 - 1, 2**31 - 1), (10_000, 4_001), (60_000, 1_900), (70_000, 10)],
)
def test_a_bomb_is_refused_before_anything_of_it_is_decoded(tmp_path, width, height):
    path = tmp_path / "a.png"
    path.write_bytes(a_png_of(width, height))

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sentence = refusal(path)

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1024
    assert str(MOST_PIXELS_WHOLE // 10**6) in sentence or "120" in sentence


def test_a_photograph_of_100_megapixels_takes_little_memory(tmp_path):
    """In a process of its own, whose peak says it: decoded whole it would take 300 MB."""
    path = a_picture(tmp_path / "a.jpg", size=(11_600, 8_700), quality=60)
    program = (
        "import resource, sys; from pathlib import Path; from assises.pictures import examine, renditions\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "examine(Path(sys.argv[1])); renditions(Path(sys.argv[1]), [1600, 400])\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)\n"
    )

    ran = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=True)

    assert int(ran.stdout) < 120
