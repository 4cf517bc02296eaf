"""Polling for updates, and registering the webhook."""

import json
import logging

import pytest

from channels.telegram import TelegramChannel, TelegramSettings
from channels.telegram.inbound import parse
from core.errors import ConfigurationError, PollRefused, SendCode
from core.message import Inbound, Kind
from tests.contract.channels import TELEGRAM
from tests.contract.stub import Answer, Stub


def updates(*found: object) -> Answer:
    return Answer(body={"ok": True, "result": list(found)})


def sample(name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((TELEGRAM.samples / f"{name}.json").read_bytes())
    return found


def canned(name: str) -> Answer:
    found = json.loads((TELEGRAM.samples / "_api_errors.json").read_bytes())[name]
    return Answer(found["http"], found["body"])


def test_polled_updates_are_what_the_webhook_would_have_brought(
    telegram: TelegramChannel, api: Stub
) -> None:
    names = sorted(path.stem for path in TELEGRAM.samples.glob("[!_]*.json"))
    api.answer("getUpdates", updates(*map(sample, names)))
    events, cursor = telegram.poll("")
    assert len(events) == len(names)
    assert cursor == str(max(int(event.external_id) for event in events) + 1)
    for name, event in zip(names, events, strict=True):
        assert telegram.parse(event.raw) == [event]
        assert json.loads(event.raw) == sample(name)


def test_a_poll_asks_from_its_cursor_on(telegram: TelegramChannel, api: Stub) -> None:
    api.answer("getUpdates", updates(sample("text")), updates())
    _, cursor = telegram.poll("")
    assert telegram.poll(cursor) == ([], cursor)
    first, second = (call.fields for call in api.calls)
    assert "offset" not in first
    assert second["offset"] == "910000002"
    assert (second["limit"], second["timeout"]) == ("100", "0")
    kinds = ["message", "edited_message", "callback_query", "my_chat_member"]
    assert json.loads(second["allowed_updates"]) == kinds


def test_updates_of_any_shape_come_through(telegram: TelegramChannel, api: Stub) -> None:
    odd = {"update_id": 8, "message": {"text": "tanpa tanggal"}, "new_word": {"x": [None]}}
    api.answer("getUpdates", updates(odd, {"no": "id"}))
    events, cursor = telegram.poll("7")
    assert [event.kind for event in events] == [Kind.UNKNOWN, Kind.UNKNOWN]
    assert json.loads(events[0].raw) == odd
    assert cursor == "9"


def test_an_update_on_which_our_parser_fails_stops_no_other(
    telegram: TelegramChannel, api: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(raw: bytes) -> list[Inbound]:
        if b"poison" in raw:
            raise KeyError("x")
        return parse(raw)

    monkeypatch.setattr("channels.telegram.updates.parse", failing)
    poison = {"update_id": 910000002, "poison": {}}
    api.answer("getUpdates", updates(sample("text"), poison))
    events, cursor = telegram.poll("")
    assert [event.kind for event in events] == [Kind.MESSAGE, Kind.UNREADABLE]
    assert json.loads(events[1].raw) == poison
    assert cursor == "910000003"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (canned("two_pollers"), SendCode.CONFLICT),
        (canned("webhook_is_set"), SendCode.CONFLICT),
        (canned("unauthorized"), SendCode.CREDENTIALS),
        (canned("flood"), SendCode.THROTTLED),
        (canned("bad_gateway"), SendCode.OUTAGE),
        (Answer(body={"ok": True, "result": {}}), SendCode.UNCERTAIN),
        (Answer(body={"ok": True, "result": [1]}), SendCode.UNCERTAIN),
        (Answer(503, b"<html>"), SendCode.OUTAGE),
        (Answer(hang=True), SendCode.UNCERTAIN),
    ],
    ids=repr,
)
def test_a_refused_poll_says_why(
    telegram: TelegramChannel, api: Stub, answer: Answer, code: SendCode
) -> None:
    api.answer("getUpdates", answer)
    with pytest.raises(PollRefused) as refusal:
        telegram.poll("5")
    assert refusal.value.code is code


def test_the_webhook_is_registered_with_the_first_secret(
    telegram: TelegramChannel, api: Stub
) -> None:
    api.answer("setWebhook", Answer(body={"ok": True, "result": True}))
    telegram.set_webhook("https://lapor.example/webhooks/telegram")
    [call] = api.calls
    fields = dict(call.fields)
    kinds = ["message", "edited_message", "callback_query", "my_chat_member"]
    assert json.loads(fields.pop("allowed_updates")) == kinds
    assert fields == {
        "url": "https://lapor.example/webhooks/telegram",
        "secret_token": "new-secret_1",
        "max_connections": "40",
    }


def test_the_webhook_is_ended_for_polling(telegram: TelegramChannel, api: Stub) -> None:
    api.answer("setWebhook", Answer(body={"ok": True, "result": True}))
    telegram.set_webhook("")
    assert not api.calls[0].fields.get("url")
    assert "secret_token" not in api.calls[0].fields


def test_a_refused_webhook_says_why(telegram: TelegramChannel, api: Stub) -> None:
    api.answer("setWebhook", canned("webhook_needs_https"))
    with pytest.raises(ConfigurationError, match=r"(?i)https url must be provided"):
        telegram.set_webhook("http://lapor.example/")


def test_a_webhook_needs_a_secret(api: Stub) -> None:
    made = {"token": "1:a", "polling": True, "api_origin": api.origin}
    telegram = TelegramChannel(TelegramSettings.model_validate(made))
    with pytest.raises(ConfigurationError, match="TELEGRAM_WEBHOOK_SECRETS"):
        telegram.set_webhook("https://lapor.example/")
    assert not api.calls


def test_neither_logs_nor_errors_tell_a_secret(
    telegram: TelegramChannel, api: Stub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, logger=name)
    echo = " ".join(TELEGRAM.secrets)
    refused = Answer(400, {"ok": False, "error_code": 400, "description": echo})
    api.answer("setWebhook", Answer(body={"ok": True, "result": True}), refused)
    api.answer("getUpdates", updates(sample("contact")), refused)
    api.answer("getFile", refused)
    telegram.set_webhook("https://lapor.example/")
    telegram.poll("")
    errors = []
    for call in (
        lambda: telegram.set_webhook("https://lapor.example/"),
        lambda: telegram.poll(""),
        lambda: telegram.locate("f1"),
    ):
        with pytest.raises(Exception, match=r".") as caught:
            call()
        errors.append(repr(caught.value))
    assert caplog.records
    for secret in (*TELEGRAM.secrets, "6281234567890"):
        assert secret not in caplog.text + "".join(errors)
