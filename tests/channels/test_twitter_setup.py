"""X's settings, its webhook and checks against a stub, and where files are."""

import json

import pytest

from channels.twitter import TwitterChannel, TwitterSettings
from core.channel import Checks, FetchesMedia, Polls, TakesWebhook
from core.errors import ConfigurationError, MediaRefused
from tests.contract.channels import TWITTER
from tests.contract.stub import Answer, Stub

URL = "https://lapor.example/webhooks/twitter"
GOOD = {
    "TWITTER_CONSUMER_KEY": "kunci",
    "TWITTER_CONSUMER_SECRETS": "satu,dua",
    "TWITTER_ACCESS_TOKEN": "tanda-masuk",
    "TWITTER_ACCESS_TOKEN_SECRET": "tanda-rahasia",
    "TWITTER_USER_ID": "1111111111111111111",
    "TWITTER_USERNAME": "@laporkota",
}
ME = Answer(body={"data": {"id": "1111111111111111111", "username": "LaporKota"}})
PUBLIC = ["post.mention.create", "post.reply.create", "post.quote.create"]
PRIVATE = ["dm.received", "chat.received"]


def environment(monkeypatch: pytest.MonkeyPatch, **changes: str) -> None:
    for name, value in {**GOOD, **changes}.items():
        monkeypatch.setenv(name, value)


def webhooks(*found: object) -> Answer:
    return Answer(body={"data": list(found)} if found else {"meta": {"result_count": 0}})


def subscribed(*events: str, to: str = "77", user: str = "1111111111111111111") -> Answer:
    rows = [{"event_type": it, "webhook_id": to, "filter": {"user_id": user}} for it in events]
    return Answer(body={"data": rows})


def test_the_environment_makes_a_channel_with_all_powers(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch, TWITTER_API_ORIGIN="http://127.0.0.1:8081/", TWITTER_BEARER_TOKEN=" ")
    channel = TwitterChannel.create()
    assert not channel.polling
    assert channel.settings.origin == "http://127.0.0.1:8081"
    assert channel.settings.username == "laporkota"
    assert sorted(channel.secrets) == sorted(
        ["kunci", "satu", "dua", "tanda-masuk", "tanda-rahasia"]
    )
    for power in (Polls, FetchesMedia, TakesWebhook, Checks):
        assert isinstance(channel, power)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, "") for name in GOOD),
        ("TWITTER_CONSUMER_SECRETS", " , "),
        ("TWITTER_CONSUMER_SECRETS", "ada spasi"),
        ("TWITTER_ACCESS_TOKEN", "ñ"),
        ("TWITTER_USER_ID", "laporkota"),
        ("TWITTER_USERNAME", "lapor kota"),
        ("TWITTER_API_ORIGIN", "ftp://127.0.0.1"),
        ("TWITTER_POLLING", "mungkin"),
        ("TWITTER_POLL_INTERVAL", "21"),
        ("TWITTER_POST_LENGTH", "49"),
        ("TWITTER_READ_TIMEOUT", "-3"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment(monkeypatch, **{name: value})
    with pytest.raises(ConfigurationError) as refusal:
        TwitterChannel.create()
    assert name in str(refusal.value) or "of TWITTER_" in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not value.strip(" ,") or value not in str(refusal.value)


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch)
    settings = TwitterSettings()
    for shown in (repr(settings), str(settings), settings.model_dump_json()):
        assert not any(secret in shown for secret in settings.all_secrets)


def test_every_setting_is_described() -> None:
    for name, field in TwitterSettings.model_fields.items():
        assert field.description, name


def test_the_challenge_is_answered_as_in_xs_own_example() -> None:
    found = json.loads((TWITTER.samples / "_crc_exchange.json").read_bytes())
    settings = TWITTER.make("http://127.0.0.1:9").settings  # type: ignore[attr-defined]
    secrets = {"consumer_secrets": found["consumer_secret"]}
    channel = TwitterChannel(TwitterSettings.model_validate(settings.model_dump() | secrets))
    answer = channel.handshake(found["request"]["query"])
    assert answer is not None
    assert json.loads(answer.body) == found["response"]["body"]
    assert answer.media_type == "application/json"
    assert channel.handshake({"crc_token": ""}) is None


def test_a_new_webhook_is_registered_and_subscribed(twitter: TwitterChannel, api: Stub) -> None:
    made = Answer(body={"data": {"id": "77", "url": URL, "valid": True}})
    others = subscribed(*PUBLIC, to="66"), subscribed(*PUBLIC, user="5")
    api.answer("webhooks", webhooks({"id": "66", "url": "https://other.example/"}), made)
    api.answer("subscriptions", others[0], Answer(body={"data": {}}))
    twitter.set_webhook(URL)
    _, register, _, *wishes = api.calls
    assert (register.method, json.loads(register.body)) == ("POST", {"url": URL})
    bodies = [json.loads(call.body) for call in wishes]
    assert [it["event_type"] for it in bodies] == PUBLIC + PRIVATE
    assert {it["webhook_id"] for it in bodies} == {"77"}
    assert {it["filter"]["user_id"] for it in bodies} == {"1111111111111111111"}
    schemes = [call.headers["authorization"].split()[0] for call in [register, *wishes]]
    assert schemes == ["Bearer"] * 4 + ["OAuth"] * 2


def test_private_events_are_subscribed_to_with_the_accounts_consent(api: Stub) -> None:
    settings = TWITTER.make(api.origin).settings  # type: ignore[attr-defined]
    consent = TwitterSettings.model_validate(settings.model_dump() | {"oauth2_token": "setuju"})
    api.answer("webhooks", webhooks({"id": "77", "url": URL, "valid": True}))
    api.answer("77", Answer(body={"data": {"valid": True}}))
    api.answer("subscriptions", subscribed(*PUBLIC), Answer(body={"data": {}}))
    TwitterChannel(consent).set_webhook(URL)
    assert [(call.method, call.path) for call in api.calls[:2]] == [
        ("GET", "/2/webhooks"),
        ("PUT", "/2/webhooks/77"),
    ]
    assert [call.headers["authorization"] for call in api.calls[-2:]] == ["Bearer setuju"] * 2


def test_only_our_own_webhooks_are_ended(twitter: TwitterChannel, api: Stub) -> None:
    api.answer(
        "webhooks", webhooks({"id": "5", "url": "https://x.example/"}, {"id": "77", "url": URL})
    )
    api.answer("77", Answer(body={"data": {"deleted": True}}))
    twitter.set_webhook("")
    assert [(it.method, it.path) for it in api.calls[1:]] == [("DELETE", "/2/webhooks/77")]


def test_a_refused_webhook_says_why_and_no_secret(twitter: TwitterChannel, api: Stub) -> None:
    words = f"CrcValidationFailed for {TWITTER.secrets[-1]}"
    body = {"title": "Invalid Request", "detail": words, "type": "x"}
    api.answer("webhooks", webhooks(), Answer(400, body))
    with pytest.raises(ConfigurationError, match="CrcValidationFailed") as refusal:
        twitter.set_webhook(URL)
    assert TWITTER.secrets[-1] not in str(refusal.value)


def test_a_webhook_needs_the_apps_token(monkeypatch: pytest.MonkeyPatch, api: Stub) -> None:
    environment(monkeypatch, TWITTER_API_ORIGIN=api.origin)
    with pytest.raises(ConfigurationError, match="TWITTER_BEARER_TOKEN"):
        TwitterChannel.create().set_webhook(URL)
    assert not api.calls


@pytest.mark.parametrize(
    ("answers", "oks", "words"),
    [
        ({}, [True, True], "X posts mentions"),
        ({"me": Answer(body={"data": {"id": "5", "username": "x"}})}, [False, True], "USER_ID"),
        (
            {"me": Answer(body={"data": {"id": "1111111111111111111", "username": "x"}})},
            [False, True],
            "TWITTER_USERNAME",
        ),
        ({"me": Answer(401, {"title": "Unauthorized", "type": "x"})}, [False], "credentials"),
        ({"me": Answer(hang_up=True)}, [False], "uncertain"),
        ({"webhooks": webhooks()}, [True, False], "set-webhook"),
        (
            {"webhooks": webhooks({"id": "77", "url": URL, "valid": False})},
            [True, False],
            "broken",
        ),
        ({"subscriptions": subscribed(*PUBLIC)}, [True, False], "dm.received, chat.received"),
    ],
)
def test_the_check_names_what_is_wrong(
    twitter: TwitterChannel, api: Stub, answers: dict[str, Answer], oks: list[bool], words: str
) -> None:
    well = {
        "me": ME,
        "webhooks": webhooks({"id": "77", "url": URL, "valid": True}),
        "subscriptions": subscribed(*PUBLIC, *PRIVATE),
    }
    for name, answer in {**well, **answers}.items():
        api.answer(name, answer)
    findings = twitter.check(URL)
    assert [it.ok for it in findings] == oks
    assert any(words in it.text for it in findings)
    assert all(it.text.endswith(".") for it in findings)


def test_the_check_of_a_polled_account_asks_for_no_webhook(
    monkeypatch: pytest.MonkeyPatch, api: Stub
) -> None:
    environment(monkeypatch, TWITTER_API_ORIGIN=api.origin, TWITTER_POLLING="1")
    api.answer("me", ME)
    assert [it.ok for it in TwitterChannel.create().check("")] == [True, True]
    assert len(api.calls) == 1


@pytest.mark.parametrize(
    "ref",
    [
        "https://pbs.twimg.com/media/contoh.jpg",
        "https://video.twimg.com/ext_tw_video/1/pu/vid/contoh_720.mp4?tag=12",
    ],
)
def test_public_files_are_where_x_says(twitter: TwitterChannel, ref: str) -> None:
    found = twitter.locate(ref)
    assert (found.url, dict(found.headers)) == (ref, {})


def test_a_private_file_is_asked_for_with_a_signature(twitter: TwitterChannel, api: Stub) -> None:
    found = twitter.locate("https://ton.twitter.com/1.1/ton/data/dm/5/6/oP5p359h.jpg")
    assert found.url == f"{api.origin}/2/dm_conversations/media/5/6/oP5p359h.jpg"
    assert found.headers["Authorization"].startswith("OAuth oauth_nonce=")
    assert not any(secret in found.headers["Authorization"] for secret in TWITTER.secrets[1:3])
    assert not api.calls


@pytest.mark.parametrize(
    "ref",
    [
        *("", "x", "http://pbs.twimg.com/media/a.jpg", "https://pbs.twimg.com.evil.example/a.jpg"),
        *("https://evil.example/dm/5/6/a.jpg", "https://ton.twitter.com/1.1/ton/data/other"),
        *("file:///etc/passwd", "https://[::1", "http://127.0.0.1:9/a.jpg"),
        "https://ton.twitter.com/dm/5/6/a.jpg?x",
    ],
)
def test_other_addresses_are_refused(twitter: TwitterChannel, ref: str) -> None:
    if ref.endswith("?x"):  # a query is no part of the file's name
        assert twitter.locate(ref).url.endswith("/5/6/a.jpg")
        return
    with pytest.raises(MediaRefused) as refusal:
        twitter.locate(ref)
    assert refusal.value.code == "gone"
