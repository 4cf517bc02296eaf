"""Citizens with reports, and what they want of them, straight to the tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from core import afterwards, conversations, outbox
from core.channel import Limits, LimitsOf
from core.conversations import Talker
from core.db.session import Sessions, transaction
from core.db.tables import Conversation, Report, ReportEvent
from core.draft import Draft, Line, State
from core.effects import Effect, MakeLinkCode, Own, UseLinkCode
from core.inbox import Letter
from core.knowing import own_reports
from core.message import Inbound, Kind
from core.reports import Confirmed, open_all
from core.settings import CoreSettings
from core.talk import Exchange, Heard
from core.text import utf16_units
from core.turn import Reply, Step

SETTINGS = CoreSettings(database_url="postgresql+psycopg://")
TELEGRAM, LINE = "telegram", "line"
ROOM = Limits(5000, utf16_units, 13, 64)
LIMITS: dict[str, LimitsOf] = {
    name: lambda address: ROOM for name in (TELEGRAM, LINE, "messenger", "twitter")
}
AGENCY = "Dinas PUPR"

_letters = count(1_000_000)  # behind all that waits in the inbox


@dataclass(frozen=True)
class Who:
    """A citizen on a channel."""

    address: str
    channel: str = TELEGRAM
    language: str = "id"


BUDI, SITI = Who("7"), Who("8")


def talker(session: Session, who: Who) -> Talker:
    """Return his conversation, held."""
    return conversations.hold(session, [(who.channel, who.address)])[who.channel, who.address]


def row_of(make: Sessions, who: Who) -> Conversation:
    """Return the row of his conversation."""
    with transaction(make) as session:
        mine = (Conversation.channel == who.channel) & (Conversation.address_key == who.address)
        return session.scalars(select(Conversation).where(mine)).one()


def tells(make: Sessions, who: Who = BUDI, said: str = "Jalan berlubang", **columns: object) -> str:
    """Open a report of his, then set columns of its row; return its ticket."""
    with transaction(make) as session:
        mine = talker(session, who)
        number = mine.state.last_draft + 1
        draft = Draft(number, (Line(f"m{number}", said),))
        [opened] = open_all(session, [Confirmed(mine.id, who.channel, draft)])
        state = State(language=who.language, last_draft=number)
        conversations.save(session, {mine.id: state}, {})
        if columns:
            chosen = Report.ticket == opened.ticket
            session.execute(update(Report).where(chosen).values(columns))
    return opened.ticket


def agency(make: Sessions) -> int:
    """Return the id of an OPD."""
    with transaction(make) as session:
        insert = "insert into agency (slug, name) values ('pupr', :name) returning id"
        return int(session.execute(text(insert), {"name": AGENCY}).scalar_one())


def own(make: Sessions, who: Who, ticket: str) -> Own:
    """Return the report as his conversation knows it."""
    with transaction(make) as session:
        mine = talker(session, who)
        return next(
            one for one in own_reports(session, {mine.id: ""})[mine.id] if one.ticket == ticket
        )


Wish = tuple[Who, Effect] | tuple[Who, Effect, Inbound]


def wish(make: Sessions, *wishes: Wish, state: State | None = None) -> list[Reply | None]:
    """Carry out all of them as one batch, and return what each is answered."""
    with transaction(make) as session:
        turns = [_exchange(session, one, state) for one in wishes]
        after = afterwards.carry_out(session, turns, SETTINGS)
        outbox.put(session, after.notes, LIMITS)
        answers = after.answers
        return [answers.get((turn.letter.id, turn.heard.step.effects[0])) for turn in turns]


def _exchange(session: Session, one: Wish, state: State | None) -> Exchange:
    who, effect = one[0], one[1]
    mine = talker(session, who)
    number, now = next(_letters), datetime.now(UTC)
    empty = Inbound(who.channel, str(number), who.address, Kind.MESSAGE, b"{}")
    inbound = one[2] if len(one) > 2 else empty
    letter = Letter(number, who.channel, who.address, b"{}", now)
    after = state or State(language=who.language, last_draft=mine.state.last_draft)
    return Exchange(mine, letter, Heard(inbound, Step(after, effects=(effect,))))


def keys(replies: Sequence[Reply | None]) -> list[str]:
    """Return which sentences are said."""
    return [reply.key if reply else "" for reply in replies]


def report(make: Sessions, ticket: str) -> Report:
    """Return the row of the report."""
    with transaction(make) as session:
        return session.scalars(select(Report).where(Report.ticket == ticket)).one()


def history(make: Sessions, ticket: str) -> list[tuple[str, dict[str, Any]]]:
    """Return what happened to the report since it was opened."""
    statement = (
        select(ReportEvent.kind, ReportEvent.detail)
        .join(Report, Report.id == ReportEvent.report_id)
        .where(Report.ticket == ticket, ReportEvent.kind != "opened")
        .order_by(ReportEvent.id)
    )
    with transaction(make) as session:
        return [(kind, detail) for kind, detail in session.execute(statement)]


def link(make: Sessions, who: Who, owner: Who) -> None:
    """Make both conversations those of one person."""
    [told] = wish(make, (owner, MakeLinkCode()))
    assert told
    [linked] = wish(make, (who, UseLinkCode(told.args["code"])))
    assert linked
    assert linked.key == "linked"


def done(make: Sessions, who: Who = BUDI, **columns: object) -> str:
    """Open a report of his of which the OPD says that it is done; return its ticket."""
    now = datetime.now(UTC)
    stands: dict[str, Any] = {
        "state": "selesai",
        "done_at": now,
        "close_at": now + timedelta(days=9),
    }
    return tells(make, who, **{**stands, "promise_at": None, **columns})
