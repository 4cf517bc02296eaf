"""The office and the citizen change one report at the same time: nobody waits in a circle."""

from collections.abc import Callable

from sqlalchemy import select, text

from core import conversations, reports, transcript
from core.channel import Limits, TextUnit
from core.db.session import Sessions
from core.db.tables import Conversation, Message, ReportEvent
from core.reports import Officer
from core.transcript import Amendment

LIMITS = {"telegram": Limits(4096, TextUnit.UTF16, 100, 64)}
PETUGAS = Officer("petugas")
AT_ONCE = text("set local lock_timeout = '1s'")


def test_an_answer_and_an_edit_cross_without_a_deadlock(
    make: Sessions, open_report: Callable[..., str]
) -> None:
    with make.begin() as session:
        ticket = open_report(session, state="terdisposisi")
        conversation = session.scalars(select(Conversation)).one()
        session.add(Message(conversation_id=conversation.id, draft=1, platform_id="1", text="lama"))
    key = (conversation.channel, conversation.address)
    with make() as office, make() as worker:
        report = reports.find(office, ticket, PETUGAS)
        worker.execute(AT_ONCE)
        conversations.hold(worker, [key])
        edit = Amendment(conversation.id, "1", "baru", "message_edited")
        transcript.amend(worker, [edit])  # notes it in the history of the report that is held
        worker.commit()
        reports.answer(office, report, "Sudah ditambal.", False, PETUGAS, LIMITS)
        office.commit()
    with make() as session:
        kinds = list(session.scalars(select(ReportEvent.kind).order_by(ReportEvent.id)))
    assert kinds == ["opened", "message_edited", "answered"]
