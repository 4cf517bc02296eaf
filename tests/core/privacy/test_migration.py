"""A database of before is sealed row by row, and nothing that named anybody is left in it."""

import json
from collections.abc import Iterator
from os import getpid
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from core.db.migrate import check, upgrade
from core.db.session import connect, sessions, transaction
from core.db.tables import ChannelStatus, Conversation, File, Inbox, Message, Outbox
from core.errors import ConfigurationError
from core.privacy.keys import KeyRing

PERSON = UUID(int=7)
STATE = {"stage": "place", "draft": {"number": 1, "lines": [{"message_id": "31", "text": "got"}]}}
BEFORE = """
    insert into conversation (id, channel, address, state, name)
    values (:person, 'telegram', '5012345678', cast(:state as jsonb), 'warga-7');
    insert into conversation (id, channel, address)
    select gen_random_uuid(), 'line', 'U' || n from generate_series(1, 2500) n;
    insert into inbox (channel, external_id, address, raw, message_id)
    values ('telegram', 'update-u1', '5012345678', :raw, '31');
    insert into outbox (key, note, channel, address, conversation_id, draft, part, parts, texts,
        reply_token, memo, platform_id)
    values (gen_random_uuid(), gen_random_uuid(), 'telegram', '5012345678', :person, 0, 1, 1,
        cast(:texts as jsonb), 'token-t1', 'memo', 'part-p9');
    insert into file (channel, conversation_id, draft, platform_id, media, ref)
    values ('telegram', :person, 1, '31', 'photo', 'ref-31');
    insert into message (conversation_id, draft, platform_id, text, sealed)
    values (:person, 1, '31', 'got', 'got di rumah'), (:person, 1, '32', 'lain', null);
    insert into channel_status (channel, cursor) values ('telegram', 'cursor-42')
"""
GIVEN = {
    "person": PERSON,
    "state": json.dumps(STATE),
    "raw": b"\x00\xffraw-of-5012345678",
    "texts": '["halo \\u263a"]',
}
CLEAR = (
    *("5012345678", "U77", "warga-7", "update-u1", "raw-of", "token-t1", "part-p9", "ref-31"),
    "cursor-42",
)


@pytest.fixture
def old(server_url: str, ring: KeyRing) -> Iterator[Engine]:
    """A database of revision 0004 with rows, and an engine with keys."""
    name = f"kanal_old_{getpid()}_{uuid4().hex[:6]}"
    admin = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"create database {name}"))
    url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
    engine = connect(url, ring=ring)
    upgrade(engine, "0004")
    with engine.begin() as connection:
        for statement in map(text, BEFORE.split(";")):
            given = {name: GIVEN[name] for name in statement.compile().params}
            connection.execute(statement, given)
    yield engine
    engine.dispose()
    with admin.connect() as connection:
        connection.execute(text(f"drop database {name} with (force)"))
    admin.dispose()


def test_rows_of_before_are_sealed_and_read_again(old: Engine, ring: KeyRing) -> None:
    told: list[tuple[str, int, int]] = []
    upgrade(old, progress=lambda *done: told.append(done))
    check(old)
    assert [done for done in told if done[0] == "conversation"] == [
        ("conversation", 1000, 2501),
        ("conversation", 2000, 2501),
        ("conversation", 2501, 2501),
    ]
    with transaction(sessions(old)) as session:
        citizen = session.query(Conversation).filter_by(address_key="5012345678").one()
        assert (citizen.id, citizen.address, citizen.name) == (PERSON, "5012345678", "warga-7")
        assert citizen.state == STATE
        other = session.query(Conversation).filter_by(address_key="U2500").one()
        assert (other.address, other.state, other.name) == ("U2500", {}, "")
        letter = session.query(Inbox).one()
        assert (letter.address, letter.raw) == ("5012345678", b"\x00\xffraw-of-5012345678")
        ids = (letter.external_id, letter.message_id, letter.address_key)
        assert ids == tuple(map(ring.blind, ("update-u1", "31", "5012345678")))
        part = session.query(Outbox).one()
        assert (part.address, part.texts, part.memo) == ("5012345678", ["halo ☺"], "memo")
        assert (part.reply_token, part.platform_id) == ("token-t1", "part-p9")
        assert (part.address_key, part.platform_key) == (ids[2], ring.blind("part-p9"))
        file = session.query(File).one()
        assert (file.ref, file.ref_key) == ("ref-31", ring.blind("ref-31"))
        messages = session.query(Message).order_by(Message.id).all()
        assert [(it.platform_id, it.sealed) for it in messages] == [
            (ring.blind("31"), "got di rumah"),
            (ring.blind("32"), None),
        ]
        assert session.query(ChannelStatus).one().cursor == "cursor-42"


def test_the_files_of_the_tables_hold_nothing_clear_any_more(old: Engine) -> None:
    """Dropped columns and dead rows would stay in the files: they are written anew."""
    tables = ("conversation", "inbox", "outbox", "file", "message", "channel_status")
    pages = {table: _pages(old, table) for table in tables}
    assert any("5012345678" in page for page in pages.values())
    upgrade(old)
    for table in tables:
        found = [word for word in CLEAR if word in _pages(old, table)]
        assert not found, (table, found)


def _pages(engine: Engine, table: str) -> str:
    """Return the bytes of a table's file, as PostgreSQL itself reads them."""
    with engine.begin() as connection:
        connection.execute(text("checkpoint"))
        path = text("select pg_read_binary_file(pg_relation_filepath(:table))")
        return bytes(connection.execute(path, {"table": table}).scalar_one()).decode("latin-1")


def test_without_keys_nothing_is_changed(old: Engine) -> None:
    bare = connect(old.url.render_as_string(hide_password=False))
    with pytest.raises(ConfigurationError, match="KANAL_IDENTITY_KEYS"):
        upgrade(bare)
    with bare.connect() as connection:
        assert connection.scalar(text("select count(*) from conversation where name = 'warga-7'"))
    bare.dispose()
