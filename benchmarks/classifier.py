"""`kanal bench classifier`: how fast reports are read, and how soon one has its suggestion."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from app.launch.demo import Demo, child_environment, children
from app.settings import AppSettings
from app.wake import SUGGEST, create_celery
from benchmarks import stage
from benchmarks.complaints import complaints
from benchmarks.cost import costs
from benchmarks.figures import Latency, Verdict, median
from benchmarks.report import progress
from core.db.session import Sessions, connect, sessions, transaction
from core.db.tables import Conversation, Report
from core.draft import Draft, Line
from core.privacy.keys import KeyRing
from core.registry import stored
from core.registry.files import packaged_sources
from core.reports import Confirmed, open_all

ONE_CORE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
FIRST_PORT = 18280
WORKER = "worker-work"
RATE = 20.0  # reports a second while the suggestions are timed
FIRST = 20  # reports before the clock runs
GIVE_UP = 30.0  # seconds after the last report
TICK = 0.01
MB = 2**20


@dataclass(frozen=True, slots=True)
class Reading:
    """What `benchmarks.reading` found in a process of its own, on one core.

    Seconds to load, complaints of so many `characters` a second in each round, and how long one
    takes by itself. `reference` is the rate of the features alone of the usual linear model (words
    1-2, pieces of words 2-5) by scikit-learn, in turns with ours.
    """

    model: str
    load_seconds: float
    rates: Sequence[float]
    reference: Sequence[float]
    alone: Latency
    characters: float


@dataclass(frozen=True, slots=True)
class Serving:
    """Reports opened at RATE, and when each had its suggestion; memory of the worker in MB."""

    reports: int
    missing: int
    waited: Latency
    worker_mb: float


@dataclass(frozen=True, slots=True)
class Classifying:
    """The whole result."""

    reading: Reading
    serving: Serving

    @property
    def verdicts(self) -> list[Verdict]:
        """Return every figure that has a target."""
        reading, serving = self.reading, self.serving
        return [
            Verdict("reports/s in a batch, one core", median(reading.rates), ">=", 1500),
            Verdict("p99 of one report, ms", reading.alone.p99, "<", 15),
            Verdict("seconds to load", reading.load_seconds, "<", 1.5),
            Verdict("memory of the worker, MB", serving.worker_mb, "<", 300),
            Verdict("p99 until a report has its suggestion, ms", serving.waited.p99, "<", 1000),
            Verdict("reports without a suggestion", float(serving.missing), "=", 0),
        ]

    @property
    def figures(self) -> dict[str, Any]:
        """Return every number, for the file."""
        targets = [asdict(one) | {"reached": one.reached} for one in self.verdicts]
        return {**asdict(self), "targets": targets}


def run(texts: int, seconds: int) -> Classifying:
    """Measure reading in a process of its own with so many texts, then the worker for so long."""
    progress("reading complaints on one core")
    reading = read_alone(texts)
    progress("reports on the road")
    serving = serve(seconds)
    progress("")
    return Classifying(reading, serving)


def read_alone(texts: int) -> Reading:
    """Run `benchmarks.reading` on one core."""
    argv = [sys.executable, "-m", "benchmarks.reading", str(texts)]
    done = subprocess.run(argv, env=os.environ | ONE_CORE, stdout=subprocess.PIPE, check=True)
    found = json.loads(done.stdout)
    return Reading(**found | {"alone": Latency(**found["alone"])})


def serve(seconds: int) -> Serving:
    """Run the worker that carries the model, and open reports for it for so many seconds."""
    with stage.data() as data:
        given = {"DATABASE_URL": data.database_url, "REDIS_URL": data.redis_url}
        environment = child_environment(Demo(data.var, FIRST_PORT, FIRST_PORT + 1), data.var, given)
        ring = KeyRing.read([environment["KANAL_IDENTITY_KEYS"]], environment["KANAL_INDEX_KEY"])
        engine = connect(data.database_url, ring=ring)
        with transaction(sessions(engine)) as session:
            stored.load(session, packaged_sources())
        worker = [one for one in children(environment, data.var) if one.name == WORKER]
        try:
            with stage.running(worker) as pids:
                return _served(engine, data.redis_url, pids, seconds)
        finally:
            engine.dispose()


def _served(engine: Engine, redis_url: str, pids: Mapping[str, int], seconds: int) -> Serving:
    office = Office(sessions(engine), AppSettings.model_validate({"REDIS_URL": redis_url}))
    texts = complaints(FIRST + int(RATE * seconds), seed=7)
    office.open(texts[:FIRST])  # the model is loaded with these
    office.wait()
    office.opened.clear()
    begin = time.monotonic()
    for number, text in enumerate(texts[FIRST:]):
        while time.monotonic() < begin + number / RATE:
            office.look()
            time.sleep(TICK)
        office.open([text])
    office.wait()
    waited = [seconds for seconds in office.opened.values() if seconds is not None]
    return Serving(
        len(office.opened),
        len(office.opened) - len(waited),
        Latency.of(waited),
        costs(pids)[WORKER].rss / MB,
    )


class Office:
    """Opens reports and sees when each has its suggestion, in seconds since it was stored."""

    def __init__(self, make: Sessions, settings: AppSettings) -> None:
        self._make, self._celery = make, create_celery(settings)
        self._stored: dict[str, float] = {}
        self.opened: dict[str, float | None] = {}

    def open(self, texts: Sequence[str]) -> None:
        """Store a report for each text, and wake the worker."""
        with transaction(self._make) as session:
            opened = open_all(session, [_confirmed(session, text) for text in texts])
        tickets = [one.ticket for one in opened]
        self._stored |= dict.fromkeys(tickets, time.monotonic())
        self.opened |= dict.fromkeys(tickets)
        self._celery.send_task(SUGGEST)

    def look(self) -> None:
        """Note the reports that have a suggestion by now."""
        pending = [ticket for ticket, waited in self.opened.items() if waited is None]
        with transaction(self._make) as session:
            statement = select(Report.ticket).where(
                Report.ticket.in_(pending), Report.suggestion_id.is_not(None)
            )
            read = session.scalars(statement).all()
        now = time.monotonic()
        self.opened |= {ticket: now - self._stored[ticket] for ticket in read}

    def wait(self) -> None:
        """Wait until every report has one, but not for ever."""
        until = time.monotonic() + GIVE_UP
        while None in self.opened.values() and time.monotonic() < until:
            self.look()
            time.sleep(TICK)


def _confirmed(session: Session, text: str) -> Confirmed:
    id_ = uuid4()
    row = {"id": id_, "channel": "telegram", "address": str(id_.int % 10**12)}
    session.execute(insert(Conversation).values(row))
    return Confirmed(id_, "telegram", Draft(1, (Line("1", text),), place="Bontang"))
