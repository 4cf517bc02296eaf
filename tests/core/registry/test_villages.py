"""The operator's table of areas: streamed, within limits, beside what files say."""

import gzip
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import pytest

from core.db.session import Sessions, transaction
from core.errors import ConfigurationError
from core.registry import files, stored, villages
from core.registry.registry import Region


def load(make: Sessions, areas: Iterable[Region]) -> list[int]:
    told: list[int] = []
    with transaction(make) as session:
        assert villages.load(session, areas, told.append) == sum(told)
    return told


def csv(folder: Path, *lines: str, name: str = "v.csv") -> Path:
    file = folder / name
    content = "\n".join(["code,name", *lines, ""]).encode()
    file.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return file


@pytest.mark.parametrize("name", ["v.csv", "v.csv.gz", "V.CSV.GZ"])
def test_a_file_is_read_plain_or_packed(tmp_path: Path, name: str) -> None:
    file = csv(tmp_path, "64.02,Kabupaten Kutai Kartanegara", "64.02.01,Muara Muntai", name=name)
    if name.isupper():
        file.write_bytes(gzip.compress(b"\xef\xbb\xbf" + gzip.decompress(csv_gz(tmp_path))))
    assert [area.code for area in villages.read(file)] == ["64.02", "64.02.01"]


def csv_gz(folder: Path) -> bytes:
    return csv(folder, "64.02,A", "64.02.01,B", name="w.csv.gz").read_bytes()


def test_names_and_new_areas_are_written_and_all_else_stays(make: Sessions, tmp_path: Path) -> None:
    with transaction(make) as session:
        stored.load(session, files.packaged_sources())
        before = stored.read(session)
    rows = ("64.74,Kota Taman", "64.74.01.1001,Bontang Kuala", "64.02.01,Muara Muntai")
    assert load(make, villages.read(csv(tmp_path, *rows))) == [3]
    with transaction(make) as session:
        after = stored.read(session)
        besides = stored.read(session, besides=["64.02"])
    assert after.regions["64.74"].name == "Kota Taman"
    assert after.regions["64.74"].aliases == before.regions["64.74"].aliases
    assert after.regions.keys() == before.regions.keys()  # nobody there has OPD
    assert besides.regions.keys() - after.regions.keys() == {"64.02.01"}
    assert (after.agencies, after.routes) == (before.agencies, before.routes)


def test_villages_that_are_loaded_get_their_offices(make: Sessions) -> None:
    """A government's pattern covers the areas of the operator's table, too."""
    load(make, [Region("64.74.09", "Bontang Baru Sekali", "kecamatan")])
    with transaction(make) as session:
        stored.load(session, files.packaged_sources())
        assert stored.read(session).routes["64.74.09", "KEWILAYAHAN"] == "bontang-kec-09"


def test_it_is_written_in_batches(make: Sessions) -> None:
    many = (Region(f"11.01.01.{n:04}", "A", "desa") for n in range(villages.BATCH * 2 + 1))
    assert load(make, many) == [villages.BATCH, villages.BATCH, 1]


def lines(count: int) -> Iterable[str]:
    codes = (f"{a:02}.{b:02}.{c:02}" for a in range(100) for b in range(100) for c in range(100))
    return islice((f"{code},A" for code in codes), count)


def test_the_longest_table_is_taken_and_no_longer_one(tmp_path: Path) -> None:
    most = villages.MOST_LINES - 1  # beside the header
    file = csv(tmp_path, *lines(most))
    assert sum(1 for _ in villages.read(file)) == most
    with pytest.raises(ConfigurationError, match="more than 200000 lines"):
        list(villages.read(csv(tmp_path, *lines(most + 1))))


def test_the_longest_line_is_taken_and_no_longer_one(tmp_path: Path) -> None:
    file = tmp_path / "v.csv"
    room = villages.LONGEST_LINE - len("64,A,\n")
    file.write_text("code,name,x\n64,A," + "x" * room + "\n")
    assert len(list(villages.read(file))) == 1
    file.write_text("code,name,x\n64,A," + "x" * (room + 1) + "\n")
    with pytest.raises(ConfigurationError, match="line 2 has over 1000 characters"):
        list(villages.read(file))


def test_a_file_that_unpacks_to_one_endless_line(tmp_path: Path) -> None:
    file = tmp_path / "v.csv.gz"
    file.write_bytes(gzip.compress(b"x" * 50_000_000))
    with pytest.raises(ConfigurationError, match="line 1 has over"):
        list(villages.read(file))


def torn(content: bytes) -> bytes:
    """Return a gzip file in which a byte of the data is another one."""
    packed = bytearray(gzip.compress(content, mtime=0))
    packed[10] = 0xFF
    return bytes(packed)


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("a.csv", b"", "must name code and name"),
        ("a.csv", b"code,name\n64,A\n64,B\n", "line 3: the code 64 stands there twice"),
        ("a.csv", b"code,name\n64,\xff\n", "line 2 is not in UTF-8"),
        ("a.csv", b"\xff\xfe", "line 1 is not in UTF-8"),
        ("a.csv", b"code,name\n" + b"\n" * 20_000 + b"64,\xff\n", "line 20002 is not in UTF-8"),
        ("a.csv", b'code,name\n64,"A\n65,B\n', "line 2: "),
        ("a.csv", b"code,name\n\n64,A\n\n64,B\n", "line 5: the code 64 stands there twice"),
        ("a.csv", b'"code,name\n64,A\n', "line 1: "),
        ("a.csv", b"code,name\n64\n", "line 2: the name of 64"),
        ("a.csv", b"code,name\n64," + b"\xc3\xa9" * 501 + b"\n", "line 2: the name of 64"),
        ("a.csv", b"code,name\n64," + b"\xc3\xa9" * 2_001 + b"\n", "line 2 has over 1000"),
        ("a.csv.gz", torn(b"code,name\n64,A\n"), "decompressing"),
        ("a.csv.gz", b"code,name\n64,A\n", "gzip"),
        ("a.csv.gz", gzip.compress(b"code,name\n64,A\n", mtime=0)[:-9], "ended"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, name: str, content: bytes, complaint: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"^a\.csv") as error:
        list(villages.read(file))
    assert complaint in str(error.value)
    assert "line 0" not in str(error.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.csv"):
        list(villages.read(tmp_path / "none.csv"))
