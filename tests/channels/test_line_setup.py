"""LINE's settings, its webhook, and what the operator is told about them."""

import json
import logging

import pytest

from channels.line import LineChannel, LineSettings
from core.channel import Checks, FetchesMedia, Finding, Polls, Power, TakesWebhook
from core.errors import ConfigurationError
from tests.contract.channels import LINE
from tests.contract.stub import Answer, Stub

GOOD = {"LINE_CHANNEL_TOKEN": "abc/def+1=", "LINE_CHANNEL_SECRETS": "satu,dua"}
URL = "https://lapor.example/webhooks/line"
INFO = Answer(
    200,
    {
        "userId": "U0123456789abcdef0123456789abcdef",
        "basicId": "@lapor",
        "displayName": "Lapor",
        "chatMode": "bot",
        "markAsReadMode": "auto",
    },
)
ENDPOINT = Answer(200, {"endpoint": URL, "active": True})
LIMITED = Answer(200, {"type": "limited", "value": 500})
REFUSED = Answer(401, {"message": "Authentication failed."})


def outcome(status: int, reason: str = "OK") -> Answer:
    body = {
        "success": status == 200,
        "timestamp": "2026-11-22T03:00:00.000Z",
        "statusCode": status,
        "reason": reason,
        "detail": str(status),
    }
    return Answer(200, body)


def used(count: int) -> Answer:
    return Answer(200, {"totalUsage": count})


def answered(api: Stub, **changes: Answer) -> None:
    """Let LINE say that all is well, but for `changes`."""
    well = {
        "info": INFO,
        "endpoint": ENDPOINT,
        "test": outcome(200),
        "quota": LIMITED,
        "consumption": used(120),
    }
    for name, answer in {**well, **changes}.items():
        api.answer(name, answer)


def test_all_is_well(line: LineChannel, api: Stub) -> None:
    answered(api)
    assert line.check(URL) == [
        Finding(True, "The token belongs to the account @lapor."),
        Finding(True, "LINE reaches the webhook, and its signature is right."),
        Finding(True, "Pushed messages this month: 120 of 500."),
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"info": REFUSED}, "LINE_CHANNEL_TOKEN"),
        ({"info": Answer(200, b"<html>")}, "did not answer properly"),
        ({"info": Answer(200, {"basicId": 5})}, "did not answer properly"),
        ({"info": Answer(503, b"")}, "did not answer properly"),
        ({"endpoint": Answer(404, {"message": "x"})}, "No webhook is registered"),
        ({"endpoint": Answer(500, b"")}, "did not answer properly"),
        ({"endpoint": Answer(200, {"endpoint": "https://b", "active": True})}, "https://b, not"),
        ({"endpoint": Answer(200, {"endpoint": URL, "active": False})}, "Use webhook"),
        ({"test": outcome(403, "ERROR_STATUS_CODE")}, "LINE_CHANNEL_SECRETS"),
        ({"test": outcome(0, "REQUEST_TIMEOUT")}, "REQUEST_TIMEOUT"),
        ({"test": Answer(429, {"message": "x"})}, "could not be tested"),
        ({"quota": Answer(500, b"")}, "quota could not be read"),
        ({"consumption": Answer(200, {})}, "quota could not be read"),
        ({"consumption": used(500)}, "500 of 500. The rest waits; replies still go out."),
    ],
    ids=repr,
)
def test_what_is_wrong_is_one_sentence(
    line: LineChannel, api: Stub, changes: dict[str, Answer], words: str
) -> None:
    answered(api, **changes)
    [wrong] = [finding for finding in line.check(URL) if not finding.ok]
    assert words in wrong.text
    assert "\n" not in wrong.text


def test_an_account_without_a_limit_is_well(line: LineChannel, api: Stub) -> None:
    answered(api, quota=Answer(200, {"type": "none"}))
    found = line.check(URL)[-1]
    assert found == Finding(True, "Pushed messages this month: 120, without a limit.")


def test_an_unreachable_line_is_asked_once() -> None:
    [finding] = LINE.make("http://127.0.0.1:9").check(URL)  # type: ignore[attr-defined]  # Checks
    assert not finding.ok
    assert "Unreachable" in finding.text


def test_without_a_public_url_the_registered_one_is_tested(line: LineChannel, api: Stub) -> None:
    answered(api)
    assert all(finding.ok for finding in line.check(""))


def test_the_webhook_is_registered(line: LineChannel, api: Stub) -> None:
    api.answer("endpoint", Answer(200, {}))
    line.set_webhook(URL)
    [call] = api.calls
    assert (call.method, call.path) == ("PUT", "/v2/bot/channel/webhook/endpoint")
    assert json.loads(call.body) == {"endpoint": URL}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(400, {"message": f"bad URL of {LINE.secrets[0]}"}), r"bad URL of \*\*\*"),
        (Answer(500, b"<html>"), "Outage"),
        (Answer(hang=True), "ReadTimeoutError"),
    ],
    ids=["refused", "failing", "silent"],
)
def test_a_refused_webhook_says_why(
    line: LineChannel, api: Stub, answer: Answer, words: str
) -> None:
    api.answer("endpoint", answer)
    with pytest.raises(ConfigurationError, match=words):
        line.set_webhook(URL)


def test_no_call_ends_the_webhook(line: LineChannel, api: Stub) -> None:
    with pytest.raises(ConfigurationError, match="Use webhook"):
        line.set_webhook("")
    assert not api.calls


def test_no_secret_is_logged(
    line: LineChannel, api: Stub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, logger=name)
    answered(api, info=Answer(200, {"echo": " ".join(LINE.secrets)}))
    found = line.check(URL)
    assert caplog.records
    for secret in LINE.secrets:
        assert secret not in caplog.text + repr(found)


def environment(monkeypatch: pytest.MonkeyPatch, **changes: str) -> None:
    for name, value in {**GOOD, **changes}.items():
        monkeypatch.setenv(name, value)


def test_the_environment_makes_a_channel_with_its_powers(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch, LINE_API_ORIGIN="http://127.0.0.1:8081/", LINE_DATA_ORIGIN="")
    channel = LineChannel.create()
    assert channel.settings.origin == channel.settings.files_origin == "http://127.0.0.1:8081"
    assert channel.secrets == ("abc/def+1=", "satu", "dua")
    assert isinstance(channel, FetchesMedia)
    assert isinstance(channel, TakesWebhook)
    assert isinstance(channel, Checks)
    assert not isinstance(channel, Polls)
    assert Power.EDITS not in channel.powers
    assert Power.IDEMPOTENCE in channel.powers


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LINE_CHANNEL_TOKEN", ""),
        ("LINE_CHANNEL_TOKEN", " "),
        ("LINE_CHANNEL_TOKEN", "baris\nbaru"),
        ("LINE_CHANNEL_TOKEN", "kunci dua"),
        ("LINE_CHANNEL_SECRETS", ""),
        ("LINE_CHANNEL_SECRETS", " , "),
        ("LINE_API_ORIGIN", "ftp://127.0.0.1"),
        ("LINE_DATA_ORIGIN", "api-data.line.me"),
        ("LINE_REPLY_SECONDS", "56"),
        ("LINE_REPLY_SECONDS", "-1"),
        ("LINE_READ_TIMEOUT", "0.0"),
        ("LINE_POOL_SIZE", "-3"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment(monkeypatch, **{name: value})
    with pytest.raises(ConfigurationError) as refusal:
        LineChannel.create()
    assert name in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not value.strip(" ,") or value not in str(refusal.value)


def test_every_setting_is_described() -> None:
    for name, field in LineSettings.model_fields.items():
        assert field.description, name


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch)
    settings = LineSettings()
    for shown in (repr(settings), str(settings), settings.model_dump_json()):
        assert "abc/def" not in shown
        assert "satu" not in shown
