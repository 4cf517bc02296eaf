"""The office and the citizen change one report at the same time: nobody waits in a circle."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select, text

from core import conversations, reports, transcript
from core.channel import Limits, LimitsOf
from core.db.session import Sessions
from core.db.tables import Conversation, Message, Report, ReportEvent
from core.reports import Officer, Told
from core.text import utf16_units
from core.transcript import Amendment
from tests.waiting import eventually

ROOM = Limits(4096, utf16_units, 100, 64)
LIMITS: dict[str, LimitsOf] = {"telegram": lambda address: ROOM}
PETUGAS = Officer("petugas")


def test_an_answer_and_a_message_cross_without_a_deadlock(
    make: Sessions, open_report: Callable[..., str]
) -> None:
    with make.begin() as session:
        ticket = open_report(session, state="terdisposisi", place="")
        conversation = session.scalars(select(Conversation)).one()
        session.add(Message(conversation_id=conversation.id, draft=1, platform_id="1", text="lama"))
    key, whose = (conversation.channel, conversation.address), conversation.id

    def citizen() -> None:
        with make.begin() as worker:
            conversations.hold(worker, [key])
            reports.supplement(worker, [Told(whose, 1, "gang Mawar", None)])
            withdrawal = Amendment(whose, "1", "", "message_withdrawn", withdrawn=True)
            transcript.amend(worker, [withdrawal])

    with make() as office, ThreadPoolExecutor(1) as pool:
        report = reports.find(office, ticket, PETUGAS)
        done = pool.submit(citizen)
        eventually("the citizen waits", lambda: waits_for_a_lock(make))
        reports.answer(office, report, "Sudah ditambal.", False, PETUGAS, LIMITS)
        office.commit()
        done.result(timeout=20)
    with make() as session:
        kinds = list(session.scalars(select(ReportEvent.kind).order_by(ReportEvent.id)))
        assert session.scalars(select(Report.place)).one() == "gang Mawar"
    assert kinds == ["opened", "answered", "supplemented", "message_withdrawn"]


def waits_for_a_lock(make: Sessions) -> bool:
    with make() as session:
        waiting = text("select count(*) from pg_stat_activity where wait_event_type = 'Lock'")
        return bool(session.scalar(waiting))
