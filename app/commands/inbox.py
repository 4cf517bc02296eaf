"""`kanal inbox ...`: messages that our own code failed on, and those of senders too fast."""

from __future__ import annotations

from typing import Annotated

import typer
from kombu.exceptions import OperationalError

from app import wiring
from app.commands.database import opened
from app.settings import AppSettings
from app.wake import WORK, create_celery
from core import inbox as letters
from core.errors import BrokenPayload, ConfigurationError, NotFound
from core.inbox import Letter
from core.message import Inbound
from core.settings import CoreSettings

Held = Annotated[
    bool,
    typer.Option("--held", help="Those of senders who were too fast or blocked, instead."),
]

inbox = typer.Typer(no_args_is_help=True, help="Messages set aside: our code failed, or held.")


@inbox.command("list")
def list_(
    limit: Annotated[
        int, typer.Option(min=1, max=10_000, help="At most so many, the oldest.")
    ] = 100,
    held: Held = False,
) -> None:
    """Print the quarantined messages: id, channel, received, error; never what they say."""
    with opened() as session:
        counts = letters.counts(session)
        rows = letters.put_aside(session, _state(held), limit)
    for id_, channel, received_at, error in rows:
        typer.echo(f"{id_}\t{channel}\t{received_at:%Y-%m-%dT%H:%M:%SZ}\t{error}")
    states = ("waiting", "quarantined", "held", "kept")
    typer.echo(", ".join(f"{counts.get(state, 0)} {state}" for state in states), err=True)


@inbox.command()
def replay(
    ids: Annotated[
        list[int] | None,
        typer.Argument(min=1, max=2**63 - 1, help="From the list; without: all."),
    ] = None,
    held: Held = False,
) -> None:
    """Let quarantined messages be worked on again, after the fault is mended.

    Held ones are then never too fast; those of a sender who is still blocked are held again.
    """
    state = _state(held)
    with opened() as session:
        replayed = letters.replay(session, ids or None, state)
        count = len(replayed)
        if ids and count < len(set(ids)):
            raise NotFound(f"only {count} of these are {state}; none was replayed")
        unread = [letter for letter in replayed if not letter.address]
        letters.put(session, _read(unread), CoreSettings().album_wait)
    typer.echo(f"{count} wait again")
    if count:
        _wake()


def _state(held: bool) -> str:
    return "held" if held else "quarantined"


def _read(unread: list[Letter]) -> list[Inbound]:
    """Parse what was unreadable at the door; raises BrokenPayload for what still is."""
    channels = wiring.channels(AppSettings()) if unread else {}
    inbounds: list[Inbound] = []
    for letter in unread:
        try:
            inbounds += channels[letter.channel].parse(letter.raw)
        except Exception as error:
            raise BrokenPayload(
                f"{letter.id} is still unreadable ({type(error).__name__}); none was replayed"
            ) from error
    return inbounds


def _wake() -> None:
    """Wake the workers; where that fails, the sweep finds the messages a little later."""
    try:
        with create_celery(AppSettings()) as celery:
            celery.send_task(WORK, retry=False)
    except (ConfigurationError, OperationalError) as error:
        typer.echo(f"no worker was woken ({type(error).__name__}); the sweep will", err=True)
