"""The running system with citizens on their phones and officers at their desks, all of it played.

What a citizen does goes the whole road: a post of his platform, the inbox, the worker with the
packaged model, the outbox, the delivery, and back onto his phone. Only the platforms and the clock
are not real.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.wake import DELIVER
from app.web.api.shapes import report_detail
from core import reports, suggestions, takeover, triage
from core.db.session import transaction
from core.db.tables import Report
from core.message import Outbound
from core.promise import Terms
from core.reports import Officer
from core.workflow import ReportState
from core.zones import WITA
from tests.docs.phones import ADDRESS, MESSAGE, WRITES, Said
from tests.docs.system import System, shown
from tests.timemachine import TimeMachine

WARGA, KANAL, PETUGAS = "Warga", "Kanal", "Petugas"
TITLES = {"telegram": "Telegram", "line": "LINE", "twitter": "X", "messenger": "Messenger"}
DISKOMINFO = Officer("diskominfo")
TYPING = timedelta(seconds=40)
MORNING = time(8)  # when the system looks after what has become due
WHILE = timedelta(minutes=30)  # for which an officer keeps a chat that he has written in

Notes = frozenset[str]  # channels on which somebody is told


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message on the screen: who wrote it, when, where, and the buttons below it."""

    who: str
    at: datetime
    channel: str
    text: str
    buttons: tuple[str, ...] = ()
    public: bool = False


@dataclass
class Stage:
    """One journey that is being played: what everybody has said so far stands in `bubbles`."""

    system: System
    bubbles: list[Bubble] = field(default_factory=list)
    citizens: dict[tuple[str, str], "Citizen"] = field(default_factory=dict)
    number: int = 1000  # of the latest message on any platform

    def __post_init__(self) -> None:
        self.system.take = self._take

    @property
    def machine(self) -> TimeMachine:
        """What makes it as late as it is."""
        return self.system.machine

    # ---- time

    def opens(self, moment: str) -> None:
        """Begin at `moment`, as "2026-05-04 19:12" by the clock of Bontang."""
        self.machine.travel(_moment(moment))

    def until(self, moment: str) -> None:
        """Let time pass; what becomes due meanwhile is looked after each morning, and at last."""
        end = _moment(moment)
        days = (end.date() - self.machine.now.date()).days
        dates = (self.machine.now.date() + timedelta(day) for day in range(days + 1))
        for morning in [datetime.combine(date, MORNING, WITA) for date in dates]:
            if self.machine.now < morning < end:
                self.machine.travel(morning)
                self.system.sweep()
        self.machine.travel(end)
        self.system.sweep()

    def tick(self) -> datetime:
        """Let the moment pass in which somebody types."""
        self.machine.travel(self.machine.now + TYPING)
        return self.machine.now

    # ---- citizens

    def citizen(self, channel: str, sender: int = 900_100) -> "Citizen":
        """Return a citizen with a phone."""
        made = Citizen(self, channel, sender)
        self.citizens[channel, ADDRESS[channel](sender)] = made
        return made

    def count(self) -> int:
        """Return the number of the next message."""
        self.number += 1
        return self.number

    def _take(self, channel: str, part: Outbound) -> str:
        public = part.address.startswith("post:")
        owner = self.citizens.get((channel, part.address)) or self._author(channel)
        labels = tuple(shown(channel, choice) for choice in part.choices)
        who = PETUGAS if part.human else KANAL
        number = self.count()
        for text in part.texts:
            last = text is part.texts[-1]
            bubble = Bubble(who, self.machine.now, channel, text, labels if last else (), public)
            self.bubbles.append(bubble)
        owner.received(number, part)
        return MESSAGE[channel](number)

    def _author(self, channel: str) -> "Citizen":
        [author] = [one for (name, _), one in self.citizens.items() if name == channel]
        return author

    # ---- officers

    def tickets(self) -> list[str]:
        """Return the tickets so far, the oldest first."""
        with transaction(self.system.make) as session:
            return list(session.scalars(select(Report.ticket).order_by(Report.created_at)))

    def assigns(self, slug: str, which: int = -1) -> None:
        """Diskominfo has checked the report, and hands it to an OPD."""
        limits, terms = self.system.limits, Terms.of(self.system.core)
        self._acts(
            which, lambda s, it: reports.assign(s, it, slug, DISKOMINFO, limits, terms=terms)
        )

    def moves(self, state: ReportState, reason: str = "", which: int = -1) -> None:
        """The office moves the report to another state, and says why."""
        limits, terms = self.system.limits, Terms.of(self.system.core)

        def act(session: Session, report: Report) -> Notes:
            return reports.change_state(session, report, state, reason, DISKOMINFO, limits, terms)

        self._acts(which, act)

    def answers(self, text: str, *, done: bool = False, which: int = -1) -> None:
        """The OPD answers."""
        limits, terms = self.system.limits, Terms.of(self.system.core)
        self._acts(
            which, lambda s, it: reports.answer(s, it, text, done, DISKOMINFO, limits, terms)
        )

    def writes(self, text: str, which: int = -1) -> None:
        """An officer writes to the citizen himself."""
        limits = self.system.limits
        self._acts(which, lambda s, it: takeover.write(s, it, text, WHILE, DISKOMINFO, limits))

    def hands_back(self, which: int = -1) -> None:
        """The officer lets the program answer again."""
        limits = self.system.limits
        self._acts(which, lambda s, it: takeover.hand_back(s, it, DISKOMINFO, limits))

    def _acts(self, which: int, act: Callable[[Session, Report], Notes]) -> None:
        self.tick()
        with transaction(self.system.make) as session:
            report = reports.find(session, self.tickets()[which], DISKOMINFO)
            told = act(session, report)
        for channel in told:
            self.system.bell.wake(DELIVER, channel)
        self.system.settle()

    def seen_by_officers(self) -> Iterator[str]:
        """Yield each report as the API shows it to officers."""
        for ticket in self.tickets():
            with transaction(self.system.make) as session:
                dossier = triage.dossier(session, ticket, None)
                shown = suggestions.shown(session, dossier.report.id, None)
            yield report_detail(dossier, shown).model_dump_json()


@dataclass
class Citizen:
    """A citizen with a phone on one platform; `screen` holds what he can tap, the newest last."""

    stage: Stage
    channel: str
    sender: int
    screen: list[tuple[int, Outbound]] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    thread: int = 0  # his public conversation with us, 0 for none
    answered: int = 0  # our newest message there

    def received(self, number: int, part: Outbound) -> None:
        """Show a message."""
        self.screen.append((number, part))
        if part.address.startswith("post:"):
            self.answered = number

    def says(self, text: str) -> None:
        """Write a text."""
        self._send(text, text=text)

    def shows(self, caption: str = "") -> None:
        """Send a photo, perhaps with words below it."""
        self._send(f"📷 (foto) {caption}".strip(), text=caption, photo=True)

    def pins(self, latitude: float, longitude: float) -> None:
        """Send a point on the map."""
        self._send("📍 (lokasi dari peta)", pin=(latitude, longitude))

    def speaks(self) -> None:
        """Send a voice message."""
        self._send("🎤 (pesan suara)", voice=True)

    def replies(self, to: str, text: str) -> None:
        """Answer the newest message of ours that holds the words `to`."""
        quoted = next(number for number, part in reversed(self.screen) if to in part.text)
        self._send(f"(membalas “{to}”) {text}", text=text, quotes=quoted)

    def edits(self, text: str, back: int = 1) -> None:
        """Change his newest message, or one further `back`."""
        self._send(f"(mengubah pesannya) {text}", text=text, edits=self.sent[-back])

    def withdraws(self, back: int = 1) -> None:
        """Take his newest message back, or one further `back`."""
        self._send("(menarik pesannya)", withdraws=self.sent[-back])

    def taps(self, label: str) -> None:
        """Tap the newest button whose label begins so."""
        buttons = [choice for _, part in reversed(self.screen) for choice in part.choices]
        found = next(choice for choice in buttons if choice.label.startswith(label))
        self._send(f"[{shown(self.channel, found)}]", presses=found.value)

    def posts(self, text: str, *, photo: bool = False) -> None:
        """Write where everybody reads it, as an answer to us where we have written there."""
        number = self.stage.number + 1
        self.thread = self.thread or number
        shown = f"📷 (foto) @laporkota {text}" if photo else f"@laporkota {text}"
        self._send(shown, text=text, photo=photo, thread=self.thread, quotes=self.answered)

    def _send(self, shown: str, **what: object) -> None:
        at = self.stage.tick()
        said = replace(Said(self.sender, self.stage.count(), at), **what)  # type: ignore[arg-type]  # as Said has them
        self.sent.append(said.number)
        public = bool(said.thread)
        self.stage.bubbles.append(Bubble(WARGA, at, self.channel, shown, public=public))
        self.stage.system.post(self.channel, WRITES[self.channel](said))


def _moment(words: str) -> datetime:
    return datetime.strptime(words, "%Y-%m-%d %H:%M").replace(tzinfo=WITA)
