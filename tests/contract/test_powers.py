"""What each channel says it can do is true, and what it cannot do has its fallback."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from core.channel import Channel, Power
from core.errors import SendCode, SendError
from core.message import Inbound, Kind
from core.replies import LANGUAGES, render
from core.sayings import say
from core.turn import Reply
from tests.contract.case import ChannelCase
from tests.contract.channels import CHANNELS
from tests.contract.outgoing import part
from tests.contract.road import HOLE, Road
from tests.contract.stub import Stub

SHOWN = [
    pytest.param(case, power, sample, id=f"{case.name}-{power}-{sample}")
    for case in CHANNELS
    for power, samples in case.shows.items()
    for sample in samples
    if power not in {Power.WINDOW, Power.IDEMPOTENCE}  # in sending: below, and test_resume
]
REFUSALS = [
    pytest.param(case, name, id=f"{case.name}-{name}")
    for case in CHANNELS
    for name, code in case.errors.items()
    if code is SendCode.BLOCKED
]
WINDOWED = [pytest.param(case, id=case.name) for case in CHANNELS if Power.WINDOW in case.shows]
PRESSED = [pytest.param(case, id=case.name) for case in CHANNELS if case.press]
LONG = timedelta(hours=25)


SHOWS: dict[Power, Callable[[Inbound], bool]] = {
    Power.BUTTONS: lambda event: event.kind is Kind.CHOICE and bool(event.choice),
    Power.PINS: lambda event: event.place is not None,
    Power.FILES: lambda event: bool(event.attachments),
    Power.ALBUMS: lambda event: bool(event.album),
    Power.EDITS: lambda event: event.kind is Kind.EDIT,
    Power.WITHDRAWALS: lambda event: event.kind is Kind.WITHDRAWN,
    Power.BLOCKS: lambda event: event.kind in {Kind.BLOCKED, Kind.UNBLOCKED},
    Power.PUBLIC: lambda event: bool(event.public_address),
}


def test_every_power_is_shown_by_a_sample(case: ChannelCase, channel: Channel) -> None:
    assert set(case.shows) == channel.powers
    assert all(case.shows.values())


@pytest.mark.parametrize(("case", "power", "sample"), SHOWN)
def test_a_sample_shows_the_power(case: ChannelCase, power: Power, sample: str) -> None:
    events = case.make("http://127.0.0.1:9").parse(case.read(sample))
    assert any(SHOWS[power](event) for event in events)


def test_no_sample_shows_a_power_that_is_lacking(case: ChannelCase, channel: Channel) -> None:
    # A place may come in a link, where nothing can be asked for on the map.
    lacking = set(SHOWS) - channel.powers - {Power.PINS}
    for path in case.samples.glob("[!_]*.json"):
        for event in channel.parse(path.read_bytes()):
            assert not any(SHOWS[power](event) for power in lacking), path.name


def test_choices_are_buttons_or_numbers(road: Road, case: ChannelCase) -> None:
    has_buttons = Power.BUTTONS in road.channel.powers
    assert all(
        bool(road.channel.limits(way.address).choices) is bool(way.buttons) is has_buttons
        for way in case.ways
    )
    road.hear(HOLE)
    [asked] = road.parts
    label = render("id", "choice-skip")
    if has_buttons:
        assert [words for words, _ in asked.choices] == [label]
        assert "1. " not in road.told[0]
    else:
        assert asked.choices == []
        assert road.told[0].endswith(f"1. {label}\n\n{render('id', 'by-number')}")


def test_a_number_is_the_choice_that_it_stands_for(road: Road) -> None:
    road.hear(HOLE, "1")
    assert road.state.menu
    road.hear("2")  # of: send, change, cancel
    assert road.state.draft is not None
    assert str(road.state.stage) == "change"
    road.hear("batal", HOLE, "1", "1")
    [report] = road.reports
    assert report.ticket in road.told[-1]
    road.hear("7")  # stands for nothing now
    assert len(road.reports) == 1


@pytest.mark.parametrize("case", PRESSED)
def test_a_button_that_went_out_comes_back_as_the_choice(
    road: Road, case: ChannelCase, api: Stub
) -> None:
    for way in case.ways:
        api.answer(way.sends, way.accepted)
    road.hear(HOLE)
    road.deliver()
    read = case.ways[0].buttons
    assert read is not None
    [(_, value)] = read(api.calls[0])
    road.receive(case.presses(value))
    assert str(road.state.stage) == "preview"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["greeting", "ask-place"])
def test_a_map_is_spoken_of_only_where_there_is_one(
    channel: Channel, language: str, key: str
) -> None:
    with_map = say(language, Reply(key), frozenset(Power)).text
    without = say(language, Reply(key), frozenset(Power) - {Power.PINS}).text
    assert with_map != without
    wanted = with_map if Power.PINS in channel.powers else without
    assert say(language, Reply(key), channel.powers).text == wanted


def test_the_place_is_asked_for_in_words_that_the_platform_understands(road: Road) -> None:
    road.hear("lampu mati sudah tiga hari, gelap sekali")
    asked = render("id", "ask-place", {"pins": "no"})
    assert (asked in road.told[-1]) == (Power.PINS not in road.channel.powers)


@pytest.mark.parametrize(("case", "name"), REFUSALS)
def test_who_is_gone_is_learnt_from_a_refusal_and_told_when_he_writes(
    road: Road, case: ChannelCase, api: Stub, name: str
) -> None:
    road.hear("halo")
    api.answer(case.sends, case.canned(name))
    road.write(case.ways[0], "Laporan Anda selesai")
    road.deliver()
    assert {(row.state, row.code) for row in road.parts} == {("parked", "blocked")}
    assert not road.reaches_him()
    assert len(api.calls) == 1
    api.answer(case.sends, case.accepted)
    road.hear("halo")
    road.deliver()
    assert road.reaches_him()
    assert {row.state for row in road.parts} == {"sent"}


def test_where_nobody_tells_of_a_block_a_refusal_does(case: ChannelCase, channel: Channel) -> None:
    if Power.BLOCKS not in channel.powers:
        assert SendCode.BLOCKED in case.errors.values()
        assert not {Kind.BLOCKED, Kind.UNBLOCKED} & set(case.kinds)


@pytest.mark.parametrize("case", WINDOWED)
def test_a_closed_window_holds_a_part_until_the_citizen_writes(
    road: Road, case: ChannelCase, api: Stub
) -> None:
    api.answer(case.sends, case.accepted)
    way = case.ways[0]
    road.heard(road.write(way, "Laporan Anda selesai"), datetime.now(UTC) - LONG)
    road.deliver()
    road.wait()
    road.deliver()
    assert api.calls == []
    assert [(row.state, row.code) for row in road.parts] == [("parked", "window_closed")]
    road.hear("halo")
    road.deliver()
    assert [row.state for row in road.parts] == ["sent", "sent"]
    assert "Laporan Anda selesai" in [text for call in api.calls for text in way.texts(call)]


@pytest.mark.parametrize("case", WINDOWED)
def test_a_window_that_the_platform_closes_first_parks_too(
    road: Road, case: ChannelCase, api: Stub
) -> None:
    way = case.ways[0]
    for name in case.shows[Power.WINDOW]:
        road.heard(road.write(way, f"kabar {name}"), datetime.now(UTC))
        api.answer(way.sends, case.canned(name))
        road.deliver()
    assert {(row.state, row.code) for row in road.parts} == {("parked", "window_closed")}
    api.answer(way.sends, case.accepted)
    road.hear("halo")
    road.deliver()
    assert {row.state for row in road.parts} == {"sent"}


def test_without_a_window_nothing_is_held_back_for_silence(
    case: ChannelCase, channel: Channel, api: Stub
) -> None:
    for way in case.ways:
        api.answer(way.sends, way.accepted)
        silent = part(way, choices=(), heard=False)
        closed = Power.WINDOW in channel.powers
        result = channel.send(silent)
        assert isinstance(result, SendError) is closed
        assert bool(api.called(way.sends)) is not closed
