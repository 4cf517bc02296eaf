"""Citizens who want to talk to an officer, and who want the program back."""

from collections.abc import Sequence

from sqlalchemy import ARRAY, String, bindparam, text
from sqlalchemy.orm import Session

from core.effects import CallHuman, HandBack
from core.talk import Exchange
from core.turn import Reply
from core.workflow import CLOSED

# Noted on the report that was spoken of, else on the newest one; without any, the mark is all.
# Who calls again within a day is noted once.
_CALL = text(
    """
    with called as (
        select mine.id, mine.person, asked.focus, mine.asked_human_at
        from unnest(:ids, :tickets) as asked (id, focus)
        join conversation mine on mine.id = asked.id::uuid
    ), marked as (
        update conversation set asked_human_at = now() from called
        where conversation.id = called.id
    )
    insert into report_event (report_id, actor, kind)
    select meant.id, 'warga', 'asked_for_human'
    from called
    cross join lateral (
        select report.id from report
        join conversation on conversation.id = report.conversation_id
        where conversation.person = called.person and not report.state = any(:closed)
        order by report.ticket = called.focus desc, report.created_at desc
        limit 1
    ) meant
    where called.asked_human_at is null or called.asked_human_at < now() - interval '1 day'
    """
).bindparams(
    bindparam("ids", type_=ARRAY(String)),
    bindparam("tickets", type_=ARRAY(String)),
    bindparam("closed", type_=ARRAY(String)),
)


def call(session: Session, asked: Sequence[tuple[Exchange, CallHuman]]) -> list[Reply]:
    """Note for the office who wants to talk to somebody, and since when."""
    session.execute(_CALL, {**_focus(asked), "closed": [str(state) for state in CLOSED]})
    return [Reply("human-called")] * len(asked)


# Noted on the report that they talked about, if an officer talked to him at all.
_HAND_BACK = text(
    """
    with back as (
        select mine.id, mine.person, mine.human_until, asked.focus
        from unnest(:ids, :tickets) as asked (id, focus)
        join conversation mine on mine.id = asked.id::uuid
    ), freed as (
        update conversation set human_until = null, asked_human_at = null
        from back where conversation.id = back.id
    )
    insert into report_event (report_id, actor, kind)
    select report.id, 'warga', 'handback'
    from back
    join report on report.ticket = back.focus
    join conversation on conversation.id = report.conversation_id
        and conversation.person = back.person
    where back.human_until > now()
    """
).bindparams(bindparam("ids", type_=ARRAY(String)), bindparam("tickets", type_=ARRAY(String)))


def hand_back(session: Session, asked: Sequence[tuple[Exchange, HandBack]]) -> list[Reply]:
    """Let the program answer again; nobody is waited for any more."""
    session.execute(_HAND_BACK, _focus(asked))
    return [_handed_back(turn) for turn, _ in asked]


def _focus(asked: Sequence[tuple[Exchange, object]]) -> dict[str, list[str]]:
    """Return each conversation once, with the report that was spoken of in it last."""
    focus = {str(turn.talker.id): turn.heard.step.state.focus for turn, _ in asked}
    return {"ids": list(focus), "tickets": list(focus.values())}


def _handed_back(turn: Exchange) -> Reply:
    until = turn.talker.human_until
    talked = until is not None and until > turn.letter.received_at
    return Reply("handed-back" if talked else "greeting")
