"""Rules as files: a JSON list of name, conditions and outcome, in their order."""

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from core.errors import ConfigurationError
from core.matching import Rulebook
from core.rules import MOST_RULES, Rule

MOST_BYTES = 4 * 2**20

_RULES = TypeAdapter(list[Rule])


def read(file: Path) -> list[Rule]:
    """Return the rules of a file in their order.

    Raises ConfigurationError with the file's name and what is wrong in which rule.
    """
    try:
        if file.stat().st_size > MOST_BYTES:
            raise ConfigurationError(f"{file} has more than {MOST_BYTES} bytes")
        text = file.read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{file}: {error}") from None
    return parse(text, str(file))


def parse(text: str, name: str) -> list[Rule]:
    """Return the rules of a text; raises ConfigurationError that begins with `name`."""
    try:
        rules = _RULES.validate_json(text)
    except ValidationError as error:
        raise ConfigurationError(f"{name}: {_complaint(error)}") from None
    if len(rules) > MOST_RULES:
        raise ConfigurationError(f"{name}: more than {MOST_RULES} rules")
    if len({rule.name for rule in rules}) < len(rules):
        raise ConfigurationError(f"{name}: a name stands there twice")
    return rules


def write(rules: Iterable[Rule]) -> str:
    """Return the rules as the text of a file, a condition on a line; `parse` reads it."""
    return "[\n" + ",\n".join(map(_rendered, rules)) + "\n]\n"


def _rendered(rule: Rule) -> str:
    written = rule.model_dump(mode="json", exclude_defaults=True)
    conditions = ",\n".join(f"    {_line(k)}: {_line(v)}" for k, v in written["conditions"].items())
    return (
        f'{{\n  "name": {_line(rule.name)},\n  "conditions": {{\n{conditions}\n  }},\n'
        f'  "outcome": {_line(written["outcome"])}\n}}'
    )


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


@cache
def packaged() -> tuple[Rule, ...]:
    """Return the rules that come with Kanal, reviewed and for any region."""
    source = files("core.registry") / "data" / "rules.json"
    return tuple(parse(source.read_text("utf-8"), source.name))


@cache
def packaged_rulebook() -> Rulebook:
    """Return the packaged rules ready for matching, each by its name: for want of a database."""
    return Rulebook({rule.name: rule for rule in packaged()})


def _complaint(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = [
        f"rule {part + 1}" if isinstance(part, int) else str(part) for part in first["loc"][:1]
    ]
    inner = ".".join(str(part) for part in first["loc"][1:])
    return ": ".join([*place, *filter(None, [inner]), first["msg"]])
