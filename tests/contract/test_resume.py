"""What goes out through failures: in order, and once or as often as the platform allows."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from core.channel import Power
from core.db.session import Sessions, transaction
from core.db.tables import Outbox
from core.errors import SendCode, Sent
from tests.contract.case import ChannelCase, Lost, Way
from tests.contract.channels import CHANNELS
from tests.contract.outgoing import WAYS, answering, called, part
from tests.contract.road import Road
from tests.contract.stub import Answer, Call, Stub

LOST = [
    pytest.param(case, lost, id=f"{case.name}-{lost.way}-{lost.then or lost.state}")
    for case in CHANNELS
    for lost in case.lost
]
# What becomes of a part after one refusal, and whether the operator is told.
SETTLED = {
    SendCode.BLOCKED: ("parked", False),
    SendCode.WINDOW_CLOSED: ("parked", False),
    SendCode.QUOTA: ("parked", True),
    SendCode.NO_CHAT: ("failed", False),
    SendCode.REJECTED: ("failed", False),
    SendCode.MOVED: ("sent", False),
    SendCode.CREDENTIALS: ("open", True),
    SendCode.CONFLICT: ("open", True),
    SendCode.SUSPENDED: ("open", True),
    SendCode.THROTTLED: ("open", False),
    SendCode.OUTAGE: ("open", False),
}
REFUSED = [
    pytest.param(case, name, id=f"{case.name}-{name}")
    for case in CHANNELS
    for name in {code: name for name, code in case.errors.items()}.values()
]
KEYED = [pytest.param(case, id=case.name) for case in CHANNELS if case.key_of]
LONG_AGO = timedelta(minutes=2)  # for a reply token; no window is that short


def begin(road: Road, way: Way, text: str) -> None:
    """Put a note for somebody who wrote just now in the outbox."""
    now = datetime.now(UTC)
    road.heard(road.write(way, text, token_at=now if way.reply_token else None), now)


def sending(api: Stub, way: Way) -> list[Call]:
    return [call for call in api.calls if call.name in way.paths]


def failures() -> list[Answer]:
    return [Answer(500, b"<html>"), Answer(503, {"error": {"code": 2}}), Answer(hang_up=True)]


@pytest.mark.parametrize("failure", failures(), ids=["500", "503", "hung up"])
@pytest.mark.parametrize(("case", "way"), WAYS)
def test_a_text_goes_on_after_the_part_that_failed(
    road: Road, api: Stub, way: Way, failure: Answer
) -> None:
    limits = road.channel.limits(way.address)
    begin(road, way, "kata warga " * round(2.3 * limits.text * limits.messages / 11))
    assert len(road.parts) == 3
    answering(api, way, way.accepted, failure, way.accepted)
    if way.then:
        api.answer(way.then, failure, way.accepted)
    road.deliver()
    assert [row.state for row in road.parts] == ["sent", "open", "open"]
    road.deliver()  # nothing is due: what failed waits, and the rest waits behind it
    assert len(sending(api, way)) == 2
    road.wait()
    road.deliver()
    assert [row.state for row in road.parts] == ["sent"] * 3
    first, second, third = (row.texts for row in road.parts)
    shown = [way.texts(call) for call in sending(api, way)]
    assert shown == [first, second, second, third]
    assert called(api, way) == [way.sends, *[way.paths[1]] * 3]
    if way.answers:  # each is hung below the one before
        found = [way.answers(call) for call in sending(api, way)]
        assert found == [way.address.rpartition(":")[2], *[road.parts[0].platform_id] * 3]


@pytest.mark.parametrize(("case", "name"), REFUSED)
def test_what_a_refusal_makes_of_a_part(
    road: Road, case: ChannelCase, api: Stub, name: str
) -> None:
    way, code = case.ways[0], case.errors[name]
    begin(road, way, "Terima kasih")
    api.answer(way.sends, case.canned(name), way.accepted)
    road.deliver()
    [row] = road.parts
    state, alarming = SETTLED[code]
    assert row.state == state
    assert road.alarm() == (code if alarming else "")
    moved = code is SendCode.MOVED
    assert (row.address != way.address) is moved
    assert len(sending(api, way)) == 1 + moved
    assert (row.due_at > datetime.now(UTC)) == (state == "open" or code is SendCode.QUOTA)


@pytest.mark.parametrize(("case", "lost"), LOST)
def test_what_was_taken_without_our_hearing_of_it(
    road: Road, case: ChannelCase, api: Stub, lost: Lost
) -> None:
    way = case.way(lost.way)
    begin(road, way, "Terima kasih")
    api.answer(way.sends, Answer(hang=True))
    road.deliver()
    [row] = road.parts
    assert (row.state, row.code) == ("open", "uncertain")
    if lost.receipt:
        road.receive(case.shows_arrival(str(row.key)))
    if lost.late:
        make_late(road.make)
    answering(api, way, way.accepted)  # which would double it, if it were asked for wrongly
    if lost.then not in {"", "accepted"}:
        api.answer(way.sends, case.canned(lost.then))
    road.wait()
    road.deliver()
    road.wait()
    road.deliver()
    [row] = road.parts
    assert row.state == lost.state
    calls = sending(api, way)
    assert called(api, way) == [way.sends] * (2 if lost.then else 1)
    assert lost.copies == (2 if lost.then == "accepted" else 1)
    assert len({tuple(way.texts(call)) for call in calls}) == 1
    if case.key_of and Power.IDEMPOTENCE in road.channel.powers and way is case.ways[0]:
        assert {case.key_of(call) for call in calls} == {str(row.key)}


def make_late(make: Sessions) -> None:
    """Let the time pass in which a reply token is good."""
    with transaction(make) as session:
        session.execute(update(Outbox).values(token_at=datetime.now(UTC) - LONG_AGO))


@pytest.mark.parametrize("case", KEYED)
def test_a_part_goes_by_the_same_key_at_every_attempt(case: ChannelCase, api: Stub) -> None:
    assert case.key_of is not None
    way, channel = case.ways[0], case.make(api.origin)
    answering(api, way, Answer(500, b"<html>"), way.accepted)
    for number in (1, 1, 2):
        channel.send(part(way, number))
    keys = [case.key_of(call) for call in api.calls]
    assert keys == [str(part(way, number).key) for number in (1, 1, 2)]


def test_idempotence_is_a_key_that_the_platform_knows(case: ChannelCase, api: Stub) -> None:
    channel = case.make(api.origin)
    answers = case.shows.get(Power.IDEMPOTENCE, ())
    assert bool(answers) == (Power.IDEMPOTENCE in channel.powers)
    for name in answers:
        api.answer(case.sends, case.canned(name))
        assert isinstance(channel.send(part(case.ways[0])), Sent)
    if not answers:  # then what may have been sent is doubled, unless something else tells
        proofs = [lost.receipt or lost.then not in {"", "accepted"} for lost in case.lost]
        assert any(proofs) or all(lost.copies == 2 for lost in case.lost)
