"""What the office reads: the list of reports, and one report with all that happened to it."""

from base64 import b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, literal, select, text, tuple_
from sqlalchemy.orm import Session

from core.db.tables import (
    OVERDUE,
    Agency,
    Conversation,
    File,
    Message,
    Outbox,
    Report,
    ReportEvent,
)
from core.errors import NotFound
from core.workflow import ReportState

EXCERPT = 280  # characters of a report's text in the list
SHOWN = 500  # newest rows of each kind that one report is shown with

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_CURSOR_BYTES = 8 + 16  # microseconds since 1970, report id


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the list: right behind the report of this moment and id."""

    created_at: datetime
    id: UUID

    def cursor(self) -> str:
        """Return the position as 32 signs that fit into a URL."""
        moment = (self.created_at - _EPOCH) // _MICROSECOND
        return urlsafe_b64encode(moment.to_bytes(8, signed=True) + self.id.bytes).decode()

    @classmethod
    def read(cls, cursor: str) -> "Position":
        """Return the position that `cursor` stands for; raises ValueError when it is none."""
        try:
            raw = b64decode(cursor, altchars=b"-_", validate=True)
            moment = _EPOCH + int.from_bytes(raw[:8], signed=True) * _MICROSECOND
        except (ValueError, OverflowError):  # binascii.Error is a ValueError
            raise ValueError("not a cursor of this list") from None
        if len(raw) != _CURSOR_BYTES:
            raise ValueError("not a cursor of this list")
        return cls(moment, UUID(bytes=raw[8:]))


@dataclass(frozen=True, slots=True)
class Filters:
    """Which reports are wanted; empty means all, `created_to` is excluded.

    `overdue` are those that still wait although a promised date was missed (`OVERDUE`).
    """

    states: Sequence[ReportState] = ()
    agency: str = ""
    agency_id: int | None = None
    channel: str = ""
    urgency: str = ""
    verdict: str = ""
    overdue: bool = False
    created_from: datetime | None = None
    created_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Reports, newest first, and where the next page begins, None at the end."""

    rows: Sequence[AnyRow]
    after: Position | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """One report with all that belongs to it, oldest first; of each kind the newest SHOWN rows."""

    report: AnyRow
    events: Sequence[AnyRow]
    messages: Sequence[AnyRow]
    parts: Sequence[AnyRow]
    files: Sequence[AnyRow]

    @property
    def complete(self) -> bool:
        """Tell whether nothing was left out."""
        return all(
            len(rows) < SHOWN for rows in (self.events, self.messages, self.parts, self.files)
        )


_LINE = (
    Report.id,
    Report.ticket,
    Report.state,
    Report.channel,
    Report.place,
    Report.latitude,
    Report.longitude,
    Report.version,
    Report.klasifikasi,
    Report.urgency,
    Report.happened,
    Report.anonim,
    Report.rahasia,
    Report.created_at,
    Report.answered_at,
    Report.verify_by,
    Report.answer_by,
    Report.promise_at,
    Report.missed,
    Report.verdict,
    Report.verdict_at,
    Agency.slug.label("agency_slug"),
    Agency.name.label("agency_name"),
)
_EVENT = (ReportEvent.at, ReportEvent.actor, ReportEvent.kind, ReportEvent.detail)
WRITTEN = (Message.at, Message.text, Message.edited_at, Message.decision, Message.reason)
PART = (
    Outbox.texts,
    Outbox.part,
    Outbox.parts,
    Outbox.state,
    Outbox.code,
    Outbox.attempts,
    Outbox.due_at,
    Outbox.created_at,
    Outbox.sent_at,
    Outbox.human,
)
_HUMAN_UNTIL = (
    select(Conversation.human_until)
    .where(Conversation.id == Report.conversation_id, Conversation.human_until > func.now())
    .correlate(Report)
    .scalar_subquery()
    .label("human_until")
)
_SHOWN_PATH = func.coalesce(func.nullif(File.shown_path, ""), File.path)
_SHOWN_MIME = func.coalesce(func.nullif(File.shown_mime, ""), File.mime)
# A picture is shown as its copy alone: the original tells where and when it was taken.
_VIEWABLE = (File.state == "stored") & ((File.shown_path != "") | ~File.mime.startswith("image/"))
_FILE = (
    File.id,
    File.media,
    File.state,
    File.code,
    File.size,
    _SHOWN_MIME.label("mime"),
    _VIEWABLE.label("viewable"),
    File.created_at,
)


def page(session: Session, filters: Filters, limit: int, after: Position | None) -> Page:
    """Return up to `limit` reports behind `after`, newest first, with an excerpt of their text.

    A walk from page to page meets every report that was there when it began exactly once,
    whatever is added meanwhile, as long as no report changes in or out of the filters.
    """
    excerpt = func.left(Report.text, EXCERPT).label("excerpt")
    statement = _filtered(select(*_LINE, excerpt), filters)
    if after is not None:
        place = tuple_(after.created_at, after.id)
        statement = statement.where(tuple_(Report.created_at, Report.id) < place)
    statement = statement.order_by(Report.created_at.desc(), Report.id.desc())
    rows = session.execute(statement.limit(limit + 1)).all()
    more = len(rows) > limit
    last = rows[limit - 1] if more else None
    return Page(rows[:limit], Position(last.created_at, last.id) if last else None)


def _filtered(statement: AnySelect, filters: Filters) -> AnySelect:
    statement = statement.select_from(Report).outerjoin(Agency, Agency.id == Report.agency_id)
    if filters.states:
        statement = statement.where(Report.state.in_(filters.states))
    if filters.agency:
        statement = statement.where(Agency.slug == filters.agency)
    if filters.agency_id is not None:
        statement = statement.where(Report.agency_id == filters.agency_id)
    if filters.channel:
        statement = statement.where(Report.channel == filters.channel)
    if filters.created_from:
        statement = statement.where(Report.created_at >= filters.created_from)
    if filters.created_to:
        statement = statement.where(Report.created_at < filters.created_to)
    return _marked(statement, filters)


def _marked(statement: AnySelect, filters: Filters) -> AnySelect:
    """Return `statement` for reports that stand out, with the values written into it.

    An index of few rows serves a prepared statement only where it sees them.
    """
    if filters.urgency:
        urgency = literal(filters.urgency, literal_execute=True)
        statement = statement.where(Report.urgency == urgency)
    if filters.verdict:
        verdict = literal(filters.verdict, literal_execute=True)
        statement = statement.where(Report.verdict == verdict)
    return statement.where(text(OVERDUE)) if filters.overdue else statement


def line(session: Session, report_id: UUID) -> AnyRow:
    """Return the report as it stands in the list."""
    excerpt = func.left(Report.text, EXCERPT).label("excerpt")
    statement = _filtered(select(*_LINE, excerpt), Filters())
    return session.execute(statement.where(Report.id == report_id)).one()


def dossier(session: Session, ticket: str, agency_id: int | None) -> Dossier:
    """Return the report with all that belongs to it, in five statements.

    With an `agency_id`, only when it is that agency's; raises NotFound.
    """
    columns = (*_LINE, Report.text, Report.conversation_id, Report.draft, _HUMAN_UNTIL)
    statement = _filtered(select(*columns), Filters(agency_id=agency_id))
    report = session.execute(statement.where(Report.ticket == ticket)).one_or_none()
    if report is None:
        raise NotFound("no such report")
    own = (report.conversation_id, report.draft)
    events = select(*_EVENT).where(ReportEvent.report_id == report.id)
    messages = select(*WRITTEN).where(tuple_(Message.conversation_id, Message.draft) == own)
    parts = select(*PART).where(tuple_(Outbox.conversation_id, Outbox.draft) == own)
    files = select(*_FILE).where(tuple_(File.conversation_id, File.draft) == own)
    return Dossier(
        report,
        _newest(session, events.order_by(ReportEvent.id.desc())),
        _newest(session, messages.order_by(Message.id.desc())),
        _newest(session, parts.order_by(Outbox.id.desc())),
        _newest(session, files.order_by(File.id.desc())),
    )


def _newest(session: Session, statement: AnySelect) -> Sequence[AnyRow]:
    return session.execute(statement.limit(SHOWN)).all()[::-1]


def stored_file(session: Session, ticket: str, file_id: int, agency_id: int | None) -> AnyRow:
    """Return (path, mime) of what is shown of a file of this report; `path` is its key.

    Raises NotFound, also when it belongs to another report, was not fetched (yet), was taken
    back, or is a picture without a copy.
    """
    columns = (_SHOWN_PATH.label("path"), _SHOWN_MIME.label("mime"))
    statement = (
        _filtered(select(*columns), Filters(agency_id=agency_id))
        .join(
            File,
            (File.conversation_id == Report.conversation_id) & (File.draft == Report.draft),
        )
        .where(Report.ticket == ticket, File.id == file_id, _VIEWABLE)
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound("no such file")
    return row
