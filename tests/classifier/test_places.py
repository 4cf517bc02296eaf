"""Places in texts as people type them: a table over six governments, and what names no place."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.vocab import Vocab

from classifier.addresses import MOST as MOST_CUES
from classifier.pipeline import Words
from classifier.places import MOST, READ, Places
from core.regions import whereabouts
from core.registry.files import packaged
from core.registry.registry import Opd, Region, Registry
from core.understanding import Mention, PlaceKind

Row = dict[str, Any]
Find = Callable[[str], tuple[Mention, ...]]

ROWS: list[Row] = json.loads(Path(__file__).with_name("places.json").read_text(encoding="utf-8"))
GOVERNMENTS = {"64", "64.74", "64.08", "64.72", "64.71", "33.24"}
LEAST_PRECISION, LEAST_RECALL, LEAST_REGIONS = 0.97, 0.95, 0.97
SLOWEST = 0.015  # s, a text of READ characters

_REGISTRY = packaged()
_WORDS = Words(Vocab())
_PLACES = Places(_WORDS(" ").vocab, _REGISTRY)


def find(text: str) -> tuple[Mention, ...]:
    return _PLACES.find(_WORDS(text))


def told(text: str) -> list[tuple[str, str]]:
    return [(each.kind.value, each.words) for each in find(text)]


def test_the_table_is_large_enough() -> None:
    assert len({row["text"] for row in ROWS}) == len(ROWS) >= 180
    assert sum(not row["mentions"] for row in ROWS) >= 40
    assert {row["home"] for row in ROWS} == GOVERNMENTS


def test_precision_and_recall_on_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    expected = {(n, kind, words) for n, row in enumerate(ROWS) for kind, words in row["mentions"]}
    found = {(n, kind, words) for n, row in enumerate(ROWS) for kind, words in told(row["text"])}
    right = len(expected & found)
    precision, recall = right / len(found), right / len(expected)
    with capsys.disabled():
        figures = f"precision {precision:.3f}, recall {recall:.3f}"
        sys.stdout.write(f"\nplaces: {figures} on {len(ROWS)} phrases\n")
    assert precision >= LEAST_PRECISION
    assert recall >= LEAST_RECALL


def test_regions_on_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    right = sum(
        whereabouts(find(row["text"]), None, row["home"], _REGISTRY).region == row["region"]
        for row in ROWS
    )
    with capsys.disabled():
        sys.stdout.write(f"\nplaces: region right in {right} of {len(ROWS)} phrases\n")
    assert right >= LEAST_REGIONS * len(ROWS)


def test_words_that_are_no_place_lead_nowhere() -> None:
    traps = [row["text"] for row in ROWS if not row["mentions"]]
    taken = [text for text in traps if any(each.regions for each in find(text))]
    assert len(taken) <= 0.03 * len(traps), taken


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("RT 04/RW 02", [("rt_rw", "RT 04/RW 02")]),
        ("rt4 rw2", [("rt_rw", "rt4 rw2")]),
        ("RT.15/RW.03", [("rt_rw", "RT.15/RW.03")]),
        ("rt/rw 03/05", [("rt_rw", "rt/rw 03/05")]),
        ("rt 999", [("rt_rw", "rt 999")]),
        ("rt 1000", []),
        ("km 5 dan 3 km", [("landmark", "km 5")]),
        ("blok C2", [("landmark", "blok C2")]),
        ("blok di sana", []),
        ("Jl.A.Yani no 5", [("jalan", "Jl.A.Yani no 5")]),
        ("jalan Melati Indah rusak", [("jalan", "jalan Melati Indah")]),
        ("Jl. 17 Agustus", [("jalan", "Jl. 17 Agustus")]),
        ("JALAN MELATI RUSAK", [("jalan", "JALAN MELATI")]),
        ("jalan. Saya lapor", []),
        ("Jl. Samarinda no 4", [("jalan", "Jl. Samarinda no 4")]),
        ("jalan Samarinda rusak", [("kota", "Samarinda")]),
        ("gang Mawar", [("jalan", "gang Mawar")]),
        ("gang mawar", []),
        ("di gang mawar", [("jalan", "gang mawar")]),
        ("depan SDN 3", [("landmark", "depan SDN 3")]),
        ("tanggal 1 sd 3", []),
        ("depan bank", [("landmark", "depan bank")]),
        ("Bank Sejahtera", []),
        ("di Damai", [("kelurahan", "Damai")]),
        ("di damai", []),
        ("DI DAMAI", []),
        ("kel.damai", [("kelurahan", "kel.damai")]),
        ("Kelurahan : Damai", [("kelurahan", "Kelurahan : Damai")]),
        ("di damai balikpapan", [("kelurahan", "damai"), ("kota", "balikpapan")]),
        ("Lurah Damai", [("kelurahan", "Damai")]),
        ("walikota Bontang", [("kota", "Bontang")]),
        ("wali kota Bontang", [("kota", "Bontang")]),
        ("Kota Bontang", [("kota", "Kota Bontang")]),
        ("Kel. Damai dan Manggar", [("kelurahan", "Kel. Damai"), ("kelurahan", "Manggar")]),
        ("Kel. Sumur Welut", []),
        ("Kel. Manggar Mohon dibantu", [("kelurahan", "Kel. Manggar")]),
        ("Perum Bontang Permai", [("landmark", "Perum Bontang Permai")]),
        ("warga@bontang.go.id", []),
        ("bontang.com", []),
        ("@bontang", []),
        ("#bontang", [("kota", "bontang")]),
        ("soto banjar", []),
        ("Bu Manggar", []),
        ("Tj. Laut", [("kelurahan", "Tj. Laut")]),
        ("lok tuan", [("kelurahan", "lok tuan")]),
        ("loktuan", [("kelurahan", "loktuan")]),
        ("api2", []),
        ("kel api2", [("kelurahan", "kel api2")]),
        ("smd ulu", [("kecamatan", "smd ulu")]),
        ("Damai\nBalikpapan", [("kelurahan", "Damai"), ("kota", "Balikpapan")]),
    ],
)
def test_one_by_one(text: str, places: list[tuple[str, str]]) -> None:
    assert told(text) == places


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Sangatta", [("64.08.04", "64.08.12")]),
        ("Kendal", [("33.24",)]),
        ("kec. Kendal", [("33.24.15",)]),
        ("Batu Ampar", [("64.08.17", "64.71.03.1001")]),
        ("kel. Batu Ampar", [("64.71.03.1001",)]),
        ("Batu Ampar, Kutim", [("64.08.17",), ("64.08",)]),
        ("desa Margo Mulyo", [("64.08.14.2003",)]),
    ],
)
def test_what_a_name_can_stand_for(text: str, codes: list[tuple[str, ...]]) -> None:
    assert [each.regions for each in find(text)] == codes


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n",
        "🙏🙏🙏",
        "👨‍👩‍👧",
        "بونتانج",
        "ボンタン",
        "\x00",
        "...",
        "jl",
        "kel.",
        "di",
    ],
)
def test_what_says_nothing(text: str) -> None:
    assert find(text) == ()


def test_only_the_first_characters_are_read() -> None:
    filler = "a" * (READ - len(" Bontang"))
    assert told(f"{filler} Bontang") == [("kota", "Bontang")]
    assert told(f"{filler}a Bontang") == []
    doc = _WORDS(f"{filler} Bontang")
    assert _PLACES.find(doc, doc.text) == _PLACES.find(doc)


def test_many_names_are_bounded() -> None:
    assert len(find("Bontang, " * MOST)) == MOST
    assert len(find("Bontang, " * (MOST + 1))) == MOST
    assert len(find("rt 1, " * MOST_CUES)) == MOST_CUES
    assert len(find("rt 1, " * (MOST_CUES + 1))) == MOST_CUES


@pytest.mark.parametrize(
    "piece",
    [
        "rt 1 rw 2 ",
        "damai Bontang ",
        "Sidomulyo Damai ",
        "Jl. A. B. C. ",
        "kel. ",
        "api-",
        "gang a ",
    ],
)
def test_a_text_made_to_be_slow_is_not(piece: str) -> None:
    doc = _WORDS(piece * (20_000 // len(piece)))
    times = []
    for _ in range(5):
        start = time.process_time()
        _PLACES.find(doc)
        times.append(time.process_time() - start)
    assert min(times) < SLOWEST


def test_places_of_any_registry() -> None:
    regions = {
        "99": Region("99", "Provinsi Contoh", PlaceKind.PROVINSI),
        "99.01": Region("99.01", "Kabupaten Uji Coba", PlaceKind.KABUPATEN, ("UC",)),
        "99.01.01": Region("99.01.01", "O'Lon-Lon", PlaceKind.KECAMATAN),
    }
    agencies = {"uji": Opd("uji", "Uji", "99.01", "dinas", verified=True, source="contoh")}
    places = Places(_WORDS(" ").vocab, Registry(regions, agencies))
    text = "kab uji coba, kec. o'lon lon, prov. contoh, KEC OLON-LON, di UC"
    found = [(each.words, each.regions) for each in places.find(_WORDS(text))]
    assert found[:3] == [
        ("kab uji coba", ("99.01",)),
        ("kec. o'lon lon", ("99.01.01",)),
        ("prov. contoh", ("99",)),
    ]
    assert Places(_WORDS(" ").vocab, Registry()).find(_WORDS(text)) == ()


def test_villages_are_looked_for_where_a_government_has_opd() -> None:
    regions = {
        "98.01": Region("98.01", "Kabupaten Uji", PlaceKind.KABUPATEN),
        "98.01.01.2001": Region("98.01.01.2001", "Kampung Sebelah", PlaceKind.DESA),
        "99.01.01.2001": Region("99.01.01.2001", "Kampung Sendiri", PlaceKind.DESA),
    }
    agencies = {
        slug: Opd(slug, slug, region, "dinas", verified=True, source="contoh")
        for slug, region in (("pusat", ""), ("uji", "99.01"))
    }
    places = Places(_WORDS(" ").vocab, Registry(regions, agencies))
    found = places.find(_WORDS("desa Kampung Sebelah, desa Kampung Sendiri, kab. Uji"))
    assert [each.regions for each in found] == [("99.01.01.2001",), ("98.01",)]


_WORDS_OF_PLACES = """Jl. jalan gang Gg RT 04 /RW 2 kel. Kec di Damai Bontang utara Api-Api api
depan pasar SDN 3 rusak , . - Kendal desa Sumur perum no 5 km 🙏 ß İ @ # Kota"""
_PIECES = st.sampled_from([*_WORDS_OF_PLACES.split(), "\n"])


@given(st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=14).map(" ".join)))
def test_mentions_point_at_their_words_and_never_overlap(text: str) -> None:
    doc = _WORDS(text)
    end = 0
    for each in _PLACES.find(doc):
        assert doc.text[each.start : each.end] == each.words != ""
        assert end <= each.start
        assert bool(each.regions) == (each.kind in set(PlaceKind) - _NO_AREAS)
        end = each.end


_NO_AREAS = {PlaceKind.JALAN, PlaceKind.RT_RW, PlaceKind.LANDMARK}
