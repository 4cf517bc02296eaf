"""What the check says about a bot, in sentences for the operator."""

import json

import pytest

from channels.telegram import TelegramChannel, TelegramSettings
from core.channel import Finding
from tests.contract.channels import TELEGRAM
from tests.contract.stub import Answer, Stub

OURS = "https://lapor.example/webhooks/telegram"
ME = Answer(body={"ok": True, "result": {"id": 1, "is_bot": True, "username": "contoh_bot"}})
TOKEN = Finding(True, "The token is that of @contoh_bot.")
HERE = Finding(True, "The webhook points here.")


def webhook(url: str = OURS, pending: object = 0, **more: object) -> Answer:
    found = {"url": url, "pending_update_count": pending, **more}
    return Answer(body={"ok": True, "result": found})


def test_all_is_well(telegram: TelegramChannel, api: Stub) -> None:
    api.answer("getMe", ME)
    api.answer("getWebhookInfo", webhook())
    assert telegram.check(OURS) == [TOKEN, HERE, Finding(True, "0 updates wait at Telegram.")]


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (webhook(""), Finding(False, "No webhook is registered: `kanal set-webhook`.")),
        (
            webhook("https://lain.example/"),
            Finding(False, "The webhook points to another address: `kanal set-webhook`."),
        ),
        (
            webhook(pending=3, last_error_date=1795000000, last_error_message="Connection refused"),
            Finding(
                False,
                "3 updates wait at Telegram; the latest failed delivery was "
                "2026-11-18 11:06 UTC: Connection refused.",
            ),
        ),
        (
            webhook(last_error_date=2**80, last_error_message=f"x {TELEGRAM.secrets[1]}"),
            Finding(
                True,
                "0 updates wait at Telegram; the latest failed delivery was "
                "at an unknown time: x ***.",
            ),
        ),
        (webhook(pending="x"), Finding(False, "Telegram does not say how many updates wait.")),
        (
            Answer(500, b"<html>"),
            Finding(False, "Telegram does not take our calls: outage."),
        ),
    ],
)
def test_what_is_wrong_is_one_sentence(
    telegram: TelegramChannel, api: Stub, answer: Answer, found: Finding
) -> None:
    api.answer("getMe", ME)
    api.answer("getWebhookInfo", answer)
    assert found in telegram.check(OURS)


def test_a_wrong_token_ends_it(telegram: TelegramChannel, api: Stub) -> None:
    errors = json.loads((TELEGRAM.samples / "_api_errors.json").read_bytes())
    api.answer("getMe", Answer(401, errors["unauthorized"]["body"]))
    found = telegram.check(OURS)
    assert found == [Finding(False, "Telegram does not take our calls: credentials.")]
    assert len(api.calls) == 1


@pytest.mark.parametrize(("url", "ok"), [("", True), (OURS, False)])
def test_polling_and_a_webhook_exclude_each_other(api: Stub, url: str, ok: bool) -> None:
    made = {"token": "1:a", "polling": True, "api_origin": api.origin}
    telegram = TelegramChannel(TelegramSettings.model_validate(made))
    api.answer("getMe", ME)
    api.answer("getWebhookInfo", webhook(url))
    assert telegram.check(OURS)[1].ok is ok
