"""Codes of areas, and tables of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ConfigurationError
from core.registry.areas import (
    LONGEST_NAME,
    is_within,
    kind_of,
    owner,
    packaged_areas,
    table,
)
from core.registry.registry import chain


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("64", "provinsi"),
        ("64.08", "kabupaten"),
        ("64.70", "kabupaten"),
        ("64.71", "kota"),
        ("64.74", "kota"),
        ("64.74.01", "kecamatan"),
        ("64.74.01.1001", "kelurahan"),
        ("64.08.01.2001", "desa"),
        ("91.03.01.3007", "desa"),
    ],
)
def test_a_code_tells_what_it_is(code: str, kind: str) -> None:
    assert kind_of(code) == kind


@pytest.mark.parametrize(
    "code", ["", "6", "644", "64.", "64.7", "64-74", "64.74.1", "64.74.01.101", " 64", "64\n", "٦٤"]
)
def test_what_is_no_code(code: str) -> None:
    with pytest.raises(ValueError, match="is not a code"):
        kind_of(code)


def test_the_packaged_table_holds_the_country_and_its_kinds() -> None:
    areas = packaged_areas()
    kinds = [area.kind for area in areas.values()]
    assert kinds.count("provinsi") == 38
    assert kinds.count("kabupaten") + kinds.count("kota") == 514
    governments = [area for area in areas.values() if len(area.code) == 5]
    assert all(area.name.startswith(area.kind.title()) for area in governments)
    assert kinds.count("kecamatan") == 57
    assert kinds.count("kelurahan") + kinds.count("desa") == 535


CODES = sorted(packaged_areas())


@given(st.sampled_from(CODES))
def test_an_area_lies_in_all_that_are_around_it_and_in_no_other(code: str) -> None:
    around = {one for one in CODES if is_within(code, one)}
    assert around == set(chain(code)) - {""}
    assert is_within(code, "")
    assert owner(code, [*CODES, ""]) == code


@pytest.mark.parametrize(
    ("code", "governments", "found"),
    [
        ("64.74.01", {"64", "64.74", ""}, "64.74"),
        ("64.02.01", {"64", "64.74", ""}, "64"),
        ("33.24", {"64", ""}, ""),
        ("33.24", {"64"}, ""),
        ("64.7", {"64.74"}, ""),
    ],
)
def test_an_area_is_of_the_smallest_government(
    code: str, governments: set[str], found: str
) -> None:
    assert owner(code, governments) == found


def read(text: str) -> list[tuple[str, str]]:
    return [(area.code, area.name) for area in table(text.splitlines(keepends=True), "a.csv")]


@pytest.mark.parametrize(
    "text",
    [
        'code,name\n12,"Sumatera, Utara"\n64.74.01.1001,Bontang Kuala\n',
        'name,luas,code\n"Sumatera, Utara",1,12\n Bontang Kuala ,2,64.74.01.1001\n',
    ],
)
def test_a_table_is_read_by_its_header(text: str) -> None:
    assert read(text) == [("12", "Sumatera, Utara"), ("64.74.01.1001", "Bontang Kuala")]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "must name code and name"),
        ("kode,nama\n64,A\n", "must name code and name"),
        ("code,name\n64,A\n64x,B\n", "line 3: '64x' is not a code"),
        ("code,name\n64,A\n64,B\n", "line 3: the code 64 stands there twice"),
        ("code,name\n64\n", "line 2: the name of 64"),
        ("code,name\n64, \n", "line 2: the name of 64"),
        ("code,name\n64,A\x00\n", "line 2: the name of 64"),
        (f"code,name\n64,{'x' * (LONGEST_NAME + 1)}\n", "line 2: the name of 64"),
    ],
)
def test_a_broken_table_names_its_line(text: str, complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^a\.csv: ") as error:
        read(text)
    assert complaint in str(error.value)


def test_the_longest_name_is_taken() -> None:
    assert read(f"code,name\n64,{'x' * LONGEST_NAME}\n") == [("64", "x" * LONGEST_NAME)]
