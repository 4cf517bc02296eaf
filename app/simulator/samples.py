"""Small files a citizen might send, made here byte by byte: photo, voice, paper, film, sticker."""

import struct
from collections.abc import Iterator

Colour = tuple[int, int, int]

_HORIZON, _WATER_DEPTH, _LINE_WIDTH = 0.28, 0.45, 0.02
_SKY: Colour = (168, 204, 230)
_VERGE: Colour = (108, 142, 84)
_ROAD: Colour = (118, 120, 124)
_LINE: Colour = (226, 224, 214)
_HOLE: Colour = (58, 52, 48)
_WATER: Colour = (112, 104, 92)

# JPEG, baseline, constant 8x8 blocks: the DC table of ITU-T T.81 annex K.3.1, and an AC table
# with the single code "end of block".
_DC_LENGTHS = bytes([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0])
_DC_CODES = ("00", "010", "011", "100", "101", "110", "1110", "11110", "111110", "1111110")
_AC_LENGTHS = bytes([1] + [0] * 15)
_END_OF_BLOCK = "0"


def photo(columns: int, rows: int, variant: int) -> bytes:
    """A JPEG of a road with a hole, 8 x 8 pixels per block; another `variant`, another hole."""
    bits = "".join(_blocks(columns, rows, variant))
    bits += "1" * (-len(bits) % 8)
    scan = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\x00")
    return b"".join(
        (
            b"\xff\xd8",
            _segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"),
            _segment(0xDB, b"\x00" + bytes([8] * 64)),
            _segment(0xC0, struct.pack(">BHHB", 8, rows * 8, columns * 8, 3) + _components()),
            _segment(0xC4, b"\x00" + _DC_LENGTHS + bytes(range(12))),
            _segment(0xC4, b"\x10" + _AC_LENGTHS + b"\x00"),
            _segment(0xDA, b"\x03\x01\x00\x02\x00\x03\x00\x00\x3f\x00"),
            scan,
            b"\xff\xd9",
        )
    )


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def _components() -> bytes:
    return b"".join(bytes([number, 0x11, 0]) for number in (1, 2, 3))


def _blocks(columns: int, rows: int, variant: int) -> Iterator[str]:
    before = [0, 0, 0]
    for row in range(rows):
        for column in range(columns):
            colour = _scene(column / columns, row / rows, variant)
            for index, level in enumerate(_ycc(colour)):
                yield _difference(level - before[index]) + _END_OF_BLOCK
                before[index] = level


def _scene(x: float, y: float, variant: int) -> Colour:
    """What is seen at `x`, `y` (0..1 from the upper left)."""
    if y < _HORIZON:
        return _SKY
    reach = 0.16 + 0.5 * (y - _HORIZON)
    if abs(x - 0.5) > reach:
        return _VERGE
    centre = 0.42 + 0.03 * (variant % 7)
    depth = ((x - centre) / 0.17) ** 2 + ((y - 0.72) / 0.12) ** 2
    if depth < 1:
        return _WATER if depth < _WATER_DEPTH else _HOLE
    return _LINE if abs(x - 0.5) < _LINE_WIDTH and int(y * 12) % 2 else _ROAD


def _ycc(colour: Colour) -> tuple[int, int, int]:
    """Brightness and two colour differences, each -128..127 (JFIF 1.02)."""
    red, green, blue = colour
    bright = 0.299 * red + 0.587 * green + 0.114 * blue
    return round(bright) - 128, round(0.564 * (blue - bright)), round(0.713 * (red - bright))


def _difference(value: int) -> str:
    size = abs(value).bit_length()
    digits = value if value > 0 else value + (1 << size) - 1
    return _DC_CODES[size] + (f"{digits:0{size}b}" if size else "")


def voice() -> bytes:
    """An Ogg Opus file with one second of silence."""
    head = b"OpusHead" + struct.pack("<BBHIHB", 1, 1, 312, 48_000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 5) + b"kanal" + struct.pack("<I", 0)
    silence = [b"\xf8\xff\xfe"] * 50
    return (
        _ogg_page(0, 2, 0, [head]) + _ogg_page(1, 0, 0, [tags]) + _ogg_page(2, 4, 48_000, silence)
    )


def _ogg_page(number: int, flags: int, position: int, packets: list[bytes]) -> bytes:
    sizes = bytes(len(packet) for packet in packets)
    head = struct.pack("<4sBBQIII", b"OggS", 0, flags, position, 1, number, 0)
    page = head + bytes([len(sizes)]) + sizes + b"".join(packets)
    return page[:22] + struct.pack("<I", _ogg_checksum(page)) + page[26:]


def _ogg_checksum(page: bytes) -> int:
    """The CRC-32 of RFC 3533: polynomial 04c11db7, not reflected, starting at 0."""
    rest = 0
    for byte in page:
        rest ^= byte << 24
        for _ in range(8):
            rest = (rest << 1 ^ 0x04C11DB7 if rest & 0x80000000 else rest << 1) & 0xFFFFFFFF
    return rest


def paper() -> bytes:
    """A PDF with one empty page."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    )
    file = bytearray(b"%PDF-1.4\n")
    table = [b"0000000000 65535 f \n"]
    for number, content in enumerate(objects, start=1):
        table.append(b"%010d 00000 n \n" % len(file))
        file += b"%d 0 obj%sendobj\n" % (number, content)
    start = len(file)
    file += b"xref\n0 4\n" + b"".join(table)
    return bytes(file + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start)


def film() -> bytes:
    """The outer boxes of an MP4 file, without pictures."""
    kind = b"ftyp" + b"isom" + struct.pack(">I", 512) + b"isomiso2avc1mp41"
    return b"".join(struct.pack(">I", len(box) + 4) + box for box in (kind, b"mdat" + bytes(64)))


def sticker() -> bytes:
    """A WebP picture of one pixel."""
    pixel = bytes.fromhex("2f00000010071011118888fe0700")
    chunk = b"WEBPVP8L" + struct.pack("<I", 13) + pixel
    return b"RIFF" + struct.pack("<I", len(chunk)) + chunk
