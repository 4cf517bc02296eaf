"""How a part of a reply goes out to LINE, and what becomes of every refusal."""

import json
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from linebot.v3.messaging import (
    PostbackAction,
    PushMessageRequest,
    QuickReply,
    QuickReplyItem,
    ReplyMessageRequest,
    TextMessage,
)

from channels.line import LineChannel
from channels.line.outbound import LABEL, messages, shortened, until_quota
from core.channel import Call
from core.errors import SendCode, SendError, Sent
from core.message import Choice
from core.text import split, utf16_units
from tests.channels.line_parts import ACCEPTED, CITIZEN, KEY, LOST, SENT, USED_UP, part
from tests.contract.channels import LINE
from tests.contract.stub import Answer, Stub


def test_a_push_is_what_the_sdk_would_make(line: LineChannel, api: Stub) -> None:
    api.answer("push", ACCEPTED)
    assert line.send(part("satu", "dua", kirim="Kirim", batal="Batal")) == Sent(SENT)
    [call] = api.calls
    assert call.path == "/v2/bot/message/push"
    assert json.loads(call.body) == _plain(PushMessageRequest(to=CITIZEN, messages=_models()))
    assert call.headers["authorization"] == f"Bearer {LINE.secrets[0]}"
    assert call.headers["x-line-retry-key"] == str(KEY)
    assert call.headers["content-type"] == "application/json"


def test_a_reply_is_what_the_sdk_would_make_and_has_no_key(line: LineChannel, api: Stub) -> None:
    api.answer("reply", ACCEPTED)
    line.send(part("satu", "dua", age=1, kirim="Kirim", batal="Batal"))
    [call] = api.calls
    assert call.path == "/v2/bot/message/reply"
    expected = _plain(ReplyMessageRequest(replyToken="token-1", messages=_models()))
    assert json.loads(call.body) == expected
    assert "x-line-retry-key" not in call.headers


def _models() -> list[TextMessage]:
    items = [
        QuickReplyItem(action=PostbackAction(label=label, data=value, displayText=label))
        for value, label in (("kirim", "Kirim"), ("batal", "Batal"))
    ]
    return [TextMessage(text="satu"), TextMessage(text="dua", quickReply=QuickReply(items=items))]


def _plain(request: PushMessageRequest | ReplyMessageRequest) -> dict[str, object]:
    """The request as JSON; `notificationDisabled: false` is what LINE takes for granted."""
    made: dict[str, object] = request.to_dict()
    assert made.pop("notificationDisabled") is False
    return made | {"messages": [it.to_dict() for it in request.messages]}


def test_a_text_with_what_no_message_can_carry_goes_out_clean() -> None:
    made = messages(["a\ud800b\x00"], [Choice("\ud800x\x00", "v")])
    assert made[0]["text"] == "a\ufffdb"
    assert made[0]["quickReply"]["items"][0]["action"]["label"] == "\ufffdx"


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("Kirim", "Kirim"),
        ("x" * 20, "x" * 20),
        ("x" * 21, "x" * 20),
        ("Dinas Pekerjaan Umum dan Tata Ruang", "Dinas Pekerjaan Umum"),
        ("Pekerjaan umum kami 🙏🏽", "Pekerjaan umum kami"),
        ("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"),
        ("e" + "\u0301" * 30, "e" + "\u0301" * 9),
    ],
)
def test_labels_are_cut_between_characters(label: str, shown: str) -> None:
    assert shortened(label, LABEL) == shown


def test_the_citizens_own_words_are_the_whole_label() -> None:
    label = "Dinas Pekerjaan Umum dan Tata Ruang"
    [made] = messages(["x"], [Choice(label, "v")])
    action = made["quickReply"]["items"][0]["action"]
    assert (action["displayText"], len(action["label"])) == (label, 20)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80), st.integers(2, 40))
def test_what_is_cut_is_short_and_whole(text: str, limit: int) -> None:
    short = shortened(text, limit)
    assert utf16_units(short) <= limit
    clusters = regex.findall(r"\X", text)
    if clusters and utf16_units(clusters[0]) <= limit:
        beginnings = ["".join(clusters[:count]) for count in range(len(clusters) + 1)]
        assert short in {*beginnings, *(words.rstrip() for words in beginnings)}


@given(
    st.lists(
        st.sampled_from(
            ["kata ", "x" * 900, "🙏🏽", "👨‍👩‍👧‍👦", "e\u0301", "\n\n", "Jalan rusak. "]
        ),
        max_size=60,
    ).map("".join),
    st.integers(1, 3),
)
def test_a_long_text_is_split_in_lines_own_unit(text: str, times: int) -> None:
    limits = LINE.make("http://127.0.0.1:9").limits(CITIZEN)
    given_text = text * times
    parts = split(given_text, limits.text, limits.measure)
    assert all(len(one.encode("utf-16-le")) // 2 <= 5000 for one in parts)
    assert "".join("".join(parts).split()) == "".join(given_text.split())


def test_the_limits() -> None:
    limits = LINE.make("http://127.0.0.1:9").limits(CITIZEN)
    counted = (limits.text, limits.messages, limits.choices, limits.choice_bytes, limits.label)
    assert counted == (5000, 5, 13, 300, 20)
    assert limits.measure("🙏") == 2


@pytest.mark.parametrize(
    ("now", "wait"),
    [
        ("2026-11-22T03:00:00+00:00", timedelta(days=1)),
        ("2026-11-30T14:59:00+00:00", timedelta(minutes=1)),  # 23:59 in Tokyo
        ("2026-11-30T15:00:00+00:00", timedelta(days=1)),  # December in Tokyo
        ("2026-12-31T14:00:00+00:00", timedelta(hours=1)),
        ("2027-02-28T10:00:00+00:00", timedelta(hours=5)),
    ],
)
def test_how_long_a_used_up_quota_rests(now: str, wait: timedelta) -> None:
    assert until_quota(datetime.fromisoformat(now)) == wait


def test_a_used_up_quota_stops_nobody_elses_reply(line: LineChannel, api: Stub) -> None:
    api.answer("push", Answer(429, {"message": "You have reached your monthly limit."}))
    result = line.send(part())
    assert isinstance(result, SendError)
    assert (result.code, result.everyone) == (SendCode.QUOTA, False)
    assert result.retry_after


def test_a_rate_limit_is_the_whole_channels(line: LineChannel, api: Stub) -> None:
    api.answer("push", Answer(429, {"message": "The API rate limit has been exceeded."}))
    result = line.send(part())
    assert isinstance(result, SendError)
    assert (result.code, result.everyone) == (SendCode.THROTTLED, True)
    assert result.retry_after == timedelta(seconds=2)


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (
            Answer(400, {"message": "rahasia warga: Failed to send messages"}),
            "Refused: status 400, failed to send messages",
        ),
        (
            Answer(
                400,
                {
                    "message": "The request body has 2 error(s)",
                    "details": [
                        {"message": "rahasia warga", "property": "messages[0].text"},
                        {"message": "x", "property": "rahasia warga!"},
                        5,
                    ],
                },
            ),
            "Refused: status 400, the request body has 2 error, messages[0].text",
        ),
        (Answer(400, {"message": "rahasia warga", "details": 5}), "Refused: status 400"),
        (Answer(418, {"message": "rahasia warga"}), "Refused: status 418"),
        (Answer(503, b"<html>rahasia warga"), "Outage: status 503"),
        (Answer(403, b"<html>rahasia"), "OddAnswer: status 403, not a JSON object"),
        (Answer(200, {"rahasia": "warga"}), "OddAnswer: no sentMessages"),
        (Answer(hang_up=True), "OddAnswer: ProtocolError"),
        (Answer(hang=True), "OddAnswer: ReadTimeoutError"),
    ],
    ids=repr,
)
def test_the_detail_helps_and_tells_nothing(
    line: LineChannel, api: Stub, answer: Answer, detail: str
) -> None:
    api.answer("push", answer)
    result = line.send(part())
    assert isinstance(result, SendError)
    assert result.detail == detail


def test_calls_are_traced_without_ids(line: LineChannel, api: Stub) -> None:
    calls: list[Call] = []
    line.watch(calls.append)
    api.answer("reply", USED_UP)
    api.answer("push", Answer(409, {"message": "The retry key is already accepted"}))
    assert line.send(part(age=1)) == Sent("")
    found = [(call.method, call.status, call.code) for call in calls]
    assert found == [("POST message/reply", 400, SendCode.REJECTED), ("POST message/push", 409, "")]
    assert calls[0].body == '{"message":"19"}'


def test_a_silent_line_is_left_after_the_read_timeout(line: LineChannel, api: Stub) -> None:
    calls: list[Call] = []
    line.watch(calls.append)
    api.answer("push", LOST)
    line.send(part())
    settings = line.settings
    assert settings.read_timeout <= calls[0].seconds < settings.connect_timeout


def test_it_can_be_closed_and_used_again(line: LineChannel, api: Stub) -> None:
    api.answer("push", ACCEPTED)
    assert line.send(part()) == line.send(part())
    assert len({call.peer for call in api.calls}) == 1
    line.close()
    assert line.send(part()) == Sent(SENT)
    assert len({call.peer for call in api.calls}) == 2


@pytest.mark.parametrize(("bypass", "code"), [("", None), ("api.invalid", SendCode.UNREACHABLE)])
def test_a_proxy_in_the_environment_is_used(
    monkeypatch: pytest.MonkeyPatch, api: Stub, bypass: str, code: SendCode | None
) -> None:
    monkeypatch.setenv("http_proxy", api.origin)
    monkeypatch.setenv("no_proxy", bypass)
    api.answer("push", ACCEPTED)
    result = LINE.make("http://api.invalid").send(part())
    assert (result.code if isinstance(result, SendError) else None) == code
    assert len(api.calls) == (0 if code else 1)


def test_whoever_only_verifies_and_parses_does_not_load_the_sdk() -> None:
    script = (
        "import sys; from channels.line import LineChannel, LineSettings\n"
        "made = {'channel_token': 't', 'channel_secrets': 's'}\n"
        "line = LineChannel(LineSettings.model_validate(made))\n"
        "line.verify({}, b'{}'), line.parse(b'{}')\n"
        "print([name for name in sys.modules if name.startswith('linebot')])"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
