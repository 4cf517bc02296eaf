"""Each channel's events through the whole core: what a citizen does there means the same."""

import pytest

from core.channel import Power
from core.db.tables import ReportEvent
from core.message import Kind
from tests.contract.case import ChannelCase
from tests.contract.channels import CHANNELS
from tests.contract.road import HOLE, Road
from tests.contract.stub import Stub
from tests.core.post import rows

EDITING = [pytest.param(case, id=case.name) for case in CHANNELS if case.edited]
WITHDRAWING = [pytest.param(case, id=case.name) for case in CHANNELS if case.withdrawn]
BLOCKING = [pytest.param(case, id=case.name) for case in CHANNELS if Kind.BLOCKED in case.kinds]
ALBUMS = [pytest.param(case, id=case.name) for case in CHANNELS if case.album]


def test_a_report_is_told_and_its_ticket_delivered(
    road: Road, case: ChannelCase, api: Stub
) -> None:
    for way in case.ways:
        api.answer(way.sends, way.accepted)
    ticket = road.tell_report()
    road.deliver()
    assert {row.state for row in road.parts} == {"sent"}
    [last] = [text for way in case.ways for text in way.texts(api.calls[-1])][:1]
    assert ticket in last
    assert [report.channel for report in road.reports] == [case.name]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in order", "edit first"])
@pytest.mark.parametrize("case", EDITING)
def test_an_edit_is_kept_whenever_it_comes(
    road: Road, case: ChannelCase, order: tuple[int, int]
) -> None:
    assert case.edited is not None
    bodies = [case.read(sample) for sample in case.edited]
    after = road.channel.parse(bodies[1])[0].text
    for place in order:
        road.receive(bodies[place])
    if order == (0, 1):
        assert after in road.kept()
    assert road.messages  # the original is there, whatever came first
    road.tell_report()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in order", "withdrawal first"])
@pytest.mark.parametrize("case", WITHDRAWING)
def test_what_was_taken_back_is_forgotten_whenever_that_comes(
    road: Road, case: ChannelCase, order: tuple[int, int]
) -> None:
    assert case.withdrawn is not None
    bodies = [case.read(sample) for sample in case.withdrawn]
    text = road.channel.parse(bodies[0])[0].text
    for place in order:
        road.receive(bodies[place])
    assert text not in road.kept()
    events = [event.kind for event in rows(road.make, ReportEvent)]
    assert ("message_withdrawn" in events) == bool(road.reports)
    road.tell_report()
    assert text not in road.kept()


@pytest.mark.parametrize("order", [(1, 2), (2, 1)], ids=["in order", "swapped"])
def test_two_messages_are_both_kept_in_any_order(
    road: Road, case: ChannelCase, order: tuple[int, int]
) -> None:
    texts = {1: HOLE, 2: "sudah dua bulan begini terus"}
    for number in order:
        road.receive(case.says(texts[number], number + 50))
    assert sorted(road.messages) == sorted(texts.values())
    assert road.state.draft is not None
    drafted = road.state.draft.text + road.state.draft.place
    assert all(text in drafted for text in texts.values())
    road.tell_report()


@pytest.mark.parametrize("case", BLOCKING)
def test_who_blocks_us_is_left_alone_until_he_lets_us_back(
    road: Road, case: ChannelCase, api: Stub
) -> None:
    api.answer(case.sends, case.accepted)
    assert Kind.UNBLOCKED in case.kinds
    road.receive(case.read(case.kinds[Kind.BLOCKED]))
    assert not road.reaches_him()
    road.write(case.ways[0], "Laporan Anda selesai")
    road.deliver()
    assert (api.calls, [row.state for row in road.parts]) == ([], ["parked"])
    road.receive(case.read(case.kinds[Kind.UNBLOCKED]))
    assert road.reaches_him()
    road.deliver()
    assert [row.state for row in road.parts] == ["sent"]


def test_who_writes_again_after_blocking_us_is_answered(road: Road, case: ChannelCase) -> None:
    if Kind.BLOCKED in case.kinds:
        road.receive(case.read(case.kinds[Kind.BLOCKED]))
    road.tell_report()
    assert road.reaches_him()
    assert {row.state for row in road.parts} == {"open"}


@pytest.mark.parametrize("case", ALBUMS)
def test_an_album_is_one_piece_of_evidence_and_answered_once(road: Road, case: ChannelCase) -> None:
    road.hear(HOLE)
    told = len(road.told)
    road.receive(*case.pictures())
    assert len(road.told) == told + 1
    assert road.state.draft is not None
    assert len(road.state.draft.files) == len(case.pictures())
    road.tell_report()


def test_a_point_on_the_map_is_the_reports_place(road: Road, case: ChannelCase) -> None:
    if "place" not in case.content:
        assert Power.PINS not in road.channel.powers
        return
    road.hear("lampu mati sudah tiga hari, gelap sekali")
    road.receive(case.read(case.content["place"]))
    assert road.state.draft is not None
    assert road.state.draft.pin is not None
    road.tell_report()


def test_words_that_no_database_or_screen_can_hold_are_kept(road: Road) -> None:
    odd = ("\x00", "a\x00b\ud800c lampu mati", "jalan " * 2**17, "👨‍👩‍👧‍👦" * 300)
    road.hear(*odd)
    assert road.messages == ["", "ab\ufffdc lampu mati", *odd[2:]]
    road.tell_report()


def test_after_an_event_of_each_kind_there_is_a_way_to_a_ticket(
    road: Road, case: ChannelCase
) -> None:
    for sample in sorted({*case.kinds.values(), *case.content.values()}):
        road.receive(case.read(sample), case.read(sample))  # it comes twice
        road.tell_report()


def test_after_all_events_at_once_and_backwards_there_is_a_way_to_a_ticket(
    road: Road, case: ChannelCase
) -> None:
    road.receive(*[path.read_bytes() for path in sorted(case.samples.glob("[!_]*.json"))[::-1]])
    road.tell_report()
