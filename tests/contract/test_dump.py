"""A dump of the database without the keys names nobody; with them all can be read."""

import json
import subprocess
from collections.abc import Iterator, Sequence

import psycopg
import pytest
from sqlalchemy import Engine, text

from app.launch.postgres import postgres_programs
from core.channel import Channel
from core.db.session import Sessions, connect, sessions, transaction
from core.db.tables import Conversation, File, Inbox, Outbox, Table
from core.errors import ConfigurationError, SealBroken
from core.privacy.columns import SealedColumn
from core.privacy.keys import KeyRing, new_index_key, new_key
from tests.contract.case import ChannelCase
from tests.contract.road import Road, open_road
from tests.contract.stub import Stub
from tests.core.post import rows

SHORTEST = 4  # characters of what is looked for
NUMBER = 9  # the same of what is made of hexadecimal digits: shorter ones are found in any bytes
# Values of payloads that are words of a format, not of a person: our rows say some of them too.
FORMAT = frozenset(
    {"message", "active", "external", "follow", "warning", "channel", "line", "video", "photo"}
    | {"none", "kirim", "Kirim", "file", "text", "media"}
)


@pytest.fixture
def told(road: Road, case: ChannelCase, api: Stub) -> list[bytes]:
    """The bodies of all events of the platform, after a report was told and answered."""
    for way in case.ways:
        api.answer(way.sends, way.accepted)
    bodies = [path.read_bytes() for path in sorted(case.samples.glob("[!_]*.json"))]
    road.receive(*bodies)
    for way in case.ways:
        road.write(way, "Laporan Anda diteruskan.")
    road.tell_report()
    road.deliver()
    return bodies


def test_a_dump_names_nobody(
    road: Road, case: ChannelCase, told: list[bytes], engine: Engine
) -> None:
    words = set(_named(road.channel, told))
    words |= {case.address, *(way.address for way in case.ways), *map(str, _sent_ids(road))}
    assert len(words) > 40
    for dump in (_copied(engine), _dumped(engine)):
        assert road.reports[0].ticket in dump
        found = {word for word in words if _is_in(word, dump)}
        assert not found, found


def test_what_is_looked_for_would_be_found(
    road: Road, told: list[bytes], engine: Engine, make: Sessions
) -> None:
    """The same look finds a name in any column, in bytes too."""
    for column, form in (("text", str), ("platform_id", str.encode)):
        word = f"warga-dalam-{column}"
        assert not _is_in(word, _copied(engine))
        with transaction(make) as session:
            change = text(f"update message set {column} = :value")
            session.execute(change, {"value": form(word)})
        assert _is_in(word, _copied(engine))
        assert _is_in(word, _dumped(engine))


def test_with_the_keys_all_is_read(road: Road, case: ChannelCase, told: list[bytes]) -> None:
    letters = rows(road.make, Inbox)
    raws = {event.raw for body in told for event in road.channel.parse(body)}
    taken_back = sum(letter.raw == b"" for letter in letters)
    assert len(raws - {letter.raw for letter in letters}) == taken_back <= 1
    addresses = {event.address for body in told for event in road.channel.parse(body)}
    with transaction(road.make) as session:
        kept = set(session.scalars(session.query(Conversation.address).statement))
    assert kept >= addresses - {""}
    assert {way.address for way in case.ways} <= {part.address for part in road.parts}
    assert all(part.platform_id for part in road.parts if part.state == "sent")
    refs = {
        file.ref
        for body in told
        for event in road.channel.parse(body)
        for file in event.attachments
        if file.media != "sticker" and event.kind == "message"
    }
    assert {row.ref for row in rows(road.make, File)} >= refs


@pytest.mark.parametrize(
    ("keys", "error", "says"),
    [
        ([new_key()], ConfigurationError, "KANAL_IDENTITY_KEYS lacks key"),
        (None, SealBroken, "altered, or sealed with another key"),
    ],
    ids=["unknown id", "same id"],
)
def test_with_other_keys_nothing_is_read_and_nothing_is_lost(
    case: ChannelCase,
    make: Sessions,
    api: Stub,
    engine: Engine,
    ring: KeyRing,
    keys: Sequence[str] | None,
    error: type[Exception],
    says: str,
) -> None:
    with open_road(case, make, api.origin) as road:
        road.hear("lampu jalan mati di Jl. Contoh")
    before = _copied(engine)
    wrong = KeyRing.read(keys or [f"{ring.newest}:{new_index_key()}"], new_index_key())
    other = connect(engine.url.render_as_string(hide_password=False), ring=wrong)
    for column in (Conversation.state, Outbox.texts, Inbox.raw):
        with pytest.raises(error, match=says) as caught, transaction(sessions(other)) as session:
            session.query(column).all()
        assert f"{column.class_.__tablename__}.{column.key}" in str(caught.value)
        assert "\n" not in str(caught.value)
        assert "Contoh" not in str(caught.value)
    other.dispose()
    assert _copied(engine) == before


def test_every_sealed_column_is_bound_to_its_own_name() -> None:
    for table in Table.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, SealedColumn):
                assert column.type.column == f"{table.name}.{column.name}"


def _named(channel: Channel, bodies: Sequence[bytes]) -> Iterator[str]:
    """Yield every value of the payloads but what the citizen himself wrote for the office."""
    said = " ".join(
        f"{event.text} {event.choice} {event.place}"
        for body in bodies
        for event in channel.parse(body)
    )
    for body in bodies:
        for value in _leaves(json.loads(body)):
            shortest = NUMBER if set(value.lower()) <= set("0123456789abcdef-") else SHORTEST
            if len(value) >= shortest and value not in said and value not in FORMAT:
                yield value


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    elif isinstance(value, str | int) and not isinstance(value, bool):
        yield str(value)


def _sent_ids(road: Road) -> set[str]:
    return {part.platform_id for part in road.parts if len(part.platform_id) >= NUMBER}


def _copied(engine: Engine) -> str:
    """Return all columns of all rows as COPY writes them."""
    found: list[str] = []
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        for table in Table.metadata.sorted_tables:
            with cursor.copy(f"copy (select * from {table.name} order by 1) to stdout") as copy:
                found += [bytes(block).decode() for block in copy]
    return "".join(found)


def _dumped(engine: Engine) -> str:
    """Return what pg_dump writes of the rows."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    command = [str(postgres_programs() / "pg_dump"), "--data-only", url]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _is_in(word: str, dump: str) -> bool:
    """Tell whether a dump holds a word, in clear or as bytes."""
    return word in dump or word.encode(errors="surrogatepass").hex() in dump
