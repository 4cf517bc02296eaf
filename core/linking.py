"""Links the channels of one citizen: a code that he is told on one, he brings to another."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, String, bindparam, delete, func, insert, or_, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from core.conversations import load_state
from core.db.tables import Conversation, LinkCode, LinkTry
from core.effects import MakeLinkCode, UseLinkCode
from core.outbox import Note, Rank
from core.privacy.columns import ring_of
from core.replies import render
from core.talk import Exchange
from core.turn import Reply

DIGITS = 8
VALID = timedelta(minutes=10)
MOST_TRIES = 5  # wrong codes of one conversation in TRIES_IN, after which none is looked at
TRIES_IN = timedelta(minutes=10)

OWNER = "owner"  # names in a reply whose code it was
_MINUTES = str(VALID // timedelta(minutes=1))


def new_code() -> str:
    """Return a fresh code from the system's random source."""
    return "".join(secrets.choice("0123456789") for _ in range(DIGITS))


def digest(session: Session, code: str) -> str:
    """Return what is stored of a code: only with the index key can all codes be tried."""
    return ring_of(session.get_bind().dialect).blind(f"link {code}").hex()


def make(session: Session, asked: Sequence[tuple[Exchange, MakeLinkCode]]) -> list[Reply]:
    """Return for each a new code; the conversation's former one, and all that expired, go."""
    ids = {turn.talker.id for turn, _ in asked}
    old = or_(LinkCode.conversation_id.in_(ids), LinkCode.expires_at <= func.now())
    session.execute(delete(LinkCode).where(old))
    codes: dict[UUID, str] = {}
    while missing := sorted(ids - codes.keys()):  # again only where a code is in use already
        codes |= _kept(session, {new_code(): id_ for id_ in missing})
    replies = []
    for turn, _ in asked:
        code = codes[turn.talker.id]
        replies.append(Reply("link-code", {"code": code, "minutes": _MINUTES}))
    return replies


def _kept(session: Session, codes: dict[str, UUID]) -> dict[UUID, str]:
    """Store the codes that nobody else has, and return them by conversation."""
    named = {digest(session, code): code for code in codes}
    rows = [
        {"digest": name, "conversation_id": codes[code], "expires_at": func.now() + VALID}
        for name, code in named.items()
    ]
    statement = upsert(LinkCode).values(rows).on_conflict_do_nothing()
    kept = session.scalars(statement.returning(LinkCode.digest))
    return {codes[named[name]]: named[name] for name in kept}


@dataclass(slots=True)
class _Desk:
    """What is known of the codes that were brought, and what becomes of them."""

    owners: dict[str, Row[*tuple[Any, ...]]]  # by digest: whose code it is
    persons: dict[UUID, UUID]  # by conversation: who it is
    tries: dict[UUID, int]  # by conversation: how many wrong codes there were
    joined: dict[UUID, UUID]  # who is somebody else now
    used: list[str]
    wrong: list[UUID]

    def person(self, conversation_id: UUID) -> UUID:
        """Return who a conversation belongs to by now."""
        return self.now(self.persons[conversation_id])

    def now(self, person: UUID) -> UUID:
        """Return who `person` is by now."""
        while person in self.joined:
            person = self.joined[person]
        return person

    def link(self, conversation_id: UUID, here: str, name: str) -> Reply:
        """Take the code `name` of a conversation on channel `here`; return what it is told.

        A wrong code, an expired one and one that was used are told apart by nobody.
        """
        if self.tries.get(conversation_id, 0) >= MOST_TRIES:
            return Reply("link-wait", {"minutes": _MINUTES})
        owner = self.owners.get(name)
        if owner is None or name in self.used:
            self.tries[conversation_id] = self.tries.get(conversation_id, 0) + 1
            self.wrong.append(conversation_id)
            return Reply("link-wrong")
        if owner.conversation_id == conversation_id:
            return Reply("link-here")
        self.used.append(name)
        theirs, ours = self.now(owner.person), self.person(conversation_id)
        if theirs != ours:
            self.joined[ours] = theirs
        return Reply("linked", {OWNER: str(owner.conversation_id), "channel": here})


def use(session: Session, asked: Sequence[tuple[Exchange, UseLinkCode]]) -> list[Reply]:
    """Make the conversations with right codes those of one person; return what each is told."""
    names = [digest(session, effect.code) for _, effect in asked]
    ids = {turn.talker.id for turn, _ in asked}
    desk = _Desk(_owners(session, names), *_known(session, ids), {}, [], [])
    replies = [
        desk.link(turn.talker.id, turn.talker.channel, name)
        for (turn, _), name in zip(asked, names, strict=True)
    ]
    if desk.used:
        session.execute(delete(LinkCode).where(LinkCode.digest.in_(desk.used)))
    _join(session, {former: desk.now(former) for former in desk.joined})
    _note_wrong(session, desk.wrong)
    return replies


def tell_owners(session: Session, replies: Iterable[Reply]) -> list[Note]:
    """Return the news for those whose codes were used just now, where they made them.

    Also for who wants no news: he has to know when it was not he.
    """
    used = {UUID(it.args[OWNER]): it.args["channel"] for it in replies if OWNER in it.args}
    if not used:
        return []
    rows = session.scalars(select(Conversation).where(Conversation.id.in_(used)))
    return [to_other(row, "link-used", used[row.id]) for row in rows]


def to_other(row: Conversation, key: str, channel: str) -> Note:
    """Return the news `key` of what was done on `channel`, for another channel of the citizen."""
    language = load_state(row.state).language
    args = {"channel": render(language, f"channel-{channel}")}
    return Note(
        channel=row.channel,
        address=row.address,
        conversation_id=row.id,
        text=render(language, key, args),
        reachable=row.reachable,
        rank=Rank.ANSWER,
    )


def _note_wrong(session: Session, ids: Sequence[UUID]) -> None:
    """Count the wrong codes; those of long ago go."""
    if ids:
        long_ago = LinkTry.conversation_id.in_(ids), LinkTry.at <= func.now() - TRIES_IN
        session.execute(delete(LinkTry).where(*long_ago))
        session.execute(insert(LinkTry), [{"conversation_id": id_} for id_ in ids])


def _owners(session: Session, names: Iterable[str]) -> dict[str, Row[*tuple[Any, ...]]]:
    """Lock the codes: what two conversations bring at once links only one of them."""
    statement = (
        select(LinkCode.digest, LinkCode.conversation_id, Conversation.person)
        .join(Conversation, Conversation.id == LinkCode.conversation_id)
        .where(LinkCode.digest.in_(names), LinkCode.expires_at > func.now())
        .order_by(LinkCode.digest)
        .with_for_update(of=LinkCode)
    )
    return {row.digest: row for row in session.execute(statement)}


def _known(session: Session, ids: Iterable[UUID]) -> tuple[dict[UUID, UUID], dict[UUID, int]]:
    """Return who the conversations belong to, and how many wrong codes they brought of late."""
    recent = func.now() - TRIES_IN
    tried = (
        select(func.count())
        .where(LinkTry.conversation_id == Conversation.id, LinkTry.at > recent)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Conversation.id, Conversation.person, tried.label("tries")).where(
            Conversation.id.in_(ids)
        )
    ).all()
    return {row.id: row.person for row in rows}, {row.id: row.tries for row in rows}


_JOIN = text(
    """
    update conversation set person = joined.after::uuid
    from unnest(:befores, :afters) as joined (before, after)
    where conversation.person = joined.before::uuid
    """
).bindparams(bindparam("befores", type_=ARRAY(String)), bindparam("afters", type_=ARRAY(String)))


def _join(session: Session, persons: dict[UUID, UUID]) -> None:
    if persons:
        given = {"befores": list(map(str, persons)), "afters": list(map(str, persons.values()))}
        session.execute(_JOIN, given)
