"""Docker's files against the program, without a Docker engine."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from app.__main__ import kanal
from app.checks.settings import known
from app.launch.processes import Queue
from app.settings import AppSettings

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SETTINGS = {setting.name for setting in known()}
#: What .env cannot change: where the containers meet.
FIXED = {
    *("DATABASE_URL", "REDIS_URL", "KANAL_HOST", "KANAL_PORT"),
    *("KANAL_MEDIA_DIR", "KANAL_MODELS"),
}
#: Values that are for the other containers, and become part of a setting.
INGREDIENTS = {"DOMAIN", "POSTGRES_PASSWORD"}
PROGRAMS = {name: service for name, service in OURS.items() if name != "migrate"}
TEXT = (ROOT / "docker-compose.yml").read_text()
CADDYFILE = (ROOT / "Caddyfile").read_text()
EXAMPLE = dict(re.findall(r"^(\w+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))


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


@pytest.mark.parametrize("service", PROGRAMS)
def test_every_setting_can_be_made_in_env(service: str) -> None:
    assert PROGRAMS[service]["env_file"] == ".env"
    given = PROGRAMS[service]["environment"]
    barred = {name for name, value in given.items() if f"${{{name}:-" not in value}
    assert barred == FIXED
    assert FIXED <= SETTINGS


def interpolated(value: str, env: dict[str, str]) -> str:
    """Do with `value` what compose does: its ${..} are those of POSIX shells."""
    script = f'printf %s "{value}"'
    path = {"PATH": os.environ["PATH"]}
    return subprocess.run(
        ["sh", "-euc", script], env=path | env, capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize(
    ("env", "public_url", "domain"),
    [
        ({}, "", "localhost"),
        ({"DOMAIN": ""}, "", "localhost"),
        ({"DOMAIN": "lapor.example.go.id"}, "https://lapor.example.go.id", "lapor.example.go.id"),
        ({"DOMAIN": "a.id", "KANAL_PUBLIC_URL": "https://b.id/x"}, "https://b.id/x", "a.id"),
    ],
)
def test_a_domain_is_needed_for_webhooks_only(
    env: dict[str, str], public_url: str, domain: str
) -> None:
    assert interpolated(SERVICES["web"]["environment"]["KANAL_PUBLIC_URL"], env) == public_url
    assert interpolated(SERVICES["caddy"]["environment"]["DOMAIN"], env) == domain


def test_the_example_names_settings_and_what_compose_reads() -> None:
    read = set(re.findall(r"\$\{(\w+)", TEXT))
    assert EXAMPLE.keys() <= (SETTINGS - FIXED) | (INGREDIENTS & read)
    assert read <= EXAMPLE.keys() | SETTINGS
    assert EXAMPLE.keys() >= INGREDIENTS


def test_what_cannot_be_guessed_must_be_given() -> None:
    assert not re.search(r"\$\{POSTGRES_PASSWORD(?!:\?)", TEXT)
    secret = {"POSTGRES_PASSWORD", "TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRETS"}
    assert {EXAMPLE[name] for name in secret} == {""}
    with pytest.raises(subprocess.CalledProcessError):
        interpolated(SERVICES["postgres"]["environment"]["POSTGRES_PASSWORD"], {})


@pytest.mark.parametrize(
    ("service", "names"),
    [
        ("migrate", {"DATABASE_URL", "KANAL_IDENTITY_KEYS", "KANAL_INDEX_KEY"}),
        ("postgres", {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"}),
        ("redis", set()),
        ("caddy", {"DOMAIN"}),
    ],
)
def test_who_needs_no_secret_of_the_bot_has_none(service: str, names: set[str]) -> None:
    assert "env_file" not in SERVICES[service]
    assert SERVICES[service].get("environment", {}).keys() == names


def test_every_anchor_is_used() -> None:
    anchors = re.findall(r"(?<![\w&])&(\w+)", TEXT)
    assert anchors
    assert [name for name in anchors if not re.search(rf"\*{name}\b", TEXT)] == []


def test_names_refer_to_something() -> None:
    declared = set(COMPOSE["volumes"])
    for service in SERVICES.values():
        assert set(service.get("depends_on", {})) <= SERVICES.keys()
        assert set(service["networks"]) <= COMPOSE["networks"].keys()
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert source in declared or (ROOT / source).exists()


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_survives_a_crash(service: str) -> None:
    assert SERVICES[service]["restart"] in {"unless-stopped", "on-failure"}


@pytest.mark.parametrize("service", ["web", "postgres", "redis"])
def test_what_others_wait_for_has_a_health_check(service: str) -> None:
    assert SERVICES[service]["healthcheck"]["test"][0] == "CMD"


def test_postgres_is_ready_when_its_lasting_server_is() -> None:
    words = SERVICES["postgres"]["healthcheck"]["test"]
    assert words[words.index("--host") + 1] == "127.0.0.1"
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


@pytest.mark.parametrize("service", SERVICES)
def test_none_holds_privileges(service: str) -> None:
    assert SERVICES[service]["cap_drop"] == ["ALL"]
    assert SERVICES[service]["read_only"] is True
    assert SERVICES[service]["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in SERVICES[service]
    added = SERVICES[service].get("cap_add", [])
    assert added == (["NET_BIND_SERVICE"] if service == "caddy" else [])


def test_the_media_are_written_where_they_are_fetched_and_read_by_the_web() -> None:
    folder = "media:/srv/kanal/var/media"
    assert mounts("media") == {"worker-side": [folder], "web": [f"{folder}:ro"]}
    assert OURS["web"]["environment"]["KANAL_MEDIA_DIR"] == folder.partition(":")[2]


def test_models_are_made_in_the_workshop_and_read_where_reports_are() -> None:
    folder = "models:/srv/kanal/var/models"
    assert mounts("models") == {"workshop": [folder], "worker-work": [f"{folder}:ro"]}
    assert OURS["worker-work"]["environment"]["KANAL_MODELS"] == folder.partition(":")[2]
    assert [name for name, it in SERVICES.items() if "profiles" in it] == ["workshop"]


def test_a_user_without_rights_may_write_into_each_folder() -> None:
    made = re.search(r"install --directory --owner kanal (.+?)$", DOCKERFILE, re.MULTILINE)
    assert made
    volumes = [it for name in OURS for it in OURS[name].get("volumes", [])]
    assert set(made[1].split()) == {it.split(":")[1] for it in volumes}


def mounts(volume: str) -> dict[str, list[str]]:
    """Return which of our services mount `volume`, and how."""
    return {
        name: found
        for name, it in OURS.items()
        if (found := [one for one in it.get("volumes", []) if one.startswith(f"{volume}:")])
    }


def test_only_the_proxy_is_reachable_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["caddy"]
    assert "{$DOMAIN}" in CADDYFILE
    assert "reverse_proxy web:8080" in CADDYFILE


def test_the_proxy_meets_the_web_alone() -> None:
    networks = {name: set(service["networks"]) for name, service in SERVICES.items()}
    assert {name for name in networks if networks[name] & networks["caddy"]} == {"caddy", "web"}
    assert networks["postgres"] == networks["redis"] == {"data"}
    assert COMPOSE["networks"]["data"] == {"internal": True}
    out = {name for name, joined in networks.items() if joined - {"data"}}
    assert out == {"caddy", "web", "worker-deliver", "worker-side"}


def test_the_proxy_takes_no_body_that_is_large_or_slow() -> None:
    size = re.search(r"max_size (\d+)MB", CADDYFILE)
    assert size
    largest: int = AppSettings.model_fields["webhook_max_bytes"].default
    assert largest < int(size[1]) * 10**6 < 2 * largest
    limits = dict(re.findall(r"^\t+(read_header|read_body|idle) (\w+)$", CADDYFILE, re.MULTILINE))
    assert limits == {"read_header": "10s", "read_body": "30s", "idle": "2m"}
    assert CADDYFILE.count("{") == CADDYFILE.count("}")


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
