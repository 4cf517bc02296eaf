"""A file on its way from the simulated phone, through Telegram, to what officers see."""

import json
from pathlib import Path

import pytest

from channels.telegram import TelegramChannel, TelegramSettings
from core.dialing import Origin
from core.download import Bounds, download
from core.errors import MediaRefused
from core.fetching import Shelf, fetch_one
from core.files import Waiting
from core.storage import Folder
from tests.app.simulator.hands import TOKEN, Hands

CHAT = 5012345678


def received(hands: Hands, **content: object) -> tuple[TelegramChannel, str]:
    """The bot that got a message with a file, and the file's reference."""
    hands.write(CHAT, **content)
    made = {"token": TOKEN, "polling": True, "api_origin": hands.origin, "poll_wait": 0}
    telegram = TelegramChannel(TelegramSettings.model_validate(made))
    (update,) = hands.api("getUpdates")["result"]
    (event,) = telegram.parse(json.dumps(update).encode())
    return telegram, event.attachments[0].ref


@pytest.fixture
def shelf(hands: Hands, tmp_path: Path) -> Shelf:
    port = int(hands.origin.rpartition(":")[2])
    bounds = Bounds(100_000, 20, frozenset({Origin("http", "127.0.0.1", port)}))
    return Shelf(Folder(tmp_path), tmp_path, bounds, 10**6, 3)


@pytest.mark.parametrize(
    ("content", "mime", "shown"),
    [
        ({"photo": {}}, "image/jpeg", "image/jpeg"),
        ({"voice": {}}, "audio/ogg", ""),
        ({"document": {}}, "application/pdf", ""),
        ({"video": {}}, "video/mp4", ""),
    ],
    ids=["photo", "voice", "document", "video"],
)
def test_every_kind_of_file_arrives(
    hands: Hands, shelf: Shelf, content: dict[str, object], mime: str, shown: str
) -> None:
    telegram, ref = received(hands, **content)
    fetched = fetch_one(Waiting(1, "telegram", ref, 1), telegram, shelf)
    assert (fetched.state, fetched.code) == ("stored", "")
    assert fetched.stored
    assert (fetched.stored.mime, fetched.stored.shown_mime) == (mime, shown)
    assert shelf.storage.open(fetched.stored.path).size == fetched.stored.size


def test_without_leave_no_private_server_is_asked(hands: Hands) -> None:
    telegram, ref = received(hands, photo={})
    with pytest.raises(MediaRefused, match="address_refused"):
        list(download(telegram.locate(ref), Bounds(100_000, 20)))
