"""Between tests every table is as a new one, however much there was in it."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, Engine, func, insert, select, text

from core.db.session import Sessions
from core.db.tables import Region, Report, ReportEvent
from tests.emptying import FEW_BYTES, TABLES, empty

OpenReport = Callable[..., str]


def state(connection: Connection, table: str) -> tuple[int, float]:
    """The bytes of a table's file, and how many rows the planner believes in (-1: unknown)."""
    asked = "select pg_relation_size(oid), reltuples from pg_class where oid = to_regclass(:table)"
    size, rows = connection.execute(text(asked), {"table": table}).one()
    return size, rows


def test_nothing_is_left_and_ids_begin_with_1(
    engine: Engine, make: Sessions, open_report: OpenReport
) -> None:
    for _ in range(3):
        with make.begin() as session:
            open_report(session)
            assert len(session.scalars(select(Report.id)).all()) == 1
            assert session.scalars(select(ReportEvent.id)).all() == [1]
        with engine.begin() as connection:
            empty(connection)
            counts = [connection.scalar(select(func.count()).select_from(it)) for it in TABLES]
        assert counts == [0] * len(TABLES)


def test_what_is_kept_keeps_its_rows_and_its_count(
    engine: Engine, make: Sessions, open_report: OpenReport
) -> None:
    with make.begin() as session:
        open_report(session)
        session.execute(insert(Region).values(code="64.74", name="Bontang", kind="kota"))
    with engine.begin() as connection:
        empty(connection, keep=["region"])
    with make() as session:
        assert session.scalars(select(Region.code)).all() == ["64.74"]
        assert session.scalars(select(Report.id)).all() == []


@pytest.mark.parametrize(("rows", "analyze"), [(3000, False), (3, True), (3000, True)])
def test_large_tables_and_statistics_are_of_no_other_test(
    engine: Engine, make: Sessions, rows: int, analyze: bool
) -> None:
    areas = [{"code": f"{n}", "name": "Kelurahan Contoh", "kind": "kota"} for n in range(rows)]
    with engine.begin() as connection:
        connection.execute(insert(Region), areas)
        if analyze:
            connection.execute(text("analyze region"))
        size, _ = state(connection, "region")
        assert (size > FEW_BYTES) is (rows == 3000)
        empty(connection)
        assert state(connection, "region") == (0, -1)
