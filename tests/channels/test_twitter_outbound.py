"""How a part of a reply looks when it arrives at X, and what X's answers mean."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from unicodedata import normalize
from uuid import UUID

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from app.simulator.twitter import rules
from channels.twitter import TwitterChannel
from channels.twitter.weight import has_link, weighted
from core.channel import Power
from core.errors import SendCode, SendError, Sent
from core.message import Outbound
from core.text import clean, split
from tests.contract.channels import TWITTER
from tests.contract.stub import Answer, Stub

POST, USER = "post:2090765813578191303", "2222222222222222222"
PUBLISHED = Answer(201, {"data": {"id": "2090765813578199999", "text": "x"}})
ERRORS = json.loads((TWITTER.samples / "_api_errors.json").read_bytes())

# What differs from the contract suite's table, which writes to one citizen alone.
PUBLIC = {
    **TWITTER.errors,
    "dm_closed": SendCode.BLOCKED,
    "dm_refused": SendCode.BLOCKED,
    "forbidden": SendCode.REJECTED,
}


def part(address: str = POST, text: str = "Nomor LPR-2026-000125") -> Outbound:
    return Outbound(UUID(int=1), address, (text,))


def canned(name: str) -> Answer:
    found = ERRORS[name]
    return Answer(found["http"], found["body"], headers=found.get("headers", {}))


def refused(result: Sent | SendError) -> SendError:
    assert isinstance(result, SendError)
    return result


def test_every_row_of_the_errors_is_tried() -> None:
    assert set(PUBLIC) == set(TWITTER.errors) == set(ERRORS)


@pytest.mark.parametrize(("name", "code"), PUBLIC.items())
def test_refusals_of_a_post(twitter: TwitterChannel, api: Stub, name: str, code: SendCode) -> None:
    api.answer("tweets", canned(name))
    result = refused(twitter.send(part()))
    assert (result.code, result.retryable) == (code, code not in TWITTER.permanent)
    assert result.memo == ("tried" if code is SendCode.OUTAGE else "")
    assert not result.everyone
    assert len(api.calls) == 1


def test_the_form_of_a_public_reply(twitter: TwitterChannel, api: Stub) -> None:
    api.answer("tweets", PUBLISHED)
    assert twitter.send(part()) == Sent("2090765813578199999")
    twitter.send(replace(part(), after="2090765813578199998"))
    first, second = api.calls
    assert (first.method, first.path) == ("POST", "/2/tweets")
    assert json.loads(first.body) == {
        "text": "Nomor LPR-2026-000125",
        "reply": {"in_reply_to_tweet_id": "2090765813578191303"},
    }
    assert json.loads(second.body)["reply"] == {"in_reply_to_tweet_id": "2090765813578199998"}
    assert first.headers["authorization"].startswith("OAuth oauth_nonce=")


def test_the_form_of_a_direct_message(twitter: TwitterChannel, api: Stub) -> None:
    api.answer("messages", TWITTER.accepted)
    text = "Lihat https://lapor.example/t/1 \ufeff\x00ya"
    twitter.send(replace(part(USER, text), after="5"))
    [call] = api.calls
    assert call.path == f"/2/dm_conversations/with/{USER}/messages"
    assert json.loads(call.body) == {"text": "Lihat https://lapor.example/t/1 ya"}


@pytest.mark.parametrize(
    "text", ["buka lapor.go.id", "https://lapor.example/x", "(contoh.com)", "LAPOR.GO.ID/t?a=1"]
)
def test_no_link_is_ever_published(twitter: TwitterChannel, api: Stub, text: str) -> None:
    assert has_link(text)
    result = refused(twitter.send(part(text=text)))
    assert (result.code, result.retryable) == (SendCode.REJECTED, False)
    assert result.detail == "link in public"
    assert not api.calls


@pytest.mark.parametrize("text", ["Kel. Cipayung RT.04", "LPR-2026-000125.", "pukul 08.00", "a.b"])
def test_what_is_no_link_is_published(twitter: TwitterChannel, api: Stub, text: str) -> None:
    api.answer("tweets", PUBLISHED)
    assert isinstance(twitter.send(part(text=text)), Sent)


@pytest.mark.parametrize("address", ["", "post:", "post:x", "x/../y", "U1", "1" * 20])
def test_an_address_that_is_no_id_is_not_called(
    twitter: TwitterChannel, api: Stub, address: str
) -> None:
    assert refused(twitter.send(part(address))).code is SendCode.NO_CHAT
    assert not api.calls


@pytest.mark.parametrize(
    ("address", "memo", "arrived"),
    [(POST, "tried", True), (POST, "", False), (USER, "tried", False)],
)
def test_a_duplicate_counts_as_sent_only_after_an_earlier_attempt(
    twitter: TwitterChannel, api: Stub, address: str, memo: str, arrived: bool
) -> None:
    for call in ("tweets", "messages"):
        api.answer(call, canned("duplicate"))
    result = twitter.send(replace(part(address), memo=memo))
    assert result == Sent("") if arrived else refused(result).code is SendCode.REJECTED


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, (60, 60)),
        ({"x-rate-limit-reset": "soon"}, (60, 60)),
        ({"x-rate-limit-reset": "5"}, (1, 1)),
        ({"x-rate-limit-reset": "9" * 30}, (86_400, 86_400)),
        ({"x-rate-limit-reset": "{+100}"}, (98, 100)),
        (
            {
                "x-rate-limit-reset": "{+100}",
                "x-user-limit-24hour-remaining": "0",
                "x-user-limit-24hour-reset": "{+5000}",
            },
            (4998, 5000),
        ),
        (
            {
                "x-rate-limit-reset": "{+100}",
                "x-app-limit-24hour-remaining": "7",
                "x-app-limit-24hour-reset": "{+5000}",
            },
            (98, 100),
        ),
    ],
)
def test_the_pause_that_x_asks_for(
    twitter: TwitterChannel,
    api: Stub,
    monkeypatch: pytest.MonkeyPatch,
    headers: dict[str, str],
    wait: tuple[int, int],
) -> None:
    now = 1_795_000_000.0
    monkeypatch.setattr("channels.twitter.refusals.time.time", lambda: now)
    given = {
        name: str(int(now) + int(value[2:-1])) if value.startswith("{") else value
        for name, value in headers.items()
    }
    api.answer("tweets", Answer(429, b"Rate limit exceeded", headers=given))
    result = refused(twitter.send(part()))
    assert result.code is SendCode.THROTTLED
    least, most = (timedelta(seconds=it) for it in wait)
    assert result.retry_after is not None
    assert least <= result.retry_after <= most


@pytest.mark.parametrize(
    "answer",
    [
        Answer(201, {"data": {}}),
        Answer(201, {"data": {"id": 5}}),
        Answer(201, {"data": {"id": "x"}}),
        Answer(201, {"data": []}),
        Answer(200, {"errors": [{"message": "odd"}]}),
    ],
    ids=repr,
)
def test_an_answer_without_an_id_is_uncertain(
    twitter: TwitterChannel, api: Stub, answer: Answer
) -> None:
    api.answer("tweets", answer)
    result = refused(twitter.send(part()))
    assert (result.code, result.memo) == (SendCode.UNCERTAIN, "tried")


def test_the_detail_tells_nothing(twitter: TwitterChannel, api: Stub) -> None:
    body = {"title": "Forbidden", "detail": "rahasia warga", "status": 403}
    api.answer("tweets", Answer(403, body), Answer(503, b"rahasia warga"))
    for _ in range(2):
        assert "rahasia" not in repr(twitter.send(part()))


def test_limits_and_rates(twitter: TwitterChannel) -> None:
    public, private = twitter.limits(POST), twitter.limits(USER)
    assert (public.text, public.numbered, public.choices) == (280, True, 0)
    assert (private.text, private.numbered, private.choices) == (10_000, False, 0)
    assert public.measure("…lapor.go.id") == 25
    assert private.measure("…lapor.go.id") == 12
    assert {it.name for it in twitter.rates(POST)}.isdisjoint(it.name for it in twitter.rates(USER))
    assert Power.WITHDRAWALS in twitter.powers
    assert {Power.BUTTONS, Power.PINS, Power.IDEMPOTENCE, Power.BLOCKS}.isdisjoint(twitter.powers)


WORDS = st.sampled_from(
    [
        *(
            "Jalan rusak. ",
            " lapor.go.id ",
            " https://a.id/b ",
            "…",
            "日本",
            "\n\n",
            "é",
            "e\u0301",
        ),
        *("👨‍👩‍👧‍👦", "🇮🇩", "🙏🏽", "1\ufe0f\u20e3", "x" * 90),
    ]
)
PLAIN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="."), max_size=40)
HEAVY = regex.compile(r"[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
EMOJI = regex.compile(r"\p{Emoji_Presentation}|\p{Extended_Pictographic}|\u20e3|\p{RI}")


@given(st.lists(WORDS | PLAIN, max_size=60))
def test_split_parts_are_never_longer_than_x_allows(pieces: list[str]) -> None:
    for one in split("".join(pieces), 280, weighted):
        assert weighted(one) <= 280
        sent = clean(one)
        assert rules.weighted(sent) <= 280  # the simulator's own count
        normal = normalize("NFC", sent)
        if not EMOJI.search(normal) and "." not in normal:
            assert len(normal) + len(HEAVY.findall(normal)) <= 280


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters=".")))
def test_the_quick_count_of_plain_text_is_the_librarys(text: str) -> None:
    assert weighted(text) == weighted(text + "…") - 2 == len(text)


@given(st.text(max_size=50))
def test_every_text_has_a_length(text: str) -> None:
    assert 0 <= weighted(text) <= 3 * len(text) + 23 * text.count(".")


def test_the_web_process_loads_neither_tweepy_nor_its_like() -> None:
    body = (TWITTER.samples / "xaa_post_mention.json").read_text()
    program = f"""
import sys
from tests.contract.channels import TWITTER
channel = TWITTER.make("http://127.0.0.1:9")
body = {body!r}.encode()
assert channel.verify(TWITTER.sign(body), body) and channel.parse(body)
assert channel.handshake({{"crc_token": "x"}})
print(sorted({{"tweepy", "requests", "oauthlib", "twitter_text"}} & sys.modules.keys()))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
