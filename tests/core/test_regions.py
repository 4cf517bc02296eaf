"""Names, pin and home weighed against each other: a table of what is concluded."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.atlas import Atlas
from core.message import Place
from core.regions import whereabouts
from core.registry.areas import is_within, kind_of
from core.registry.registry import Region, Registry
from core.understanding import Mention, PlaceKind

BONTANG, KUTIM, SAMARINDA, KENDAL = "64.74", "64.08", "64.72", "33.24"
UTARA, GUNTUNG, LOKTUAN = "64.74.01", "64.74.01.1004", "64.74.01.1003"
SELATAN, SATIMPO = "64.74.02", "64.74.02.1004"
TELUK_PANDAN, SIDOMULYO_K, SIDOMULYO_S = "64.08.13", "64.08.08.2004", "64.72.04.1003"
CODES = [
    *("64", BONTANG, KUTIM, SAMARINDA, "33", KENDAL, UTARA, GUNTUNG, LOKTUAN, SELATAN, SATIMPO),
    *(TELUK_PANDAN, SIDOMULYO_K, SIDOMULYO_S, "33.24.13.2009", "35", "35.78", "64.08.08"),
]
MIDDLES = {BONTANG: (0.13, 117.45), UTARA: (0.15, 117.49), SELATAN: (0.10, 117.45)}
MIDDLES |= {TELUK_PANDAN: (0.20, 117.40), SAMARINDA: (-0.50, 117.15)}
SIDOMULYO = (SIDOMULYO_K, SIDOMULYO_S, "33.24.13.2009")

BOX = [[117.40, 0.05], [117.48, 0.05], [117.48, 0.12], [117.40, 0.12], [117.40, 0.05]]
REGISTRY = Registry(
    regions={
        code: Region(code, f"W{code}", kind_of(code), (), *MIDDLES.get(code, (None, None)))
        for code in CODES
    }
)
MAPPED = Registry(
    regions={
        **REGISTRY.regions,
        SELATAN: Region(
            SELATAN,
            "Selatan",
            PlaceKind.KECAMATAN,
            boundary={"type": "Polygon", "coordinates": [BOX]},
        ),
    }
)
IN_SELATAN = Place(latitude=0.10, longitude=117.45)
AT_UTARA = Place(latitude=0.151, longitude=117.491)
IN_SAMARINDA = Place(latitude=-0.51, longitude=117.14)
FAR = Place(latitude=-8.0, longitude=115.0)


def names(*codes: str | tuple[str, ...]) -> list[Mention]:
    places = count(step=10)
    each = [(code,) if isinstance(code, str) else code for code in codes]
    return [
        Mention("x", at, at + 1, kind_of(code[0]) if code else PlaceKind.JALAN, code)
        for code, at in zip(each, places, strict=False)
    ]


@pytest.mark.parametrize(
    ("named", "home", "region", "certain"),
    [
        # nothing named
        ([], "", "", False),
        ([], BONTANG, BONTANG, True),
        ([()], BONTANG, BONTANG, True),
        (["99.99"], BONTANG, BONTANG, True),
        # one name
        ([SATIMPO], BONTANG, SATIMPO, True),
        ([SATIMPO], "", SATIMPO, False),
        ([SATIMPO], SAMARINDA, SATIMPO, False),
        ([SELATAN], SAMARINDA, SELATAN, True),
        ([SAMARINDA], BONTANG, SAMARINDA, True),
        (["64"], BONTANG, "64", True),
        # the smallest of a chain
        ([SATIMPO, SELATAN], "", SATIMPO, True),
        ([SATIMPO, BONTANG], SAMARINDA, SATIMPO, True),
        (["64", BONTANG, SELATAN], "", SELATAN, True),
        # several small ones: the area around them
        ([GUNTUNG, LOKTUAN], BONTANG, UTARA, True),
        ([GUNTUNG, SATIMPO], BONTANG, BONTANG, True),
        # other governments
        ([BONTANG, SAMARINDA], BONTANG, BONTANG, False),
        ([BONTANG, SAMARINDA], "64", "64", False),
        ([BONTANG, SAMARINDA], "", "64", False),
        ([BONTANG, KENDAL], "", "", False),
        ([BONTANG, KENDAL], SAMARINDA, SAMARINDA, False),
        ([SATIMPO, SAMARINDA], BONTANG, SATIMPO, False),
        ([TELUK_PANDAN, BONTANG], KUTIM, TELUK_PANDAN, False),
        # one name, several areas
        ([SIDOMULYO], KUTIM, SIDOMULYO_K, True),
        ([SIDOMULYO], SAMARINDA, SIDOMULYO_S, True),
        ([SIDOMULYO, SAMARINDA], BONTANG, SIDOMULYO_S, True),
        ([SIDOMULYO, SAMARINDA], KUTIM, SIDOMULYO_S, True),
        ([SIDOMULYO, "64.08.08"], SAMARINDA, SIDOMULYO_K, True),
        ([SIDOMULYO], BONTANG, "64", False),
        ([SIDOMULYO], "", "", False),
        ([(SIDOMULYO_K, SIDOMULYO_S), "33"], KENDAL, KENDAL, False),
        # a namesake in a government whose villages are not known
        ([SATIMPO, "35.78"], KENDAL, "35.78", True),
        ([SATIMPO, SELATAN, "35.78"], KENDAL, KENDAL, False),
    ],
)
def test_names_and_home(
    named: list[str | tuple[str, ...]], home: str, region: str, certain: bool
) -> None:
    found = whereabouts(names(*named), None, home, REGISTRY)
    assert (found.region, found.certain) == (region, certain), found.reason


@pytest.mark.parametrize(
    ("named", "pin", "region", "certain"),
    [
        # near a middle
        ([], AT_UTARA, UTARA, True),
        ([], IN_SAMARINDA, SAMARINDA, True),
        ([], FAR, BONTANG, False),
        ([BONTANG], AT_UTARA, UTARA, True),
        ([GUNTUNG], AT_UTARA, GUNTUNG, True),
        ([SATIMPO], AT_UTARA, SATIMPO, True),
        ([SAMARINDA], AT_UTARA, SAMARINDA, False),
        ([SATIMPO], IN_SAMARINDA, SATIMPO, False),
        ([SIDOMULYO], IN_SAMARINDA, SIDOMULYO_S, False),
        ([SATIMPO], FAR, SATIMPO, True),
    ],
)
def test_a_pin_near_the_middle_of_an_area(
    named: list[str | tuple[str, ...]], pin: Place, region: str, certain: bool
) -> None:
    found = whereabouts(names(*named), pin, BONTANG, REGISTRY)
    assert (found.region, found.certain) == (region, certain), found.reason


@pytest.mark.parametrize(
    ("named", "region", "certain"),
    [
        ([], SELATAN, True),
        ([BONTANG], SELATAN, True),
        ([SATIMPO], SATIMPO, True),
        ([GUNTUNG], SELATAN, True),
        ([SAMARINDA], SELATAN, False),
        ([SATIMPO, SAMARINDA], SATIMPO, False),
        ([SIDOMULYO], SELATAN, False),
    ],
)
def test_a_pin_inside_a_boundary_wins(
    named: list[str | tuple[str, ...]], region: str, certain: bool
) -> None:
    found = whereabouts(names(*named), IN_SELATAN, SAMARINDA, MAPPED)
    assert (found.region, found.certain) == (region, certain), found.reason
    assert found == whereabouts(names(*named), IN_SELATAN, SAMARINDA, MAPPED, atlas=Atlas(MAPPED))


@pytest.mark.parametrize(
    ("named", "pin", "home", "reason"),
    [
        ([], None, "", "tidak ada nama wilayah; wilayah tidak diketahui"),
        ([], None, BONTANG, "tidak ada nama wilayah; dianggap W64.74"),
        ([], FAR, BONTANG, "pin jauh dari semua wilayah yang dikenal; dianggap W64.74"),
        ([SATIMPO], None, BONTANG, "disebut W64.74.02.1004"),
        ([BONTANG, SAMARINDA], None, BONTANG, "disebut W64.74, W64.72; dianggap W64.74"),
        ([], AT_UTARA, BONTANG, "pin 0,2 km dari tengah W64.74.01"),
        (
            [SAMARINDA],
            AT_UTARA,
            BONTANG,
            "disebut W64.72, tetapi pin 0,2 km dari tengah W64.74.01",
        ),
    ],
)
def test_the_reason_is_told(named: list[str], pin: Place | None, home: str, reason: str) -> None:
    assert whereabouts(names(*named), pin, home, REGISTRY).reason == reason


@pytest.mark.parametrize(
    ("named", "pin", "registry", "conflict"),
    [
        ([], None, REGISTRY, False),
        ([BONTANG, SAMARINDA], None, REGISTRY, False),  # the words alone disagree
        ([], FAR, REGISTRY, False),
        ([SATIMPO], FAR, REGISTRY, False),
        ([SATIMPO], AT_UTARA, REGISTRY, False),
        ([SAMARINDA], AT_UTARA, REGISTRY, True),
        ([SATIMPO], IN_SAMARINDA, REGISTRY, True),
        ([GUNTUNG], IN_SELATAN, MAPPED, False),
        ([SAMARINDA], IN_SELATAN, MAPPED, True),
    ],
)
def test_a_pin_against_the_words_is_a_conflict(
    named: list[str], pin: Place | None, registry: Registry, conflict: bool
) -> None:
    found = whereabouts(names(*named), pin, BONTANG, registry)
    assert found.conflict is conflict
    assert not (found.conflict and found.certain)


_NAMED = st.lists(
    st.lists(st.sampled_from([*CODES, "99.99"]), max_size=3, unique=True).map(tuple), max_size=5
)
_PINS = st.none() | st.builds(Place, st.floats(-90, 90), st.floats(-180, 180))


@given(_NAMED, _PINS, st.sampled_from(["", *CODES]), st.sampled_from([REGISTRY, MAPPED]))
def test_the_answer_is_a_known_area_whatever_is_said(
    named: list[tuple[str, ...]], pin: Place | None, home: str, registry: Registry
) -> None:
    found = whereabouts(names(*named), pin, home, registry)
    assert found.region in {"", *registry.regions}
    assert found.region or not found.certain
    assert found.reason
    mirrored = whereabouts(names(*reversed(named)), pin, home, registry)
    assert (mirrored.region, mirrored.certain) == (found.region, found.certain)


@given(_NAMED, st.sampled_from(CODES))
def test_a_certain_answer_from_names_agrees_with_a_name_or_with_home(
    named: list[tuple[str, ...]], home: str
) -> None:
    found = whereabouts(names(*named), None, home, REGISTRY)
    said = {code for codes in named for code in codes if code in REGISTRY.regions}
    if found.certain and said:
        assert any(is_within(found.region, code) or is_within(code, found.region) for code in said)
