"""The registry's tables: what is loaded is what is read, and nothing else changes."""

import pytest
from sqlalchemy import select, text, update

from core import agencies
from core.db.session import Sessions, transaction
from core.db.tables import Agency, Region, Report
from core.errors import ConfigurationError, NotFound
from core.registry import export, files, stored
from core.registry.areas import packaged_areas
from core.registry.files import Source
from core.registry.government import Government
from core.registry.registry import Registry
from tests.conftest import OpenReport, Statement
from tests.core.registry.city import city, source

PACKAGED = files.packaged_sources()


def load(make: Sessions, *sources: Source) -> stored.Loaded:
    with transaction(make) as session:
        return stored.load(session, sources)


def read(make: Sessions) -> Registry:
    with transaction(make) as session:
        return stored.read(session)


def test_what_is_loaded_is_read(make: Sessions) -> None:
    done = load(make, *PACKAGED)
    assert read(make) == files.packaged()
    assert (done.agencies, done.routes) == (
        len(files.packaged().agencies),
        len(files.packaged().routes),
    )
    assert (done.retired, done.gaps) == (0, ())


def test_loading_again_changes_nothing_but_the_fingerprint(make: Sessions) -> None:
    load(make, *PACKAGED)
    with transaction(make) as session:
        before = (stored.fingerprint(session), _rows(make))
    load(make, *PACKAGED)
    with transaction(make) as session:
        assert stored.fingerprint(session) > before[0]
    assert _rows(make) == before[1]


def _rows(make: Sessions) -> list[object]:
    with transaction(make) as session:
        ids = session.execute(select(Agency.id, Agency.slug).order_by(Agency.id)).all()
        untouched = session.execute(text("select code, xmin::text from region order by code")).all()
        return [*ids, *untouched]


def test_reading_takes_three_statements(make: Sessions, statements: list[Statement]) -> None:
    load(make, *PACKAGED)
    with transaction(make) as session:
        statements.clear()
        stored.read(session)
        assert len(statements) == 3


def test_the_fingerprint_is_one_look_and_tells_every_change(
    make: Sessions, statements: list[Statement]
) -> None:
    with transaction(make) as session:
        assert stored.fingerprint(session) == 0
    load(make, source())
    with transaction(make) as session:
        statements.clear()
        first = stored.fingerprint(session)
        assert len(statements) == 1
        agencies.load(session, {"loket": "Loket"})
        assert stored.fingerprint(session) > first


def test_a_load_that_is_rolled_back_leaves_no_trace(make: Sessions) -> None:
    with make() as session:
        stored.load(session, PACKAGED)
    assert read(make) == Registry()
    with transaction(make) as session:
        assert stored.fingerprint(session) == 0


def test_two_loads_never_mix(make: Sessions) -> None:
    try_ = text("select pg_try_advisory_xact_lock(:key)").bindparams(key=stored.LOCK)
    with transaction(make) as session:
        stored.load(session, [source()])
        with transaction(make) as other:
            assert other.scalar(try_) is False
    with transaction(make) as other:
        assert other.scalar(try_) is True


def test_loading_in_any_order_is_the_same(make: Sessions) -> None:
    for one in reversed(PACKAGED):
        load(make, one)
    assert read(make) == files.packaged()


def test_a_government_alone_says_what_nobody_answers_for(make: Sessions) -> None:
    done = load(make, source())
    said = [str(gap) for gap in done.gaps]
    assert len(said) == 2
    assert "PDAM falls up, but no tier above has a route" in said[0]
    assert read(make).routes["65.71", "DLH"] == "tarakan-satu"


RENAMED = city()["agencies"][0] | {"name": "Dinas Baru", "verified": True}


def test_a_rename_keeps_slug_and_id(make: Sessions) -> None:
    load(make, source())
    with transaction(make) as session:
        before = agencies.find(session, "tarakan-satu").id
    load(make, source(agencies=[RENAMED, city()["agencies"][1]]))
    with transaction(make) as session:
        agency = agencies.find(session, "tarakan-satu")
        assert (agency.id, agency.name, agency.verified) == (before, "Dinas Baru", True)


def test_an_opd_that_is_named_no_more_becomes_inactive_and_reports_keep_it(
    make: Sessions, open_report: OpenReport
) -> None:
    load(make, *PACKAGED, source())
    with transaction(make) as session:
        gone = agencies.find(session, "tarakan-dua").id
        ticket = open_report(session, agency_id=gone)
    done = load(make, source(agencies=[RENAMED]))
    assert done.retired == 1
    assert "tarakan-dua" not in read(make).agencies
    with transaction(make) as session:
        with pytest.raises(NotFound):
            agencies.find(session, "tarakan-dua")
        report = session.scalars(select(Report).where(Report.ticket == ticket)).one()
        assert report.agency_id == gone
    load(make, source())
    with transaction(make) as session:
        assert agencies.find(session, "tarakan-dua").id == gone


def test_routes_and_words_that_a_file_no_longer_has_are_gone(make: Sessions) -> None:
    load(make, *PACKAGED, source())
    before = read(make)
    routes = {name: slug for name, slug in city()["routes"].items() if name != "DLH"}
    falls_up = [*city()["falls_up"], "DLH"]
    areas = [area | {"aliases": []} for area in city()["areas"]]
    load(make, source(routes=routes, falls_up=falls_up, areas=areas, offices=[], aliases=[]))
    after = read(make)
    gone = {("65.71", "DLH"), ("65.71.01", "KEWILAYAHAN"), ("65.71.02", "KEWILAYAHAN")}
    assert before.routes.keys() - after.routes.keys() == gone
    assert after.regions["65.71.01"].aliases == after.regions["65.71"].aliases == ()
    assert {opd.slug for opd in before.agencies.values()} - after.agencies.keys() == {
        "tarakan-kec-01",
        "tarakan-kec-02",
    }
    others = {code: area for code, area in before.regions.items() if not code.startswith("65.71")}
    assert others.items() <= after.regions.items()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"routes": city()["routes"] | {"DLH": "tak-ada"}}, "leads to tak-ada"),
        ({"agencies": [*city()["agencies"], RENAMED | {"slug": "bontang-dlh"}]}, "bontang-dlh"),
        ({"areas": [{"code": "65.71.09"}]}, "no table of areas"),
    ],
)
def test_a_file_with_mistakes_is_refused_whole(
    make: Sessions, changes: dict[str, object], complaint: str
) -> None:
    load(make, *PACKAGED)
    with pytest.raises(ConfigurationError, match=complaint):
        load(make, source(**changes))
    assert read(make) == files.packaged()


def test_a_slug_is_never_reused(make: Sessions) -> None:
    load(make, *PACKAGED)
    bontang = next(one for one in PACKAGED if one.government.region == "64.74")
    fewer = tuple(one for one in bontang.government.agencies if one.slug != "bontang-rsud")
    load(make, Source("b", bontang.government.model_copy(update={"agencies": fewer})))
    taken = [*city()["agencies"], city()["agencies"][1] | {"slug": "bontang-rsud"}]
    with pytest.raises(ConfigurationError, match=r"bontang-rsud was given to 64\.74"):
        load(make, source(agencies=taken))


def test_a_list_of_names_and_registry_files_stand_beside_each_other(make: Sessions) -> None:
    with transaction(make) as session:
        agencies.load(session, {"loket": "Loket", "tarakan-satu": "Nama Sendiri"})
    load(make, *PACKAGED, source())
    whole = read(make)
    assert whole.agencies["loket"].verified
    assert whole.agencies["tarakan-satu"].name == "Dinas Satu"
    assert whole.agencies["tarakan-satu"].region == "65.71"
    with transaction(make) as session:
        agencies.load(session, {"tarakan-satu": "Nama Sendiri"})
    again = read(make)
    assert again.agencies["tarakan-satu"].name == "Nama Sendiri"
    assert again.routes == whole.routes
    assert "loket" not in {
        agency.slug for one in export.governments(again) for agency in one.government.agencies
    }


def test_an_inactive_opd_answers_for_nothing(make: Sessions) -> None:
    load(make, *PACKAGED)
    with transaction(make) as session:
        session.execute(update(Agency).where(Agency.slug == "bontang-dlh").values(active=False))
    whole = read(make)
    assert ("64.74", "DLH") not in whole.routes
    assert whole.routes["64", "DLH"] == "kaltim-dlh"


def test_what_is_exported_loads_into_the_same(make: Sessions) -> None:
    load(make, *PACKAGED, source())
    before = read(make)
    exported = export.governments(before)
    assert files.assemble(exported, packaged_areas()) == before
    with transaction(make) as session:
        session.execute(text("truncate route, agency, region cascade"))
    load(make, *exported)
    assert read(make) == before
    again = export.governments(read(make))
    assert [one.government for one in again] == [one.government for one in exported]


def test_a_government_without_opd_gives_a_file_to_begin_with(make: Sessions) -> None:
    load(make, *PACKAGED)
    begun = export.one(read(make), "31.71")
    assert begun.name == "Kota Administrasi Jakarta Pusat"
    assert (begun.agencies, begun.routes) == ((), {})
    assert Government.model_validate(begun.model_dump()) == begun


def test_kinds_in_the_table_are_those_of_their_codes(make: Sessions) -> None:
    load(make, *PACKAGED)
    with transaction(make) as session:
        kinds = dict(session.execute(select(Region.code, Region.kind)).all())
    assert kinds["64.74.01"] == "kecamatan"
    assert {type(kind) for kind in kinds.values()} == {str}
