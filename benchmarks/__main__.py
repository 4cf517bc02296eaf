"""The program behind `kanal bench`: `python -m benchmarks`."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.launch.system import require_wrk
from benchmarks import (
    classifier,
    classifier_table,
    ingest,
    ingest_table,
    journey_table,
    report,
    road,
)
from benchmarks.figures import Verdict
from benchmarks.load import Generator
from benchmarks.posts import ChannelName
from core.errors import KanalError

bench = typer.Typer(
    name="kanal bench",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Json = Annotated[Path | None, typer.Option("--json", help="Write all numbers to this file.")]
Strict = Annotated[bool, typer.Option("--strict", help="End with 1 when a target is missed.")]


@bench.callback()
def group() -> None:
    """Measure the system with real processes."""


class Crossing(StrEnum):
    """Where citizens of a journey are: on one channel, or mixed on all."""

    MIXED = "mixed"
    TELEGRAM = "telegram"
    LINE = "line"
    TWITTER = "twitter"
    MESSENGER = "messenger"


@bench.command("ingest")
def bench_ingest(
    channel: Annotated[
        list[ChannelName] | None, typer.Option(help="May be repeated; all if none is given.")
    ] = None,
    seconds: Annotated[int, typer.Option(min=1, help="Length of each run.")] = 8,
    rounds: Annotated[int, typer.Option(min=1, help="Runs of each reference and channel.")] = 3,
    json: Json = None,
    strict: Strict = False,
) -> None:
    """Events a second into the web process, beside an empty and a plainly inserting route."""
    generator = Generator(require_wrk(typer.echo))
    found = ingest.run(list(dict.fromkeys(channel or ChannelName)), seconds, rounds, generator)
    typer.echo(ingest_table.show(found))
    report.write(json, "ingest", found.figures)
    _end(found.verdicts, strict)


@bench.command("journey")
def bench_journey(
    channel: Annotated[
        list[Crossing] | None, typer.Option(help="May be repeated; mixed are all.")
    ] = None,
    seconds: Annotated[int, typer.Option(min=1, help="Length of each step.")] = 10,
    latency: Annotated[
        list[int] | None, typer.Option(min=0, help="API latency in ms; may be repeated.")
    ] = None,
    rate: Annotated[
        list[int] | None, typer.Option(min=1, help="Messages a second; may be repeated.")
    ] = None,
    trouble: Annotated[
        bool, typer.Option(help="Also with failing calls, and beside a sender who floods us.")
    ] = True,
    json: Json = None,
    strict: Strict = False,
) -> None:
    """Citizens who walk to a ticket through all processes: latency, throughput, loss, cost."""
    usual = road.Plan()
    plan = road.Plan(
        channels=channels_of(channel or [Crossing.MIXED]),
        latencies=latency or usual.latencies,
        rates=sorted(rate or usual.rates),
        seconds=seconds,
        failing=usual.failing if trouble else 0,
        flood=usual.flood if trouble else 0,
    )
    found = road.run(plan)
    typer.echo(journey_table.show(found))
    report.write(json, "journey", found.figures)
    _end(found.verdicts, strict)


@bench.command("classifier")
def bench_classifier(
    texts: Annotated[int, typer.Option(min=10, help="Complaints of each batch.")] = 2000,
    seconds: Annotated[int, typer.Option(min=1, help="How long the worker is watched.")] = 20,
    json: Json = None,
    strict: Strict = False,
) -> None:
    """Reports read a second on one core, and how soon a report has its suggestion."""
    found = classifier.run(texts, seconds)
    typer.echo(classifier_table.show(found))
    report.write(json, "classifier", found.figures)
    _end(found.verdicts, strict)


def channels_of(wanted: list[Crossing]) -> list[ChannelName]:
    """Return the channels of a journey, each once, in the order given."""
    names = list(ChannelName) if Crossing.MIXED in wanted else list(map(ChannelName, wanted))
    return list(dict.fromkeys(names))


def _end(verdicts: list[Verdict], strict: bool) -> None:
    if strict and not all(verdict.reached for verdict in verdicts):
        raise typer.Exit(1)


def main() -> None:
    """Run one benchmark; what a person must change is one line, without a traceback."""
    try:
        bench()
    except KanalError as error:
        typer.echo(f"kanal: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
