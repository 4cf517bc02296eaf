"""`kanal channel ...`: the messengers that are on, and what is wrong with one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from app import wiring
from app.commands.database import opened
from app.settings import AppSettings
from core import health, traces
from core.agreement import DRIFT
from core.alarms import MISSING, STANDBY
from core.channel import Channel, Checks, Finding, Polls
from core.errors import ConfigurationError, SendCode
from core.health import Health
from core.text import redact
from core.traces import Line

channel = typer.Typer(no_args_is_help=True, help="The messengers that are on.")

SHOWN = 10  # lines of the trace
SPEAKING = 3  # failed calls in a row that say something about the channel
OVERDUE = timedelta(minutes=1)

ALARMS: dict[str, str] = {
    SendCode.CREDENTIALS: "the platform refuses our credentials; put valid ones in the settings",
    SendCode.CONFLICT: "a second program uses the same credentials; stop it",
    SendCode.SUSPENDED: "the platform lets this account send nothing; look into its console",
    MISSING: "no model loads; every report is sorted by hand: see `kanal model list`",
    STANDBY: "the live model does not load, another answers meanwhile: see `kanal model list`",
    DRIFT: "humans choose other OPD than are suggested: see docs/MODELS.md",
    SendCode.QUOTA: "what may be sent in this period is used up; the rest waits for the next one",
}
# Failures that are about the platform or about us, and not about one citizen or one message.
FAULTS = frozenset(
    {
        *(SendCode.CREDENTIALS, SendCode.CONFLICT, SendCode.SUSPENDED, SendCode.QUOTA),
        *(SendCode.THROTTLED, SendCode.UNREACHABLE, SendCode.OUTAGE, SendCode.UNCERTAIN),
    }
)
REFUSAL = 400

Name = Annotated[str, typer.Argument(help="As in KANAL_CHANNELS.")]


@channel.command("list")
def list_() -> None:
    """Print one line for each channel: how it is, and what its outbox holds."""
    names = AppSettings().channel_names
    with opened() as session:
        found = health.of_channels(session, names)
    for one in found:
        wrong = [finding.text for finding in of_health(one, datetime.now(UTC)) if not finding.ok]
        off = [] if one.channel in names else ["It is off: KANAL_CHANNELS does not name it."]
        said = " ".join([*off, *wrong]) or "All is well."
        typer.echo("\t".join([one.channel, f"{one.waiting} to send", held(one), said]))


@channel.command()
def test(name: Name) -> None:
    """Say what is wrong with a channel, if anything: settings, platform, outbox, latest calls."""
    if name not in wiring.CHANNELS:
        raise ConfigurationError(f"no channel {name!r}; known are: {', '.join(wiring.CHANNELS)}")
    settings = AppSettings()
    findings, secrets = of_platform(name, settings)
    with opened() as session:
        [one] = [it for it in health.of_channels(session, [name]) if it.channel == name]
        lines = traces.newest(session, name, SHOWN)
    findings += [*of_health(one, datetime.now(UTC)), *of_trace(lines)]
    for finding in findings:
        typer.echo(redact(f"{'✓' if finding.ok else '✗'} {finding.text}", secrets))
    typer.echo(f"  outbox: {outbox_line(one)}")
    for line in lines:
        typer.echo(redact(f"  {trace_line(line)}", secrets))
    typer.echo(redact(f"{name}: {verdict(findings)}", secrets))
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def of_platform(name: str, settings: AppSettings) -> tuple[list[Finding], Sequence[str]]:
    """Return what settings and platform say about a channel, and its secrets."""
    findings = []
    if name not in settings.channel_names:
        findings.append(Finding(False, "It is off: KANAL_CHANNELS does not name it."))
    try:
        own = wiring.CHANNELS[name]()
    except ConfigurationError as error:
        return [*findings, Finding(False, f"{error}.")], ()
    findings.append(Finding(True, "The settings are complete."))
    polled = isinstance(own, Polls) and own.polling
    if settings.public_url is None and not polled:
        missing = "KANAL_PUBLIC_URL is missing: the platform cannot reach this server."
        findings.append(Finding(False, missing))
    return [*findings, *asked(own, webhook_url(settings, name))], own.secrets


def asked(own: Channel, url: str) -> Sequence[Finding]:
    """Return what the platform says of credentials and webhook, where it can be asked."""
    if isinstance(own, Checks):
        return own.check(url)
    return [Finding(True, "This platform cannot be asked about credentials and webhook.")]


def webhook_url(settings: AppSettings, name: str) -> str:
    """Return where the platform shall post to, "" when no public address is set."""
    return f"{str(settings.public_url).rstrip('/')}/webhooks/{name}" if settings.public_url else ""


def of_health(one: Health, now: datetime) -> Iterator[Finding]:
    """Yield what our own tables say about a channel."""
    if one.alarm:
        since = f" (since {moment(one.alarm_at)})" if one.alarm_at else ""
        meaning = ALARMS.get(one.alarm, "the platform refuses what we send")
        yield Finding(False, f"Alarm {one.alarm}{since}: {meaning}.")
    if one.paused_until is not None:
        yield Finding(False, f"It rests: nothing is sent until {moment(one.paused_until)}.")
    elif one.next_due_at is not None and one.next_due_at < now - OVERDUE:
        due = moment(one.next_due_at)
        yield Finding(False, f"Messages are due since {due}: run `kanal serve worker`.")
    elif not one.alarm:
        yield Finding(True, "Nothing holds up what is to be sent.")


def of_trace(lines: Sequence[Line]) -> Iterator[Finding]:
    """Yield what the latest calls say, where all of them failed."""
    calls = [line for line in lines if line.direction == "out"]
    if len(calls) >= SPEAKING and all(line.code in FAULTS for line in calls):
        yield Finding(False, f"The latest {len(calls)} calls failed: {codes(calls)}.")
    posts = [line for line in lines if line.direction == "in"]
    if len(posts) >= SPEAKING and all(line.status >= REFUSAL for line in posts):
        yield Finding(False, f"The latest {len(posts)} webhooks were refused: {codes(posts)}.")


def codes(lines: Iterable[Line]) -> str:
    """Return the codes of these lines, each once."""
    return ", ".join(dict.fromkeys(line.code for line in lines))


def outbox_line(one: Health) -> str:
    """Return what the outbox holds, with the time of the next part."""
    due = f", the next at {moment(one.next_due_at)}" if one.next_due_at else ""
    return f"{one.waiting} to send{due}; {held(one)}"


def held(one: Health) -> str:
    """Return what waits for something else, and what was given up."""
    by_code = ", ".join(f"{count} {code}" for code, count in sorted(one.parked.items()))
    return f"parked: {by_code or '0'}; given up in {health.RECENT.days} days: {one.failed}"


def trace_line(line: Line) -> str:
    """Return one call or webhook."""
    said = " ".join(filter(None, [line.code, line.body]))
    arrow = "<-" if line.direction == "in" else "->"
    return f"{moment(line.at)} {arrow} {line.method} {line.status} {line.milliseconds} ms {said}"


def moment(at: datetime) -> str:
    """Return a moment as operators read it."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def verdict(findings: Sequence[Finding]) -> str:
    """Return in one sentence what is wrong, or that nothing is."""
    wrong = [finding.text for finding in findings if not finding.ok]
    if not wrong:
        return "all is well."
    more = f" ({len(wrong) - 1} more above)" if len(wrong) > 1 else ""
    return f"{wrong[0].rstrip('.')}{more}."
