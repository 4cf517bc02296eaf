"""Finds out what the conversation must know of a batch of messages besides their words.

Each question is one statement for the whole batch, however many messages there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, String, bindparam
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from core.conversations import Key, Talker
from core.date_words import When, find_when
from core.effects import Own
from core.message import Inbound, Kind
from core.place_words import find_place
from core.privacy.columns import Blind
from core.talk import Post
from core.understanding import PlaceKind, Understanding, Urgency
from core.workflow import ReportState

LISTED = 20  # newest reports of a citizen that a conversation knows of, beside the one meant
TITLE = 80  # characters of a report's first words
WIDE = frozenset({PlaceKind.PROVINSI, PlaceKind.KABUPATEN, PlaceKind.KOTA})
PLACES = 3  # names of places in a text that are told as its place

# What can be about a report that was sent, or brings up the question which one it is about.
ASKING = frozenset({Kind.MESSAGE, Kind.CHOICE, Kind.EDIT, Kind.WITHDRAWN, Kind.START})
TELLING = frozenset({Kind.MESSAGE, Kind.EDIT})  # what can tell a place and a day

Posts = Mapping[Key, Sequence[Post]]
Quoted = tuple[int, UUID | None]  # draft or report, and in which other conversation it counts


def enrich(
    session: Session, talkers: Mapping[Key, Talker], posts: Posts, zone: ZoneInfo
) -> dict[Key, list[Post]]:
    """Return `posts` with what is known of each of them; days are read by the clock of `zone`."""
    asking = {
        talkers[key].id: talkers[key].state.focus
        for key, theirs in posts.items()
        if any(post.inbound.kind in ASKING for post in theirs)
    }
    reports = own_reports(session, asking)
    quoted = quoted_drafts(session, _quotes(talkers, posts))
    return {
        key: [_enriched(post, talkers[key], reports, quoted, zone) for post in theirs]
        for key, theirs in posts.items()
    }


def _quotes(talkers: Mapping[Key, Talker], posts: Posts) -> list[tuple[UUID, str]]:
    return [
        (talkers[key].id, _answered(post.inbound))
        for key, theirs in posts.items()
        for post in theirs
        if _answered(post.inbound)
    ]


def _answered(inbound: Inbound) -> str:
    """Return the message that this one answers; a change belongs to what it changes."""
    itself = inbound.kind in (Kind.EDIT, Kind.WITHDRAWN)
    return inbound.message_id if itself else inbound.quoted_id


def _enriched(
    post: Post,
    talker: Talker,
    reports: Mapping[UUID, tuple[Own, ...]],
    quoted: Mapping[tuple[UUID, str], Quoted],
    zone: ZoneInfo,
) -> Post:
    inbound, at = post.inbound, post.letter.received_at
    tells = inbound.kind in TELLING
    number, owner = quoted.get((talker.id, _answered(inbound)), (0, None))
    told_at = min(inbound.sent_at or at, at).astimezone(zone)
    when = find_when(inbound.text, told_at) if tells else When("")
    known = replace(
        post.known,
        place=place_in(inbound.text, post.known.understanding) if tells else "",
        when=when.words,
        day=when.day,
        quoted=number,
        quoted_in=owner,
        reports=reports.get(talker.id, ()),
        human=talker.human_until is not None and talker.human_until > at,
        at=at,
    )
    return replace(post, known=known)


def place_in(text: str, understanding: Understanding | None) -> str:
    """Return the words of a text that name a place: by their wording, else by known names."""
    worded = find_place(text)
    if worded or understanding is None:
        return worded
    if all(mention.kind in WIDE for mention in understanding.mentions):  # nobody can go there
        return ""
    names = dict.fromkeys(mention.words for mention in understanding.mentions)
    return ", ".join(list(names)[:PLACES])


_OWN = sql(
    """
    select mine.id as asked_by, report.ticket, report.draft, report.conversation_id, report.state,
        left(report.text, :title) as title, report.place, report.created_at, report.verdict,
        report.verdict_at, report.paused_at, report.anonim, report.rahasia, report.urgency,
        suggestion.urusan,
        case when report.answered_at is not null then (
            select max(at) from report_event
            where report_event.report_id = report.id and report_event.kind = 'answered'
        ) end as answered_at
    from unnest(:ids, :tickets) as asked (id, focus)
    join conversation mine on mine.id = asked.id::uuid
    join conversation on conversation.person = mine.person
    cross join lateral (
        (
            select * from report where report.conversation_id = conversation.id
            order by report.draft desc limit :listed
        )
        union all
        select * from report
        where report.ticket = asked.focus and report.conversation_id = conversation.id
    ) report
    left join suggestion on suggestion.id = report.suggestion_id
    order by mine.id, report.created_at desc, report.draft desc
    """
).bindparams(bindparam("ids", type_=ARRAY(String)), bindparam("tickets", type_=ARRAY(String)))


def own_reports(session: Session, asked: Mapping[UUID, str]) -> dict[UUID, tuple[Own, ...]]:
    """Return for each conversation the newest reports of its citizen, over all his channels.

    The report whose ticket it has in mind, "" for none, is among them however old it is.
    """
    if not asked:
        return {}
    ids, tickets = [str(one) for one in asked], list(asked.values())
    given = {"ids": ids, "tickets": tickets, "title": TITLE, "listed": LISTED}
    found: dict[UUID, dict[str, Own]] = {}
    for row in session.execute(_OWN, given):
        own = Own(
            ticket=row.ticket,
            number=row.draft,
            conversation_id=row.conversation_id,
            here=row.conversation_id == row.asked_by,
            state=ReportState(row.state),
            title=" ".join(row.title.split()),
            opened_at=row.created_at,
            answered_at=row.answered_at,
            verdict=row.verdict,
            verdict_at=row.verdict_at,
            anonim=row.anonim,
            rahasia=row.rahasia,
            place=row.place,
            urusan=row.urusan or "",
            asked_at=row.paused_at,
            urgent=row.urgency == Urgency.DARURAT,
        )
        found.setdefault(row.asked_by, {})[own.ticket] = own  # the one in mind may come twice
    return {id_: _newest(list(own.values()), asked[id_]) for id_, own in found.items()}


def _newest(reports: Sequence[Own], focus: str) -> tuple[Own, ...]:
    meant = (own for own in reports[LISTED:] if own.ticket == focus)
    return (*reports[:LISTED], *meant)


# A citizen answers a message of ours, or one of his own, which may stand beside a report that he
# told on another channel. Ids of another platform never meet those of this one.
_QUOTED = sql(
    """
    select asked.place, found.draft, found.owner
    from unnest(:ids, :platform_ids) with ordinality as asked (id, platform_id, place)
    cross join lateral (
        select draft, null::uuid as owner, 1 as rank from outbox
        where outbox.conversation_id = asked.id::uuid
            and outbox.platform_key = asked.platform_id
        union all
        select draft, null, 2 from message
        where message.conversation_id = asked.id::uuid and message.told_in is null
            and message.platform_id = asked.platform_id
        union all
        select draft, message.conversation_id, 3 from message
        where message.told_in = asked.id::uuid and message.platform_id = asked.platform_id
        order by rank limit 1
    ) found
    """
).bindparams(bindparam("ids", type_=ARRAY(String)), bindparam("platform_ids", type_=ARRAY(Blind())))


def quoted_drafts(
    session: Session, quotes: Sequence[tuple[UUID, str]]
) -> dict[tuple[UUID, str], Quoted]:
    """Return the draft or report that each quoted message of a conversation belongs to."""
    if not quotes:
        return {}
    given = {
        "ids": [str(id_) for id_, _ in quotes],
        "platform_ids": [platform_id for _, platform_id in quotes],
    }
    rows = session.execute(_QUOTED, given)
    return {quotes[row.place - 1]: (row.draft, row.owner) for row in rows}
