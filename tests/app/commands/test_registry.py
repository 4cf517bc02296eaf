"""`kanal registry|agency`, as a person types them."""

import gzip
import json
from pathlib import Path

import pytest

from core import agencies
from core.db.session import Sessions, transaction
from core.registry import files, stored
from core.registry.areas import DATA
from core.registry.registry import Registry
from tests.app.commands.said import Kanal, running
from tests.core.registry.city import city

SQUARE = [[117.4, 0.1], [117.5, 0.1], [117.5, 0.2], [117.4, 0.1]]


@pytest.fixture
def kanal(
    make: Sessions,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Kanal:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    return running(monkeypatch, capsys)


@pytest.fixture
def city_file(tmp_path: Path) -> Path:
    file = tmp_path / "city.json"
    file.write_text(json.dumps(city()), "utf-8")
    return file


def read(make: Sessions) -> Registry:
    with transaction(make) as session:
        return stored.read(session)


def test_the_packaged_registry_is_loaded(kanal: Kanal, make: Sessions) -> None:
    whole = files.packaged()
    said = kanal("registry", "load", "--packaged")
    counts = f"{len(whole.agencies)} agencies, {len(whole.routes)} routes, 0 retired\n"
    assert (said.code, said.out, said.err) == (0, counts, "")
    assert read(make) == whole


def test_a_government_is_added_by_one_file(kanal: Kanal, make: Sessions, city_file: Path) -> None:
    kanal("registry", "load", "--packaged")
    said = kanal("registry", "load", "city.json")
    assert (said.code, said.out, said.err) == (0, "4 agencies, 27 routes, 0 retired\n", "")
    assert read(make).routes["65.71", "DLH"] == "tarakan-satu"


def test_a_file_takes_the_place_of_the_packaged_one(
    kanal: Kanal, make: Sessions, tmp_path: Path
) -> None:
    content = json.loads((DATA / "64.74.json").read_text("utf-8"))
    content["agencies"][0]["name"] = "Sekretariat Baru"
    (tmp_path / "own.json").write_text(json.dumps(content), "utf-8")
    assert kanal("registry", "load", "--packaged", "own.json").code == 0
    whole = read(make)
    assert whole.agencies["bontang-setda"].name == "Sekretariat Baru"
    assert len(whole.agencies) == len(files.packaged().agencies)


def test_alone_it_says_which_urusan_nobody_answers_for(kanal: Kanal, city_file: Path) -> None:
    said = kanal("registry", "load", "city.json")
    assert said.code == 0
    assert said.err.splitlines() == [
        "gap: city.json: routes: PDAM falls up, but no tier above has a route",
        "gap: city.json: routes: EKSTERNAL falls up, but no tier above has a route",
    ]


def test_all_is_loaded_or_nothing(kanal: Kanal, make: Sessions, tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_text("code,name\n64.74,Kota Taman\n", "utf-8")
    (tmp_path / "b.geojson").write_text(geojson("65.99"), "utf-8")
    words = ("--packaged", "--villages", "v.csv", "--boundaries", "b.geojson")
    said = kanal("registry", "load", *words)
    assert (said.code, said.out) == (1, "")
    assert said.err == "kanal: no area 65.99 is loaded (1 unknown in all)\n"
    assert read(make) == Registry()
    (tmp_path / "b.geojson").write_text(geojson("64.74"), "utf-8")
    said = kanal("registry", "load", *words)
    assert said.out.startswith("1 areas, ")
    assert said.out.endswith(" retired, 1 boundaries\n")
    region = read(make).regions["64.74"]
    assert region.boundary == {"type": "Polygon", "coordinates": [SQUARE]}


def geojson(code: str) -> str:
    geometry = {"type": "Polygon", "coordinates": [SQUARE]}
    one = {"type": "Feature", "properties": {"code": code}, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [one]})


def test_the_operators_table_of_areas(kanal: Kanal, tmp_path: Path) -> None:
    table = b"code,name\n64.02,Kabupaten Kutai Kartanegara\n64.02.01,Muara Muntai\n"
    (tmp_path / "v.csv.gz").write_bytes(gzip.compress(table))
    said = kanal("registry", "load", "--villages", "v.csv.gz")
    assert (said.code, said.out) == (0, "2 areas\n")
    said = kanal("registry", "export", "64.02", "kukar.json")
    assert (said.code, said.out) == (0, "1 governments, 0 agencies\n")
    [begun] = files.read(tmp_path / "kukar.json")
    assert begun.government.name == "Kabupaten Kutai Kartanegara"
    assert [area.name for area in begun.government.areas] == ["Muara Muntai"]


def test_export_and_load_are_one_round(
    kanal: Kanal, make: Sessions, tmp_path: Path, city_file: Path
) -> None:
    kanal("registry", "load", "--packaged", "city.json")
    before = read(make)
    assert kanal("registry", "export", "all.json").out.startswith("8 governments, ")
    assert kanal("registry", "export", "64.74", "one.json").out == "1 governments, 46 agencies\n"
    assert kanal("registry", "export", "national", "top.json").code == 0
    for file, regions in (("one.json", {"64.74"}), ("top.json", {""})):
        assert {one.government.region for one in files.read(tmp_path / file)} == regions
        assert kanal("registry", "load", file).code == 0
    assert kanal("registry", "load", "all.json").code == 0
    assert read(make) == before
    first = (tmp_path / "all.json").read_text("utf-8")
    kanal("registry", "export", "all.json")
    assert (tmp_path / "all.json").read_text("utf-8") == first


def test_check_counts_what_is_unverified(kanal: Kanal) -> None:
    said = kanal("registry", "check")
    assert (said.code, said.err) == (0, "7 governments, 0 mistakes\n")
    lines = dict(line.split("\t", 1) for line in said.out.splitlines())
    assert lines["64.74"] == "Kota Bontang\t46 agencies\t1 unverified"
    assert lines[""].startswith("national\t")


@pytest.mark.parametrize("stored_", [False, True])
def test_check_looks_at_files_and_at_the_database(
    kanal: Kanal, make: Sessions, city_file: Path, stored_: bool
) -> None:
    kanal("registry", "load", "--packaged", "city.json")
    words = ["--stored"] if stored_ else ["city.json"]
    said = kanal("registry", "check", *words)
    assert (said.code, said.err) == (0, "8 governments, 0 mistakes\n")
    assert "65.71\tKota Tarakan\t4 agencies\t3 unverified" in said.out


def test_check_ends_with_one_when_there_are_mistakes(kanal: Kanal, tmp_path: Path) -> None:
    broken = city(routes=city()["routes"] | {"DLH": "tak-ada"}, falls_up=["PDAM"])
    (tmp_path / "city.json").write_text(json.dumps(broken), "utf-8")
    said = kanal("registry", "check", "city.json")
    assert said.code == 1
    assert said.out.splitlines()[:2] == [
        "dead end: city.json: routes: 65.71 DLH: leads to tak-ada, which no file names",
        "gap: city.json: routes: EKSTERNAL has no route, and falls_up does not name it",
    ]
    assert said.err == "8 governments, 2 mistakes\n"
    said = kanal("registry", "load", "--packaged", "city.json")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("kanal: dead end: city.json: routes: 65.71 DLH")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("load", "nothing to load"),
        ("load none.json", "none.json"),
        ("load --villages none.csv", "none.csv"),
        ("load --boundaries none.geojson", "none.geojson"),
        ("check none.json", "none.json"),
        ("export all.json", "no government yet"),
        ("export 64.99 a.json", "no area '64.99'"),
        ("export 64.74.01 a.json", "is no provinsi"),
        ("export nasional a.json", "is no provinsi"),
        ("export a b c", "one CODE and one FILE"),
    ],
)
def test_mistakes_are_said_in_a_line(kanal: Kanal, words: str, said: str) -> None:
    answer = kanal("registry", *words.split())
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("kanal: ")
    assert said in answer.err
    assert answer.err.count("\n") == 1


def test_a_folder_that_is_not_there(kanal: Kanal) -> None:
    kanal("registry", "load", "--packaged")
    said = kanal("registry", "export", "no/such/all.json")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("kanal: no/such/all.json: ")


def test_the_list_of_agencies_marks_unverified_names(kanal: Kanal, make: Sessions) -> None:
    with transaction(make) as session:
        agencies.load(session, {"loket": "Loket"})
    kanal("registry", "load", "--packaged")
    lines = kanal("agency", "list").out.splitlines()
    assert "loket\tLoket" in lines
    assert "bontang-dlh\tDinas Lingkungan Hidup" in lines
    assert "national-pln\tPT PLN (Persero)\tunverified" in lines
    unverified = sum(not opd.verified for opd in files.packaged().agencies.values())
    assert sum(line.endswith("\tunverified") for line in lines) == unverified
