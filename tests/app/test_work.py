"""A batch that fails is taken apart; the rest of what can go wrong is in tests/core/test_intake."""

import logging
from collections.abc import Callable, Mapping

import pytest
from sqlalchemy.orm import Session

from app.work import advance_batch
from core import intake
from core.channel import Channel
from core.db.session import Sessions, connect, sessions
from core.db.tables import Inbox, Outbox
from core.errors import DatabaseAway
from core.inbox import Letter
from core.intake import Advanced
from core.settings import CoreSettings
from core.understanding import Reads
from tests.core.post import SETTINGS, Phone, post, rows, update, work

CHANNELS = {"telegram": Phone()}
REAL = intake.advance

Advance = Callable[..., Advanced]
Channels = Mapping[str, Channel]


def failing_on(word: bytes, error: Exception) -> Advance:
    def advance(
        session: Session,
        letters: list[Letter],
        channels: Channels,
        settings: CoreSettings,
        reads: Reads | None = None,
    ) -> Advanced:
        if any(word in letter.raw for letter in letters):
            raise error
        return REAL(session, letters, channels, settings, reads)

    return advance


def test_nothing_waits(make: Sessions) -> None:
    assert advance_batch(make, CHANNELS, SETTINGS) is None


def test_only_so_many_conversations_and_messages_at_once(make: Sessions) -> None:
    post(make, *(update(n, "halo") for n in (1, 1, 1, 2, 3)))
    settings = CoreSettings(claim_conversations=2, claim_messages=2)
    done = []
    while advance_batch(make, CHANNELS, settings) is not None:
        done.append([row.id for row in rows(make, Inbox) if row.state == "done"])
    assert done == [[1, 2, 4], [1, 2, 3, 4, 5]]


def test_the_letter_that_fails_is_set_aside_and_all_others_are_worked_on(
    make: Sessions, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("core.intake.advance", failing_on(b"buruk", KeyError("kata warga")))
    post(
        make, *(update(n, text) for n in range(1, 6) for text in ("halo", f"buruk {n % 2}", "halo"))
    )
    with caplog.at_level(logging.ERROR):
        work(make, Phone(), CoreSettings(claim_conversations=3))
    states = [row.state for row in rows(make, Inbox)]
    assert states == ["done", "quarantined", "done"] * 5
    assert {row.error for row in rows(make, Inbox)} == {"", "KeyError"}
    told = [row.address for row in rows(make, Outbox) if "tersimpan" in row.texts[0]]
    assert sorted(told) == ["1", "2", "3", "4", "5"]
    assert {record.getMessage() for record in caplog.records} == {
        "a batch failed; its letters are taken one by one",
        "a letter failed alone; it is quarantined",
    }


def test_an_outage_quarantines_nothing(make: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.intake.advance", failing_on(b"halo", DatabaseAway("gone")))
    post(make, update(7, "halo"))
    with pytest.raises(DatabaseAway):
        advance_batch(make, CHANNELS, SETTINGS)
    assert [row.state for row in rows(make, Inbox)] == ["waiting"]
    away = sessions(connect("postgresql+psycopg://a:b@127.0.0.1:1/kanal"))
    with pytest.raises(DatabaseAway):
        advance_batch(away, CHANNELS, SETTINGS)


def test_a_claim_that_fails_itself_is_not_hidden(
    make: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def claim(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("core.inbox.claim", claim)
    with pytest.raises(ZeroDivisionError):
        advance_batch(make, CHANNELS, SETTINGS)
