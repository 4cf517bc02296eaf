"""Citizens' files: fetched once, tried again, given up, and none in the way of another."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from core import files, transcript
from core.conversations import hold
from core.db.session import Sessions, transaction
from core.db.tables import File
from core.errors import MediaAway, MediaRefused
from core.fetching import fetch_due, fetch_one
from core.files import Waiting
from core.message import Attachment, Inbound, Kind, Media
from core.settings import CoreSettings
from core.transcript import Entry
from tests.core.post import Phone, rows

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + bytes(64)


class Shelf(Phone):
    """A channel whose files are what a test puts there: bytes or an error."""

    def __init__(self, **shelf: bytes | Exception) -> None:
        super().__init__()
        self.shelf = shelf

    def fetch(self, ref: str) -> Iterator[bytes]:
        """Yield the file."""
        found = self.shelf[ref]
        if isinstance(found, Exception):
            raise found
        yield found


@pytest.fixture
def core(tmp_path: Path) -> CoreSettings:
    return CoreSettings(media_dir=tmp_path / "media", media_attempts=3)


def add(make: Sessions, *refs: str, channel: str = "telegram") -> None:
    with transaction(make) as session:
        talker = hold(session, [(channel, "7")])[channel, "7"]
        kinds = [Attachment(Media.PHOTO, ref) for ref in refs]
        kinds.append(Attachment(Media.STICKER, "decoration"))
        inbound = Inbound(
            channel, "e", "7", Kind.MESSAGE, b"", message_id="m", attachments=tuple(kinds)
        )
        transcript.add(session, [Entry(talker.id, 1, inbound)] * 2)


def outcomes(make: Sessions) -> dict[str, tuple[Any, ...]]:
    return {row.ref: (row.state, row.code, row.attempts) for row in rows(make, File)}


def test_each_file_has_its_own_end(make: Sessions, core: CoreSettings) -> None:
    add(make, "good", "gone", "away", "bug", "text")
    shelf = Shelf(
        good=PNG,
        gone=MediaRefused("gone"),
        away=MediaAway("later"),
        bug=KeyError("a citizen's words"),
        text=b"no picture at all",
    )
    assert fetch_due(make, {"telegram": shelf}, core) == 5
    assert outcomes(make) == {
        "good": ("stored", "", 1),
        "gone": ("refused", "gone", 1),
        "away": ("waiting", "MediaAway", 1),
        "bug": ("waiting", "KeyError", 1),
        "text": ("refused", "type_refused", 1),
    }
    stored = rows(make, File)[0]
    assert (core.media_dir / stored.path).read_bytes() == PNG
    assert (stored.size, stored.mime) == (len(PNG), "image/png")
    assert fetch_due(make, {"telegram": shelf}, core) == 0


def test_what_is_away_is_tried_again_and_given_up(make: Sessions, core: CoreSettings) -> None:
    add(make, "away")
    shelf = Shelf(away=MediaAway("later"))
    for attempt in (1, 2, 3):
        assert fetch_due(make, {"telegram": shelf}, core) == 1
        (row,) = rows(make, File)
        assert row.attempts == attempt
        with transaction(make) as session:
            session.execute(text("update file set due_at = now()"))
    assert outcomes(make) == {"away": ("failed", "MediaAway", 3)}
    assert fetch_due(make, {"telegram": shelf}, core) == 0


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 5), (2, 10), (3, 20)])
def test_waits_grow(core: CoreSettings, attempts: int, seconds: int) -> None:
    patient = core.model_copy(update={"media_attempts": 9})
    fetched = fetch_one(Waiting(1, "telegram", "a", attempts), Shelf(a=MediaAway("")), patient)
    wait = fetched.due_at - datetime.now(UTC)
    assert timedelta(seconds=seconds - 2) < wait <= timedelta(seconds=seconds)


def test_a_channel_that_is_off_or_cannot_fetch(make: Sessions, core: CoreSettings) -> None:
    add(make, "a", channel="closed")
    add(make, "b")
    assert fetch_due(make, {"telegram": Phone()}, core) == 1
    assert outcomes(make) == {"a": ("waiting", "", 0), "b": ("failed", "not_fetchable", 1)}
    with transaction(make) as session:
        assert files.next_due(session, ["telegram"]) is None
        assert files.next_due(session, ["closed"]) is not None


def test_two_workers_share(make: Sessions) -> None:
    add(make, "a", "b", "c")
    with transaction(make) as one, transaction(make) as other:
        first = files.claim(one, ["telegram"], 2, timedelta(minutes=1))
        second = files.claim(other, ["telegram"], 2, timedelta(minutes=1))
    assert len(first) == 2
    assert {it.ref for it in first + second} == {"a", "b", "c"}
