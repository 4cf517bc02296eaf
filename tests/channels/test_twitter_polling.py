"""Asking X for mentions and direct messages: what is asked, what becomes of the answers."""

import json
import logging
from itertools import count
from typing import Any

import pytest

from channels.twitter import TwitterChannel
from channels.twitter.inbound import parse
from channels.twitter.posts import Account
from core.errors import PollRefused, SendCode
from core.message import Inbound, Kind, Media
from tests.contract.channels import TWITTER
from tests.contract.stub import Answer, Stub

CITIZEN = "2222222222222222222"
EMPTY = Answer(body={"meta": {"result_count": 0}})


def canned(name: str) -> Answer:
    found = json.loads((TWITTER.samples / "_api_errors.json").read_bytes())[name]
    return Answer(found["http"], found["body"], headers=found.get("headers", {}))


def sample(name: str, **meta: str) -> Answer:
    body = json.loads((TWITTER.samples / f"{name}.json").read_bytes())
    body["meta"] = meta
    return Answer(body=body)


def posts(*ids: int, token: str = "") -> Answer:
    data = [{"id": str(it), "author_id": CITIZEN, "text": f"@laporkota {it}"} for it in ids]
    return Answer(body={"data": data, "meta": {"next_token": token} if token else {}})


def messages(*ids: int, token: str = "") -> Answer:
    data = [{"id": str(it), "sender_id": CITIZEN, "text": f"pesan {it}"} for it in ids]
    return Answer(body={"data": data, "meta": {"next_token": token} if token else {}})


def texts(events: list[Inbound] | Any) -> list[str]:  # noqa: ANN401  # a Sequence
    return [it.text for it in events]


def test_what_is_asked_and_read(twitter: TwitterChannel, api: Stub) -> None:
    api.answer("mentions", sample("_poll_mentions"), EMPTY)
    api.answer("dm_events", sample("_poll_dms"), EMPTY)
    events, cursor = twitter.poll("")
    assert [it.external_id for it in events] == [
        "post:2090765813578191303",  # the oldest first
        "post:2090765813578191808",
        "dm:2090765901528535096",
    ]
    assert [it.media for it in events[1].attachments] == [Media.PHOTO]
    assert events[0].text == "lampu merah di simpang Dago mati sejak pagi, rawan tabrakan"
    assert json.loads(cursor) == {"mentions": "2090765813578191808", "dms": "2090765901528535096"}
    assert twitter.poll(cursor) == ([], cursor)
    first, dms, second, _ = api.calls
    assert first.path == "/2/users/1111111111111111111/mentions"
    assert first.headers["authorization"].startswith("OAuth ")
    assert "since_id" not in first.fields
    assert second.fields["since_id"] == "2090765813578191808"
    assert {"note_tweet", "entities", "edit_history_tweet_ids"} <= set(
        first.fields["tweet.fields"].split(",")
    )
    assert set(first.fields["expansions"].split(",")) == {"author_id", "attachments.media_keys"}
    assert (dms.path, dms.fields["event_types"]) == ("/2/dm_events", "MessageCreate")


def test_a_polled_event_is_the_webhooks(twitter: TwitterChannel, api: Stub) -> None:
    api.answer("mentions", sample("_poll_mentions"))
    api.answer("dm_events", sample("_poll_dms"))
    events, _ = twitter.poll("")
    for event in events:
        assert twitter.parse(event.raw) == [event]
    [posted] = twitter.parse((TWITTER.samples / "xaa_post_mention.json").read_bytes())
    slots = [name for name in posted.__slots__ if name != "raw"]
    assert [getattr(events[0], it) for it in slots] == [getattr(posted, it) for it in slots]


def test_without_a_cursor_one_page_is_enough(twitter: TwitterChannel, api: Stub) -> None:
    api.answer("mentions", posts(9, 8, token="more"))
    api.answer("dm_events", messages(19, 18, token="more"))
    events, cursor = twitter.poll("")
    assert texts(events) == ["8", "9", "pesan 18", "pesan 19"]
    assert json.loads(cursor) == {"mentions": "9", "dms": "19"}
    assert len(api.calls) == 2


def test_pages_are_turned_until_the_known_ones(twitter: TwitterChannel, api: Stub) -> None:
    api.answer("mentions", posts(100, 99, token="a"), posts(98, token="b"), posts(97))
    api.answer("dm_events", messages(30, 29, token="c"), messages(28, 20, 19, token="d"))
    events, cursor = twitter.poll('{"mentions":"96","dms":"20"}')
    assert texts(events) == ["97", "98", "99", "100", "pesan 28", "pesan 29", "pesan 30"]
    assert json.loads(cursor) == {"mentions": "100", "dms": "30"}
    asked = [call.fields.get("pagination_token") for call in api.calls]
    assert asked == [None, "a", "b", None, "c"]


def test_no_more_pages_of_mentions_than_x_keeps(twitter: TwitterChannel, api: Stub) -> None:
    api.answer("mentions", *(posts(100 - page, token="more") for page in range(20)))
    api.answer("dm_events", EMPTY)
    events, cursor = twitter.poll('{"mentions":"5","dms":""}')
    assert len(events) == len(api.called("mentions")) == 8
    assert json.loads(cursor)["mentions"] == "100"


def test_a_poll_cut_short_by_the_clock_asks_for_all_again(
    twitter: TwitterChannel, api: Stub
) -> None:
    times = count(1000, 9)
    twitter._poller.clock = lambda: float(next(times))
    api.answer("mentions", posts(100, token="a"), posts(99, token="b"), posts(98, token="c"))
    api.answer("dm_events", EMPTY)
    events, cursor = twitter.poll('{"mentions":"96","dms":""}')
    assert texts(events)
    assert len(api.called("mentions")) < 3
    assert json.loads(cursor)["mentions"] == "96"


@pytest.mark.parametrize("cursor", ["x", "[]", "null", '{"mentions":[],"dms":-1}', "{}"])
def test_a_cursor_that_is_none_begins_anew(twitter: TwitterChannel, api: Stub, cursor: str) -> None:
    api.answer("mentions", posts(9))
    api.answer("dm_events", EMPTY)
    events, _ = twitter.poll(cursor)
    assert texts(events) == ["9"]
    assert "since_id" not in api.calls[0].fields


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (canned("rate_limited"), SendCode.THROTTLED),
        (canned("unauthorized"), SendCode.CREDENTIALS),
        (canned("no_credits"), SendCode.SUSPENDED),
        (canned("overloaded_html"), SendCode.OUTAGE),
        (Answer(body={"data": {}}), SendCode.UNCERTAIN),
        (Answer(body=[]), SendCode.UNCERTAIN),
        (Answer(hang=True), SendCode.UNCERTAIN),
        (Answer(302, b"", headers={"location": "http://127.0.0.1:9/"}), SendCode.UNCERTAIN),
    ],
    ids=repr,
)
@pytest.mark.parametrize("half", ["mentions", "dm_events"])
def test_a_refused_poll_says_why(
    twitter: TwitterChannel, api: Stub, half: str, answer: Answer, code: SendCode
) -> None:
    api.answer("mentions", EMPTY)
    api.answer("dm_events", EMPTY)
    api.answer(half, answer)
    with pytest.raises(PollRefused) as refusal:
        twitter.poll("")
    assert refusal.value.code is code


def test_mentions_are_handed_over_though_messages_are_refused(
    twitter: TwitterChannel, api: Stub, caplog: pytest.LogCaptureFixture
) -> None:
    api.answer("mentions", posts(9), EMPTY)
    api.answer("dm_events", canned("unavailable"), messages(19))
    events, cursor = twitter.poll("")
    assert texts(events) == ["9"]
    assert "outage" in caplog.text
    assert json.loads(cursor) == {"mentions": "9", "dms": ""}
    events, _ = twitter.poll(cursor)
    assert texts(events) == ["pesan 19"]


def test_events_of_any_shape_come_through(twitter: TwitterChannel, api: Stub) -> None:
    odd: list[object] = [{"id": 5}, {"no": "id"}, 7, {"id": "6", "author_id": CITIZEN, "text": 8}]
    api.answer("mentions", Answer(body={"data": odd, "includes": [], "meta": []}))
    api.answer("dm_events", Answer(body={"data": [{"id": "x"}, {"id": "3", "sender_id": CITIZEN}]}))
    events, _ = twitter.poll("")
    assert [it.kind for it in events] == [
        *(Kind.MESSAGE, Kind.UNKNOWN, Kind.UNKNOWN, Kind.MESSAGE, Kind.UNKNOWN)
    ]
    assert all(twitter.parse(it.raw) == [it] for it in events)


def test_an_event_on_which_our_parser_fails_stops_no_other(
    twitter: TwitterChannel, api: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(raw: bytes, account: Account) -> list[Inbound]:
        if b"poison" in raw:
            raise KeyError("x")
        return parse(raw, account)

    monkeypatch.setattr("channels.twitter.polling.parse", failing)
    poison = {"id": "10", "author_id": CITIZEN, "text": "poison"}
    sound = {"id": "11", "author_id": CITIZEN, "text": "baik"}
    api.answer("mentions", Answer(body={"data": [sound, poison]}))
    api.answer("dm_events", EMPTY)
    events, cursor = twitter.poll("")
    assert [it.kind for it in events] == [Kind.UNREADABLE, Kind.MESSAGE]
    assert json.loads(cursor)["mentions"] == "11"


def test_the_pauses_between_two_questions(api: Stub) -> None:
    made = TWITTER.make(api.origin)
    assert isinstance(made, TwitterChannel)
    settings = made.settings.model_copy(update={"poll_interval": 15, "poll_dm_interval": 60})
    twitter = TwitterChannel(settings)
    now, slept = [1000.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    twitter._poller.clock, twitter._poller.sleep = lambda: now[0], sleep
    api.answer("mentions", EMPTY)
    api.answer("dm_events", EMPTY)
    for _ in range(6):
        twitter.poll("")
    assert slept == [15.0] * 5
    assert (len(api.called("mentions")), len(api.called("dm_events"))) == (6, 2)
    api.answer("mentions", Answer(429, {"title": "Too Many Requests", "type": "x"}))
    with pytest.raises(PollRefused):
        twitter.poll("")
    slept.clear()
    twitter.poll("")  # X wants a longer pause than one poll may last
    assert sum(slept) <= 20
    assert len(api.called("mentions")) == 7


def test_nothing_that_was_said_is_logged(
    twitter: TwitterChannel, api: Stub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, logger=name)
    api.answer("mentions", sample("_poll_mentions"))
    api.answer("dm_events", sample("_poll_dms"))
    twitter.poll("")
    assert caplog.records
    for hidden in (*TWITTER.secrets, "lampu merah", "mau lapor", CITIZEN, "1111111111111111111"):
        assert hidden not in caplog.text
