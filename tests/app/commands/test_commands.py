"""`kanal token|inbox|agency`, as a person types them."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from sqlalchemy import insert, select, update

from app.launch.redis import EmbeddedRedis
from core import agencies, inbox, tokens
from core.db.session import Sessions, transaction
from core.db.tables import ApiToken, Inbox
from core.message import unreadable
from tests.app.commands.said import Kanal, running

SAMPLES = Path(__file__).parents[3] / "channels/telegram/samples"


@pytest.fixture
def kanal(
    make: Sessions,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Kanal:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.delenv("REDIS_URL", raising=False)
    with transaction(make) as session:
        agencies.load(session, {"dlh": "Dinas Lingkungan Hidup"})

    return running(monkeypatch, capsys)


def test_a_token_is_printed_once_and_works(kanal: Kanal, make: Sessions) -> None:
    said = kanal("token", "create", "loket", "--role", "opd", "--agency", "dlh")
    assert (said.code, said.err) == (0, "")
    secret = said.out.removesuffix("\n")
    with transaction(make) as session:
        caller = tokens.authenticate(session, secret)
        assert caller is not None
        assert (caller.name, caller.role) == ("loket", "opd")
    listed = kanal("token", "list")
    assert listed.out.split("\t")[:3] == ["loket", "opd", "dlh"]
    assert listed.out.endswith("\tvalid\n")
    assert secret not in listed.out
    assert kanal("token", "revoke", "loket").out == "revoked loket\n"
    assert "revoked 20" in kanal("token", "list").out
    with transaction(make) as session:
        assert tokens.authenticate(session, secret) is None


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("token create loket --role opd", 1, "needs an agency"),
        ("token create loket --role opd --agency tak-ada", 1, "tak-ada"),
        ("token create loket --role admin --agency dlh", 1, "no other role"),
        ("token create warga --role admin", 1, "name"),
        ("token create loket --role king", 2, "king"),
        ("token create loket", 2, "--role"),
        ("token revoke loket", 1, "no valid token 'loket'"),
        ("inbox replay 0", 2, "Invalid value"),
        ("inbox replay x", 2, "x"),
        ("inbox replay 9223372036854775808", 2, "Invalid value"),
        ("inbox replay 1", 1, "none was replayed"),
        ("inbox list --limit 0", 2, "Invalid value"),
        ("agency load no-such-file.csv", 1, "no-such-file.csv"),
        ("agency load no-such-file.xlsx", 1, "neither"),
    ],
)
def test_mistakes_are_said_in_a_line(
    kanal: Kanal, make: Sessions, words: str, code: int, said: str
) -> None:
    answer = kanal(*words.split())
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err
    assert "Traceback" not in answer.err
    if code == 1:
        assert answer.err.startswith("kanal: ")
        assert answer.err.count("\n") == 1
    with transaction(make) as session:
        assert session.scalars(select(ApiToken)).all() == []


def test_a_name_is_given_once(kanal: Kanal) -> None:
    assert kanal("token", "create", "loket", "--role", "admin").code == 0
    again = kanal("token", "create", "loket", "--role", "admin")
    assert (again.code, again.out) == (1, "")
    assert "already" in again.err


@pytest.mark.parametrize(
    "words", ["token list", "inbox list", "inbox replay", "agency list", "token revoke x"]
)
def test_without_a_database_each_command_says_so(
    kanal: Kanal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    assert "DATABASE_URL" in kanal(*words.split()).err
    monkeypatch.setenv("DATABASE_URL", f"postgresql+psycopg://x:rahasia@/x?host={tmp_path}")
    answer = kanal(*words.split())
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("kanal: ")
    assert answer.err.count("\n") == 1
    assert "rahasia" not in answer.err


@pytest.fixture
def quarantined(make: Sessions) -> list[int]:
    """Three letters that our code failed on, and one that is done."""
    with transaction(make) as session:
        row = {"channel": "telegram", "address": "1", "raw": b"rahasia"}
        rows = [row | {"external_id": str(n)} for n in range(4)]
        ids = list(session.scalars(insert(Inbox).returning(Inbox.id), rows))
        broken = {"state": "quarantined", "error": "ValueError in step"}
        session.execute(update(Inbox).where(Inbox.id.in_(ids[:3])).values(broken))
        session.execute(update(Inbox).where(Inbox.id == ids[3]).values(state="done"))
    return ids[:3]


def states(make: Sessions) -> list[str]:
    with transaction(make) as session:
        return list(session.scalars(select(Inbox.state).order_by(Inbox.id)))


def test_what_failed_is_listed_without_what_it_says(kanal: Kanal, quarantined: list[int]) -> None:
    said = kanal("inbox", "list")
    assert [line.split("\t")[0] for line in said.out.splitlines()] == [str(n) for n in quarantined]
    assert said.out.count("ValueError in step") == 3
    assert "3 quarantined" in said.err
    assert "rahasia" not in said.out
    assert len(kanal("inbox", "list", "--limit", "2").out.splitlines()) == 2


def test_what_is_held_is_listed_and_replayed_by_itself(
    kanal: Kanal, make: Sessions, quarantined: list[int]
) -> None:
    with transaction(make) as session:
        held = {"state": "held", "error": "too_fast"}
        session.execute(update(Inbox).where(Inbox.id == quarantined[1]).values(held))
    said = kanal("inbox", "list", "--held")
    assert [line.split("\t")[0] for line in said.out.splitlines()] == [str(quarantined[1])]
    assert said.out.endswith("\ttoo_fast\n")
    assert "2 quarantined, 1 held" in said.err
    wrong = kanal("inbox", "replay", "--held", str(quarantined[0]))
    assert (wrong.code, "0 of these are held" in wrong.err) == (1, True)
    assert kanal("inbox", "replay", "--held").out == "1 wait again\n"
    assert states(make) == ["quarantined", "waiting", "quarantined", "done"]
    assert kanal("inbox", "replay").out == "2 wait again\n"


@pytest.mark.parametrize(
    ("chosen", "after", "count"),
    [
        ([], ["waiting"] * 3, "3"),
        ([0], ["waiting", "quarantined", "quarantined"], "1"),
        ([0, 2, 2], ["waiting", "quarantined", "waiting"], "2"),
    ],
)
def test_what_failed_is_replayed(
    kanal: Kanal,
    make: Sessions,
    quarantined: list[int],
    chosen: list[int],
    after: list[str],
    count: str,
) -> None:
    said = kanal("inbox", "replay", *(str(quarantined[n]) for n in chosen))
    assert (said.code, said.out) == (0, f"{count} wait again\n")
    assert states(make) == [*after, "done"]
    assert "the sweep will" in said.err  # there is no Redis here


def test_what_was_unreadable_at_the_door_is_put_anew(
    kanal: Kanal, make: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", "123456:contoh")
    monkeypatch.setenv("TELEGRAM_WEBHOOK_SECRETS", "rahasia")
    readable = (SAMPLES / "text.json").read_bytes()
    with transaction(make) as session:
        inbox.put(session, [unreadable("telegram", readable)], timedelta())
    assert kanal("inbox", "replay").code == 0
    assert states(make) == ["done", "waiting"]
    with transaction(make) as session:
        inbox.put(session, [unreadable("telegram", b"[]")], timedelta())
    said = kanal("inbox", "replay")
    assert (said.code, "still unreadable" in said.err) == (1, True)
    assert states(make) == ["done", "waiting", "quarantined"]


def test_one_wrong_id_replays_none(kanal: Kanal, make: Sessions, quarantined: list[int]) -> None:
    said = kanal("inbox", "replay", str(quarantined[0]), "999")
    assert said.code == 1
    assert states(make) == [*["quarantined"] * 3, "done"]


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    server = EmbeddedRedis(tmp_path / "redis")
    server.start()
    yield server
    server.stop()


def test_replaying_wakes_the_workers(
    kanal: Kanal,
    quarantined: list[int],
    redis_server: EmbeddedRedis,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REDIS_URL", redis_server.url())
    assert kanal("inbox", "replay").err == ""
    with redis.Redis.from_url(redis_server.client_url()) as client:
        [message] = client.lrange("work", 0, -1)
    assert json.loads(message)["headers"]["task"] == "kanal.work"


def test_a_redis_that_is_away_is_said_and_loses_nothing(
    kanal: Kanal,
    make: Sessions,
    quarantined: list[int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REDIS_URL", f"redis+socket://{tmp_path}/none.sock")
    said = kanal("inbox", "replay")
    assert (said.code, said.out) == (0, "3 wait again\n")
    assert "the sweep will" in said.err
    assert states(make) == [*["waiting"] * 3, "done"]


GOOD = {
    "a.json": '[{"slug": "pupr", "name": "Dinas PUPR"}, {"slug": "dlh", "name": "DLH"}]',
    "b.csv": "slug,name\npupr,Dinas PUPR\ndlh,DLH\n",
    "c.CSV": "\ufeffslug;name;telepon\r\npupr;Dinas PUPR;1\r\ndlh;DLH;2\r\n",
    "d.csv": 'name,slug\n"Dinas PUPR",pupr\nDLH,dlh\n',
}


@pytest.mark.parametrize("name", GOOD)
def test_agencies_are_loaded_and_renamed(kanal: Kanal, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text(GOOD[name], "utf-8")
    for _ in range(2):
        assert kanal("agency", "load", str(file)).out == "2 agencies\n"
    assert kanal("agency", "list").out == "dlh\tDLH\npupr\tDinas PUPR\n"


BAD = {
    "a.json": ("{", "JSON"),
    "b.json": ('{"pupr": "Dinas"}', "array"),
    "c.json": ('[{"slug": "pupr", "name": "A"}, {"slug": "Not This", "name": "B"}]', "row 2: slug"),
    "d.json": ('[{"slug": "pupr"}]', "row 1: name"),
    "e.json": ('[{"slug": "a", "name": "A"}, {"slug": "a", "name": "B"}]', "twice"),
    "f.csv": ("kode,nama\n1,A\n", "row 1: slug"),
    "g.csv": ("slug,name\na,\n", "row 1: name"),
    "h.csv": ("slug,name\na\n", "row 1: name"),
    "i.csv": ("slug,name\na," + "x" * 201 + "\n", "row 1: name"),
    "j.json": ('[{"slug": "a", "name": "A\\u0000"}]', "row 1: name"),
    "k.json": ('[{"slug": "a\\n", "name": "A"}]', "row 1: slug"),
    "l.json": ("[" * 100_000, "recursion"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_broken_file_loads_nothing(kanal: Kanal, tmp_path: Path, name: str) -> None:
    content, complaint = BAD[name]
    file = tmp_path / name
    file.write_text(content, "utf-8")
    said = kanal("agency", "load", str(file))
    assert (said.code, said.out) == (1, "")
    assert complaint in said.err
    assert said.err.count("\n") == 1
    assert kanal("agency", "list").out == "dlh\tDinas Lingkungan Hidup\n"


def test_a_file_that_is_not_text(kanal: Kanal, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"slug,name\na,\xff\xfe\n")
    said = kanal("agency", "load", str(file))
    assert (said.code, said.out) == (1, "")
    assert "a.csv" in said.err
