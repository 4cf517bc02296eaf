"""Files fetched from Telegram."""

import json
import logging

import pytest

from channels.telegram import TelegramChannel
from core.errors import MediaAway, MediaRefused
from tests.contract.channels import TELEGRAM
from tests.contract.stub import Answer, Stub


def file(path: object = "photos/file_1.jpg") -> Answer:
    return Answer(body={"ok": True, "result": {"file_id": "f1", "file_path": path}})


def canned(name: str) -> Answer:
    found = json.loads((TELEGRAM.samples / "_api_errors.json").read_bytes())[name]
    return Answer(found["http"], found["body"])


def test_a_file_comes_in_chunks(telegram: TelegramChannel, api: Stub) -> None:
    content = bytes(range(256)) * 1000
    api.answer("getFile", file())
    api.answer("file_1.jpg", Answer(body=content))
    chunks = list(telegram.fetch("f1"))
    assert b"".join(chunks) == content
    assert len(chunks) > 1
    ask, get = api.calls
    assert ask.fields == {"file_id": "f1"}
    assert get.path == f"/file/bot{TELEGRAM.secrets[0]}/photos/file_1.jpg"


@pytest.mark.parametrize(
    ("answer", "code"),
    [(canned("file_too_big"), "too_large"), (canned("file_id_invalid"), "gone")],
)
def test_what_telegram_will_never_give_is_refused(
    telegram: TelegramChannel, api: Stub, answer: Answer, code: str
) -> None:
    api.answer("getFile", answer)
    with pytest.raises(MediaRefused) as refusal:
        list(telegram.fetch("f1"))
    assert refusal.value.code == code


def test_a_file_that_is_no_longer_there_is_gone(telegram: TelegramChannel, api: Stub) -> None:
    api.answer("getFile", file())
    api.answer("file_1.jpg", Answer(404, b"Not Found"))
    with pytest.raises(MediaRefused) as refusal:
        list(telegram.fetch("f1"))
    assert refusal.value.code == "gone"


@pytest.mark.parametrize("beyond", [0, 1])
def test_the_cap_is_exact(api: Stub, beyond: int) -> None:
    settings = TELEGRAM.make(api.origin).settings.model_copy(update={"media_max_bytes": 70_000})  # type: ignore[attr-defined]
    telegram = TelegramChannel(settings)
    api.answer("getFile", file())
    api.answer("file_1.jpg", Answer(body=b"x" * (70_000 + beyond)))
    if not beyond:
        assert sum(map(len, telegram.fetch("f1"))) == 70_000
        return
    with pytest.raises(MediaRefused) as refusal:
        list(telegram.fetch("f1"))
    assert refusal.value.code == "too_large"


@pytest.mark.parametrize(
    "answer",
    [
        canned("file_id_wrong"),
        canned("flood"),
        canned("unauthorized"),
        canned("server_error"),
        Answer(hang_up=True),
        Answer(hang=True),
        Answer(body={"ok": True, "result": []}),
        file(None),
        file(""),
        file("../secret"),
        file("/etc/passwd"),
        file("a/../../b"),
        file("http://127.0.0.1/x"),
        file("a?b=c"),
        file("a b"),
    ],
    ids=repr,
)
def test_without_a_usable_path_a_later_attempt_may_succeed(
    telegram: TelegramChannel, api: Stub, answer: Answer
) -> None:
    api.answer("getFile", answer)
    with pytest.raises(MediaAway):
        list(telegram.fetch("f1"))
    assert len(api.calls) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500, b"x"),
        Answer(302, b"", headers={"location": "http://127.0.0.1:9/"}),
        Answer(hang_up=True),
        Answer(hang=True),
        Answer(body=b"half", promised=1000),
    ],
    ids=repr,
)
def test_a_download_that_breaks_may_succeed_later(
    telegram: TelegramChannel, api: Stub, answer: Answer
) -> None:
    api.answer("getFile", file())
    api.answer("file_1.jpg", answer)
    with pytest.raises(MediaAway):
        list(telegram.fetch("f1"))


def test_a_fetch_that_is_given_up_frees_its_connection(
    telegram: TelegramChannel, api: Stub
) -> None:
    api.answer("getFile", file())
    api.answer("file_1.jpg", Answer(body=b"x" * 300_000))
    for _ in range(telegram.settings.pool_size + 1):
        chunks = telegram.fetch("f1")
        next(chunks)
        del chunks
    assert sum(map(len, telegram.fetch("f1"))) == 300_000


def test_the_token_in_the_files_address_is_not_logged(
    telegram: TelegramChannel, api: Stub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, logger=name)
    api.answer("getFile", file())
    api.answer("file_1.jpg", Answer(body=b"x"), Answer(500, b"x"))
    list(telegram.fetch("f1"))
    with pytest.raises(MediaAway) as caught:
        list(telegram.fetch("f1"))
    assert "/file/bot***" in caplog.text
    assert TELEGRAM.secrets[0] not in caplog.text + repr(caught.value)
