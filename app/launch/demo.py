"""`kanal demo`: the whole system on one machine, with simulated platforms."""

from __future__ import annotations

import fcntl
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path

from app.launch.accounts import CHANNELS, PREFIXES, accounts, demo_secrets, keys
from app.launch.child import Child, LaunchError, Program, wrapped
from app.launch.health import LogSays, http_ready
from app.launch.ports import free_port
from app.launch.postgres import EmbeddedPostgres
from app.launch.prepare import prepare_demo, require_own
from app.launch.processes import (
    Queue,
    beat_command,
    simulator_command,
    web_command,
    worker_command,
)
from app.launch.redis import EmbeddedRedis
from app.launch.supervisor import StopRequested, Supervisor
from core.db.migrate import upgrade
from core.db.session import connect
from core.privacy.keys import KeyRing
from core.tokens import Role

_HOST = "127.0.0.1"
#: The demo is the office of Kota Bontang.
HOME = "64.74"
_WORKER_STOP_SECONDS = 35.0  # a little more than Celery's own soft shutdown

Say = Callable[[str], None]


class Stage(IntEnum):
    """What stops later stands first: whoever still works needs those before it."""

    DATA = 0
    SIMULATOR = 1
    WORKER = 2
    WEB = 3
    BEAT = 4


@dataclass(frozen=True)
class Demo:
    """Where a demo keeps its files and which ports it would like."""

    var: Path
    port: int = 8080
    simulator_port: int = 8081


def run_demo(demo: Demo, say: Say) -> None:
    """Run everything until Ctrl-C; raises `LaunchError` when something cannot be started."""
    var = demo.var.absolute()
    with only_one(var) as announce, Supervisor(say).running() as supervisor:
        try:
            given = start_data(supervisor, var)
            tokens = migrate(given["DATABASE_URL"], var)
            environment = child_environment(demo, var, given)
            supervisor.launch(children(environment, var))
            connect_platforms(environment)
            announce(environment["KANAL_PUBLIC_URL"])
            say(directions(demo, environment, tokens[Role.ADMIN]))
            supervisor.watch()
        except StopRequested:
            say("stopping")


@contextmanager
def only_one(var: Path) -> Iterator[Callable[[str], None]]:
    """Hold the demo's lock; yields how to write down the address for a second one to show."""
    (var / "run").mkdir(parents=True, exist_ok=True)
    with (var / "run" / "demo.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            where = lock.read().strip() or "starting"
            raise LaunchError(f"a demo already runs in this directory ({where})") from None
        lock.truncate(0)

        def announce(text: str) -> None:
            lock.write(text)
            lock.flush()

        yield announce


def start_data(supervisor: Supervisor, var: Path) -> dict[str, str]:
    """Start the servers whose address is not given, and return both addresses.

    Raises LaunchError when the given database is not the demo's.
    """
    given = {name: os.environ.get(name, "") for name in ("DATABASE_URL", "REDIS_URL")}
    if given["DATABASE_URL"]:
        _look_at(given["DATABASE_URL"])
    postgres = None if given["DATABASE_URL"] else EmbeddedPostgres(var / "postgres")
    redis = None if given["REDIS_URL"] else EmbeddedRedis(var / "redis")
    supervisor.launch([server.child for server in (postgres, redis) if server])
    if postgres:
        postgres.create_database()
        given["DATABASE_URL"] = postgres.url()
    if redis:
        given["REDIS_URL"] = redis.url()
    return given


def _look_at(database_url: str) -> None:
    engine = connect(database_url, pool_size=1)
    try:
        require_own(engine)
    finally:
        engine.dispose()


def migrate(database_url: str, var: Path) -> dict[Role, str]:
    """Bring the database to this version with the packaged registry; returns its API tokens."""
    kept = keys(demo_secrets(var))
    ring = KeyRing.read([kept["KANAL_IDENTITY_KEYS"]], kept["KANAL_INDEX_KEY"])
    engine = connect(database_url, ring=ring)
    try:
        upgrade(engine)
        return prepare_demo(engine, var)
    finally:
        engine.dispose()


def directions(demo: Demo, environment: Mapping[str, str], token: str) -> str:
    """Return what to do next, for the person at the terminal."""
    hooks = f"{environment['KANAL_PUBLIC_URL']}/webhooks/{{{','.join(CHANNELS)}}}"
    return f"""
Write as a citizen:   {environment["TELEGRAM_API_ORIGIN"]}/
Platforms post to:    {hooks}
See it as an officer, in a second terminal:
    export KANAL={environment["KANAL_PUBLIC_URL"]} TOKEN={token}
    curl -s -H "Authorization: Bearer $TOKEN" "$KANAL/api/v1/reports"
Commands such as ./kanal rule list work there too, after this line:
    export {its_variables(environment)}

Tokens of every role are in {demo.var}/tokens.json, logs in {demo.var}/log.
Ctrl-C stops everything; what was written stays."""


def its_variables(environment: Mapping[str, str]) -> str:
    """Return what commands on the demo's data need, for a shell.

    An address that was given is not repeated: a password may stand in it.
    """
    names = ["KANAL_REGION"] if os.environ.get("DATABASE_URL") else ["DATABASE_URL", "KANAL_REGION"]
    return " ".join(f"{name}={shlex.quote(environment[name])}" for name in names)


def child_environment(demo: Demo, var: Path, given: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the children: the demo's own accounts, never real ones."""
    port = free_port(demo.port, _HOST)
    simulator_port = free_port(max(demo.simulator_port, port + 1), _HOST)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIXES)}
    return inherited | {
        **given,
        **accounts(demo_secrets(var), f"http://{_HOST}:{simulator_port}"),
        "KANAL_HOST": _HOST,
        "KANAL_PORT": str(port),
        "KANAL_PUBLIC_URL": f"http://{_HOST}:{port}",
        "KANAL_MEDIA_DIR": str(var / "media"),
        "KANAL_REGION": HOME,
        "KANAL_LOG_LEVEL": "INFO",  # at this level Celery says when it is ready
        "SIMULATOR_HOST": _HOST,
        "SIMULATOR_PORT": str(simulator_port),
    }


def children(environment: Mapping[str, str], var: Path) -> list[Child]:
    """Return simulator, workers, web and beat, not started yet."""
    web, simulator = environment["KANAL_PUBLIC_URL"], environment["TELEGRAM_API_ORIGIN"]
    logs, port = var / "log", int(environment["KANAL_PORT"])
    commands = {queue: worker_command([queue], len(CHANNELS)) for queue in Queue}
    workers = [
        _celery(f"worker-{queue}", command, " ready.", f"queue {queue}", logs)
        for queue, command in commands.items()
    ]
    programs = [
        Program(
            name="simulator",
            argv=simulator_command(),
            log=logs / "simulator.log",
            ready=http_ready(_HOST, int(environment["SIMULATOR_PORT"])),
            where=simulator,
            stage=Stage.SIMULATOR,
        ),
        *workers,
        Program(
            name="web",
            argv=web_command(_HOST, port),
            log=logs / "web.log",
            ready=http_ready(_HOST, port),
            where=web,
            stage=Stage.WEB,
        ),
        _celery("beat", beat_command(), "maxinterval", "wakes the sweeper", logs),
    ]
    return [Child(replace(program, environment=environment)) for program in programs]


def _celery(name: str, argv: tuple[str, ...], sign: str, where: str, logs: Path) -> Program:
    """Return a Celery process; `sign` in its log means that it is ready."""
    log = logs / f"{name}.log"
    says = LogSays(log, sign)
    return Program(
        name=name,
        argv=argv,
        log=log,
        ready=says,
        prepare=says.remember,
        where=where,
        stop_seconds=_WORKER_STOP_SECONDS,
        stage=Stage.BEAT if name == "beat" else Stage.WORKER,
    )


def connect_platforms(environment: Mapping[str, str]) -> None:
    """Tell the simulated platforms where our webhooks are, with the command for the real ones."""
    argv = (sys.executable, "-m", "app", "set-webhook")
    done = subprocess.run(
        wrapped(argv, None, Program.stop_signal),
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise LaunchError(f"set-webhook failed: {(done.stderr or done.stdout).strip()}")
