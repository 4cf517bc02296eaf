"""LINE end to end: the channel and the simulated Messaging API, over HTTP."""

import json
from dataclasses import replace
from uuid import UUID

import pytest

from core.errors import MediaAway, SendCode, SendError, Sent
from core.message import Kind
from tests.channels.line_town import CHAT, USER, Founder, Town, answer_to, calls, ids
from tests.contract.stub import Answer


def test_a_conversation(town: Founder) -> None:
    here = town()
    here.write(text="lampu jalan mati")
    start, said = here.events(2)
    assert (start.kind, start.address) == (Kind.START, USER)
    assert (said.kind, said.text) == (Kind.MESSAGE, "lampu jalan mati")
    ids(here.channel.send(answer_to(start, "Selamat datang")))
    ids(here.channel.send(answer_to(said, "Satu", "Dua", kirim="Kirim", batal="Batal")))
    assert here.bubbles() == ["Selamat datang", "Satu", "Dua"]
    last = here.phone.get(f"/simulator/line/chats/{CHAT}").json()["bubbles"][-1]
    assert [button["text"] for button in last["quick"]] == ["Kirim", "Batal"]
    here.act("press", {"message_id": last["id"], "value": "kirim"})
    pressed = here.events(3)[-1]
    assert (pressed.kind, pressed.choice) == (Kind.CHOICE, "kirim")
    ids(here.channel.send(answer_to(pressed, "Terkirim")))
    assert calls(here) == {"POST message/reply 200": 3}
    here.act("press", {"message_id": last["id"], "value": "batal"}, status=404)  # it has vanished


def test_a_stale_token_is_not_tried(town: Founder) -> None:
    here = town(reply_seconds=0)
    here.write(text="halo")
    ids(here.channel.send(answer_to(here.events(2)[1])))
    assert here.bubbles() == ["Terima kasih"]
    assert calls(here) == {"POST message/push 200": 1}


def test_a_token_that_was_used_is_pushed_for_once(town: Founder) -> None:
    here = town()
    here.write(text="halo")
    said = here.events(2)[1]
    ids(here.channel.send(answer_to(said, "satu")))
    ids(here.channel.send(answer_to(said, "dua")))
    assert here.bubbles() == ["satu", "dua"]
    expected = {"POST message/reply 200": 1, "POST message/reply 400": 1}
    assert calls(here) == {**expected, "POST message/push 200": 1}


@pytest.mark.parametrize("fault", ["timeout_next", "wrong_json_next"])
def test_a_reply_whose_answer_was_lost_is_never_doubled(town: Founder, fault: str) -> None:
    here = town()
    here.write(text="halo")
    part = answer_to(here.events(2)[1])
    here.fault(**{fault: 1})
    first = here.channel.send(part)
    assert isinstance(first, SendError)
    assert (first.code, first.retryable) == (SendCode.UNCERTAIN, True)
    assert here.channel.send(replace(part, memo=first.memo)) == Sent("")
    assert here.bubbles() == ["Terima kasih"]


def test_a_reply_that_did_not_arrive_is_repeated(town: Founder) -> None:
    here = town()
    here.write(text="halo")
    part = answer_to(here.events(2)[1])
    here.fault(error_next=1, flood_next=1, html_503_next=1)
    codes, memo = [], ""
    for _ in range(3):
        result = here.channel.send(replace(part, memo=memo))
        assert isinstance(result, SendError)
        codes.append(result.code)
        memo = result.memo
    assert codes == [SendCode.OUTAGE, SendCode.OUTAGE, SendCode.THROTTLED]
    ids(here.channel.send(replace(part, memo=memo)))
    assert here.bubbles() == ["Terima kasih"]


@pytest.mark.parametrize("fault", ["timeout_next", "wrong_json_next"])
def test_a_push_whose_answer_was_lost_is_repeated_and_shown_once(town: Founder, fault: str) -> None:
    here = town(reply_seconds=0)
    here.write(text="halo")
    part = answer_to(here.events(2)[1])
    here.fault(**{fault: 1})
    first = here.channel.send(part)
    assert isinstance(first, SendError)
    assert (first.code, first.memo) == (SendCode.UNCERTAIN, "push")
    again = ids(here.channel.send(replace(part, memo=first.memo)))
    assert again == ids(here.channel.send(replace(part, memo=first.memo)))
    assert here.bubbles() == ["Terima kasih"]
    assert calls(here)["POST message/push 409"] == 2


def test_a_used_up_quota_stops_pushes_and_no_reply(town: Founder) -> None:
    here = town(line_monthly_quota=1)
    here.write(text="halo")
    start, said = here.events(2)
    push = replace(answer_to(said), reply_token="", token_at=None)
    ids(here.channel.send(push))
    refused = here.channel.send(replace(push, key=UUID(int=1)))
    assert isinstance(refused, SendError)
    assert (refused.code, refused.retryable, refused.everyone) == (SendCode.QUOTA, True, False)
    ids(here.channel.send(answer_to(start)))
    assert len(here.bubbles()) == 2
    assert here.channel.check("")[-1].text.startswith("Pushed messages this month: 1 of 1.")


def test_a_citizen_who_blocked_us_sees_nothing_and_lets_us_in_again(town: Founder) -> None:
    here = town()
    here.write(text="halo")
    here.act("block")
    blocked = here.events(3)[-1]
    assert (blocked.kind, blocked.address) == (Kind.BLOCKED, USER)
    here.write(status=409, text="halo?")
    ids(here.channel.send(answer_to(blocked)))  # LINE says nothing of it
    assert here.bubbles() == []
    here.act("unblock")
    back = here.events(4)[-1]
    assert back.kind is Kind.UNBLOCKED
    ids(here.channel.send(answer_to(back, "Selamat datang kembali")))
    assert here.bubbles() == ["Selamat datang kembali"]


def test_what_citizens_send(town: Founder) -> None:
    here = town()
    here.write(start={})
    here.write(photo={"caption": "lubang"})
    here.write(album={"count": 2})
    here.write(venue={})
    here.write(voice={})
    here.write(document={})
    here.write(video={})
    here.write(sticker={})
    photo, words, one, two, venue, voice, paper, film, sticker = here.events(10)[1:]
    assert [len(it.attachments) for it in (photo, one, two, voice, paper, film, sticker)] == [1] * 7
    assert (words.text, photo.album, bool(venue.place)) == ("lubang", "", True)
    assert one.album == two.album != ""
    refs = [it.attachments[0].ref for it in (photo, paper)]
    for ref, beginning in zip(refs, (b"\xff\xd8", b"%PDF"), strict=True):
        assert fetched(here, ref).startswith(beginning)
    for event in (voice, film):
        ref = event.attachments[0].ref
        with pytest.raises(MediaAway):
            here.channel.locate(ref)
        assert fetched(here, ref)


def fetched(here: Town, ref: str) -> bytes:
    where = here.channel.locate(ref)
    answer = here.phone.get(where.url, headers=dict(where.headers))
    assert answer.status_code == 200
    return answer.content


def test_a_message_is_taken_back(town: Founder) -> None:
    here = town()
    [number] = here.write(photo={})["message_ids"]
    here.write(withdraw={"message_id": number})
    said, withdrawn = here.events(3)[1:]
    assert (withdrawn.kind, withdrawn.message_id) == (Kind.WITHDRAWN, said.message_id)
    where = here.channel.locate(said.attachments[0].ref)
    assert here.phone.get(where.url, headers=dict(where.headers)).status_code == 404
    here.write(status=404, withdraw={"message_id": number})


@pytest.mark.parametrize(
    "writing",
    [
        {"edit": {"message_id": 1, "text": "x"}},
        {"contact": {}},
        {"reaction": {"message_id": 1}},
        {"text": "x", "public": True},
        {"text": "x" * 5001},
        {"text": " "},
        {"start": {"parameter": "x"}},
    ],
    ids=repr,
)
def test_what_line_does_not_have_is_refused(town: Founder, writing: dict[str, object]) -> None:
    town().write(status=422, **writing)


def test_a_webhook_that_failed_is_called_again(town: Founder) -> None:
    here = town()
    here.hook.answer("line", Answer(500), Answer(200))
    here.write(start={})
    first, again = here.events(2)
    assert first.external_id == again.external_id
    flags = [
        json.loads(it.raw)["events"][0]["deliveryContext"]["isRedelivery"] for it in (first, again)
    ]
    assert flags == [False, True]


def test_without_redelivery_a_lost_event_is_lost(town: Founder) -> None:
    here = town(line_redelivery=False)
    here.hook.answer("line", Answer(500), Answer(200))
    here.write(start={})
    here.write(text="halo")
    assert [event.kind for event in here.events(2)] == [Kind.START, Kind.MESSAGE]
    wire = here.phone.get("/simulator/wire").json()["entries"]
    assert [entry["dropped"] for entry in wire] == [True, False]


def test_the_set_up_is_checked(town: Founder) -> None:
    here = town()
    url = f"{here.hook.origin}/webhooks/line"
    assert all(finding.ok for finding in here.channel.check(url)), here.channel.check(url)
    [post] = here.hook.called("line")[-1:]
    assert json.loads(post.body)["events"] == []
    here.hook.answer("line", Answer(403))
    [wrong] = [finding for finding in here.channel.check(url) if not finding.ok]
    assert "LINE_CHANNEL_SECRETS" in wrong.text
