"""The whole road between a platform's webhook and its API, on real PostgreSQL, for any channel."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update

from app.work import advance_batch
from core import alarms, conversations, inbox, outbox
from core.channel import Channel
from core.db.session import Sessions, transaction
from core.db.tables import Conversation, Inbox, Message, Outbox, Report
from core.delivery import Delivery
from core.draft import State
from core.outbox import Note
from core.settings import CoreSettings
from tests.contract.case import ChannelCase, Way
from tests.core.post import Unhurried, rows

HOLE = "jalan depan balai desa Suka Maju bolong besar"
SETTINGS = CoreSettings(
    database_url="postgresql+psycopg://", sender_messages=1000, sender_open_reports=1000
)


@dataclass
class Road:
    """One channel's way in and out; nothing in it waits for a clock."""

    case: ChannelCase
    channel: Channel
    make: Sessions
    delivery: Delivery
    said: int = 0

    def receive(self, *bodies: bytes) -> None:
        """Put the events of the bodies in the inbox, all together, and work on them."""
        with transaction(self.make) as session:
            events = [event for body in bodies for event in self.channel.parse(body)]
            inbox.put(session, events, timedelta())
        while advance_batch(self.make, {self.channel.name: self.channel}, SETTINGS) is not None:
            pass
        with transaction(self.make) as session:
            states = session.execute(select(Inbox.state, Inbox.error).distinct()).all()
        assert {state for state, _ in states} <= {"done", "kept"}, states

    def hear(self, *texts: str) -> None:
        """Let the citizen say something in private now, each text in a message of its own."""
        bodies = []
        for text in texts:
            self.said += 1
            bodies.append(self.case.says(text, self.said, datetime.now(UTC)))
        self.receive(*bodies)

    def write(self, way: Way, text: str, *, token_at: datetime | None = None) -> UUID:
        """Put a note for the citizen in the outbox; return his conversation."""
        key = (self.channel.name, self.case.address)
        with transaction(self.make) as session:
            talker = conversations.hold(session, [key])[key]
            note = Note(
                channel=self.channel.name,
                address=way.address,
                conversation_id=talker.id,
                text=text,
                reply_token=way.reply_token if token_at else "",
                token_at=token_at,
                reachable=talker.reachable,
            )
            outbox.put(session, [note], {self.channel.name: self.channel.limits})
        return talker.id

    def heard(self, conversation_id: UUID, moment: datetime) -> None:
        """Note that the citizen last did something at `moment`."""
        with transaction(self.make) as session:
            conversations.save(session, {conversation_id: State()}, {conversation_id: moment})

    def deliver(self) -> None:
        """Send what is due."""
        self.delivery.drain(lambda: True)

    def wait(self) -> None:
        """Let the time pass that what is open has to wait for."""
        with transaction(self.make) as session:
            session.execute(update(Outbox).where(Outbox.state == "open").values(due_at=func.now()))

    @property
    def parts(self) -> list[Outbox]:
        """What stands in the outbox."""
        return list(rows(self.make, Outbox))

    @property
    def told(self) -> list[str]:
        """The texts that stand in the outbox."""
        with transaction(self.make) as session:
            parts = session.scalars(select(Outbox.texts).order_by(Outbox.id))
            return [text for texts in parts for text in texts]

    @property
    def messages(self) -> list[str]:
        """The texts in the transcript."""
        return [row.text for row in rows(self.make, Message)]

    @property
    def reports(self) -> list[Report]:
        """The reports."""
        return list(rows(self.make, Report))

    @property
    def tickets(self) -> set[str]:
        """The tickets of the reports."""
        with transaction(self.make) as session:
            return set(session.scalars(select(Report.ticket)))

    @property
    def conversation(self) -> Conversation:
        """The citizen's conversation."""
        whose = select(Conversation).where(Conversation.address_key == self.case.address)
        with transaction(self.make) as session:
            return session.scalars(whose).one()

    @property
    def state(self) -> State:
        """The state of the citizen's conversation."""
        return conversations.STATE.validate_python(self.conversation.state)

    def reaches_him(self) -> bool:
        """Tell whether the citizen counts as one who can be written to."""
        return self.conversation.reachable

    def alarm(self) -> str:
        """Return what the operator is told of the channel."""
        with transaction(self.make) as session:
            return "".join(status.alarm for status in alarms.standing(session))

    def kept(self) -> str:
        """Return all that officers and our own state show of what the citizen said."""
        reports = [f"{report.text} {report.place}" for report in self.reports]
        return " ".join([*reports, *self.messages, str(self.conversation.state)])

    def tell_report(self) -> str:
        """Tell a report from its beginning to its ticket, whatever was before; return that."""
        before = self.tickets
        self.hear("batal")
        self.hear("laporan baru", HOLE, "lewati", "kirim")
        [ticket] = self.tickets - before
        assert ticket in self.told[-1]
        return ticket


@contextmanager
def open_road(case: ChannelCase, make: Sessions, origin: str) -> Iterator[Road]:
    """Build the road of a channel whose platform is at `origin`."""
    channel = case.make(origin)
    with ThreadPoolExecutor(4) as pool:
        delivery = Delivery(channel, make, SETTINGS, pool, 4, Unhurried())
        yield Road(case, channel, make, delivery)
