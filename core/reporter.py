"""Who told a report: shown for a reason in its history only, and never of an anonim one."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from core import reports
from core.db.tables import Conversation, ReportEvent
from core.errors import IdentityWithheld
from core.guard import mask
from core.reports import Officer

READ = "identity_read"  # the kind of the line in the history


@dataclass(frozen=True, slots=True)
class Reporter:
    """What a platform calls a citizen, "" where it does not tell, and his id there."""

    ticket: str
    channel: str
    name: str = field(repr=False)
    address: str = field(repr=False)


def identify(session: Session, ticket: str, reason: str, officer: Officer) -> Reporter:
    """Note who asks and why, then return who told the report.

    He cannot become anonim between the two: his conversation is held. Raises NotFound, also when
    the report is another OPD's, and IdentityWithheld for one that is anonim, whoever asks.
    """
    report = reports.find(session, ticket, officer)
    if report.anonim:
        raise IdentityWithheld("the report is anonim: nobody sees who told it")
    # The office changes nothing by it: no new version. A number in the reason is hidden.
    detail = {"reason": mask(reason)}
    session.add(ReportEvent(report_id=report.id, actor=officer.name, kind=READ, detail=detail))
    conversation = session.get_one(Conversation, report.conversation_id)
    return Reporter(report.ticket, conversation.channel, conversation.name, conversation.address)
