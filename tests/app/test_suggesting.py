"""The worker's reader: every report gets its suggestion, with the model and rules of today."""

import logging
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.suggesting import AGAIN, BATCH, Reader
from classifier.load import FORMAT, load
from classifier.models import Models, tell
from core import rulebook, similar
from core.db.session import Sessions, connect, sessions, transaction
from core.db.tables import ChannelStatus, Report, Suggestion
from core.errors import DatabaseAway
from core.registry import files, stored
from core.rules import Conditions, Outcome, Rule
from core.settings import CoreSettings
from core.similar import Wanted
from core.understanding import Text
from tests.classifier.small import train_small

OpenReport = Callable[..., str]
RUBBISH = "sampah menumpuk di tps"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that was trained with a few sentences."""
    folder = tmp_path_factory.mktemp("packaged") / "small-1"
    train_small(folder)
    return folder


@pytest.fixture
def office(make: Sessions) -> Sessions:
    """An office with the packaged registry."""
    with transaction(make) as session:
        stored.load(session, files.packaged_sources())
    return make


@pytest.fixture
def settings(tmp_path: Path) -> CoreSettings:
    """The office of Kota Bontang."""
    return CoreSettings.model_validate({"region": "64.74", "models": tmp_path / "models"})


def opened(make: Sessions, open_report: OpenReport, *texts: str) -> list[str]:
    with transaction(make) as session:
        return [open_report(session, text) for text in texts]


def suggested(make: Sessions, role: str = "live") -> dict[str, Suggestion]:
    with make() as session:
        statement = select(Report.ticket, Suggestion).join(
            Suggestion, Suggestion.report_id == Report.id
        )
        rows = session.execute(statement.where(Suggestion.role == role).order_by(Suggestion.id))
        return dict(rows.all())


def alarms(make: Sessions) -> dict[str, str]:
    with make() as session:
        rows = session.execute(select(ChannelStatus.channel, ChannelStatus.alarm))
        return {name: alarm for name, alarm in rows if alarm}


def test_a_report_is_read_once(
    office: Sessions, settings: CoreSettings, small: Path, open_report: OpenReport
) -> None:
    [ticket] = opened(office, open_report, RUBBISH)
    reader = Reader(office, settings, small)
    assert reader.suggest_due() == 1
    assert reader.suggest_due() == 0
    found = suggested(office)[ticket]
    assert (found.urusan, found.model, found.decided_by) == ("DLH", "small-1", "small-1")
    assert [entry["agency"] for entry in found.ranking][:1] == ["bontang-dlh"]
    assert found.region == "64.74"
    with office() as session:
        assert session.scalars(select(Report.suggestion_id)).one() == found.id


def test_more_reports_than_one_batch(
    office: Sessions, settings: CoreSettings, small: Path, open_report: OpenReport
) -> None:
    opened(office, open_report, *[RUBBISH] * (BATCH + 1))
    reader = Reader(office, settings, small)
    assert [reader.suggest_due() for _ in range(3)] == [BATCH, 1, 0]


def test_the_place_beside_the_text_counts(
    office: Sessions, settings: CoreSettings, small: Path, open_report: OpenReport
) -> None:
    with transaction(office) as session:
        ticket = open_report(session, RUBBISH, place="Kecamatan Samarinda Ulu")
    Reader(office, settings, small).suggest_due()
    found = suggested(office)[ticket]
    assert found.region.startswith("64.72")
    assert found.ranking[0]["agency"] == "samarinda-dlh"


SAMARINDA, BONTANG = (-0.502, 117.153), (0.133, 117.5)


@pytest.mark.parametrize(
    ("place", "pin", "reason"),
    [
        ("Kota Bontang", SAMARINDA, "place_conflict"),
        ("Kota Bontang", BONTANG, ""),
        ("", BONTANG, ""),
        ("Kota Bontang", (None, None), ""),
        ("Kota Bontang dan Kota Samarinda", (None, None), "region_unknown"),
    ],
)
def test_a_pin_against_the_words_has_a_reason_of_its_own(
    office: Sessions,
    settings: CoreSettings,
    small: Path,
    open_report: OpenReport,
    place: str,
    pin: tuple[float | None, float | None],
    reason: str,
) -> None:
    with transaction(office) as session:
        columns = {"place": place, "latitude": pin[0], "longitude": pin[1]}
        ticket = open_report(session, RUBBISH, **columns)
    Reader(office, settings, small).suggest_due()
    found = suggested(office)[ticket]
    assert (found.reason, found.sure) == (reason, not reason)


def test_without_a_model_all_goes_to_a_human_and_an_alarm_says_so(
    office: Sessions, settings: CoreSettings, small: Path, tmp_path: Path, open_report: OpenReport
) -> None:
    [ticket] = opened(office, open_report, RUBBISH)
    assert Reader(office, settings, tmp_path / "nothing").suggest_due() == 1
    found = suggested(office)[ticket]
    assert (found.sure, found.reason, found.model) == (False, "no_model", "")
    assert alarms(office) == {"model": "missing"}
    Reader(office, settings, small).suggest_due()
    assert alarms(office) == {}


def test_a_rule_holds_from_the_next_report_on(
    office: Sessions, settings: CoreSettings, small: Path, open_report: OpenReport
) -> None:
    reader = Reader(office, settings, small)
    [before] = opened(office, open_report, RUBBISH)
    reader.suggest_due()
    rule = Rule(
        name="Sampah ke PUPR",
        conditions=Conditions(any_of=("sampah",)),
        outcome=Outcome(agency="bontang-pupr"),
    )
    with transaction(office) as session:
        rulebook.put(session, [rule], "petugas", state="live")
    [after] = opened(office, open_report, RUBBISH)
    reader.suggest_due()
    found = suggested(office)
    assert found[before].decided_by == "small-1"
    assert found[after].decided_by == "rule:1"
    assert found[after].ranking[0]["agency"] == "bontang-pupr"
    assert found[after].sure


def test_another_model_is_taken_up_without_a_restart(
    office: Sessions, settings: CoreSettings, small: Path, open_report: OpenReport
) -> None:
    reader = Reader(office, settings, small)
    [before] = opened(office, open_report, RUBBISH)
    reader.suggest_due()
    settings.models.mkdir()
    train_small(settings.models / "small-2", "small-2")
    models = Models(settings.models, small)
    models.promote("small-2", "petugas", load, anyway=True)
    models.compare("packaged", "petugas", load)
    [after] = opened(office, open_report, RUBBISH)
    reader.suggest_due()
    assert suggested(office)[before].model == "small-1"
    assert suggested(office)[after].model == "small-2"
    compared = suggested(office, "shadow")
    assert {ticket: one.model for ticket, one in compared.items()} == {after: "small-1"}


def newer_format(model: Path) -> None:
    tell(model, {"format": FORMAT + 1})


def torn(model: Path) -> None:
    (model / "meta.json").write_text("{")


def gone(model: Path) -> None:
    shutil.rmtree(model)


@pytest.fixture
def broken(
    request: pytest.FixtureRequest, settings: CoreSettings, small: Path
) -> Callable[[Path], None]:
    """The office's own model, which is live, is broken from now on; how, and so others can be."""
    settings.models.mkdir()
    train_small(settings.models / "small-2", "small-2")
    Models(settings.models, small).promote("small-2", "petugas", load, anyway=True)
    breaks: Callable[[Path], None] = request.param
    breaks(settings.models / "small-2")
    return breaks


BROKEN = pytest.mark.parametrize("broken", [torn, newer_format, gone], indirect=True)


@BROKEN
@pytest.mark.usefixtures("broken")
def test_for_a_broken_model_the_packaged_one_answers_and_an_alarm_says_so(
    office: Sessions,
    settings: CoreSettings,
    small: Path,
    open_report: OpenReport,
    caplog: pytest.LogCaptureFixture,
) -> None:
    [ticket] = opened(office, open_report, RUBBISH)
    with caplog.at_level(logging.WARNING):
        assert Reader(office, settings, small).suggest_due() == 1
    found = suggested(office)[ticket]
    assert (found.model, found.urusan, found.sure) == ("small-1", "DLH", True)
    assert alarms(office) == {"model": "standby"}
    said = [record.message for record in caplog.records]
    assert "the live model does not load: another one answers" in said
    assert "a model does not load" in said
    Models(settings.models, small).promote("packaged", "petugas", load, anyway=True)
    Reader(office, settings, small).suggest_due()
    assert alarms(office) == {}


@BROKEN
def test_where_the_packaged_one_is_broken_too_humans_do_the_work(
    office: Sessions,
    settings: CoreSettings,
    small: Path,
    tmp_path: Path,
    open_report: OpenReport,
    broken: Callable[[Path], None],
) -> None:
    packaged = tmp_path / "packaged"
    shutil.copytree(small, packaged)
    broken(packaged)
    [ticket] = opened(office, open_report, RUBBISH)
    assert Reader(office, settings, packaged).suggest_due() == 1
    assert suggested(office)[ticket].reason == "no_model"
    assert alarms(office) == {"model": "missing"}


def test_a_worker_that_has_a_model_goes_on_with_it(
    office: Sessions, settings: CoreSettings, small: Path, open_report: OpenReport
) -> None:
    settings.models.mkdir()
    train_small(settings.models / "small-2", "small-2")
    Models(settings.models, small).promote("small-2", "petugas", load, anyway=True)
    reader = Reader(office, settings, small)
    reader.suggest_due()
    torn(settings.models / "small-2")
    (settings.models / "models.json").touch()
    [ticket] = opened(office, open_report, RUBBISH)
    reader.suggest_due()
    assert suggested(office)[ticket].model == "small-2"
    assert alarms(office) == {"model": "standby"}


def test_what_no_model_had_read_is_read_when_one_appears(
    office: Sessions, settings: CoreSettings, small: Path, tmp_path: Path, open_report: OpenReport
) -> None:
    with transaction(office) as session:
        fresh = open_report(session, RUBBISH)
        old = open_report(session, RUBBISH, created_at=datetime.now(UTC) - AGAIN)
        sorted_ = open_report(session, RUBBISH, state="arsip")
    Reader(office, settings, tmp_path / "nothing").suggest_due()
    assert {one.reason for one in suggested(office).values()} == {"no_model"}
    assert Reader(office, settings, small).suggest_due() == 1
    found = suggested(office)
    assert (found[fresh].model, found[fresh].region) == ("small-1", "64.74")
    assert {found[old].reason, found[sorted_].reason} == {"no_model"}
    assert Reader(office, settings, small).suggest_due() == 0


def test_a_report_on_which_our_code_fails_does_not_stop_the_others(
    office: Sessions,
    settings: CoreSettings,
    small: Path,
    open_report: OpenReport,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    tickets = opened(office, open_report, RUBBISH, "racun bagi kode kami", RUBBISH)
    alike = similar.alike

    def failing(session: Session, wanted: Sequence[Wanted]) -> dict[UUID, tuple[UUID, ...]]:
        if any("racun" in one.text for one in wanted):
            raise ValueError("of our own code")
        return alike(session, wanted)

    monkeypatch.setattr(similar, "alike", failing)
    reader = Reader(office, settings, small)
    with caplog.at_level(logging.ERROR):
        assert reader.suggest_due() == 3
    found = suggested(office)
    assert [found[ticket].reason for ticket in tickets][1] == "failed"
    assert [found[ticket].urusan for ticket in tickets] == ["DLH", "", "DLH"]
    assert "racun" not in caplog.text
    assert reader.suggest_due() == 0


def test_an_outage_is_told_to_the_shift(settings: CoreSettings, small: Path) -> None:
    nowhere = connect("postgresql+psycopg://nobody@127.0.0.1:9/none")
    with pytest.raises(DatabaseAway):
        Reader(sessions(nowhere), settings, small).suggest_due()


def test_public_messages_are_understood_by_the_same_model(
    office: Sessions, settings: CoreSettings, small: Path
) -> None:
    [seen] = Reader(office, settings, small).understand([Text(RUBBISH, "twitter", public=True)])
    assert seen.urusan[0].urusan == "DLH"
