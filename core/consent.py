"""What citizens decide about their data: news or none, what is stored, and that it is erased."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, BigInteger, Boolean, Row, String, bindparam, select, text
from sqlalchemy.orm import Session

from core import conversations, linking
from core.conversations import load_state
from core.db.tables import Conversation, Outbox
from core.draft import State
from core.effects import EraseData, SetNotices, TellData
from core.outbox import Note
from core.replies import render
from core.replies.dates import say_date
from core.talk import Exchange
from core.turn import Reply

OTHERS = "others"  # names in a reply the other conversations of its citizen
NO_LINE = "none"  # stands for what there is not
_ALL = 2**31 - 1  # drafts of a channel on which nothing was said just now
LONGEST_NAME = 60  # characters of a name that are shown

AnyRow = Row[*tuple[Any, ...]]

_SET_NOTICES = text(
    """
    update conversation set notices = asked.wanted
    from unnest(:ids, :wanted) as asked (id, wanted) where conversation.id = asked.id::uuid
    """
).bindparams(bindparam("ids", type_=ARRAY(String)), bindparam("wanted", type_=ARRAY(Boolean)))


def set_notices(session: Session, asked: Sequence[tuple[Exchange, SetNotices]]) -> list[None]:
    """Send the citizens news that they did not ask for, or no longer; the last word holds."""
    wanted = {str(turn.talker.id): effect.wanted for turn, effect in asked}
    session.execute(_SET_NOTICES, {"ids": list(wanted), "wanted": list(wanted.values())})
    return [None] * len(asked)


_STORED = text(
    """
    select mine.id as asked_by, mine.name, mine.notices,
        min(conversation.created_at) as since,
        string_agg(distinct conversation.channel, ', ') as channels,
        sum(counted.reports)::int as reports, sum(counted.messages)::int as messages,
        sum(counted.files)::int as files, sum(counted.follows)::int as follows
    from conversation mine
    join conversation on conversation.person = mine.person
    cross join lateral (
        select
            (select count(*) from report where conversation_id = conversation.id) as reports,
            (select count(*) from message where conversation_id = conversation.id) as messages,
            (
                select count(*) from file
                where conversation_id = conversation.id and state <> 'withdrawn'
            ) as files,
            (select count(*) from follower where conversation_id = conversation.id) as follows
    ) counted
    where mine.id = any(cast(:ids as uuid[]))
    group by mine.id, mine.name, mine.notices
    """
).bindparams(bindparam("ids", type_=ARRAY(String)))
_STORED_ROWS = _STORED.columns(name=Conversation.name.type)


def tell_data(
    session: Session, asked: Sequence[tuple[Exchange, TellData]], zone: ZoneInfo
) -> list[Reply]:
    """Return for each what is stored about its citizen, on all channels that he linked."""
    ids = [str(turn.talker.id) for turn, _ in asked]
    rows = {row.asked_by: row for row in session.execute(_STORED_ROWS, {"ids": ids})}
    return [_stored(turn, rows[turn.talker.id], zone) for turn, _ in asked]


def _stored(turn: Exchange, row: AnyRow, zone: ZoneInfo) -> Reply:
    since, language = row.since.astimezone(zone), turn.heard.step.state.language
    names = [render(language, f"channel-{name}") for name in row.channels.split(", ")]
    args = {
        "since": say_date(language, since),
        "channels": ", ".join(names),
        "name": row.name[:LONGEST_NAME] or NO_LINE,
        "notices": "on" if row.notices else "off",
    }
    counts = ("reports", "messages", "files", "follows")
    return Reply("my-data", args | {name: str(getattr(row, name)) for name in counts})


# All channels of the same citizens. Those that write right now are locked already; whoever else
# holds one of the others waits for nobody's channels but his own.
_PERSONS = text(
    """
    select conversation.id, conversation.person, conversation.state
    from conversation
    where conversation.person in (
        select person from conversation where id = any(cast(:ids as uuid[]))
    )
    order by conversation.id
    for no key update
    """
).bindparams(bindparam("ids", type_=ARRAY(String)))
_CHANNELS = _PERSONS.columns(state=Conversation.state.type)

# What belongs to no report goes; a report goes on without a name. Raw events of messages are
# emptied, also of those that were only kept, and so is what was said of drafts. What came behind
# the letter `upto`, which confirmed it, and drafts behind number `last`, were told anew.
_ERASE = text(
    """
    with mine as (
        select conversation.id, channel, address_key, asked.upto, asked.last
        from unnest(:ids, :upto, :last) as asked (id, upto, last)
        join conversation on conversation.id = asked.id::uuid
    ), forgotten as (
        update conversation set name = '', person = gen_random_uuid(), draft_at = null,
            reminded = 0, asked_human_at = null
        from mine where conversation.id = mine.id
    ), raws as (
        update inbox set raw = ''
        from (
            select unnest(:letters) as id
            union
            select message.inbox_id from message join mine on mine.id = message.conversation_id
            where message.inbox_id <= mine.upto
        ) read
        where inbox.id = read.id and inbox.raw <> ''
    ), held as (
        update inbox set raw = '', state = 'done' from mine
        where inbox.state = 'held' and inbox.channel = mine.channel
            and inbox.address_key = mine.address_key and inbox.id <= mine.upto
    ), codes as (
        delete from link_code using mine where link_code.conversation_id = mine.id
    ), tries as (
        delete from link_try using mine where link_try.conversation_id = mine.id
    ), follows as (
        delete from follower using mine where follower.conversation_id = mine.id
    ), files as (
        update file set state = 'withdrawn' from mine
        where file.conversation_id = mine.id and file.state <> 'withdrawn' and not exists (
            select from report where report.conversation_id = file.conversation_id
                and report.draft = file.draft
        ) and not exists (
            select from message where message.conversation_id = file.conversation_id
                and message.platform_id = file.platform_id and message.inbox_id > mine.upto
        )
    ), said as (
        update outbox set texts = :nothing, choices = '[]', reply_token = '' from mine
        where outbox.conversation_id = mine.id and outbox.state <> 'open' and not exists (
            select from report where report.conversation_id = outbox.conversation_id
                and report.draft = outbox.draft
        )
    ), messages as (
        delete from message using mine
        where message.conversation_id = mine.id and message.inbox_id <= mine.upto and not exists (
            select from report where report.conversation_id = message.conversation_id
                and report.draft = message.draft
        )
    ), hidden as (
        update report set anonim = true from mine
        where report.conversation_id = mine.id and not report.anonim and report.draft <= mine.last
        returning report.id, report.rahasia
    )
    insert into report_event (report_id, actor, kind, detail)
    select id, 'warga', 'secrecy', jsonb_build_object('anonim', true, 'rahasia', rahasia)
    from hidden
    """
).bindparams(
    bindparam("ids", type_=ARRAY(String)),
    bindparam("letters", type_=ARRAY(BigInteger)),
    bindparam("upto", type_=ARRAY(BigInteger)),
    bindparam("last", type_=ARRAY(BigInteger)),
    bindparam("nothing", type_=Outbox.texts.type),
)


def erase(session: Session, asked: Sequence[tuple[Exchange, EraseData]]) -> list[Reply]:
    """Erase all that no report needs, on all channels of the citizens; reports become anonim.

    What a citizen told after he confirmed it stays, in the same batch too. The address stays,
    sealed, so that answers arrive (docs/adr/0018-erasing-keeps-the-reports.md).
    """
    last = {turn.talker.id: turn for turn, _ in asked}
    rows = session.execute(_CHANNELS, {"ids": list(map(str, last))}).all()
    upto = {row.person: last[row.id].letter.id for row in rows if row.id in last}
    others = {row.id: _emptied(load_state(row.state)) for row in rows if row.id not in last}
    conversations.save(session, others, {})
    drafts = {id_: turn.heard.step.state.last_draft for id_, turn in last.items()}
    given = {
        "ids": [str(row.id) for row in rows],
        "upto": [upto[row.person] for row in rows],
        "last": [drafts.get(row.id, _ALL) for row in rows],
        "letters": [turn.letter.id for turn, _ in asked],
        "nothing": [],
    }
    session.execute(_ERASE, given)
    return _erased(asked, {row.id: row.person for row in rows})


def _erased(asked: Sequence[tuple[Exchange, EraseData]], persons: dict[UUID, UUID]) -> list[Reply]:
    """Return what each is answered; one of each citizen names his conversations that asked not."""
    askers = {turn.talker.id: number for number, (turn, _) in enumerate(asked)}
    told_by = {persons[id_]: number for id_, number in askers.items()}
    others: list[list[str]] = [[] for _ in asked]
    for id_, person in persons.items():
        if id_ not in askers:
            others[told_by[person]].append(str(id_))
    return [
        Reply("erased", {OTHERS: " ".join(ids), "channel": turn.talker.channel} if ids else {})
        for (turn, _), ids in zip(asked, others, strict=True)
    ]


def tell_others(session: Session, replies: Iterable[Reply]) -> list[Note]:
    """Return the news for the other channels of those whose data were erased just now.

    Also for who wants no news: he has to know when it was not he.
    """
    erased = {
        UUID(id_): reply.args["channel"]
        for reply in replies
        for id_ in reply.args.get(OTHERS, "").split()
    }
    if not erased:
        return []
    rows = session.scalars(select(Conversation).where(Conversation.id.in_(erased)))
    return [linking.to_other(row, "erased-there", erased[row.id]) for row in rows]


def _emptied(state: State) -> State:
    """Return what a conversation must still know: how it counts drafts, and its language."""
    return State(
        language=state.language,
        greeted=state.greeted,
        last_draft=state.last_draft,
        threads=state.threads,
        nameless=True,
        minute=state.minute,
        minute_count=state.minute_count,
    )
