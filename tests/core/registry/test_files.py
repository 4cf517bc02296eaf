"""Registry files: the packaged ones, their form, and that writing and reading is one."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ConfigurationError
from core.registry import check, export, files
from core.registry.areas import DATA, packaged_areas
from core.registry.check import Fault
from core.registry.government import MOST_ALIASES
from core.registry.registry import Registry, chain
from core.urusan import URUSAN
from tests.core.registry.city import city, source

SIX = ("33.24", "64", "64.08", "64.71", "64.72", "64.74")
LEFT_OPEN = {"EKSTERNAL"}  # rules tell PLN, Polri and the others apart


@pytest.fixture(scope="module")
def packaged() -> Registry:
    return files.packaged()


def test_six_governments_and_the_country_come_with_kanal(packaged: Registry) -> None:
    assert {opd.region for opd in packaged.agencies.values()} == {"", *SIX}
    assert len(files.packaged_sources()) == 7


@pytest.mark.parametrize("region", SIX)
@pytest.mark.parametrize("urusan", sorted(set(URUSAN) - LEFT_OPEN))
def test_every_urusan_ends_at_an_opd(packaged: Registry, region: str, urusan: str) -> None:
    tiers = [packaged.routes.get((code, urusan)) for code in chain(region)]
    slug = next((slug for slug in tiers if slug), "")
    assert packaged.agencies[slug].region in chain(region)


@pytest.mark.parametrize(
    ("code", "urusan", "slug"),
    [
        ("64.74", "PUPR", "bontang-pupr"),
        ("64.71", "PUPR", "balikpapan-dpu"),
        ("64.71", "DAMKAR", "balikpapan-bpbd"),
        ("33.24", "DAMKAR", "kendal-satpolpp"),
        ("64.74", "DPMD", "bontang-dinsos"),
        ("64.72", "DPMD", "kaltim-dpmpd"),
        ("64", "PDAM", "national-kemenpu"),
        ("64.74.01.1001", "KEWILAYAHAN", "bontang-kel-01-1001"),
        ("33.24.15", "KEWILAYAHAN", "kendal-kec-15"),
        ("64.74.01.1001", "DLH", "bontang-dlh"),
    ],
)
def test_the_same_urusan_belongs_to_different_opd(
    packaged: Registry, code: str, urusan: str, slug: str
) -> None:
    found = (packaged.routes.get((at, urusan)) for at in chain(code))
    assert next(filter(None, found)) == slug


def test_every_kecamatan_of_the_six_has_an_office_and_a_middle(packaged: Registry) -> None:
    there = [area for area in packaged.regions.values() if area.kind == "kecamatan"]
    assert len(there) == 57
    for area in there:
        office = packaged.agencies[packaged.routes[area.code, "KEWILAYAHAN"]]
        assert area.name in office.name
        assert area.latitude is not None


def test_middles_lie_near_their_government(packaged: Registry) -> None:
    """One degree is 111 km; Kutai Timur is the largest."""
    for area in packaged.regions.values():
        around = packaged.regions[area.code[:5]] if len(area.code) == 8 else None
        if around and around.latitude is not None and around.longitude is not None:
            assert area.latitude is not None
            assert area.longitude is not None
            reach = 1.7 if area.code.startswith("64.08") else 0.3
            assert abs(area.latitude - around.latitude) < reach
            assert abs(area.longitude - around.longitude) < reach


def test_nobody_is_called_verified_without_a_source(packaged: Registry) -> None:
    for opd in packaged.agencies.values():
        assert opd.source
        assert not (opd.verified and opd.source.startswith(("nomenklatur", "pers:")))


@pytest.mark.parametrize("one", files.packaged_sources(), ids=lambda one: one.origin)
def test_what_is_written_is_what_was_read(one: files.Source, tmp_path: Path) -> None:
    file = tmp_path / one.origin
    file.write_text(files.render([one.government]), "utf-8")
    assert files.read(file) == [one]
    assert file.read_text("utf-8") == (DATA / one.origin).read_text("utf-8")


def test_several_governments_in_one_file(tmp_path: Path) -> None:
    governments = [one.government for one in files.packaged_sources()]
    file = tmp_path / "all.json"
    file.write_text(files.render(governments), "utf-8")
    assert [one.government for one in files.read(file)] == governments
    assert files.read(file)[1].origin == "all.json[1]"


def test_a_registry_taken_apart_is_the_same_registry(packaged: Registry) -> None:
    again = files.assemble(export.governments(packaged), packaged_areas())
    assert again == packaged


@settings(max_examples=20, deadline=None)
@given(st.sets(st.sampled_from(range(7)), min_size=1), st.randoms())
def test_any_of_them_in_any_order_can_be_taken_apart(chosen: set[int], order: Random) -> None:
    sources = [files.packaged_sources()[n] for n in chosen]
    order.shuffle(sources)
    whole = files.assemble(sources, packaged_areas())
    assert files.assemble(export.governments(whole), packaged_areas()) == whole
    found = check.findings(export.governments(whole), whole.regions)
    assert {finding.fault for finding in found} <= {Fault.GAP}


def test_a_further_government_is_one_file(packaged: Registry) -> None:
    whole = files.assemble([*files.packaged_sources(), source()], packaged_areas())
    assert whole.routes["65.71", "DLH"] == "tarakan-satu"
    assert whole.routes["65.71.02", "KEWILAYAHAN"] == "tarakan-kec-02"
    assert whole.agencies["tarakan-kec-02"].name == "Kecamatan Hilir"
    assert whole.regions["65.71.01"].aliases == ("Ulu",)
    assert whole.regions["65.71"].name == "Kota Tarakan"
    assert packaged.agencies.items() < whole.agencies.items()


AGENCY = {"slug": "a", "name": "A", "kind": "dinas", "source": "s"}
OFFICE = {"kind": "desa", "slug": "a-{code}", "name": "Desa {name}", "source": "s"}
BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "a region that is none": ({"region": "64.74.01"}, "region: "),
    "no name": ({"name": " "}, "name: "),
    "an unknown field": ({"agencys": []}, "agencys: "),
    "an unknown urusan": ({"routes": {"PU": "a"}}, "there is no urusan 'PU'"),
    "an urusan that falls": ({"falls_up": ["PU"]}, "falls_up.0: "),
    "a slug": ({"routes": {"PUPR": "A b"}}, "routes.PUPR: "),
    "an agency's slug": ({"agencies": [AGENCY, AGENCY | {"slug": "Å"}]}, "agencies.1.slug: "),
    "an agency's kind": ({"agencies": [AGENCY | {"kind": "toko"}]}, "agencies.0.kind: "),
    "no source": ({"agencies": [AGENCY | {"source": ""}]}, "agencies.0.source: "),
    "a long name": ({"agencies": [AGENCY | {"name": "x" * 201}]}, "agencies.0.name: "),
    "a control character": ({"agencies": [AGENCY | {"name": "a\u0000"}]}, "agencies.0.name: "),
    "an office without code": ({"offices": [OFFICE | {"slug": "a"}]}, "offices.0.slug: "),
    "an office without name": ({"offices": [OFFICE | {"name": "Desa"}]}, "offices.0.name: "),
    "an area's code": ({"areas": [{"code": "64.7"}]}, "areas.0.code: "),
    "half a middle": ({"areas": [{"code": "64", "latitude": 1}]}, "stand together"),
    "a middle off the earth": ({"latitude": 91, "longitude": 1}, "latitude: "),
    "too many aliases": ({"aliases": ["x"] * (MOST_ALIASES + 1)}, "aliases: "),
    "routes of no area": ({"area_routes": {"x": {}}}, "area_routes.x"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_names_the_place(tmp_path: Path, name: str) -> None:
    changes, complaint = BROKEN[name]
    file = tmp_path / "b.json"
    file.write_text(json.dumps(city(**changes)), "utf-8")
    with pytest.raises(ConfigurationError, match=r"^b\.json: ") as error:
        files.read(file)
    assert complaint in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"{", "Expecting"),
        (b"\xff", "decode"),
        (b"[" * 100_000, "recursion"),
        (b'{"region": "64", "region": "65"}', "'region' stands twice"),
        (b" " * (files.LARGEST + 1), "larger than"),
        (b"7", "the whole"),
        (b"[7]", "c.json[0]: the whole"),
    ],
)
def test_what_is_no_registry_file(tmp_path: Path, content: bytes, complaint: str) -> None:
    file = tmp_path / "c.json"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"c\.json") as error:
        files.read(file)
    assert complaint in str(error.value)


def test_at_the_limits_a_file_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "b.json"
    most = {"aliases": ["x"] * MOST_ALIASES, "agencies": [AGENCY | {"name": "x" * 200}]}
    text = json.dumps(city(**most))
    file.write_text(text.ljust(files.LARGEST), "utf-8")
    [one] = files.read(file)
    assert len(one.government.aliases) == MOST_ALIASES


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no-such\.json"):
        files.read(tmp_path / "no-such.json")
