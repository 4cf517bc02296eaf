"""Personal numbers in reports are hidden from the office; whoever must see them says why.

Diskominfo may always. An OPD may only with its own reports, and only where its work is about who
somebody is: NEEDS_IDENTITY. Of an anonim report nobody may: a number in it would name who told it.
Every look is a line in the report's history before anything is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from core.db.tables import Choice, Message, Report, ReportEvent
from core.errors import IdentityWithheld, NotFound
from core.guard import mask
from core.reports import Officer
from core.triage import SHOWN, WRITTEN, AnyRow
from core.understanding import Klasifikasi

UNMASKED = "unmasked"  # the kind of the line in the history

# The functions of government that cannot help without a number, and what for.
NEEDS_IDENTITY = {
    "DISDUKCAPIL": "NIK dan KK: dokumen kependudukan",
    "DINSOS": "NIK dan KK: bantuan sosial, BPJS PBI",
    "DINKES": "NIK: kepesertaan BPJS Kesehatan",
    "PDAM": "nomor telepon dan rekening: tagihan dan pengembalian",
    "BAPENDA_BPKAD": "NIK dan pelat nomor: pajak daerah",
    "DISHUB": "pelat nomor: parkir dan angkutan",
}
# Nobody has to be known for a wish to be heard.
IMPERSONAL = frozenset({Klasifikasi.ASPIRASI})


@dataclass(frozen=True, slots=True)
class Subject:
    """A report, as far as it decides who may see its numbers."""

    id: UUID
    urusan: str
    klasifikasi: str

    @property
    def needs_identity(self) -> bool:
        """Tell whether the OPD that holds it may see who and what it is about."""
        return self.urusan in NEEDS_IDENTITY and self.klasifikasi not in IMPERSONAL


@dataclass(frozen=True, slots=True)
class Unmasked:
    """What was written: the report's text, and the newest messages, oldest first."""

    ticket: str
    text: str
    messages: Sequence[AnyRow]


def subject(session: Session, ticket: str, officer: Officer) -> Subject:
    """Return the report with the urusan that a human gave it, "" without one.

    It is held: it cannot become anonim before it is shown. Raises NotFound, also when it is another
    OPD's, and IdentityWithheld for one that is anonim, whoever asks.
    """
    chosen = (
        select(Choice.urusan)
        .where(Choice.report_id == Report.id, Choice.agency_id == Report.agency_id)
        .order_by(Choice.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    columns = (Report.id, func.coalesce(chosen, ""), Report.klasifikasi, Report.anonim)
    statement = select(*columns).where(Report.ticket == ticket)
    statement = statement.with_for_update(read=True, of=Report)
    if officer.agency_id is not None:
        statement = statement.where(Report.agency_id == officer.agency_id)
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound("no such report")
    *known, anonim = row
    if anonim:
        raise IdentityWithheld("the report is anonim: its numbers could name who told it")
    return Subject(*known)


def unmask(session: Session, subject: Subject, officer: Officer, reason: str) -> Unmasked:
    """Note who looks and why, then return what the citizen wrote, unmasked.

    Of a report from which he took a message back, only the messages are.
    """
    # The history is read by all who see the report: a number in the reason has no place there.
    detail = {"reason": mask(reason)}
    event = {"report_id": subject.id, "actor": officer.name, "kind": UNMASKED, "detail": detail}
    session.execute(insert(ReportEvent), [event])
    columns = (Report.ticket, Report.text, Report.sealed, Report.conversation_id, Report.draft)
    report = session.execute(select(*columns).where(Report.id == subject.id)).one()
    written = (
        select(*WRITTEN, Message.sealed)
        .where(Message.conversation_id == report.conversation_id, Message.draft == report.draft)
        .order_by(Message.id.desc())
        .limit(SHOWN)
    )
    messages = session.execute(written).all()[::-1]
    return Unmasked(report.ticket, report.sealed or report.text, messages)
