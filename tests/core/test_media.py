"""Files of citizens: typed by their bytes, capped, and stored whole or not at all."""

import hashlib
import io
import os
import stat
import time
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from core.errors import MediaAway, MediaRefused, StorageAway
from core.media import StoredMedia, clear_leftovers, sniff, store
from core.storage import Folder

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


def ftyp(brand: bytes, *compatible: bytes) -> bytes:
    body = b"ftyp" + brand + b"\x00\x00\x02\x00" + b"".join(compatible)
    return (len(body) + 4).to_bytes(4, "big") + body + b"\x00" * 64


def archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            file.writestr(name, "x" * 50)
    return buffer.getvalue()


OFFICE = "application/vnd.openxmlformats-officedocument."
TAKEN = [
    (b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 20, "image/jpeg"),
    (PNG, "image/png"),
    (b"RIFF\x24\x00\x00\x00WEBPVP8 " + b"\x00" * 20, "image/webp"),
    (b"GIF89a" + b"\x00" * 20, "image/gif"),
    (ftyp(b"heic", b"mif1", b"heic"), "image/heic"),
    (ftyp(b"mif1", b"heic"), "image/heic"),
    (ftyp(b"heix"), "image/heic"),
    (ftyp(b"isom", b"iso2", b"avc1", b"mp41"), "video/mp4"),
    (ftyp(b"mp42", b"isom"), "video/mp4"),
    (ftyp(b"iso5", b"iso6"), "video/mp4"),
    (ftyp(b"qt  "), "video/quicktime"),
    (ftyp(b"3gp4"), "video/3gpp"),
    (ftyp(b"M4A ", b"mp42"), "audio/mp4"),
    (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + b"\x00" * 20, "video/webm"),
    (b"OggS\x00\x02" + b"\x00" * 22 + b"OpusHead", "audio/ogg"),
    (b"ID3\x04" + b"\x00" * 20, "audio/mpeg"),
    (b"\xff\xfb\x90\x64" + b"\x00" * 20, "audio/mpeg"),
    (b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\x00" * 20, "audio/x-wav"),
    (b"%PDF-1.7\n" + b"\x00" * 20, "application/pdf"),
    (archive("[Content_Types].xml", "_rels/.rels", "word/document.xml"), OFFICE + "wordproces"),
    (archive("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"), OFFICE + "spreadsheet"),
]
REFUSED = [
    b"",
    b"\x00" * 100,
    b"halo",
    b"<!DOCTYPE html><script>alert(1)</script>",
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    b"<?xml version='1.0'?><svg/>",
    b"#!/bin/sh\nrm -rf /\n",
    b"<?php system($_GET['x']);",
    b"MZ\x90\x00" + b"\x00" * 60,
    b"\x7fELF" + b"\x00" * 60,
    b"PK\x03\x04" + b"\x00" * 60,
    archive("AndroidManifest.xml", "classes.dex"),
    archive("evil.js"),
    b"7z\xbc\xaf\x27\x1c" + b"\x00" * 60,
    b"Rar!\x1a\x07\x00" + b"\x00" * 60,
    b"\x00asm\x01\x00\x00\x00",
    b"FWS\x09" + b"\x00" * 60,
]


def keep(chunks: Iterable[bytes], folder: Path, max_bytes: int = 10_000) -> StoredMedia:
    return store(chunks, Folder(folder), folder, max_bytes, 10_000)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(("content", "mime"), TAKEN, ids=lambda value: str(value)[:24])
def test_evidence_is_taken(tmp_path: Path, content: bytes, mime: str) -> None:
    stored = keep([content], tmp_path, len(content))
    assert stored.mime.startswith(mime)
    assert stored.mime == sniff(content)
    assert (tmp_path / stored.path).read_bytes() == content


@pytest.mark.parametrize("content", REFUSED, ids=lambda value: repr(value[:6]))
def test_everything_else_is_refused_and_leaves_nothing(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(MediaRefused) as refusal:
        keep([content], tmp_path)
    assert refusal.value.code == "type_refused"
    assert not files(tmp_path)


@pytest.mark.parametrize("beyond", [0, 1])
def test_the_cap_is_exact(tmp_path: Path, beyond: int) -> None:
    content = PNG + b"\x00" * (1000 - len(PNG))
    chunks = [content[:600], content[600:], b"\x00" * beyond]
    if not beyond:
        assert keep(chunks, tmp_path, 1000).size == 1000
        return
    with pytest.raises(MediaRefused) as refusal:
        keep(chunks, tmp_path, 1000)
    assert refusal.value.code == "too_large"
    assert not files(tmp_path)


def test_no_more_is_read_than_the_cap_allows(tmp_path: Path) -> None:
    read = []

    def endless() -> Iterator[bytes]:
        while True:
            read.append(1)
            yield b"\x00" * 1000

    with pytest.raises(MediaRefused):
        keep(endless(), tmp_path)
    assert len(read) == 11


def test_a_file_is_named_by_its_content_and_only_ours_to_read(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "media"
    stored = keep([PNG[:5], b"", PNG[5:]], folder)
    digest = hashlib.sha256(PNG).hexdigest()
    assert (stored.sha256, stored.size) == (digest, len(PNG))
    assert stored.path == f"{digest[:2]}/{digest}"
    assert stat.S_IMODE((folder / stored.path).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_same_content_is_one_file(tmp_path: Path) -> None:
    assert keep([PNG], tmp_path) == keep([PNG], tmp_path)
    assert len(files(tmp_path)) == 1


def test_a_broken_download_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield PNG
        raise MediaAway("cut")

    with pytest.raises(MediaAway):
        keep(broken(), tmp_path)
    assert not files(tmp_path)


def photo(**options: object) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(written, "JPEG", **options)
    return written.getvalue()


def test_of_a_photo_the_original_and_a_copy_are_kept(tmp_path: Path) -> None:
    original = photo(comment="Rumah warga")
    stored = keep([original], tmp_path)
    assert (tmp_path / stored.path).read_bytes() == original
    copy = (tmp_path / stored.shown_path).read_bytes()
    assert stored.shown_path == f"{hashlib.sha256(copy).hexdigest()[:2]}/" + (
        hashlib.sha256(copy).hexdigest()
    )
    assert copy.startswith(b"\xff\xd8")
    assert b"Rumah warga" not in copy
    assert (stored.mime, stored.shown_mime, stored.code) == ("image/jpeg", "image/jpeg", "")
    assert len(files(tmp_path)) == 2


def test_of_a_broken_picture_only_the_original_is_kept(tmp_path: Path) -> None:
    stored = keep([PNG], tmp_path)
    assert (stored.shown_path, stored.shown_mime, stored.code) == ("", "", "not_viewable")
    assert [path.read_bytes() for path in files(tmp_path)] == [PNG]


def test_what_is_no_picture_is_shown_as_it_is(tmp_path: Path) -> None:
    stored = keep([b"%PDF-1.7\n" + b"\x00" * 20], tmp_path)
    assert (stored.mime, stored.shown_path, stored.code) == ("application/pdf", "", "")
    assert len(files(tmp_path)) == 1


def test_a_storage_that_fails_leaves_nothing_half_done(tmp_path: Path) -> None:
    class Full(Folder):
        def save(self, file: Path, key: str) -> None:
            raise StorageAway("full")

    with pytest.raises(StorageAway):
        store([photo()], Full(tmp_path), tmp_path, 10_000, 10_000)
    assert not files(tmp_path)


@pytest.mark.parametrize(("minutes", "stays"), [(59, True), (61, False)])
def test_what_was_left_half_written_is_removed(tmp_path: Path, minutes: int, stays: bool) -> None:
    keep([PNG], tmp_path)
    left = tmp_path / ".incoming-x1"
    left.write_bytes(b"half")
    (kept,) = (path for path in files(tmp_path) if path != left)
    for path in (left, kept):
        os.utime(path, (time.time() - 60 * minutes,) * 2)
    clear_leftovers(tmp_path)
    assert left.exists() is stays
    assert kept.exists()
    clear_leftovers(tmp_path / "not there yet")
