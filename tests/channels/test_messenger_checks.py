"""What the check says when the Graph API refuses a step of it."""

import pytest

from channels.messenger import MessengerChannel
from channels.messenger.checks import FIELDS
from core.errors import ConfigurationError
from tests.contract.channels import MESSENGER
from tests.contract.stub import Answer, Stub

URL = "https://lapor.example/webhooks/messenger"
NO = Answer(403, {"error": {"code": 200, "message": "rahasia"}})
PAGE = Answer(body={"id": "102030405060708"})
APP = Answer(body={"id": "77"})


def messenger(api: Stub) -> MessengerChannel:
    channel = MESSENGER.make(api.origin)
    assert isinstance(channel, MessengerChannel)
    return channel


def subscribed(*fields: str) -> Answer:
    other = {"id": "78", "subscribed_fields": list(FIELDS)}
    return Answer(body={"data": [other, {"id": "77", "subscribed_fields": fields}]})


def hooked(**changes: object) -> Answer:
    hook = {"object": "page", "callback_url": URL, "active": True, "fields": list(FIELDS)}
    return Answer(body={"data": [{"object": "user"}, hook | changes]})


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({}, []),
        ({"me": NO}, ["does not take our page token"]),
        ({"me": Answer(body={"id": "5"})}, ["another page"]),
        ({"app": NO}, ["app is not known"]),
        ({"subscribed_apps": NO}, ["subscriptions cannot be read"]),
        ({"subscribed_apps": Answer(body={"data": []})}, ["The page is not subscribed"]),
        ({"subscribed_apps": subscribed("messages")}, ["not subscribed to message_echoes, messa"]),
        ({"subscribed_apps": subscribed(*FIELDS[:2], "message_echoes")}, []),
        ({"subscriptions": NO}, ["webhook cannot be read"]),
        ({"subscriptions": Answer(body={"data": "x"})}, ["no active webhook"]),
        ({"subscriptions": hooked(active=False)}, ["no active webhook"]),
        ({"subscriptions": hooked(callback_url="https://x.example")}, ["another address"]),
        ({"subscriptions": hooked(fields=[{"name": "messages"}])}, ["The app's webhook is not"]),
    ],
    ids=str,
)
def test_findings(api: Stub, answers: dict[str, Answer], wrong: list[str]) -> None:
    right = {
        "me": PAGE,
        "app": APP,
        "subscribed_apps": subscribed(*FIELDS),
        "subscriptions": hooked(),
    }
    for name, answer in (right | answers).items():
        api.answer(name, answer)
    findings = messenger(api).check(URL)
    told = [it.text for it in findings if not it.ok]
    assert len(told) == len(wrong), told
    for text, words in zip(told, wrong, strict=True):
        assert words in text
    for hidden in ("rahasia", *MESSENGER.secrets):
        assert hidden not in repr(findings)


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        ("app", "telling the app"),
        ("subscriptions", "in the app's dashboard"),
        ("subscribed_apps", "subscribing the page"),
    ],
)
def test_the_refused_step_of_setting_up_is_named(api: Stub, refused: str, words: str) -> None:
    done = Answer(body={"success": True})
    for name, answer in {"app": APP, "subscriptions": done, "subscribed_apps": done}.items():
        api.answer(name, NO if name == refused else answer)
    with pytest.raises(ConfigurationError, match=words) as refusal:
        messenger(api).set_webhook(URL)
    assert "rahasia" not in str(refusal.value)
