"""The program behind `kanal bench`: `python -m benchmarks`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from app.launch.system import require_wrk
from benchmarks import ingest, journey, journey_table, report
from benchmarks.figures import Verdict
from benchmarks.load import Generator
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


@bench.command("ingest")
def bench_ingest(
    seconds: Annotated[int, typer.Option(min=1, help="Length of each run.")] = 8,
    rounds: Annotated[int, typer.Option(min=1, help="Runs of each of the three.")] = 3,
    json: Json = None,
    strict: Strict = False,
) -> None:
    """Updates a second into the web process, beside an empty and a plainly inserting route."""
    found = ingest.run(seconds, rounds, Generator(require_wrk(typer.echo)))
    typer.echo(ingest.show(found))
    report.write(json, "ingest", found.figures)
    _end(found.verdicts, strict)


@bench.command("journey")
def bench_journey(
    seconds: Annotated[int, typer.Option(min=1, help="Length of each step.")] = 10,
    latency: Annotated[
        list[int] | None, typer.Option(min=0, help="API latency in ms; may be repeated.")
    ] = None,
    rate: Annotated[
        list[int] | None, typer.Option(min=1, help="Messages a second; may be repeated.")
    ] = None,
    json: Json = None,
    strict: Strict = False,
) -> None:
    """Citizens who walk to a ticket through all processes: latency, throughput, loss, cost."""
    usual = journey.Plan()
    plan = journey.Plan(latency or usual.latencies, sorted(rate or usual.rates), seconds)
    found = journey.run(plan)
    typer.echo(journey_table.show(found))
    report.write(json, "journey", found.figures)
    _end(found.verdicts, strict)


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
