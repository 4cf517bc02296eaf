"""How people go on talking: conversations in their own words, and what each message is taken for.

A conversation is its citizen's reports, and the messages one after the other. Of each message
stands here what it is taken for, by which evidence, about which report, and what answers it.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from core.draft import Draft
from core.effects import Own
from core.message import Attachment, Inbound, Media
from core.workflow import ReportState
from tests.core.citizen import says

NOW = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
HERE, THERE = UUID(int=1), UUID(int=2)
LAMP, TRASH, WATER, OTHERS = "2AAAA-2222M", "3BBBB-33336", "4CCCC-4444R", "5DDDD-5555A"
OPENED = "9EEEE-5555W"  # the ticket of whatever is sent in a conversation


def own(ticket: str, title: str, number: int, **fields: object) -> Own:
    """A report of the citizen, opened two days ago unless told otherwise."""
    report = Own(ticket, number, HERE, True, ReportState.PROSES, title, NOW - timedelta(days=2))
    return replace(report, **fields)  # type: ignore[arg-type]


def opened(draft: Draft, at: datetime) -> Own:
    """What the citizen's draft became at `at`."""
    state = ReportState.BELUM_TERVERIFIKASI
    urgent = bool(draft.alarm)
    return Own(
        OPENED, draft.number, HERE, True, state, draft.masked, at, place=draft.place, urgent=urgent
    )


lamp = own(LAMP, "lampu penerangan mati di gang Kenanga RT 3", 1, place="gang Kenanga RT 3")
trash = own(TRASH, "sampah menumpuk dekat pasar Rawa sudah bau", 2, place="pasar Rawa")
water = own(WATER, "air leding keruh di perumahan Bukit", 3, place="perumahan Bukit")
lamp_done = replace(lamp, state=ReportState.SELESAI, answered_at=NOW - timedelta(hours=5))
lamp_answered = replace(lamp, answered_at=NOW - timedelta(hours=5))
lamp_just_now = replace(lamp, opened_at=NOW - timedelta(minutes=3))
lamp_closed = replace(lamp, state=ReportState.SELESAI, verdict="sudah")
lamp_archived = replace(lamp, state=ReportState.ARSIP)
lamp_regretted = replace(lamp_closed, verdict_at=NOW - timedelta(days=9))
lamp_waits = replace(lamp, state=ReportState.TUNDA, asked_at=NOW - timedelta(hours=1))
trash_waits = replace(trash, state=ReportState.TUNDA, asked_at=NOW - timedelta(hours=9))
trash_done = replace(trash, state=ReportState.SELESAI, answered_at=NOW - timedelta(hours=2))
lamp_there = replace(lamp, conversation_id=THERE, here=False)


def quotes(inbound: Inbound, number: int) -> tuple[Inbound, int]:
    """A message that answers another one, of report `number`."""
    return replace(inbound, quoted_id="q"), number


def voice() -> Inbound:
    """A recorded word."""
    return says("", Attachment(Media.VOICE, "voice-1"))


class HumanSays(str):
    """What is said while an officer talks with the citizen."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Later:
    """What is said `minutes` after what was said before."""

    said: Inbound | str
    minutes: int


Event = Inbound | tuple[Inbound, int] | str | Later


@dataclass(frozen=True, slots=True)
class Line:
    """What is said, what it is taken for ("decision evidence ticket"), what answers it."""

    said: Event
    taken: str
    answer: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation, with what its citizen has sent before."""

    name: str
    reports: tuple[Own, ...]
    lines: tuple[Line, ...]


def thread(name: str, reports: tuple[Own, ...], *lines: tuple[Event, str, str]) -> Thread:
    """A conversation."""
    return Thread(name, reports, tuple(Line(*line) for line in lines))


HOLE = "jalan depan SDN 2 Suka Maju bolong besar, kemarin ada yg jatuh"
NONE: tuple[Own, ...] = ()
