"""Citizens' files: fetched once, tried again, given up, and none in the way of another."""

import io
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image
from pydantic import ValidationError
from sqlalchemy import Engine, text

from core import files, transcript
from core.channel import Download
from core.conversations import hold
from core.db.session import Sessions, transaction
from core.db.tables import File
from core.dialing import Origin
from core.errors import MediaAway, MediaRefused, StorageAway
from core.fetching import Shelf, fetch_due, fetch_one
from core.files import Waiting
from core.message import Attachment, Inbound, Kind, Media
from core.settings import CoreSettings
from core.storage import Folder
from core.transcript import Entry
from tests.contract.stub import Answer, Stub
from tests.core.post import Phone, rows

_WRITTEN = io.BytesIO()
Image.new("RGB", (30, 20), "red").save(_WRITTEN, "JPEG")
PHOTO = _WRITTEN.getvalue()


class Library(Phone):
    """A channel that locates files on a server of the test, or fails as it is told."""

    def __init__(self, cdn: Stub, **failures: Exception) -> None:
        super().__init__()
        self.cdn, self.failures = cdn, failures

    def locate(self, ref: str) -> Download:
        """Tell where the file is."""
        if ref in self.failures:
            raise self.failures[ref]
        return Download(f"{self.cdn.origin}/{ref}", {"x-secret": "of the channel"})


@pytest.fixture
def shelf(tmp_path: Path, cdn: Stub) -> Shelf:
    settings = {"media_dir": tmp_path / "media", "media_attempts": 3, "media_origins": cdn.origin}
    core = CoreSettings.model_validate(settings)
    return Shelf.of(Folder(core.media_dir), core)


@pytest.mark.parametrize(
    ("given", "trusted"),
    [
        ("", set()),
        ("http://127.0.0.1:8081", {Origin("http", "127.0.0.1", 8081)}),
        (
            "https://API.example/ , http://[::1]:81",
            {Origin("https", "api.example", 443), Origin("http", "::1", 81)},
        ),
    ],
)
def test_origins_are_read_as_urls_are(given: str, trusted: set[Origin], tmp_path: Path) -> None:
    core = CoreSettings.model_validate({"media_origins": given})
    assert Shelf.of(Folder(tmp_path), core).bounds.trusted == trusted
    assert all(Origin.of(urlsplit(url)) in trusted for url in given.replace(",", " ").split())


@pytest.mark.parametrize(
    "given",
    ["127.0.0.1", "ftp://a.example", "http://a.example/b", "http://u:p@a.example", "http://"],
)
def test_what_is_no_origin_is_refused(given: str) -> None:
    with pytest.raises(ValidationError, match="media_origins"):
        CoreSettings.model_validate({"media_origins": given})


def add(make: Sessions, *refs: str, channel: str = "telegram") -> None:
    with transaction(make) as session:
        talker = hold(session, [(channel, "7")])[channel, "7"]
        kinds = [Attachment(Media.PHOTO, ref) for ref in refs]
        kinds.append(Attachment(Media.STICKER, "decoration"))
        inbound = Inbound(
            channel, "e", "7", Kind.MESSAGE, b"", message_id="m", attachments=tuple(kinds)
        )
        transcript.add(session, [Entry(talker.id, 1, inbound, 0)] * 2)


def outcomes(make: Sessions) -> dict[str, tuple[Any, ...]]:
    return {row.ref: (row.state, row.code, row.attempts) for row in rows(make, File)}


def test_each_file_has_its_own_end(make: Sessions, shelf: Shelf, cdn: Stub) -> None:
    add(make, "good", "gone", "away", "bug", "text", "lost", "odd")
    cdn.answer("good", Answer(body=PHOTO))
    cdn.answer("text", Answer(body=b"no picture at all"))
    cdn.answer("lost", Answer(404, b"x"))
    cdn.answer("odd", Answer(body=PHOTO[:40]))
    bug = KeyError("a citizen's words")
    library = Library(cdn, gone=MediaRefused("gone"), away=MediaAway("later"), bug=bug)
    assert fetch_due(make, {"telegram": library}, shelf) == 7
    assert outcomes(make) == {
        "good": ("stored", "", 1),
        "gone": ("refused", "gone", 1),
        "away": ("waiting", "MediaAway", 1),
        "bug": ("waiting", "KeyError", 1),
        "text": ("refused", "type_refused", 1),
        "lost": ("refused", "gone", 1),
        "odd": ("stored", "not_viewable", 1),
    }
    stored = {row.ref: row for row in rows(make, File)}
    good, odd = stored["good"], stored["odd"]
    assert (shelf.folder / good.path).read_bytes() == PHOTO
    assert (shelf.folder / good.shown_path).read_bytes().startswith(b"\xff\xd8")
    assert (good.size, good.mime, good.shown_mime) == (len(PHOTO), "image/jpeg", "image/jpeg")
    assert (odd.mime, odd.shown_path, odd.shown_mime) == ("image/jpeg", "", "")
    assert {call.headers["x-secret"] for call in cdn.calls} == {"of the channel"}
    assert fetch_due(make, {"telegram": library}, shelf) == 0


def test_no_transaction_is_open_while_files_come(
    make: Sessions, shelf: Shelf, cdn: Stub, engine: Engine
) -> None:
    add(make, "good")
    open_then = []

    class Watched(Library):
        def locate(self, ref: str) -> Download:
            open_then.append(engine.pool.checkedout())  # type: ignore[attr-defined]  # QueuePool has it
            return super().locate(ref)

    cdn.answer("good", Answer(body=PHOTO))
    assert fetch_due(make, {"telegram": Watched(cdn)}, shelf) == 1
    assert open_then == [0]


def test_files_are_fetched_at_once(make: Sessions, shelf: Shelf, cdn: Stub) -> None:
    together = threading.Barrier(4, timeout=20)

    class Meeting(Library):
        def locate(self, ref: str) -> Download:
            together.wait()
            raise MediaAway("met")

    add(make, "a", "b", "c", "d")
    assert fetch_due(make, {"telegram": Meeting(cdn)}, shelf) == 4
    assert not together.broken


def test_a_storage_that_is_away_never_ends_the_attempts(shelf: Shelf, cdn: Stub) -> None:
    class Away(Folder):
        def save(self, file: Path, key: str) -> None:
            raise StorageAway("SlowDown")

    cdn.answer("good", Answer(body=PHOTO))
    without = replace(shelf, storage=Away(shelf.folder))
    fetched = fetch_one(Waiting(1, "telegram", "good", 500), Library(cdn), without)
    assert (fetched.state, fetched.code, fetched.stored) == ("waiting", "StorageAway", None)


def test_a_private_address_is_refused_for_good(shelf: Shelf, cdn: Stub) -> None:
    bounds = replace(shelf.bounds, trusted=frozenset())
    stern = replace(shelf, bounds=bounds)
    fetched = fetch_one(Waiting(1, "telegram", "good", 1), Library(cdn), stern)
    assert (fetched.state, fetched.code) == ("refused", "address_refused")
    assert not cdn.calls


def test_what_is_away_is_tried_again_and_given_up(make: Sessions, shelf: Shelf, cdn: Stub) -> None:
    add(make, "away")
    library = Library(cdn, away=MediaAway("later"))
    for attempt in (1, 2, 3):
        assert fetch_due(make, {"telegram": library}, shelf) == 1
        (row,) = rows(make, File)
        assert row.attempts == attempt
        with transaction(make) as session:
            session.execute(text("update file set due_at = now()"))
    assert outcomes(make) == {"away": ("failed", "MediaAway", 3)}
    assert fetch_due(make, {"telegram": library}, shelf) == 0


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 5), (2, 10), (3, 20)])
def test_waits_grow(shelf: Shelf, cdn: Stub, attempts: int, seconds: int) -> None:
    patient, away = replace(shelf, attempts=9), Library(cdn, a=MediaAway(""))
    fetched = fetch_one(Waiting(1, "telegram", "a", attempts), away, patient)
    wait = fetched.due_at - datetime.now(UTC)
    assert timedelta(seconds=seconds - 2) < wait <= timedelta(seconds=seconds)


def test_a_channel_that_is_off_or_cannot_fetch(make: Sessions, shelf: Shelf) -> None:
    add(make, "a", channel="closed")
    add(make, "b")
    assert fetch_due(make, {"telegram": Phone()}, shelf) == 1
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
