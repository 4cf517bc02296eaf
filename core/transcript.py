"""What the citizen wrote and sent, message by message."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, Row, String, bindparam, insert, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from core.db.session import insert_all
from core.db.tables import File, Message, Report
from core.guard import mask
from core.message import Inbound, Kind, Media
from core.privacy.columns import Blind, Each, Sealed
from core.sources import Parts, keys, without, without_line
from core.workflow import ReportState


@dataclass(frozen=True, slots=True)
class Entry:
    """A message of a conversation; `draft` is the number of the draft it belongs to, or 0.

    `decision` is what it was taken for, by the evidence `reason`; `told_in` is where it was told,
    when that is another conversation.
    """

    conversation_id: UUID
    draft: int
    inbound: Inbound
    inbox_id: int
    decision: str = ""
    reason: str = ""
    told_in: UUID | None = None

    @property
    def told_elsewhere(self) -> UUID | None:
        """Return in which other conversation it was told, None for its own."""
        return self.told_in if self.told_in != self.conversation_id else None


@dataclass(frozen=True, slots=True)
class Amendment:
    """The message `platform_id`, told in this conversation, reads `text` now.

    `noted` is what its report's history says.
    """

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
            **_masked(said(entry.inbound)),
            "at": entry.inbound.sent_at or datetime.now(UTC),
            "decision": entry.decision,
            "reason": entry.reason,
            "told_in": entry.told_elsewhere,
        }
        for entry in entries
        if entry.inbound.kind is Kind.MESSAGE
    ]
    files = [row for entry in entries for row in _files(entry)]
    if messages:
        insert_all(session, insert(Message), messages)
    if files:
        session.execute(upsert(File).on_conflict_do_nothing(), files)


def said(inbound: Inbound) -> str:
    """Return what a message says in words, and where the place is that it shows."""
    if inbound.place is None:
        return inbound.text
    point = f"📍 {inbound.place.latitude:.6f}, {inbound.place.longitude:.6f}"
    return "\n".join(filter(None, (inbound.text, f"{point} {inbound.place.label}".rstrip())))


def _masked(text: str) -> dict[str, str | None]:
    """Return what the office reads of a text, and what was written where that differs."""
    masked = mask(text)
    return {"text": masked, "sealed": text if masked != text else None}


def _files(entry: Entry) -> list[dict[str, object]]:
    return [
        {
            "channel": entry.inbound.channel,
            "conversation_id": entry.conversation_id,
            "draft": entry.draft,
            "platform_id": entry.inbound.message_id,
            "media": file.media,
            "ref": file.ref,
            "told_in": entry.told_elsewhere,
        }
        for file in entry.inbound.attachments
        if file.media is not Media.STICKER
    ]


# Much of what messages leave in reports is sealed: what becomes of it is worked out by us.
_TAKEN = text(
    """
    select asked.place as number, message.text as line, report.id, report.state,
        report.suggestion_id, report.text, report.sealed, report.place, report.latitude,
        report.longitude, report.happened, report.sources
    from unnest(:ids, :platform_ids) with ordinality as asked (id, platform_id, place)
    join lateral (
        select * from message
        where message.conversation_id = asked.id::uuid and message.told_in is null
            and message.platform_id = asked.platform_id
        union all
        select * from message
        where message.told_in = asked.id::uuid and message.platform_id = asked.platform_id
    ) message on true
    join report on report.conversation_id = message.conversation_id
        and report.draft = message.draft
    order by report.id, asked.place
    for no key update of report
    """
).bindparams(bindparam("ids", type_=ARRAY(String)), bindparam("platform_ids", type_=Each(Blind())))
_TAKEN_ROWS = _TAKEN.columns(sealed=Report.sealed.type, sources=Report.sources.type)

# One statement for all: change the messages, and note it in the history of their reports. What
# was taken back is forgotten everywhere: in the message, the words that decided a suggestion, the
# raw event, and its files are shown no more. Whether an edit changed what is hidden cannot be seen
# here: it is noted.
_AMEND = text(
    """
    with amended as (
        select * from unnest(:ids, :platform_ids, :texts, :seals, :notes, :withdrawn)
            as amended (id, platform_id, text, sealed, noted, withdrawn)
    ), meant as (
        select message.id, message.inbox_id, message.conversation_id, message.draft,
            amended.text, amended.sealed, amended.noted, amended.withdrawn
        from amended
        join lateral (
            select * from message
            where message.conversation_id = amended.id::uuid and message.told_in is null
                and message.platform_id = amended.platform_id
            union all
            select * from message
            where message.told_in = amended.id::uuid and message.platform_id = amended.platform_id
        ) message on true
    ), forgotten as (
        update inbox set raw = '' from meant where meant.withdrawn and inbox.id = meant.inbox_id
    ), unheard as (
        update inbox set raw = '', state = 'done'
        from amended
        join conversation on conversation.id = amended.id::uuid
        where amended.withdrawn and inbox.state = 'held' and inbox.channel = conversation.channel
            and inbox.address_key = conversation.address_key
            and inbox.message_id = amended.platform_id
    ), hidden as (
        update file set state = 'withdrawn'
        where file.state <> 'withdrawn' and file.id in (
            select file.id from amended
            join file on file.conversation_id = amended.id::uuid and file.told_in is null
                and file.platform_id = amended.platform_id
            where amended.withdrawn
            union all
            select file.id from amended
            join file on file.told_in = amended.id::uuid
                and file.platform_id = amended.platform_id
            where amended.withdrawn
        )
    ), unsaid as (
        update suggestion set digest = '', ranking = (
            select coalesce(jsonb_agg(entry || '{"words": []}' order by place), '[]')
            from jsonb_array_elements(ranking) with ordinality as ranked (entry, place)
        )
        where suggestion.report_id = any(cast(:blackened as uuid[]))
    ), changed as (
        update message set text = meant.text, sealed = meant.sealed, edited_at = now()
        from meant
        where message.id = meant.id and (message.text <> meant.text or meant.sealed is not null
            or meant.noted = 'message_withdrawn')
        returning message.conversation_id, message.draft, meant.noted
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
    bindparam("platform_ids", type_=Each(Blind())),
    bindparam("texts", type_=ARRAY(String)),
    bindparam("seals", type_=Each(Sealed("message.sealed"))),
    bindparam("notes", type_=ARRAY(String)),
    bindparam("withdrawn", type_=ARRAY(Boolean)),
    bindparam("blackened", type_=ARRAY(String)),
)


def amend(session: Session, amendments: Sequence[Amendment]) -> None:
    """Change earlier messages, wherever they stand by now.

    An edit leaves the report's own text as it was opened; what is taken back leaves it, as it was
    told then. Of several changes of one message the last holds; one that changes nothing is not
    noted.
    """
    last = {(one.conversation_id, one.platform_id): one for one in amendments if one.platform_id}
    if last:
        blackened = _blacken(session, [one for one in last.values() if one.withdrawn])
        texts = [_masked(one.text) for one in last.values()]
        session.execute(
            _AMEND,
            {
                "ids": [str(one.conversation_id) for one in last.values()],
                "platform_ids": [one.platform_id for one in last.values()],
                "texts": [one["text"] for one in texts],
                "seals": [one["sealed"] for one in texts],
                "notes": [one.noted for one in last.values()],
                "withdrawn": [one.withdrawn for one in last.values()],
                "blackened": list(map(str, blackened)),
            },
        )


def _blacken(session: Session, gone: Sequence[Amendment]) -> list[UUID]:
    """Take out of reports what messages brought that are taken back; return which have changed.

    As long as nobody has decided, such a report is read anew.
    """
    if not gone:
        return []
    given = {
        "ids": [str(one.conversation_id) for one in gone],
        "platform_ids": [one.platform_id for one in gone],
    }
    key, found = keys(session), {}
    after: dict[UUID, Parts] = {}
    for row in session.execute(_TAKEN_ROWS, given):
        one, parts = gone[row.number - 1], after.get(row.id, _parts(row))
        if parts.sources:
            after[row.id] = without(parts, {key(one.conversation_id, one.platform_id)})
        else:  # opened before anybody noted them
            after[row.id] = without_line(parts, row.line)
        found[row.id] = row
    changed = [id_ for id_, parts in after.items() if parts != _parts(found[id_])]
    if changed:
        rows = [{"id": id_, **asdict(after[id_]), **_unread(found[id_])} for id_ in changed]
        session.execute(update(Report), rows)
    return changed


def _parts(row: Row[*tuple[Any, ...]]) -> Parts:
    return Parts(**{field.name: getattr(row, field.name) for field in fields(Parts)})


def _unread(row: Row[*tuple[Any, ...]]) -> dict[str, int | None]:
    waits = row.state == ReportState.BELUM_TERVERIFIKASI
    return {"suggestion_id": None if waits else row.suggestion_id}
