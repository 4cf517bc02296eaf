from collections.abc import Callable

import pytest
from sqlalchemy import insert, select

from app.drift import EVERY, DriftWatch
from core import agencies, agreement
from core.db.session import Sessions, transaction
from core.db.tables import Choice, Report
from core.settings import CoreSettings

OpenReport = Callable[..., str]


@pytest.mark.parametrize(("own", "rung"), [(None, False), (0.4, False), (0.9, True)])
def test_it_looks_once_an_hour(
    make: Sessions, open_report: OpenReport, own: float | None, rung: bool
) -> None:
    now = [100.0]
    settings = CoreSettings(drift_choices=2, drift_drop=0.1)
    watch = DriftWatch(make, settings, lambda: own, lambda: now[0])
    watch.look()  # nothing is there yet
    with transaction(make) as session:
        agencies.load(session, {"dlh": "Dinas LH"})
        agency = agencies.find(session, "dlh").id
        for agreed in (True, False):
            ticket = open_report(session)
            id_ = session.scalars(select(Report.id).where(Report.ticket == ticket)).one()
            row = {"report_id": id_, "actor": "a", "agency_id": agency, "urusan": ""}
            session.execute(insert(Choice).values(agreed=agreed, **row))
    for later, wanted in [(EVERY - 1, False), (1, rung)]:
        now[0] += later
        watch.look()
        with transaction(make) as session:
            assert agreement.is_rung(session) is wanted
