"""What the citizen wrote and sent, message by message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, String, bindparam, insert, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from core.db.tables import File, Message
from core.message import Inbound, Kind, Media

WITHDRAWN_MARK = "[ditarik oleh warga]"  # officers read it in the place of what was taken back


@dataclass(frozen=True, slots=True)
class Entry:
    """A message of a conversation; `draft` is the number of the draft it belongs to, or 0."""

    conversation_id: UUID
    draft: int
    inbound: Inbound
    inbox_id: int


@dataclass(frozen=True, slots=True)
class Amendment:
    """The message `platform_id` reads `text` now; `noted` is what its report's history says."""

    conversation_id: UUID
    platform_id: str
    text: str
    noted: str = ""
    withdrawn: bool = False


def add(session: Session, entries: Sequence[Entry]) -> None:
    """Write the messages that say something, and the files they bring, to be fetched."""
    messages = [
        {
            "conversation_id": entry.conversation_id,
            "draft": entry.draft,
            "inbox_id": entry.inbox_id,
            "platform_id": entry.inbound.message_id,
            "text": entry.inbound.text,
            "at": entry.inbound.sent_at or datetime.now(UTC),
        }
        for entry in entries
        if entry.inbound.kind is Kind.MESSAGE
    ]
    files = [row for entry in entries for row in _files(entry)]
    if messages:
        session.execute(insert(Message), messages)
    if files:
        session.execute(upsert(File).on_conflict_do_nothing(), files)


def _files(entry: Entry) -> list[dict[str, object]]:
    return [
        {
            "channel": entry.inbound.channel,
            "conversation_id": entry.conversation_id,
            "draft": entry.draft,
            "platform_id": entry.inbound.message_id,
            "media": file.media,
            "ref": file.ref,
        }
        for file in entry.inbound.attachments
        if file.media is not Media.STICKER
    ]


# One statement for all: change the messages, and note it in the history of their reports. What
# was taken back is forgotten everywhere: in the message, the report's text, the words that decided
# a suggestion, the raw event, and its files are shown no more.
_AMEND = text(
    """
    with amended as (
        select * from unnest(:ids, :platform_ids, :texts, :notes, :withdrawn)
            as amended (id, platform_id, text, noted, withdrawn)
    ), former as (
        select message.id, message.text, message.draft, message.conversation_id, message.inbox_id
        from message
        join amended on message.conversation_id = amended.id::uuid
            and message.platform_id = amended.platform_id
        where amended.withdrawn
    ), forgotten as (
        update inbox set raw = '' from former where inbox.id = former.inbox_id
    ), unheard as (
        update inbox set raw = '', state = 'done'
        from amended
        join conversation on conversation.id = amended.id::uuid
        where amended.withdrawn and inbox.state = 'held' and inbox.channel = conversation.channel
            and inbox.address = conversation.address and inbox.message_id = amended.platform_id
    ), hidden as (
        update file set state = 'withdrawn' from amended
        where file.conversation_id = amended.id::uuid and amended.withdrawn
            and file.platform_id = amended.platform_id and file.state <> 'withdrawn'
    ), blackened as (
        update report set text = replace(report.text, former.text, :mark),
            place = case when strpos(former.text, report.place) > 0 then '' else report.place end,
            suggestion_id = case when report.state = 'belum_terverifikasi' then null
                else report.suggestion_id end
        from former
        where report.conversation_id = former.conversation_id and report.draft = former.draft
            and former.text <> ''
        returning report.id
    ), unsaid as (
        update suggestion set digest = '', ranking = (
            select coalesce(jsonb_agg(entry || '{"words": []}' order by place), '[]')
            from jsonb_array_elements(ranking) with ordinality as ranked (entry, place)
        )
        from blackened where suggestion.report_id = blackened.id
    ), changed as (
        update message set text = amended.text, edited_at = now()
        from amended
        where message.conversation_id = amended.id::uuid
            and message.platform_id = amended.platform_id
            and (message.text <> amended.text or amended.noted = 'message_withdrawn')
        returning message.conversation_id, message.draft, amended.noted
    )
    insert into report_event (report_id, actor, kind)
    select report.id, 'warga', changed.noted
    from changed
    join report on report.conversation_id = changed.conversation_id
        and report.draft = changed.draft
    where changed.noted <> ''
    """
).bindparams(
    bindparam("ids", type_=ARRAY(String)),
    bindparam("platform_ids", type_=ARRAY(String)),
    bindparam("texts", type_=ARRAY(String)),
    bindparam("notes", type_=ARRAY(String)),
    bindparam("withdrawn", type_=ARRAY(Boolean)),
)


def amend(session: Session, amendments: Sequence[Amendment]) -> None:
    """Change earlier messages; an edit leaves the report's own text as it was opened.

    Of several changes of one message the last holds; one that changes nothing is not noted.
    """
    last = {(one.conversation_id, one.platform_id): one for one in amendments if one.platform_id}
    if last:
        session.execute(
            _AMEND,
            {
                "ids": [str(one.conversation_id) for one in last.values()],
                "platform_ids": [one.platform_id for one in last.values()],
                "texts": [one.text for one in last.values()],
                "notes": [one.noted for one in last.values()],
                "withdrawn": [one.withdrawn for one in last.values()],
                "mark": WITHDRAWN_MARK,
            },
        )
