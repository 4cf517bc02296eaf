"""Gaps, overlaps and dead ends: every mistake is found, and named with its place."""

from typing import Any

import pytest

from core.registry import check, files
from core.registry.areas import packaged_areas
from core.registry.check import Fault
from core.registry.files import Source
from core.registry.government import Government
from core.urusan import URUSAN
from tests.core.registry.city import CODE, city, source

AREAS = packaged_areas()


def found(*sources: Source) -> list[str]:
    return [str(one) for one in check.findings([*files.packaged_sources(), *sources], AREAS)]


def test_the_packaged_files_have_no_mistake() -> None:
    assert found() == []


def test_a_further_government_has_none_either() -> None:
    assert found(source()) == []


ROUTES: dict[str, str] = city()["routes"]
AGENCIES: list[dict[str, Any]] = city()["agencies"]
OFFICES: list[dict[str, Any]] = city()["offices"]
MISTAKES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "an urusan nobody mentions": (
        {"falls_up": ["PDAM"]},
        ["gap: city.json: routes: EKSTERNAL has no route, and falls_up does not name it"],
    ),
    "a route and falling up": (
        {"routes": ROUTES | {"PDAM": "tarakan-satu"}},
        ["overlap: city.json: falls_up: PDAM has a route and falls up"],
    ),
    "a route to nobody": (
        {"routes": ROUTES | {"DLH": "tarakan-tiga"}},
        ["dead end: city.json: routes: 65.71 DLH: leads to tarakan-tiga, which no file names"],
    ),
    "an OPD nothing leads to": (
        {"agencies": [AGENCIES[0], AGENCIES[1] | {"by_hand": False}]},
        [
            (
                "dead end: city.json: agencies: tarakan-dua: no route leads here "
                "(by_hand, if that is meant)"
            )
        ],
    ),
    "by hand and routed": (
        {"agencies": [AGENCIES[0] | {"by_hand": True}, AGENCIES[1]]},
        ["overlap: city.json: agencies: tarakan-satu: by_hand, yet a route leads here"],
    ),
    "a slug twice": (
        {"agencies": [*AGENCIES, AGENCIES[1]]},
        [
            (
                "overlap: city.json: agencies: tarakan-dua: the slug tarakan-dua stands in "
                "city.json: agencies: tarakan-dua too"
            )
        ],
    ),
    "another government's slug": (
        {"agencies": [*AGENCIES, AGENCIES[1] | {"slug": "bontang-rsud"}]},
        [
            (
                "overlap: city.json: agencies: bontang-rsud: the slug bontang-rsud stands in "
                "64.74.json: agencies: bontang-rsud too"
            )
        ],
    ),
    "an area twice": (
        {"areas": [*city()["areas"], {"code": "65.71.01"}]},
        [
            (
                "overlap: city.json: areas: 65.71.01: the area 65.71.01 stands in "
                "city.json: areas: 65.71.01 too"
            )
        ],
    ),
    "two routes of one area": (
        {"area_routes": {"65.71.01": {"KEWILAYAHAN": "tarakan-satu"}}},
        [
            (
                "overlap: city.json: routes: 65.71.01: the route 65.71.01 KEWILAYAHAN stands in "
                "city.json: offices: kecamatan too"
            )
        ],
    ),
    "an area nobody knows": (
        {"areas": [*city()["areas"], {"code": "65.71.03"}]},
        ["dead end: city.json: areas: 65.71.03: in no table of areas, and without a name"],
    ),
    "another government's area": (
        {"areas": [*city()["areas"], {"code": "64.74.01"}]},
        [
            (
                "overlap: city.json: areas: 64.74.01: the area 64.74.01 stands in "
                "64.74.json: areas: 64.74.01 too"
            ),
            "dead end: city.json: areas: 64.74.01: 64.74.01 belongs to 64.74",
        ],
    ),
    "an area of none of these": (
        {"areas": [*city()["areas"], {"code": "12"}]},
        [
            "overlap: city.json: areas: 12: the area 12 stands in national.json: areas: 12 too",
            "dead end: city.json: areas: 12: 12 is not in 65.71",
        ],
    ),
    "a route of another's area": (
        {"area_routes": {"64.74": {"KEWILAYAHAN": "tarakan-satu"}}},
        [
            (
                "overlap: city.json: routes: 64.74: the route 64.74 KEWILAYAHAN stands in "
                "64.74.json: routes: 64.74 too"
            ),
            "dead end: city.json: area_routes: 64.74: 64.74 belongs to 64.74",
        ],
    ),
    "an office of no area": (
        {"offices": [*OFFICES, OFFICES[0] | {"kind": "desa", "slug": "tarakan-desa-{code}"}]},
        ["dead end: city.json: offices: desa: 65.71 has no known desa"],
    ),
    "the government twice": (
        {"region": "64.74", "areas": [], "offices": []},
        [
            "overlap: city.json: region: the government 64.74 stands in 64.74.json: region too",
            "overlap: city.json: region: the area 64.74 stands in 64.74.json: region too",
        ],
    ),
    "a government of no table": (
        {"region": "64.79", "areas": [], "offices": []},
        ["dead end: city.json: region: 64.79 is in no table of areas"],
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found_and_named(name: str) -> None:
    changes, expected = MISTAKES[name]
    said = found(source(**changes))
    if name == "the government twice":  # and so are all its routes
        routes = [one for one in said if "the route 64.74 " in one]
        assert len(routes) == len(ROUTES)
        said = [one for one in said if one not in routes]
    assert said == expected


@pytest.mark.parametrize("urusan", sorted(URUSAN))
def test_what_falls_up_to_nobody_is_a_gap(urusan: str) -> None:
    """Without the country's file, and with no file of its province, nothing is above the city."""
    routes = {one: "tarakan-satu" for one in URUSAN if one != urusan}
    alone = source(routes=routes, falls_up=[urusan])
    [finding] = check.findings([alone], AREAS)
    assert (finding.fault, finding.region) == (Fault.GAP, CODE)
    assert f"{urusan} falls up, but no tier above has a route" in finding.what


@pytest.mark.parametrize("urusan", sorted(URUSAN))
def test_what_a_file_leaves_out_is_always_found(urusan: str) -> None:
    for one in files.packaged_sources():
        government = one.government
        routes = {name: slug for name, slug in government.routes.items() if name != urusan}
        falls_up = tuple(name for name in government.falls_up if name != urusan)
        changed = government.model_copy(update={"routes": routes, "falls_up": falls_up})
        said = check.findings([Source(one.origin, changed)], AREAS)
        assert [x.what for x in said if x.fault is Fault.GAP and urusan in x.what]


def test_the_provinces_route_fills_the_gap_of_a_city() -> None:
    province = Government.model_validate(
        {
            "region": "65",
            "name": "Kalimantan Utara",
            "agencies": [{"slug": "kaltara", "name": "A", "kind": "dinas", "source": "contoh"}],
            "routes": dict.fromkeys(URUSAN, "kaltara"),
        }
    )
    assert check.findings([Source("65.json", province), source()], AREAS) == []


def test_unverified_names_are_counted() -> None:
    whole = files.assemble([*files.packaged_sources(), source()], AREAS)
    counts = check.unverified(whole)
    assert counts[CODE] == (3, 4)
    assert counts["64.74"] == (1, 46)
    for code, (doubtful, everyone) in counts.items():
        mine = [opd for opd in whole.agencies.values() if opd.region == code]
        assert len(mine) == everyone
        assert sum(not opd.verified for opd in mine) == doubtful
