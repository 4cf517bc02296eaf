"""Citizens who want the news of a report that another told."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, String, bindparam, delete, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.db.tables import Follower
from core.effects import Follow
from core.replies import render
from core.talk import Exchange
from core.turn import Reply
from core.workflow import CLOSED

MOST = 20  # reports of others, not closed yet, that one citizen follows

AnyRow = Row[*tuple[Any, ...]]

# Of a report that is rahasia nobody else learns that it exists.
_ASKED = text(
    """
    select mine.id as asked_by, report.ticket, report.id, report.state,
        conversation.person = mine.person as own,
        exists (
            select from follower
            where follower.report_id = report.id and follower.conversation_id = mine.id
        ) as follows,
        (
            select count(*) from follower
            join report followed on followed.id = follower.report_id
            where follower.conversation_id = mine.id and not followed.state = any(:closed)
        ) as followed
    from unnest(:ids, :tickets) as asked (id, ticket)
    join conversation mine on mine.id = asked.id::uuid
    join report on report.ticket = asked.ticket
    join conversation on conversation.id = report.conversation_id
    where conversation.person = mine.person or not report.rahasia
    """
).bindparams(
    bindparam("ids", type_=ARRAY(String)),
    bindparam("tickets", type_=ARRAY(String)),
    bindparam("closed", type_=ARRAY(String)),
)

Pair = tuple[UUID, UUID]  # report, conversation


def follow(session: Session, asked: Sequence[tuple[Exchange, Follow]]) -> list[Reply]:
    """Send the news of reports to those who ask, or no longer; return what each is told."""
    given = {
        "ids": [str(turn.talker.id) for turn, _ in asked],
        "tickets": [effect.ticket for _, effect in asked],
        "closed": [str(state) for state in CLOSED],
    }
    rows = {(row.asked_by, row.ticket): row for row in session.execute(_ASKED, given)}
    follows = {(row.id, row.asked_by): row.follows for row in rows.values()}
    before = dict(follows)
    room = {row.asked_by: MOST - row.followed for row in rows.values()}
    replies = [
        _answer(turn, effect, rows.get((turn.talker.id, effect.ticket)), follows, room)
        for turn, effect in asked
    ]
    _write(session, before, follows)
    return replies


def _answer(
    turn: Exchange,
    effect: Follow,
    row: AnyRow | None,
    follows: dict[Pair, bool],
    room: dict[UUID, int],
) -> Reply:
    """Note in `follows` and `room` what the citizen wants, if he may, and return what he is told.

    A report that is closed already takes no room: its news are few.
    """
    args = {"ticket": effect.ticket}
    if row is None:
        return Reply("follow-unknown", args)
    if row.own:
        return Reply("follow-own", args)
    pair, counts = (row.id, row.asked_by), row.state not in CLOSED
    if follows[pair] == effect.follows:
        return _said(turn, effect, row)
    if effect.follows and counts and room[row.asked_by] <= 0:
        return Reply("follow-full", {"most": str(MOST)})
    follows[pair] = effect.follows
    room[row.asked_by] -= (1 if effect.follows else -1) * counts
    return _said(turn, effect, row)


def _said(turn: Exchange, effect: Follow, row: AnyRow) -> Reply:
    if not effect.follows:
        return Reply("unfollowed", {"ticket": row.ticket})
    state = render(turn.heard.step.state.language, f"state-{row.state}")
    return Reply("followed", {"ticket": row.ticket, "state": state})


def _write(session: Session, before: dict[Pair, bool], after: dict[Pair, bool]) -> None:
    new = [pair for pair, follows in after.items() if follows and not before[pair]]
    gone = [pair for pair, follows in after.items() if before[pair] and not follows]
    if new:
        rows = [{"report_id": report, "conversation_id": id_} for report, id_ in new]
        session.execute(insert(Follower).on_conflict_do_nothing(), rows)
    if gone:
        key = tuple_(Follower.report_id, Follower.conversation_id)
        session.execute(delete(Follower).where(key.in_(gone)))
