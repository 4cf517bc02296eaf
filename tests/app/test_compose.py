"""Docker's files against the program, without a Docker engine."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from app.__main__ import kanal
from app.checks.settings import known
from app.launch.processes import Queue

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SETTINGS = {setting.name for setting in known()}
#: Values that are for the other containers, and become part of a setting.
INGREDIENTS = {"DOMAIN", "POSTGRES_PASSWORD"}


def parse(words: list[str]) -> None:
    """Parse a command as the program would; raises on an unknown command or option."""
    command: Any = get_command(kanal)
    rest = [str(word) for word in words]
    while hasattr(command, "commands"):
        command = command.commands[rest.pop(0)]
    command.make_context("kanal", rest)


def test_the_parser_knows_wrong_from_right() -> None:
    parse(["serve", "worker", "--queue", "work"])
    with pytest.raises(KeyError):
        parse(["serve", "wbe"])
    with pytest.raises(Exception, match="nonsense"):
        parse(["serve", "worker", "--queue", "nonsense"])
    with pytest.raises(Exception, match="--loud"):
        parse(["serve", "beat", "--loud"])


@pytest.mark.parametrize("service", OURS)
def test_every_command_is_one_of_the_program(service: str) -> None:
    parse(OURS[service]["command"])


def test_all_processes_are_there() -> None:
    commands = [service["command"] for service in OURS.values()]
    queues = {words[3] for words in commands if words[:2] == ["serve", "worker"]}
    assert queues == set(Queue)
    for words in (["serve", "web"], ["serve", "beat"], ["db", "upgrade"]):
        assert commands.count(words) == 1
    assert {"postgres", "redis", "caddy"} == SERVICES.keys() - OURS.keys()


@pytest.mark.parametrize("service", OURS)
def test_every_variable_is_a_setting(service: str) -> None:
    assert OURS[service]["environment"].keys() <= SETTINGS


def test_the_example_names_what_compose_reads() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    read = set(re.findall(r"\$\{(\w+)", text))
    example = (ROOT / ".env.example").read_text()
    named = set(re.findall(r"^(\w+)=", example, re.MULTILINE))
    assert read == named
    assert named <= SETTINGS | INGREDIENTS


def test_what_cannot_be_guessed_must_be_given() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for name in ("DOMAIN", "POSTGRES_PASSWORD", "TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRETS"):
        assert not re.search(rf"\$\{{{name}(?!:\?)", text), f"{name} has a silent default"


def test_names_refer_to_something() -> None:
    declared = set(COMPOSE["volumes"])
    for service in SERVICES.values():
        assert set(service.get("depends_on", {})) <= SERVICES.keys()
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert source in declared or (ROOT / source).exists()


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_survives_a_crash(service: str) -> None:
    assert SERVICES[service]["restart"] in {"unless-stopped", "on-failure"}


@pytest.mark.parametrize("service", ["web", "postgres", "redis"])
def test_what_others_wait_for_has_a_health_check(service: str) -> None:
    assert SERVICES[service]["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("service", OURS)
def test_ours_hold_no_privileges(service: str) -> None:
    assert OURS[service]["cap_drop"] == ["ALL"]
    assert OURS[service]["read_only"] is True
    assert "privileged" not in OURS[service]


def test_only_the_proxy_is_reachable_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["caddy"]
    caddyfile = (ROOT / "Caddyfile").read_text()
    assert "{$DOMAIN}" in caddyfile
    assert "reverse_proxy web:8080" in caddyfile


def test_the_image_runs_the_program_as_a_user_of_its_own() -> None:
    last_stage = DOCKERFILE.split("\nFROM ")[-1]
    assert re.search(r"^USER kanal$", last_stage, re.MULTILINE)
    assert "RUN pip" not in last_stage
    assert "apt-get" not in DOCKERFILE
    assert "--require-hashes" in DOCKERFILE
    entry = exec_form("ENTRYPOINT")
    assert entry == ["python", "-m", "app"]
    parse(exec_form("CMD"))


def exec_form(instruction: str) -> list[str]:
    found = re.search(rf"^{instruction} (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert found
    words: list[str] = json.loads(found[1])
    return words


def test_the_images_own_variables_are_settings() -> None:
    set_in_image = set(re.findall(r"\b(KANAL_\w+)=", DOCKERFILE))
    assert set_in_image
    assert set_in_image <= SETTINGS


def test_the_image_holds_every_room_and_the_lock() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    allowed = {line[1:] for line in lines if line.startswith("!")}
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert rooms | {"requirements.lock"} <= allowed
    for source in re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.MULTILINE):
        assert source == "." or source in allowed
