"""`kanal key`, as a person types it."""

import pytest

from core.db.session import Sessions, connect, sessions
from core.db.tables import Conversation
from core.privacy.keys import KeyRing, new_index_key, new_key
from tests.app.commands.said import Kanal, running
from tests.core.post import HOLE, Phone, post, rows, update, work

OLD, NEW, INDEX = new_key(), new_key(), new_index_key()
OLD_ID, NEW_ID = (key.partition(":")[0] for key in (OLD, NEW))


@pytest.fixture
def kanal(
    make: Sessions,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Kanal:
    """The program over two conversations that the old key sealed."""
    engine = connect(database_url, ring=KeyRing.read([OLD], INDEX))
    before = sessions(engine)
    post(before, update(5012345678, HOLE), update(8, HOLE))
    work(before, Phone())
    engine.dispose()
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("KANAL_IDENTITY_KEYS", OLD)
    monkeypatch.setenv("KANAL_INDEX_KEY", INDEX)
    return running(monkeypatch, capsys)


def test_new_keys_are_what_the_settings_take(kanal: Kanal, monkeypatch: pytest.MonkeyPatch) -> None:
    said = kanal("key", "new")
    assert said.out.startswith("KANAL_IDENTITY_KEYS=")
    assert "KANAL_INDEX_KEY" not in said.out  # who changed it would know nobody any more
    assert "before the keys that are there" in said.err
    for name in ("KANAL_IDENTITY_KEYS", "KANAL_INDEX_KEY"):
        monkeypatch.delenv(name)
    first, second = kanal("key", "new").out.splitlines()
    name, _, keys = first.partition("=")
    assert name == "KANAL_IDENTITY_KEYS"
    assert KeyRing.read([keys], second.removeprefix("KANAL_INDEX_KEY=")).newest in keys


def test_a_key_is_rotated_and_the_old_one_can_go(
    kanal: Kanal, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    assert f"{OLD_ID}\tseals\tconversation\t2\n" in kanal("key", "list").out
    monkeypatch.setenv("KANAL_IDENTITY_KEYS", f"{NEW},{OLD}")
    listed = kanal("key", "list").out
    assert listed.startswith(f"{NEW_ID}\tseals\t-\t0\n")
    assert f"{OLD_ID}\topens\tinbox\t2\n" in listed
    rotated = kanal("key", "rotate")
    assert rotated.code == 0
    assert f"were sealed anew with key {NEW_ID}\n" in rotated.out
    assert f"{OLD_ID}\topens\t-\t0\n" in kanal("key", "list").out
    monkeypatch.setenv("KANAL_IDENTITY_KEYS", NEW)
    assert "0 rows were sealed anew" in kanal("key", "rotate").out
    engine = connect(database_url, ring=KeyRing.read([NEW], INDEX))
    addresses = {row.address for row in rows(sessions(engine), Conversation)}
    engine.dispose()
    assert addresses == {"5012345678", "8"}


def test_what_waits_is_said_and_it_is_run_again(
    kanal: Kanal, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    engine = connect(database_url, ring=KeyRing.read([OLD], INDEX))
    post(sessions(engine), update(8, "lewati"))
    monkeypatch.setenv("KANAL_IDENTITY_KEYS", f"{NEW},{OLD}")
    rotated = kanal("key", "rotate")
    assert rotated.code == 1
    assert "1 of inbox; again" in rotated.err
    engine.dispose()
    engine = connect(database_url, ring=KeyRing.read([NEW, OLD], INDEX))
    work(sessions(engine), Phone())
    engine.dispose()
    assert kanal("key", "rotate").code == 0


def test_a_key_that_is_lacking_is_named(kanal: Kanal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANAL_IDENTITY_KEYS", NEW)
    assert f"{OLD_ID}\tLACKING\tconversation\t2\n" in kanal("key", "list").out
    said = kanal("key", "rotate")
    assert said.code == 1
    assert f"KANAL_IDENTITY_KEYS lacks {OLD_ID}" in said.err


def test_no_key_is_ever_printed(kanal: Kanal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANAL_IDENTITY_KEYS", f"{NEW},{OLD}")
    for word in ("new", "list", "rotate", "list"):
        said = kanal("key", word)
        shown = said.out + said.err
        assert not [key for key in (OLD, NEW, INDEX) if key.rpartition(":")[2] in shown]


@pytest.mark.parametrize("name", ["KANAL_IDENTITY_KEYS", "KANAL_INDEX_KEY"])
@pytest.mark.parametrize("words", [("db", "upgrade"), ("key", "list"), ("key", "rotate")])
def test_without_keys_it_is_said_in_one_line(
    kanal: Kanal, monkeypatch: pytest.MonkeyPatch, name: str, words: tuple[str, ...]
) -> None:
    monkeypatch.delenv(name)
    said = kanal(*words)
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert f"kanal: {name} is missing: `kanal key new` makes one" in said.err


def test_an_upgrade_with_keys_is_as_quiet_as_before(kanal: Kanal) -> None:
    said = kanal("db", "upgrade")
    assert (said.code, said.out) == (0, "the database has the tables of this version\n")
