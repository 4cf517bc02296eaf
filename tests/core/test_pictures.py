"""The copy that officers see: the picture, upright, and nothing that tells on its maker."""

import base64
import io
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageSequence, PngImagePlugin

from core.pictures import shown

MANY = 10**6
SECRET = "Rumah warga"
SECRETS = (SECRET.encode(), b"Kamera Contoh", b"-6.21", b"Exif", b"GPS")
# The halves below as HEIC, 64 x 32, made with an encoder that Kanal itself does not need.
HEIC = (
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAb5tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAA"
    "AAAAAAAAAAAAADRpbG9jAAAAAERAAAIAAQAAAAAB4gABAAAAAAAAAGoAAgAAAAACTAABAAAAAAAAADAAAAA4aWlu"
    "ZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA"
    "/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMA"
    "AAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkA"
    "AAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAIAAAAAEAAAAA"
    "AAAAAv///+AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAABppcmVmAAAAAAAA"
    "AA5jZHNjAAIAAQABAAAAom1kYXQAAABmKAGvE4D4EOGn//xNKP/6dc8P08yJif/601JH+FQ7/9aJw/JKRbOseX2e"
    "/wfiHUqkSrfGkr4d8zax/53i28UCGd4jLollcsQ/7OXExr6p3DvuY3p9qlFt/zeaobjG4afcbHo7nxK4AAAABkV4"
    "aWYAAE1NACoAAAAIAAEBDgACAAAADAAAABoAAAAAUnVtYWggd2FyZ2EA"
)


def exif(orientation: int = 1) -> Image.Exif:
    """A photo's data: who, with what, when and where."""
    made = Image.Exif()
    made[0x010E] = SECRET
    made[0x010F] = "Kamera Contoh"
    made[0x0112] = orientation
    made[0x0132] = "2026:11:01 08:00:00"
    made[0x8825] = {1: "S", 2: (6.0, 12.0, 36.0), 3: "E", 4: (106.0, 49.0, 0.0)}
    return made


def halves(size: tuple[int, int] = (40, 20), mode: str = "RGB") -> Image.Image:
    """A picture that is red on its left and blue on its right."""
    picture = Image.new("RGB", size, "blue")
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 2 - 1, size[1]), fill="red")
    return picture.convert(mode)


def written(picture: Image.Image, format_: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format_, **options)
    return buffer.getvalue()


def read(content: bytes | None) -> Image.Image:
    assert content is not None
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def colour(picture: Image.Image, x: float, y: float) -> str:
    """The colour at a place given in shares of the picture's sides, by its strongest part."""
    place = (int(picture.width * x), int(picture.height * y))
    pixel = picture.convert("RGB").getpixel(place)
    assert isinstance(pixel, tuple)
    return ("red", "green", "blue")[pixel.index(max(pixel))]


def text_chunks() -> PngImagePlugin.PngInfo:
    made = PngImagePlugin.PngInfo()
    made.add_text("Comment", SECRET)
    made.add_itxt("XML:com.adobe.xmp", f"<x>{SECRET}</x>", zip=False)
    return made


XMP = f"<x:xmpmeta>{SECRET}</x:xmpmeta>".encode()
TELLING = {
    "JPEG": (
        written(halves(), "JPEG", exif=exif(), comment=SECRET, xmp=XMP, icc_profile=SECRET.encode())
    ),
    "PNG": (
        written(halves(), "PNG", exif=exif(), pnginfo=text_chunks(), icc_profile=SECRET.encode())
    ),
    "WEBP": (
        written(halves(), "WEBP", exif=exif(), xmp=XMP, icc_profile=SECRET.encode(), quality=90)
    ),
    "GIF": (written(halves(mode="P"), "GIF", comment=SECRET)),
    "GIF moving": (
        written(
            halves(mode="P"),
            "GIF",
            comment=SECRET,
            save_all=True,
            append_images=[Image.new("P", (40, 20))],
            duration=[100, 300],
        )
    ),
}


@pytest.mark.parametrize(("name", "original"), TELLING.items(), ids=TELLING)
def test_the_copy_tells_nothing(name: str, original: bytes) -> None:
    assert any(secret in original for secret in SECRETS)
    copy = shown(original, MANY)
    assert copy is not None
    assert not [secret for secret in (*SECRETS, b"xmp", b"ICC") if secret in copy]
    picture = read(copy)
    assert not picture.getexif()
    assert picture.format == name.split(maxsplit=1)[0]
    assert (picture.size, colour(picture, 0.2, 0.5), colour(picture, 0.8, 0.5)) == (
        (40, 20),
        "red",
        "blue",
    )


def test_coordinates_were_there_and_are_gone() -> None:
    original = TELLING["JPEG"]
    assert read(original).getexif().get_ifd(0x8825)[2] == (6.0, 12.0, 36.0)
    assert not read(shown(original, MANY)).getexif().get_ifd(0x8825)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "size", "red"),
    [
        (1, (40, 20), (0.2, 0.5)),
        (2, (40, 20), (0.8, 0.5)),
        (3, (40, 20), (0.8, 0.5)),
        (6, (20, 40), (0.5, 0.2)),
        (8, (20, 40), (0.5, 0.8)),
    ],
)
def test_the_copy_stands_upright(
    format_: str, orientation: int, size: tuple[int, int], red: tuple[float, float]
) -> None:
    copy = read(shown(written(halves(), format_, exif=exif(orientation)), MANY))
    assert (copy.size, colour(copy, *red)) == (size, "red")
    assert colour(copy, 1 - red[0], 1 - red[1]) == "blue"


def test_a_heic_becomes_a_jpeg() -> None:
    original = base64.b64decode(HEIC)
    assert SECRET.encode() in original
    copy = shown(original, MANY)
    assert copy is not None
    assert SECRET.encode() not in copy
    picture = read(copy)
    assert (picture.format, picture.size) == ("JPEG", (64, 32))
    assert (colour(picture, 0.2, 0.5), colour(picture, 0.8, 0.5)) == ("red", "blue")


@pytest.mark.parametrize("format_", ["GIF", "WEBP", "PNG"])
def test_what_moves_still_moves(format_: str) -> None:
    frames = [Image.new("RGB", (30, 30), it) for it in ("red", "blue", "red")]
    options: dict[str, Any] = {"quality": 90} if format_ == "WEBP" else {}
    original = written(
        frames[0],
        format_,
        save_all=True,
        append_images=frames[1:],
        duration=[100, 200, 300],
        **options,
    )
    copy = read(shown(original, MANY))
    found = [(colour(it, 0.5, 0.5), it.info["duration"]) for it in ImageSequence.Iterator(copy)]
    assert found == [("red", 100), ("blue", 200), ("red", 300)]


def test_of_a_long_film_the_beginning_is_shown() -> None:
    frames = [Image.new("RGB", (30, 30), (it * 5, 0, 0)) for it in range(50)]
    original = written(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50)
    assert getattr(read(original), "n_frames", 1) == 50
    assert getattr(read(shown(original, 1_000_000)), "n_frames", 1) == 10


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_every_kind_of_colour_is_read(mode: str) -> None:
    picture = Image.new("RGB", (8, 8), (200, 200, 200)).convert(mode)
    copy = read(shown(written(picture, "JPEG" if mode == "CMYK" else "PNG"), MANY))
    assert abs(copy.convert("L").tobytes()[36] - picture.convert("L").tobytes()[36]) < 4


def test_of_sixteen_bits_the_upper_eight_are_shown() -> None:
    copy = read(shown(written(Image.new("I;16", (8, 8), 40_000), "PNG"), MANY))
    assert copy.convert("L").getpixel((4, 4)) == 40_000 // 256


def test_transparency_is_kept() -> None:
    copy = read(shown(written(Image.new("RGBA", (8, 8), (255, 0, 0, 0)), "PNG"), MANY))
    assert copy.convert("RGBA").getpixel((4, 4)) == (255, 0, 0, 0)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("beyond", [0, 1])
def test_the_limit_of_points_is_exact(format_: str, beyond: int) -> None:
    original = written(halves((40, 20)), format_)
    assert (shown(original, 800 - beyond) is None) is bool(beyond)


def png_of(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is that large."""

    def chunk(name: bytes, body: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(name + body))
        return struct.pack(">I", len(body)) + name + body + crc

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(10_000, 9_000), (30_000, 30_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_not_unpacked(size: tuple[int, int]) -> None:
    assert shown(png_of(*size), 70_000_000) is None


def test_a_frame_that_grows_beyond_its_film_is_a_bomb_too() -> None:
    first, later = Image.new("P", (10, 10)), Image.new("P", (10, 10), 1)
    film = written(first, "GIF", save_all=True, append_images=[later], duration=100)
    where = film.rindex(b"\x2c\x00\x00\x00\x00")  # the second frame's place and size
    huge = film[: where + 5] + struct.pack("<HH", 60_000, 60_000) + film[where + 9 :]
    assert shown(huge, 70_000_000) is None


@pytest.mark.parametrize(
    "original",
    [
        b"",
        b"\xff\xd8\xff\xe0",
        b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 20,
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 40,
        b"RIFF\x24\x00\x00\x00WEBPVP8 " + b"\x00" * 20,
        b"GIF89a" + b"\x00" * 20,
        b"\x00\x00\x00\x1cftypheic" + b"\x00" * 60,
        TELLING["JPEG"][: len(TELLING["JPEG"]) // 2],
        TELLING["PNG"][:-30],
        written(halves(), "BMP"),
        written(halves(), "TIFF"),
        written(halves(), "PDF"),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    ],
    ids=lambda value: repr(value[:12]),
)
def test_what_cannot_be_read_has_no_copy(original: bytes) -> None:
    assert shown(original, MANY) is None


@pytest.mark.filterwarnings("ignore")  # Pillow's, of damaged data beside the picture
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_no_damage_raises_anything(data: st.DataObject) -> None:
    original = bytearray(TELLING[data.draw(st.sampled_from(sorted(TELLING)))])
    for _ in range(data.draw(st.integers(1, 8))):
        original[data.draw(st.integers(0, len(original) - 1))] = data.draw(st.integers(0, 255))
    copy = shown(bytes(original), MANY)
    assert copy is None or SECRET.encode() not in copy
