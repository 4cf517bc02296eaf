"""Where the files that citizens sent are."""

import pytest

from channels.line import LineChannel, LineSettings
from core.channel import Download
from core.errors import MediaAway, MediaRefused
from tests.contract.channels import LINE
from tests.contract.stub import Answer, Stub

BEARER = {"Authorization": f"Bearer {LINE.secrets[0]}"}


def status(word: object) -> Answer:
    return Answer(200, {"status": word})


@pytest.mark.parametrize("kind", ["image", "file"])
def test_pictures_and_papers_are_there_at_once(line: LineChannel, api: Stub, kind: str) -> None:
    url = f"{api.origin}/v2/bot/message/56001/content"
    assert line.locate(f"{kind}:56001") == Download(url, BEARER)
    assert not api.calls


@pytest.mark.parametrize("kind", ["video", "audio"])
def test_films_and_voices_are_asked_for_first(line: LineChannel, api: Stub, kind: str) -> None:
    api.answer("transcoding", status("processing"), status("succeeded"))
    with pytest.raises(MediaAway):
        line.locate(f"{kind}:56001")
    url = f"{api.origin}/v2/bot/message/56001/content"
    assert line.locate(f"{kind}:56001") == Download(url, BEARER)
    assert {call.path for call in api.calls} == {f"{url}/transcoding".removeprefix(api.origin)}
    assert api.calls[0].headers["authorization"] == BEARER["Authorization"]


@pytest.mark.parametrize(
    "answer",
    [
        status("failed"),
        Answer(404, {"message": "Not found"}),
        Answer(410, {"message": "Gone"}),
    ],
    ids=repr,
)
def test_what_line_does_not_have_is_gone(line: LineChannel, api: Stub, answer: Answer) -> None:
    api.answer("transcoding", answer)
    with pytest.raises(MediaRefused) as refusal:
        line.locate("video:56001")
    assert refusal.value.code == "gone"


@pytest.mark.parametrize(
    "answer",
    [
        status("hologram"),
        status(None),
        Answer(200, {}),
        Answer(200, b"<html>"),
        Answer(401, {"message": "x"}),
        Answer(404, b"<html>"),
        Answer(429, {"message": "x"}),
        Answer(500, {"message": "x"}),
        Answer(hang=True),
        Answer(hang_up=True),
    ],
    ids=repr,
)
def test_what_is_not_told_may_be_told_later(line: LineChannel, api: Stub, answer: Answer) -> None:
    api.answer("transcoding", answer)
    with pytest.raises(MediaAway) as away:
        line.locate("audio:56001")
    assert LINE.secrets[0] not in repr(away.value)


def test_a_file_outside_line_is_fetched_without_the_token(line: LineChannel, api: Stub) -> None:
    url = "https://media.example/asli.jpg?a=b"
    assert line.locate(f"url:{url}") == Download(url)
    assert not api.calls


@pytest.mark.parametrize("ref", ["sticker:1988", "", "56001", "hologram:1"])
def test_what_has_no_file_is_gone(line: LineChannel, ref: str) -> None:
    with pytest.raises(MediaRefused):
        line.locate(ref)


@pytest.mark.parametrize(
    ("settings", "origin"),
    [
        ({}, "https://api-data.line.me"),
        ({"api_origin": "http://127.0.0.1:8081"}, "http://127.0.0.1:8081"),
        ({"data_origin": "http://127.0.0.1:9/"}, "http://127.0.0.1:9"),
    ],
)
def test_where_files_are(settings: dict[str, str], origin: str) -> None:
    made = {"channel_token": "t", "channel_secrets": "s", **settings}
    channel = LineChannel(LineSettings.model_validate(made))
    assert channel.locate("image:1").url == f"{origin}/v2/bot/message/1/content"
