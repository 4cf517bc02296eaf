"""Where files of Telegram are."""

import json

import pytest

from channels.telegram import TelegramChannel
from core.channel import Download
from core.errors import MediaAway, MediaRefused
from tests.contract.channels import TELEGRAM
from tests.contract.stub import Answer, Stub


def file(path: object = "photos/file_1.jpg", **more: object) -> Answer:
    return Answer(body={"ok": True, "result": {"file_id": "f1", "file_path": path, **more}})


def canned(name: str) -> Answer:
    found = json.loads((TELEGRAM.samples / "_api_errors.json").read_bytes())[name]
    return Answer(found["http"], found["body"])


def test_a_file_is_located_by_its_id(telegram: TelegramChannel, api: Stub) -> None:
    api.answer("getFile", file(file_size=1000))
    url = f"{api.origin}/file/bot{TELEGRAM.secrets[0]}/photos/file_1.jpg"
    assert telegram.locate("f1") == Download(url)
    [ask] = api.calls
    assert ask.fields == {"file_id": "f1"}


@pytest.mark.parametrize(
    ("answer", "code"),
    [(canned("file_too_big"), "too_large"), (canned("file_id_invalid"), "gone")],
)
def test_what_telegram_will_never_give_is_refused(
    telegram: TelegramChannel, api: Stub, answer: Answer, code: str
) -> None:
    api.answer("getFile", answer)
    with pytest.raises(MediaRefused) as refusal:
        telegram.locate("f1")
    assert refusal.value.code == code


@pytest.mark.parametrize("beyond", [0, 1])
def test_the_cap_on_the_size_told_is_exact(api: Stub, beyond: int) -> None:
    settings = TELEGRAM.make(api.origin).settings.model_copy(update={"media_max_bytes": 70_000})  # type: ignore[attr-defined]
    telegram = TelegramChannel(settings)
    api.answer("getFile", file(file_size=70_000 + beyond))
    if not beyond:
        assert telegram.locate("f1").url
        return
    with pytest.raises(MediaRefused) as refusal:
        telegram.locate("f1")
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
        telegram.locate("f1")
    assert len(api.calls) == 1
