"""Past cases that are alike."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from core import agencies, similar
from core.db.session import Sessions, transaction
from core.db.tables import Report, ReportEvent
from core.similar import CANDIDATES, MOST, Wanted, alike

OpenReport = Callable[..., str]
Statement = tuple[str, Any]
LAMP = "Lampu penerangan jalan padam di Jalan Mawar, gelap sekali"


@pytest.fixture
def ready(make: Sessions) -> Sessions:
    with transaction(make) as session:
        agencies.load(session, {"dishub": "Dinas Perhubungan"})
    return make


def past(session: Session, open_report: OpenReport, words: str, **columns: Any) -> UUID:
    there = {"agency_id": agencies.find(session, "dishub").id, "state": "selesai"}
    there |= {"region": "64.74.01"} | columns
    ticket = open_report(session, words, **there)
    return session.scalars(select(Report.id).where(Report.ticket == ticket)).one()


def like(session: Session, words: str, region: str = "64.74") -> tuple[UUID, ...]:
    one = Wanted(uuid4(), words, region)
    return alike(session, [one]).get(one.report_id, ())


def test_the_most_alike_come_first(ready: Sessions, open_report: OpenReport) -> None:
    with transaction(ready) as session:
        nothing = past(session, open_report, "Sampah menumpuk di pasar")
        some = past(session, open_report, "Lampu padam dekat sekolah dan pasar, mohon diperbaiki")
        most = past(session, open_report, "Lampu penerangan padam di jalan Mawar depan pasar")
        found = like(session, LAMP)
        assert found == (most, some)
        assert nothing not in found


@pytest.mark.parametrize(
    "columns",
    [
        {"agency_id": None, "state": "belum_terverifikasi"},
        {"state": "tunda"},
        {"state": "arsip"},
        {"region": "64.08.02"},
        {"region": ""},
    ],
)
def test_who_is_no_precedent(
    ready: Sessions, open_report: OpenReport, columns: dict[str, Any]
) -> None:
    with transaction(ready) as session:
        past(session, open_report, LAMP, **columns)
        assert like(session, LAMP) == ()
        kept = past(session, open_report, LAMP)
        assert like(session, LAMP) == (kept,)


@pytest.mark.parametrize(
    ("state", "kind", "detail", "counts"),
    [
        ("proses", "state", {"from": "terdisposisi", "to": "proses"}, True),
        ("proses", "state", {"from": "proses", "to": "selesai"}, False),
        ("proses", "answered", {"text": "x", "done": True}, False),
        ("proses", "answered", {"text": "x", "done": False}, True),
        ("selesai", "answered", {"text": "x", "done": True}, True),
        ("terdisposisi", "assigned", {"agency": "dishub"}, True),
    ],
)
def test_a_reopened_case_is_no_precedent(
    ready: Sessions,
    open_report: OpenReport,
    state: str,
    kind: str,
    detail: dict[str, Any],
    counts: bool,
) -> None:
    with transaction(ready) as session:
        id_ = past(session, open_report, LAMP, state=state)
        event = {"report_id": id_, "actor": "dishub", "kind": kind, "detail": detail}
        session.execute(insert(ReportEvent).values(event))
        assert (like(session, LAMP) == (id_,)) is counts


def test_a_report_is_not_like_itself_and_three_are_enough(
    ready: Sessions, open_report: OpenReport
) -> None:
    with transaction(ready) as session:
        ids = [past(session, open_report, LAMP) for _ in range(MOST + 2)]
        found = alike(session, [Wanted(ids[0], LAMP, "64.74.02")])[ids[0]]
        assert len(found) == MOST
        assert ids[0] not in found


def test_a_batch_is_one_statement(
    ready: Sessions, open_report: OpenReport, statements: list[Statement]
) -> None:
    with transaction(ready) as session:
        lamp, waste = (past(session, open_report, it) for it in (LAMP, "Sampah menumpuk di pasar"))
        wanted = [Wanted(uuid4(), it, "64.74") for it in (LAMP, "sampah pasar menumpuk lagi", "?!")]
        statements.clear()
        found = alike(session, wanted)
        assert len(statements) == 1
        assert [found.get(one.report_id) for one in wanted] == [(lamp,), (waste,), None]
        assert alike(session, []) == {}


FRESH_TABLES = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@FRESH_TABLES
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_any_text_can_be_asked(ready: Sessions, words: str) -> None:
    with transaction(ready) as session:
        assert like(session, words) == ()


@pytest.mark.parametrize("words", ["", "🙏🙏", "a'b:c & | ! <-> (", "x " * 10_000, "دیوار", "a:*"])
def test_odd_texts_are_no_error(ready: Sessions, words: str) -> None:
    with transaction(ready) as session:
        assert like(session, words) == ()


# Each row has a street and a thing of its own, and words that thousands have.
MANY = text(
    """
    insert into report
        (id, ticket, channel, conversation_id, draft, state, text, place, agency_id, region)
    select gen_random_uuid(), n::text, channel, conversation_id, n + 1, 'selesai',
        'mohon lampu jalan yang padam di gang ' || translate(md5((n / 3)::text), '0123456789', '')
            || ' dekat ' || translate(md5((n / 2 + 77777)::text), '0123456789', '')
            || ' segera diperbaiki',
        place, agency_id, region
    from report, generate_series(1, 20000) n
    """
)


def test_among_many_only_those_with_rare_words_in_common_are_read(
    ready: Sessions,
    open_report: OpenReport,
    statements: list[Statement],
    explain: Callable[[Statement], str],
) -> None:
    """Twenty thousand past cases; all share most of their words."""
    with transaction(ready) as session:
        past(session, open_report, "Lampu jalan padam")
        session.execute(MANY)
        session.execute(update(Report).where(Report.ticket == "600").values(region="64.72"))
    with transaction(ready) as session:
        session.execute(text("analyze report"))
        words = session.scalars(select(Report.text).where(Report.ticket == "601")).one()
        statements.clear()
        found = like(session, words, "64.74")
        sent = statements[0]
    with transaction(ready) as session:
        order = session.execute(select(Report.id, Report.ticket).where(Report.id.in_(found)))
        tickets = {row.id: row.ticket for row in order}
    assert [tickets[id_] for id_ in found] == ["601"]
    plan = explain(sent)
    assert "Bitmap Index Scan on ix_report_words" in plan
    assert "Seq Scan on report " not in plan
    visited = re.search(r"Heap Blocks: exact=(\d+)", plan)
    assert visited
    assert int(visited[1]) < CANDIDATES


@pytest.mark.parametrize("words", ["lampu jalan padam", "mohon segera diperbaiki"])
def test_where_all_words_are_common_no_long_list_is_read(
    ready: Sessions, open_report: OpenReport, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    with transaction(ready) as session:
        past(session, open_report, "Lampu jalan padam")
        session.execute(MANY)
    with transaction(ready) as session:
        session.execute(text("analyze report"))
        assert len(like(session, words)) == MOST
        monkeypatch.setattr(similar, "COMMON", 10_000)
        assert like(session, words) == ()


def test_the_government_of_an_area() -> None:
    areas = ["64.74.01.1001", "64.74", "64", ""]
    assert [similar.government(area) for area in areas] == ["64.74", "64.74", "64", ""]
