"""X end to end: the channel and the simulated API, over HTTP."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from app.simulator.twitter.rules import weighted
from core.errors import ConfigurationError, PollRefused, SendCode, SendError, Sent
from core.message import Inbound, Kind, Media
from core.text import split
from tests.channels.twitter_town import CHAT, SAID, Town, channel, part, town
from tests.tls import TLS
from tests.waiting import eventually

OTHER = CHAT + 1


@pytest.fixture(scope="module")
def open_town() -> Iterator[Town]:
    with town(twitter_dm_limit=10_000, twitter_post_limit=10_000, twitter_duplicates=False) as it:
        yield it


@pytest.fixture
def x(open_town: Town) -> Town:
    """A simulated X without limits, empty."""
    open_town.http.post("/simulator/reset", json={}).raise_for_status()
    open_town.heard.clear()
    return open_town


def refused(result: Sent | SendError) -> SendError:
    assert isinstance(result, SendError)
    return result


def sent(result: Sent | SendError) -> str:
    assert isinstance(result, Sent)
    return result.platform_id


def test_a_mention_is_answered_in_public(x: Town) -> None:
    mention = x.mention("jalan rusak & gelap")
    assert (mention.kind, mention.text, mention.address) == (
        Kind.MESSAGE,
        "jalan rusak & gelap",
        str(CHAT),
    )
    assert sent(x.channel.send(part(mention.public_address)))
    assert [(it["text"], it["public"]) for it in x.bubbles()] == [(SAID, True)]
    assert [it["to"] for it in x.wire()["entries"] if it["entry"] == "send"] == ["public"]
    assert not x.forged


def test_an_answer_stands_in_the_thread_and_is_answered_again(x: Town) -> None:
    mention = x.mention()
    ours = sent(x.channel.send(part(mention.public_address)))
    answer = x.mention("kapan diperbaiki?")
    assert (answer.text, answer.thread, answer.quoted_id) == (
        "kapan diperbaiki?",
        mention.thread,
        ours,
    )
    assert sent(x.channel.send(part(answer.public_address, "besok")))
    assert "twitter second reply" not in x.wire()["calls"]


def test_a_post_that_mentions_and_replies_is_one_event(x: Town) -> None:
    mention = x.mention()
    sent(x.channel.send(part(mention.public_address)))
    x.heard.clear()
    x.write(text="terima kasih @kanal_simulasi", public=True)
    eventually("both events arrive", lambda: len(x.heard) == 2)
    assert len({it.external_id for it in x.heard}) == 1


def test_a_second_automatic_reply_to_one_post_shows_in_the_log(x: Town) -> None:
    mention = x.mention()
    sent(x.channel.send(part(mention.public_address)))
    sent(x.channel.send(part(mention.public_address, "sekali lagi")))
    assert x.wire()["calls"]["twitter second reply"] == 1


def test_a_direct_message_is_answered_in_private(x: Town) -> None:
    x.write(text="mohon identitas saya dirahasiakan <3")
    eventually("the message arrives", lambda: bool(x.heard))
    [message] = x.heard
    assert (message.text, message.public_address) == ("mohon identitas saya dirahasiakan <3", "")
    assert sent(x.channel.send(part(message.address, "x" * 10_000)))
    assert [(it["public"], len(it["text"])) for it in x.bubbles()] == [(False, 10_000)]


def test_photos_are_located_and_fetched(x: Town) -> None:
    x.write(photo={"caption": "jalan rusak"}, public=True)
    x.write(photo={"caption": "rahasia"})
    eventually("both arrive", lambda: len(x.heard) == 2)
    for event, text in zip(x.heard, ("jalan rusak", "rahasia"), strict=True):
        [photo] = event.attachments
        assert (event.text, photo.media) == (text, Media.PHOTO)
        found = x.channel.locate(photo.ref)
        answer = httpx.get(found.url, headers=dict(found.headers), verify=TLS)
        assert (answer.status_code, answer.content[:2]) == (200, b"\xff\xd8")
    private = x.channel.locate(x.heard[1].attachments[0].ref)
    assert httpx.get(private.url, verify=TLS).status_code == 401


def test_a_long_post_and_an_edited_one(x: Town) -> None:
    long = "selokan tersumbat sampah plastik " * 20
    first = x.mention(long)
    assert first.text == long.strip()
    x.write(edit={"message_id": int(first.message_id) - 2 * 10**18, "text": "sudah bersih"})
    eventually("the edit arrives", lambda: len(x.heard) == 2)
    edit = x.heard[1]
    assert (edit.kind, edit.message_id, edit.text) == (Kind.EDIT, first.message_id, "sudah bersih")
    assert edit.external_id != first.external_id


def test_a_lost_answer_gives_one_post() -> None:
    with town() as it:
        mention = it.mention()
        once = part(mention.public_address)
        it.fault(timeout_next=1)
        lost = refused(it.channel.send(once))
        assert (lost.code, lost.memo) == (SendCode.UNCERTAIN, "tried")
        assert it.channel.send(replace(once, memo=lost.memo)) == Sent("")
        assert it.texts() == [SAID]
        # The same text to somebody else, who never saw it, is no success.
        other = it.mention(chat=OTHER)
        assert refused(it.channel.send(part(other.public_address))).code is SendCode.REJECTED
        assert it.texts(OTHER) == []


def test_a_memo_outlives_the_failures_after_it() -> None:
    with town() as it:
        once = part(it.mention().public_address)
        it.fault(wrong_json_next=1)
        memo = refused(it.channel.send(once)).memo
        for switch in ("flood_next", "error_next", "html_503_next"):
            it.fault(**{switch: 1})
            memo = refused(it.channel.send(replace(once, memo=memo))).memo
        assert it.channel.send(replace(once, memo=memo)) == Sent("")
        assert it.texts() == [SAID]


def test_a_longer_answer_is_a_thread_of_numbered_posts(x: Town) -> None:
    mention = x.mention()
    limits = x.channel.limits(mention.public_address)
    assert limits.numbered
    texts = split("Laporan diteruskan kepada dinas. " * 20, limits.text - 8, limits.measure)
    numbered = [f"{it} ({n}/{len(texts)})" for n, it in enumerate(texts, start=1)]
    after = ""
    for text in numbered:
        after = sent(x.channel.send(part(mention.public_address, text, after)))
    assert len(texts) > 2
    assert x.texts() == numbered
    assert "twitter second reply" not in x.wire()["calls"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a" * 281, SendCode.REJECTED),
        ("…" * 141, SendCode.REJECTED),
        ("🙏" * 140, None),
        ("…" * 140, None),
        ("buka lapor.go.id", SendCode.REJECTED),
    ],
)
def test_public_texts_are_measured(x: Town, text: str, code: SendCode | None) -> None:
    result = x.channel.send(part(x.mention().public_address, text))
    assert (result.code if isinstance(result, SendError) else None) == code


def test_who_did_not_call_us_is_not_answered(x: Town) -> None:
    mention = x.mention()
    number = x.write(text="ini antara kami", public=True, reply_to=_number(mention.message_id))
    result = refused(x.channel.send(part(f"post:{2 * 10**18 + number}")))
    assert (result.code, result.detail) == (
        SendCode.REJECTED,
        "status 403, not mentioned by the post's author",
    )
    assert x.texts() == []


def _number(name: str) -> int:
    return int(name) - 2 * 10**18


def test_a_deleted_post_cannot_be_answered(x: Town) -> None:
    mention = x.mention()
    x.write(withdraw={"message_id": _number(mention.message_id)})
    assert refused(x.channel.send(part(mention.public_address))).code is SendCode.NO_CHAT
    assert len(x.heard) == 1  # X does not tell that it was deleted


def test_closed_direct_messages_leave_the_public_way(x: Town) -> None:
    mention = x.mention()
    x.fault(blocked_chats=[CHAT])
    assert refused(x.channel.send(part(mention.address))).code is SendCode.BLOCKED
    assert sent(x.channel.send(part(mention.public_address)))
    x.http.post(f"/simulator/twitter/chats/{CHAT}/block", json={})
    assert refused(x.channel.send(part(mention.public_address, "2"))).code is SendCode.REJECTED
    assert refused(x.channel.send(part("999"))).code is SendCode.NO_CHAT


def test_the_limit_of_direct_messages() -> None:
    with town(twitter_dm_limit=3, twitter_window_seconds=600) as x:
        x.write(text="halo")
        for _ in range(3):
            sent(x.channel.send(part(str(CHAT))))
        late = refused(x.channel.send(part(str(CHAT))))
        assert (late.code, late.everyone) == (SendCode.THROTTLED, False)
        assert late.retry_after is not None
        assert timedelta(seconds=550) < late.retry_after <= timedelta(seconds=602)
        assert sent(x.channel.send(part(x.mention().public_address)))  # posts have their own


def test_the_limit_of_a_day() -> None:
    with town(twitter_dm_day_limit=1) as x:
        x.write(text="halo")
        sent(x.channel.send(part(str(CHAT))))
        late = refused(x.channel.send(part(str(CHAT))))
        assert late.code is SendCode.THROTTLED
        assert late.retry_after is not None
        assert late.retry_after > timedelta(hours=23)


def test_a_full_window_opens_again() -> None:
    with town(twitter_post_limit=1, twitter_window_seconds=0.5) as x:
        mention = x.mention()
        sent(x.channel.send(part(mention.public_address)))
        assert refused(x.channel.send(part(mention.public_address, "2"))).code is SendCode.THROTTLED
        eventually(
            "the window opens",
            lambda: isinstance(x.channel.send(part(mention.public_address, "2")), Sent),
        )


@pytest.mark.parametrize("address", ["public", "private"])
@pytest.mark.parametrize(
    ("switch", "code"),
    [
        ("error_next", SendCode.OUTAGE),
        ("html_503_next", SendCode.OUTAGE),
        ("flood_next", SendCode.THROTTLED),
        ("timeout_next", SendCode.UNCERTAIN),
        ("wrong_json_next", SendCode.UNCERTAIN),
    ],
)
def test_faults(x: Town, address: str, switch: str, code: SendCode) -> None:
    mention = x.mention()
    to = mention.public_address if address == "public" else mention.address
    x.fault(**{switch: 1})
    result = refused(x.channel.send(part(to)))
    assert (result.code, result.retryable) == (code, True)
    assert len(x.texts()) == (code is SendCode.UNCERTAIN)
    assert isinstance(x.channel.send(part(to, "sekali lagi")), Sent)


def test_polling_finds_what_the_webhook_brought(x: Town) -> None:
    x.mention("satu <&>")
    x.write(OTHER, photo={"caption": "dua"}, public=True)
    x.write(text="tiga & empat")
    x.write(OTHER, photo={"caption": "lima"})
    sent(x.channel.send(part(str(CHAT), "jawaban")))
    eventually("all arrive", lambda: len(x.heard) == 4)
    found, cursor = channel(x.origin).poll("")
    told = [it for it in found if it.kind is not Kind.UNKNOWN]
    assert len(found) == 5  # with our own answer, which is nothing to read

    def shown(events: list[Inbound]) -> list[Inbound]:
        return [replace(it, raw=b"") for it in events]

    in_order = sorted(x.heard, key=lambda it: (not it.public_address, it.message_id))
    assert shown(told) == shown(in_order)
    assert all(channel(x.origin).parse(it.raw) == [it] for it in found)
    assert set(json.loads(cursor)) == {"mentions", "dms"}


def test_polling_goes_on_where_it_was(x: Town) -> None:
    asks = channel(x.origin)
    x.mention("nol")
    _, cursor = asks.poll("")
    assert asks.poll(cursor) == ([], cursor)
    for number in range(12):
        x.write(text=f"laporan {number}", public=True, reply_to=None)
    x.write(text="pesan")
    found, cursor = asks.poll(cursor)
    assert [it.text for it in found] == [*(f"laporan {number}" for number in range(12)), "pesan"]
    assert asks.poll(cursor) == ([], cursor)


def test_polling_turns_pages(x: Town) -> None:
    asks = channel(x.origin)
    x.mention("nol")
    _, cursor = asks.poll("")
    for start in range(0, 250, 50):
        sayings = [
            {"chat": CHAT + n, "text": f"laporan {n}", "public": True}
            for n in range(start, start + 50)
        ]
        x.http.post("/simulator/twitter/say", json=sayings).raise_for_status()
    found, _ = asks.poll(cursor)
    assert [it.text for it in found] == [f"laporan {n}" for n in range(250)]


def test_direct_messages_are_asked_for_at_most_fifteen_times_a_window(x: Town) -> None:
    asks = channel(x.origin)
    for _ in range(15):
        asks.poll("")
    with pytest.raises(PollRefused) as refusal:
        asks.poll("")
    assert refusal.value.code is SendCode.THROTTLED
    x.mention("masih terbaca")
    found, _ = asks.poll("")  # mentions go on while direct messages wait
    assert [it.text for it in found] == ["masih terbaca"]


def test_the_webhook_is_challenged_subscribed_and_checked() -> None:
    with town(subscribed=False) as x:
        assert [it.ok for it in x.channel.check(x.hook)] == [True, False]
        x.channel.set_webhook(x.hook)
        x.channel.set_webhook(x.hook)  # once more changes nothing
        assert all(it.ok for it in x.channel.check(x.hook))
        subscriptions = x.http.get(
            "/2/activity/subscriptions", headers={"authorization": "Bearer x"}
        ).json()["data"]
        assert sorted(it["event_type"] for it in subscriptions) == [
            "chat.received",
            "dm.received",
            "post.mention.create",
            "post.quote.create",
            "post.reply.create",
        ]
        x.channel.set_webhook("")
        assert [it.ok for it in x.channel.check(x.hook)] == [True, False]


def test_a_webhook_that_does_not_know_the_secret_is_refused() -> None:
    with town(subscribed=False, twitter_consumer_secret="another") as x:
        with pytest.raises(ConfigurationError, match="CrcValidationFailed"):
            x.channel.set_webhook(x.hook)
        with pytest.raises(ConfigurationError, match="CrcValidationFailed"):
            x.channel.set_webhook("http://127.0.0.1:9/webhooks/twitter")


def test_a_wrong_token_is_told() -> None:
    with town(subscribed=False) as x:
        wrong = channel(x.origin, access_token="wrong")
        assert refused(wrong.send(part(str(CHAT)))).code is SendCode.CREDENTIALS
        assert [it.ok for it in wrong.check(x.hook)] == [False]


def test_injected_events_are_posted_word_for_word(x: Town) -> None:
    event = {"data": {"event_uuid": "7", "event_type": "space.start", "payload": {}}}
    x.http.post("/simulator/twitter/updates", json=event).raise_for_status()
    eventually("the event arrives", lambda: bool(x.heard))
    assert [(it.kind, it.external_id) for it in x.heard] == [(Kind.UNKNOWN, "event:7")]


@pytest.mark.parametrize(
    ("act", "status"),
    [
        ({"voice": {}}, 422),
        ({"location": {}}, 422),
        ({"start": {}}, 422),
        ({"text": "x" * 10_001}, 422),
        ({"text": "x", "reply_to": 5}, 422),
        ({"text": "x", "reply_to": 5, "public": True}, 404),
        ({"edit": {"message_id": 5, "text": "x"}}, 404),
        ({"withdraw": {"message_id": 5}}, 404),
    ],
)
def test_what_x_has_not_is_refused(x: Town, act: dict[str, object], status: int) -> None:
    answer = x.http.post(f"/simulator/twitter/chats/{CHAT}/messages", json=act)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("halo", 4),
        ("a…•", 5),
        ("“x”\u2013", 4),
        ("👨‍👩‍👧‍👦🇮🇩🙏🏽", 6),
        ("lihat lapor.go.id/tiket ya", 32),
        ("Kel. Cipayung RT.04", 19),
        ("e\u0301", 1),
        ("日本", 4),
    ],
)
def test_the_simulators_own_weights(text: str, weight: int) -> None:
    assert weighted(text) == weight
