"""The export of SP4N-LAPOR!: made-up workbooks, read within limits."""

import re
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from classifier.export_file import BOUNDS, HEADER_ROWS, NEEDED, Bounds, Labelled, Tally, read
from classifier.export_labels import AMBIGUOUS, NO_LABEL, Labels, key
from core.errors import ConfigurationError
from core.registry.registry import Opd, Region, Registry
from core.urusan import URUSAN

HEADER = (
    *("Tracking ID", "Tanggal Laporan Masuk", "Waktu Laporan Masuk", "Nama Pelapor"),
    *("Klasifikasi Laporan", "ID Kategori", "Kategori", "Judul Laporan", "Isi Laporan Awal"),
    *("Isi Laporan Akhir", "Tipe Laporan (Anonim/Rahasia)", "Sumber Laporan", "Instansi Induk"),
    *("ID Instansi Terdisposisi", "Instansi Terdisposisi", "Status Laporan", "Alasan Tunda/Arsip"),
    *("Provinsi", "Kota/Kabupaten", "Kecamatan", "Kelurahan"),
)
Write = Callable[..., Path]


def opd(slug: str, name: str, region: str) -> Opd:
    return Opd(slug, name, region, "dinas", True, "uji")


REGISTRY = Registry(
    regions={
        "64.74": Region("64.74", "Kota Contoh", "kota"),
        "64.08": Region("64.08", "Kabupaten Misal", "kabupaten"),
    },
    agencies={
        one.slug: one
        for one in (
            opd("contoh-dlh", "Dinas Lingkungan Hidup", "64.74"),
            opd("contoh-dkk", "Dinas Kebersihan dan Kesehatan", "64.74"),
            opd("misal-dkk", "Dinas Kebersihan dan Kesehatan", "64.08"),
            opd("misal-tirta", "Perumda Sumber Bening", "64.08"),
            opd("pln", "PT Setrum Negara", ""),
        )
    },
    routes={
        ("64.74", "DLH"): "contoh-dlh",
        ("64.74", "DINKES"): "contoh-dkk",
        ("64.74", "PERKIM"): "contoh-dkk",
        ("64.08", "DINKES"): "misal-dkk",
        ("64.08", "PDAM"): "misal-tirta",
        ("", "EKSTERNAL"): "pln",
    },
)
LABELS = Labels.of(REGISTRY)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a workbook of rows given as {column: value}, under a title and the header."""

    def act(
        *rows: dict[str, object],
        header: Sequence[str] = HEADER,
        above: int = 3,
        sheets: Sequence[str] = ("Laporan",),
    ) -> Path:
        book = Workbook()
        book.remove(book.active)
        for name in sheets:
            sheet = book.create_sheet(name)
            if name != "Laporan":
                sheet.append(["lain"])
                continue
            for _ in range(above):
                sheet.append(["Laporan SP4N"])
            sheet.append(list(header))
            for row in rows:
                sheet.append([row.get(column, "") for column in header])
        file = tmp_path / "export.xlsx"
        book.save(file)
        return file

    return act


def row(text: str, agency: str = "", **rest: object) -> dict[str, object]:
    return {
        "Tracking ID": 1234567,
        "Isi Laporan Awal": text,
        "Instansi Terdisposisi": agency,
        "Nama Pelapor": "(nama)",
    } | rest


def taken(file: Path, bounds: Bounds = BOUNDS) -> tuple[list[Labelled], Tally]:
    tally = Tally()
    return list(read(file, LABELS, tally, bounds)), tally


AGENCIES = [
    ("Dinas Lingkungan Hidup", "Pemerintah Kota Contoh", "", "DLH"),
    ("DINAS LINGKUNGAN HIDUP KOTA CONTOH", "Pemerintah Kota Contoh", "", "DLH"),
    ("Dinas\xa0Lingkungan  Hidup Kab. Misal", "", "", "DLH"),  # by its usual name
    ("Perumda Sumber Bening", "Pemerintah Kabupaten Misal", "", "PDAM"),  # by the registry alone
    ("PT Setrum Negara", "Pemerintah Kota Contoh", "", "EKSTERNAL"),  # a national body
    ("Dinas Kebersihan dan Kesehatan", "Pemerintah Kabupaten Misal", "", "DINKES"),
    ("Dinas Kebersihan & Kesehatan", "Pemerintah Kota Contoh", "Permukiman", "PERKIM"),
    ("Dinas Kebersihan dan Kesehatan", "Pemerintah Kota Contoh", "Agama", AMBIGUOUS),
    ("Dinas Perindustrian dan Tenaga Kerja", "", "Ketenagakerjaan", "DISNAKER"),
    ("Dinas Perindustrian dan Tenaga Kerja", "", "", AMBIGUOUS),
    ("Kelurahan Contoh Utara", "Pemerintah Kota Contoh", "Infrastruktur Jalan", "KEWILAYAHAN"),
    ("Pemerintah Kota Contoh", "Provinsi Misal", "Infrastruktur\xa0Jalan", "PUPR"),
    ("", "", "LAYANAN AIR MINUM", "PDAM"),
    ("", "", "Layanan   air minum ", "PDAM"),
    ("", "", "Topik Lainnya", NO_LABEL),
    ("Kantor Entah", "", "", NO_LABEL),
    ("", "", "", NO_LABEL),
]


@pytest.mark.parametrize(("agency", "parent", "category", "wanted"), AGENCIES)
def test_the_label_of_a_row(
    write: Write, agency: str, parent: str, category: str, wanted: str
) -> None:
    file = write(row("Kabar", agency, Kategori=category) | {"Instansi Induk": parent})
    found, tally = taken(file)
    if wanted in URUSAN:
        assert found == [Labelled("Kabar", wanted)]
        assert (tally.taken, tally.skipped) == (1, Counter())
    else:
        assert found == []
        assert (tally.taken, tally.skipped) == (0, Counter({wanted: 1}))


def test_every_name_of_the_tables_has_a_known_urusan() -> None:
    assert {urusan for _, urusan in LABELS.names} == set(URUSAN)
    assert set(LABELS.categories.values()) <= set(URUSAN)


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ({"Isi Laporan Akhir": "Akhir"}, "Akhir"),
        ({"Isi Laporan Akhir": "  "}, "Awal"),
        ({"Isi Laporan Awal": "", "Judul Laporan": "Judul"}, "Judul"),
        ({"Isi Laporan Awal": 7}, "7"),
        ({"Isi Laporan Awal": "a\tb\nc"}, "a\tb\nc"),
    ],
)
def test_the_text_of_a_row(write: Write, cells: dict[str, object], text: str) -> None:
    found, _ = taken(write(row("Awal", "Dinas Sosial") | cells))
    assert [one.text for one in found] == [text]


def test_what_is_skipped_is_counted(write: Write) -> None:
    found, tally = taken(
        write(
            row("Jalan rusak", "Dinas Pekerjaan Umum"),
            row("x" * 50, "Dinas Pekerjaan Umum"),
            row("", "Dinas Pekerjaan Umum"),
            row("Iklan", "Dinas Pekerjaan Umum", **{"Status Laporan": "Konten Terblokir"}),
            {},
            row("Apa", "Kantor Entah"),
        ),
        replace(BOUNDS, cell=49),
    )
    assert [one.urusan for one in found] == ["PUPR"]
    assert tally.skipped == Counter(too_long=1, empty=1, blocked=1, no_label=1)


@pytest.mark.parametrize("above", [0, HEADER_ROWS - 1])
def test_the_header_stands_anywhere_in_the_first_rows_in_any_order(
    write: Write, above: int
) -> None:
    header = ["Tracking ID", *reversed(HEADER[1:]), "Kolom Baru"]
    file = write(row("Kabar", "Dinas Sosial"), header=header, above=above, sheets=["x", "Laporan"])
    assert taken(file)[0] == [Labelled("Kabar", "DINSOS")]


def test_a_header_further_down_is_not_looked_for(write: Write) -> None:
    with pytest.raises(ConfigurationError, match="Tracking ID"):
        taken(write(row("Kabar"), above=HEADER_ROWS))


@pytest.mark.parametrize("missing", NEEDED)
def test_a_missing_column_is_named(write: Write, missing: str) -> None:
    file = write(row("Kabar"), header=[name for name in HEADER if name != missing])
    with pytest.raises(ConfigurationError, match=f"export.xlsx.*{missing}"):
        taken(file)


def size(file: Path) -> int:
    with zipfile.ZipFile(file) as parts:
        return sum(part.file_size for part in parts.infolist())


def test_the_bounds_on_both_sides(write: Write) -> None:
    file = write(*(row(f"Kabar {n}", "Dinas Sosial") for n in range(5)))
    with zipfile.ZipFile(file) as opened:
        parts = len(opened.infolist())
    packed, unpacked = file.stat().st_size, size(file)
    just = Bounds(packed=packed, unpacked=unpacked, parts=parts, rows=5, columns=21, cell=7)
    assert len(taken(file, just)[0]) == 5
    for tighter, said in [
        ({"packed": packed - 1}, "bytes, at most"),
        ({"unpacked": unpacked - 1}, "too large"),
        ({"parts": parts - 1}, "too large"),
        ({"rows": 4}, "more than 4 rows"),
        ({"columns": 15}, "lacks the column"),
    ]:
        with pytest.raises(ConfigurationError, match=said):
            taken(file, replace(just, **tighter))
    assert taken(file, replace(just, cell=6))[1].skipped == Counter(too_long=5)


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """300 MB of blanks in 300 KB."""
    file = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts,
        parts.open("xl/sharedStrings.xml", "w") as part,
    ):
        for _ in range(300):
            part.write(b" " * 2**20)
    assert file.stat().st_size < 2**20
    with pytest.raises(ConfigurationError, match="too large"):
        taken(file)


def test_xml_that_defines_entities_is_refused(write: Write, tmp_path: Path) -> None:
    file, other = write(row("Kabar", "Dinas Sosial")), tmp_path / "laughs.xlsx"
    laughs = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha">]>'
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, laughs + content if "sheet1" in name else content)
    with pytest.raises(ConfigurationError, match="DOCTYPE"):
        taken(other)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"Tracking ID,Isi", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_workbook_is_said_in_a_line(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "export.xlsx"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"export.xlsx: no readable xlsx"):
        taken(file)
    with pytest.raises(ConfigurationError, match="FileNotFoundError"):
        taken(tmp_path / "tidak-ada.xlsx")


@pytest.mark.parametrize("part", ["sheet1", "workbook.xml", "Content_Types"])
@pytest.mark.parametrize("broken", [b"", b"<", b"<worksheet><sheetData><row><c t='s'><v>9</v>"])
def test_a_part_that_is_broken_is_said(
    write: Write, tmp_path: Path, part: str, broken: bytes
) -> None:
    file, other = write(row("Kabar", "Dinas Sosial")), tmp_path / "broken.xlsx"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            new.writestr(name, broken if part in name else old.read(name))
    with pytest.raises(ConfigurationError, match=r"broken.xlsx"):
        taken(other)


INLINE = re.compile(r't="inlineStr"><is><t[^>]*>([^<]*)</t></is>')
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
OFFICE = "http://schemas.openxmlformats.org"


def with_shared_strings(file: Path, shared: Callable[[list[str]], str]) -> Path:
    """Return the same workbook as other programs write it: the strings stand apart."""
    strings: list[str] = []

    def move(found: re.Match[str]) -> str:
        strings.append(found[1])
        return f't="s"><v>{len(strings) - 1}</v>'

    other = file.with_name("shared.xlsx")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            content = old.read(name).decode()
            if name.endswith("sheet1.xml"):
                content = INLINE.sub(move, content)
            elif name == "[Content_Types].xml":
                part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{SPREADSHEET}'
                content = content.replace("</Types>", f'{part}.sharedStrings+xml" /></Types>')
            new.writestr(name, content)
        new.writestr("xl/sharedStrings.xml", shared(strings))
    return other


def listed(strings: list[str]) -> str:
    items = "".join(f"<si><t>{one}</t></si>" for one in strings)
    return f'<sst xmlns="{OFFICE}/spreadsheetml/2006/main">{items}</sst>'


def test_strings_that_stand_apart_are_read(write: Write) -> None:
    file = with_shared_strings(write(row("Kabar", "Dinas Sosial")), listed)
    assert taken(file)[0] == [Labelled("Kabar", "DINSOS")]


@pytest.mark.parametrize(
    "broken", [lambda strings: "", lambda strings: "<sst>", lambda strings: listed(strings[:9])]
)
def test_strings_that_are_broken_are_said(write: Write, broken: Callable[[list[str]], str]) -> None:
    file = with_shared_strings(write(row("Kabar", "Dinas Sosial")), broken)
    with pytest.raises(ConfigurationError, match=r"shared.xlsx: a broken xlsx"):
        taken(file)


@given(st.text(max_size=60))
def test_any_name_has_a_key_or_none(name: str) -> None:
    labels = LABELS.urusan(name, name, name)
    assert (labels[0] in URUSAN) != (labels[1] in {NO_LABEL, AMBIGUOUS})
    assert key(key(name)) == key(name) or key(name) == ""
