"""What citizens ask to see of their reports: all of them, or the latest news of one."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, Row, String, bindparam, text
from sqlalchemy.orm import Session

from core import reports
from core.effects import Resend, TellReports
from core.replies import render
from core.sayings import say_status
from core.talk import Exchange
from core.turn import Option, Reply
from core.words import Word

LISTED = 5  # reports on one screen
TITLE = 45  # characters of a report's first words
NONE_MORE = "none"  # stands for a line that is left out

AnyRow = Row[*tuple[Any, ...]]


_NEWEST = text(
    """
    select asked_by, ticket, state, title, number, reports
    from (
        select mine.id as asked_by, report.ticket, report.state, report.created_at,
            left(report.text, :title + 1) as title,
            row_number() over (partition by mine.id order by report.created_at desc) as number,
            count(*) over (partition by mine.id) as reports
        from conversation mine
        join conversation on conversation.person = mine.person
        join report on report.conversation_id = conversation.id
        where mine.id = any(cast(:ids as uuid[]))
    ) listed
    where number <= :listed
    order by asked_by, number
    """
).bindparams(bindparam("ids", type_=ARRAY(String)))


def tell_reports(session: Session, asked: Sequence[tuple[Exchange, TellReports]]) -> list[Reply]:
    """Return for each the newest reports of its citizen, with a button for each."""
    ids = [str(turn.talker.id) for turn, _ in asked]
    found: dict[UUID, list[AnyRow]] = {}
    for row in session.execute(_NEWEST, {"ids": ids, "title": TITLE, "listed": LISTED}):
        found.setdefault(row.asked_by, []).append(row)
    return [_list(turn, found.get(turn.talker.id, [])) for turn, _ in asked]


def _list(turn: Exchange, rows: Sequence[AnyRow]) -> Reply:
    if not rows:
        return Reply("no-reports")
    language = turn.heard.step.state.language
    more = rows[0].reports - len(rows)
    lines = [
        render(
            language,
            "my-report",
            {
                "ticket": row.ticket,
                "state": render(language, f"state-{row.state}"),
                "title": _shortened(row.title),
            },
        )
        for row in rows
    ]
    args = {"list": "\n".join(lines), "more": str(more or NONE_MORE)}
    options = tuple(Option(Word.STATUS, row.ticket, row.ticket) for row in rows)
    return Reply("my-reports", args, options=options)


def _shortened(title: str) -> str:
    words = " ".join(title.split())
    return words if len(title) <= TITLE else words[: TITLE - 1].rstrip() + "…"


_LATEST = text(
    """
    select mine.id as asked_by, report.ticket, coalesce(agency.name, '') as agency,
        answer.detail ->> 'text' as answer
    from unnest(:ids, :tickets) as asked (id, ticket)
    join conversation mine on mine.id = asked.id::uuid
    join report on report.ticket = asked.ticket
    join conversation on conversation.id = report.conversation_id
        and conversation.person = mine.person
    left join agency on agency.id = report.agency_id
    left join lateral (
        select detail from report_event
        where report_event.report_id = report.id and report_event.kind = 'answered'
        order by report_event.id desc limit 1
    ) answer on true
    """
).bindparams(bindparam("ids", type_=ARRAY(String)), bindparam("tickets", type_=ARRAY(String)))


def resend(
    session: Session, asked: Sequence[tuple[Exchange, Resend]], zone: ZoneInfo
) -> list[Reply]:
    """Return for each how the report stands, with the latest answer of its OPD whole."""
    given = {
        "ids": [str(turn.talker.id) for turn, _ in asked],
        "tickets": [effect.ticket for _, effect in asked],
    }
    latest = {(row.asked_by, row.ticket): row for row in session.execute(_LATEST, given)}
    whose = [(turn.talker.id, effect.ticket) for turn, effect in asked]
    standings = reports.standings(session, whose)
    replies = []
    for turn, effect in asked:
        row = latest.get((turn.talker.id, effect.ticket))
        if row is None:
            replies.append(Reply("not-yours", {"ticket": effect.ticket}))
            continue
        language = turn.heard.step.state.language
        status = say_status(language, row.ticket, standings[turn.talker.id, row.ticket], zone)
        replies.append(_latest(status, row))
    return replies


def _latest(status: str, row: AnyRow) -> Reply:
    if row.answer is None:
        return Reply("latest-none", {"status": status})
    agency = row.agency or "Diskominfo"
    return Reply("latest", {"status": status, "agency": agency, "text": row.answer})
