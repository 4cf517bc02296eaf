"""How a part of a reply looks when it arrives at the Bot API."""

import asyncio
import json
import subprocess
import sys
from datetime import timedelta
from uuid import UUID

import pytest

from channels.telegram import TelegramChannel, TelegramSettings
from channels.telegram.outbound import keyboard
from core.channel import Call, Rate
from core.errors import ConfigurationError, SendCode, SendError, Sent
from core.message import Choice, Outbound
from tests.contract.channels import TELEGRAM
from tests.contract.stub import Answer, Stub

DONE = Answer(body={"ok": True, "result": True})


def part(text: str = "Terima kasih", reply_token: str = "", **choices: str) -> Outbound:
    buttons = tuple(Choice(label, value) for value, label in choices.items())
    return Outbound(UUID(int=1), "5012345678", (text,), buttons, reply_token)


def refusal(code: int, description: str, **parameters: object) -> Answer:
    body = {"ok": False, "error_code": code, "description": description}
    return Answer(code, {**body, "parameters": parameters} if parameters else body)


def test_the_form_of_a_message(telegram: TelegramChannel, api: Stub) -> None:
    api.answer("sendMessage", TELEGRAM.accepted)
    text = "Jl. *Melati* <b>_rusak_</b> https://contoh.example 👨‍👩‍👧‍👦"
    assert telegram.send(part(text, kirim="Kirim", ubah="Ubah")) == Sent("4711")
    [call] = api.calls
    token = telegram.settings.token.get_secret_value()
    assert call.path == f"/bot{token}/sendMessage"
    fields = dict(call.fields)
    assert json.loads(fields.pop("reply_markup")) == {
        "inline_keyboard": [
            [
                {"text": "Kirim", "callback_data": "kirim"},
                {"text": "Ubah", "callback_data": "ubah"},
            ]
        ]
    }
    assert json.loads(fields.pop("link_preview_options")) == {"is_disabled": True}
    assert fields == {"chat_id": "5012345678", "text": text}  # no parse_mode


def test_several_texts_are_one_message(telegram: TelegramChannel, api: Stub) -> None:
    api.answer("sendMessage", TELEGRAM.accepted)
    telegram.send(Outbound(UUID(int=1), "5012345678", ("Satu.", "Dua.")))
    assert api.calls[0].fields["text"] == "Satu.\n\nDua."


def test_groups_are_written_to_slower() -> None:
    telegram = TELEGRAM.make("http://127.0.0.1:9")
    bot = Rate("bot", 30, 1)
    assert telegram.rates("5012345678") == (bot, Rate("chat", 5, 5, per_address=True))
    assert telegram.rates("-1002233445566") == (bot, Rate("chat", 20, 60, per_address=True))


def test_a_call_is_traced_by_its_method_alone(telegram: TelegramChannel, api: Stub) -> None:
    calls: list[Call] = []
    telegram.watch(calls.append)
    refused = refusal(403, "Forbidden: bot was blocked by the user")
    api.answer("sendMessage", TELEGRAM.accepted, refused, Answer(403, b"<html>"))
    for _ in range(3):
        telegram.send(part())
    assert [(call.method, call.status, call.code) for call in calls] == [
        ("POST sendMessage", 200, ""),
        ("POST sendMessage", 403, SendCode.BLOCKED),
        ("POST sendMessage", 403, SendCode.UNCERTAIN),
    ]
    assert calls[0].body.startswith('{"ok":true,"result":{"message_id":9')
    assert calls[1].body == '{"ok":false,"error_code":403,"description":"38"}'


def test_a_text_with_what_no_form_can_carry_goes_out_clean(
    telegram: TelegramChannel, api: Stub
) -> None:
    api.answer("sendMessage", TELEGRAM.accepted)
    assert telegram.send(part("a\ud800b\x00", x="\ud800")) == Sent("4711")
    assert api.calls[0].fields["text"] == "a\ufffdb"


@pytest.mark.parametrize(
    "answer",
    [
        DONE,
        refusal(400, "Bad Request: query is too old and response timeout expired"),
        Answer(500, b"<html>"),
        Answer(hang_up=True),
        Answer(hang=True),
    ],
    ids=["noticed", "too old", "500", "hung up", "no answer"],
)
def test_a_pressed_button_is_noticed_and_never_stops_the_message(
    telegram: TelegramChannel, api: Stub, answer: Answer
) -> None:
    api.answer("answerCallbackQuery", answer)
    api.answer("sendMessage", TELEGRAM.accepted)
    assert telegram.send(part(reply_token="2152")) == Sent("4711")
    names = [call.path.rsplit("/", 1)[-1] for call in api.calls]
    assert names == ["sendMessage", "answerCallbackQuery"]
    assert api.calls[1].fields == {"callback_query_id": "2152"}


@pytest.mark.parametrize(
    ("labels", "rows"),
    [
        ([], []),
        (["Kirim"], [1]),
        (["Kirim", "Ubah", "Batal"], [3]),
        (["1", "2", "3", "4", "5"], [3, 2]),
        (["Ya, kirim sekarang", "Ubah dulu laporan"], [1, 1]),
        (["Jalan", "Dinas Pekerjaan Umum dan Tata Ruang", "Air"], [1, 1, 1]),
        (["a" * 15, "b" * 15, "c"], [2, 1]),
        (["a" * 16, "b"], [1, 1]),
    ],
)
def test_short_buttons_share_a_row(labels: list[str], rows: list[int]) -> None:
    markup = keyboard([Choice(label, str(number)) for number, label in enumerate(labels)])
    found = markup.inline_keyboard if markup else ()
    assert [len(row) for row in found] == rows
    assert [button.text for row in found for button in row] == labels


@pytest.mark.parametrize(
    ("answer", "pause"),
    [
        (refusal(429, "Too Many Requests: retry after 7", retry_after=7), 7),
        (refusal(429, "Too Many Requests: retry after 7"), 5),
        (refusal(429, "Too Many Requests", retry_after="7"), 5),
        (refusal(429, "Too Many Requests", retry_after=-1), 5),
        (refusal(429, "Too Many Requests", retry_after=True), 5),
        (refusal(429, "Too Many Requests", retry_after=10**9), 3600),
    ],
)
def test_the_pause_that_telegram_asks_for(
    telegram: TelegramChannel, api: Stub, answer: Answer, pause: int
) -> None:
    api.answer("sendMessage", answer)
    result = telegram.send(part())
    assert isinstance(result, SendError)
    assert (result.code, result.retry_after) == (SendCode.THROTTLED, timedelta(seconds=pause))


def test_a_moved_chat_names_its_new_address(telegram: TelegramChannel, api: Stub) -> None:
    api.answer("sendMessage", refusal(400, "Bad Request", migrate_to_chat_id=-1002233445566))
    result = telegram.send(part())
    assert isinstance(result, SendError)
    assert (result.code, result.moved_to) == (SendCode.MOVED, "-1002233445566")


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (refusal(403, "Forbidden: bot was blocked by the user"), "bot was blocked by the user"),
        (refusal(400, "Bad Request: can't parse 'rahasia warga'"), "BadRequest"),
        (refusal(400, "Bad Request: chat not found: 5012345678"), "BadRequest: chat not found"),
        (refusal(418, "rahasia warga"), "NetworkError"),
        (refusal(400, "Bad Request: rahasia warga", retry_after=3), "NetworkError"),
        (Answer(302, b"<html>rahasia warga"), "OddAnswer: status 302, not JSON"),
        (Answer(body={"ok": True, "warga": "rahasia"}), "OddAnswer: no result"),
        (Answer(503, b"<html>rahasia warga"), "Outage: status 503"),
        (Answer(hang_up=True), "OddAnswer: ProtocolError"),
        (Answer(hang=True), "OddAnswer: ReadTimeoutError"),
    ],
)
def test_the_detail_helps_and_tells_nothing(
    telegram: TelegramChannel, api: Stub, answer: Answer, detail: str
) -> None:
    api.answer("sendMessage", answer)
    result = telegram.send(part())
    assert isinstance(result, SendError)
    assert result.detail.endswith(detail)
    assert "rahasia" not in result.detail
    assert "5012345678" not in result.detail


def test_a_library_that_would_wait_is_noticed(telegram: TelegramChannel) -> None:
    with pytest.raises(RuntimeError, match="waits"):
        telegram._api.call(asyncio.sleep(0))


def test_whoever_only_verifies_and_parses_does_not_load_the_library() -> None:
    body = (TELEGRAM.samples / "text.json").read_text()
    program = f"""
import sys
from tests.contract.channels import TELEGRAM
channel, body = TELEGRAM.make("http://127.0.0.1:9"), {body!r}.encode()
assert channel.verify(TELEGRAM.sign(body), body) and channel.parse(body)
print("telegram" in sys.modules)
channel.prepare()
print("telegram" in sys.modules)
"""
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["False", "True"]


def test_it_can_be_closed_and_used_again(telegram: TelegramChannel, api: Stub) -> None:
    api.answer("sendMessage", TELEGRAM.accepted)
    assert telegram.send(part()) == telegram.send(part())
    assert len({call.peer for call in api.calls}) == 1
    telegram.close()
    assert telegram.send(part()) == Sent("4711")
    assert len({call.peer for call in api.calls}) == 2


@pytest.mark.parametrize(("bypass", "code"), [("", None), ("api.invalid", SendCode.UNREACHABLE)])
def test_a_proxy_in_the_environment_is_used(
    monkeypatch: pytest.MonkeyPatch, api: Stub, bypass: str, code: SendCode | None
) -> None:
    monkeypatch.setenv("http_proxy", api.origin)
    monkeypatch.setenv("no_proxy", bypass)
    api.answer("sendMessage", TELEGRAM.accepted)
    result = TELEGRAM.make("http://api.invalid").send(part())
    assert (result.code if isinstance(result, SendError) else None) == code
    assert len(api.calls) == (0 if code else 1)


def test_no_proxy_stands_before_loopback(monkeypatch: pytest.MonkeyPatch, api: Stub) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    api.answer("sendMessage", TELEGRAM.accepted)
    assert TELEGRAM.make(api.origin).send(part()) == Sent("4711")


def test_an_unknown_kind_of_proxy_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "socks5://127.0.0.1:9")
    made = {"token": "1:a", "webhook_secrets": "x"}
    with pytest.raises(ConfigurationError, match="https_proxy"):
        TelegramChannel(TelegramSettings.model_validate(made))
