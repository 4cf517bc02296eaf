"""The office's rules as rows: their order, their states, and what a dry run of each showed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import Field, ValidationError
from sqlalchemy import ARRAY, Integer, bindparam, func, insert, select, text, update
from sqlalchemy.orm import Session

from core.db import tables
from core.errors import ConfigurationError, MoveRefused, NotFound
from core.matching import Rulebook, mark
from core.rule_names import require_known
from core.rules import MOST_RULES, Part, Rule

State = Literal["draft", "live", "off"]

_TRIAL = "trial"  # stands in the column `outcome`, so that a new outcome is an untried one


class Trial(Part):
    """What a dry run over past reports showed; the examples are tickets, newest first.

    Of the `reports` that have a final OPD, the conditions hold for `matched`; an earlier live rule
    decides `overtaken` of them, and `nowhere` lead to no OPD. `changed` counts where the OPD is
    not the one that was suggested then.
    """

    at: datetime = Field(examples=["2026-03-02T01:15:00Z"])
    reports: int = Field(examples=[1000])
    matched: int = Field(default=0, examples=[12])
    overtaken: int = Field(default=0, examples=[1])
    nowhere: int = Field(default=0, examples=[0])
    changed: int = Field(default=0, examples=[4])
    agreed: int = Field(default=0, description="As the human decided.", examples=[10])
    disagreed: int = Field(default=0, description="Another OPD than the human's.", examples=[1])
    agreeing: tuple[str, ...] = Field(default=(), examples=[["7KQ2M-X9PAT"]])
    disagreeing: tuple[str, ...] = Field(default=(), examples=[["4HB7C-M2QRS"]])


@dataclass(frozen=True, slots=True)
class Filed:
    """A rule as it stands in the book; `position` counts from 1, `trial` is None until tried."""

    id: int
    position: int
    state: State
    rule: Rule
    trial: Trial | None
    actor: str
    updated_at: datetime

    @property
    def key(self) -> str:
        """Return what it is called in a `Rulebook`."""
        return str(self.id)

    @property
    def mark(self) -> str:
        """Return what suggestions name it by."""
        return mark(self.key)


@dataclass(frozen=True, slots=True)
class Added:
    """The names of rules that were put into the book, by what became of each."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]


def page(session: Session, limit: int, after: int = 0, state: State | None = None) -> list[Filed]:
    """Return up to `limit` rules behind position `after`, in their order."""
    statement = select(tables.Rule).where(tables.Rule.position > after)
    if state is not None:
        statement = statement.where(tables.Rule.state == state)
    rows = session.scalars(statement.order_by(tables.Rule.position).limit(limit))
    return [_filed(row) for row in rows]


def in_force(session: Session) -> list[Filed]:
    """Return the rules that are not off, in their order."""
    statement = select(tables.Rule).where(tables.Rule.state != "off")
    return [_filed(row) for row in session.scalars(statement.order_by(tables.Rule.position))]


def live(session: Session) -> Rulebook:
    """Return the live rules, prepared for matching; keep it while `fingerprint` is the same."""
    found = in_force(session)
    return Rulebook({one.key: one.rule for one in found if one.state == "live"})


def fingerprint(session: Session) -> str:
    """Return a text that is another after each change of the live rules or their order."""
    each = func.concat_ws(":", tables.Rule.id, tables.Rule.position, tables.Rule.updated_at)
    joined = func.string_agg(each, func.concat(",")).label("all")
    ordered = select(func.md5(joined)).where(tables.Rule.state == "live")
    return session.scalar(ordered) or ""


def find(session: Session, rule_id: int) -> Filed:
    """Return the rule with this id; raises NotFound."""
    return _filed(_row(session, rule_id))


def named(session: Session, name: str) -> Filed:
    """Return the rule of this name, or with this id when it is a number; raises NotFound."""
    row = session.scalar(select(tables.Rule).where(tables.Rule.name == name))
    if row is not None:
        return _filed(row)
    if name.isascii() and name.isdigit() and len(name) <= len(str(MOST_ID)):
        return find(session, int(name))
    raise NotFound(f"no rule {name!r}")


MOST_ID = 2**31 - 1


def add(session: Session, rule: Rule, actor: str) -> Filed:
    """Put a new draft at the end of the book.

    Raises MoveRefused for a name that is taken, NotFound as `require_known` does.
    """
    _lock(session)
    if _by_name(session, rule.name) is not None:
        raise MoveRefused(f"the name {rule.name!r} is taken")
    require_known(session, [rule])
    _require_room(session, 1)
    return _insert(session, [rule], actor)[0]


def put(
    session: Session,
    rules: Sequence[Rule],
    actor: str,
    *,
    replacing: bool = True,
    state: State = "draft",
) -> Added:
    """Put all these rules into the book: new ones at its end, those of a known name in its place.

    What is different becomes a draft; without `replacing` it stays as it is. New ones get the
    `state`, tried or not. Raises MoveRefused as `set_state` does, and NotFound as `require_known`
    does for one that is new or different.
    """
    _lock(session)
    known = {one.rule.name: one for one in page(session, limit=MOST_ID)}
    new = [rule for rule in rules if rule.name not in known]
    other = [rule for rule in rules if rule.name in known and known[rule.name].rule != rule]
    changed = other if replacing else []
    require_known(session, [*new, *changed])
    back = sum(known[rule.name].state == "off" for rule in changed)
    _require_room(session, len(new) + back)
    for rule in changed:
        _replace(session, _row(session, known[rule.name].id), rule, actor)
    for added in _insert(session, new, actor):
        set_state(session, added.id, state, actor, untried=True)
    touched = {rule.name for rule in (*new, *changed)}
    same = tuple(rule.name for rule in rules if rule.name not in touched)
    return Added(tuple(it.name for it in new), tuple(it.name for it in changed), same)


def replace(session: Session, rule_id: int, rule: Rule, actor: str) -> Filed:
    """Write the rule anew; when it differs it is a draft that was never tried.

    Raises NotFound, also as `require_known` does, and MoveRefused for a name that another rule
    has, or where a rule that was off finds no room.
    """
    _lock(session)
    row = _row(session, rule_id)
    if _by_name(session, rule.name) not in {None, row.id}:
        raise MoveRefused(f"the name {rule.name!r} is taken")
    if _filed(row).rule != rule:
        require_known(session, [rule])
        _require_room(session, int(row.state == "off"))
        _replace(session, row, rule, actor)
    return _filed(row)


def move(session: Session, rule_id: int, position: int, actor: str) -> Filed:
    """Put the rule at `position`, the last at most; those behind it follow. Raises NotFound."""
    _lock(session)
    row = _row(session, rule_id)
    ids = list(session.scalars(select(tables.Rule.id).order_by(tables.Rule.position)))
    ids.remove(row.id)
    ids.insert(position - 1, row.id)
    session.execute(_RENUMBER, {"ids": ids})
    session.refresh(row)
    _touch(session, row, actor)
    return _filed(row)


def set_state(
    session: Session, rule_id: int, state: State, actor: str, *, untried: bool = False
) -> Filed:
    """Make the rule live, a draft again, or off; raises NotFound.

    Raises MoveRefused for a rule that shall be live and was not tried (unless `untried` insists),
    or whose OPD is not active, and where there are MOST_RULES that are not off already.
    """
    _lock(session)
    row = _row(session, rule_id)
    filed = _filed(row)
    if state == "live":
        _require_proof(session, filed, untried)
    if filed.state == "off" and state != "off":
        _require_room(session, 1)
    if filed.state != state:
        row.state = state
        _touch(session, row, actor)
    return _filed(row)


def note_trial(session: Session, tried: Filed, trial: Trial) -> Filed:
    """Write what a dry run of `tried` showed; raises MoveRefused when it was edited meanwhile."""
    _lock(session)
    row = _row(session, tried.id)
    session.refresh(row)
    if _filed(row).rule != tried.rule:
        raise MoveRefused(f"rule {tried.id} was edited while it was tried: try it again")
    row.outcome = {**_outcome(tried.rule), _TRIAL: trial.model_dump(mode="json")}
    session.flush()
    return _filed(row)


def _require_proof(session: Session, filed: Filed, untried: bool) -> None:
    if filed.trial is None and not untried:
        raise MoveRefused(f"rule {filed.id} was not tried since it was written: try it first")
    slug = filed.rule.outcome.agency
    agency = select(tables.Agency.id).where(tables.Agency.slug == slug, tables.Agency.active)
    if slug is not None and session.scalar(agency) is None:
        raise MoveRefused(f"rule {filed.id} leads to {slug!r}, which is no active agency")


def _require_room(session: Session, more: int) -> None:
    count = session.scalar(select(func.count()).where(tables.Rule.state != "off")) or 0
    if more and count + more > MOST_RULES:
        raise MoveRefused(f"there can be {MOST_RULES} rules besides those that are off")


def _lock(session: Session) -> None:
    """Let one transaction at a time change the book; it can be read meanwhile."""
    session.execute(text("lock table rule in share row exclusive mode"))


def _by_name(session: Session, name: str) -> int | None:
    return session.scalar(select(tables.Rule.id).where(tables.Rule.name == name))


def _row(session: Session, rule_id: int) -> tables.Rule:
    row = session.get(tables.Rule, rule_id, populate_existing=True)
    if row is None:
        raise NotFound(f"no rule {rule_id}")
    return row


def _filed(row: tables.Rule) -> Filed:
    outcome = dict(row.outcome)
    trial = outcome.pop(_TRIAL, None)
    written = {"name": row.name, "conditions": row.conditions, "outcome": outcome}
    try:
        rule = Rule.model_validate(written)
        tried = Trial.model_validate(trial) if trial else None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ConfigurationError(
            f"rule {row.id} in the database: {place}: {first['msg']}"
        ) from None
    state: Any = row.state  # the table takes no other
    return Filed(row.id, row.position, state, rule, tried, row.actor, row.updated_at)


def _conditions(rule: Rule) -> dict[str, Any]:
    return rule.conditions.model_dump(mode="json", exclude_defaults=True)


def _outcome(rule: Rule) -> dict[str, Any]:
    return rule.outcome.model_dump(mode="json", exclude_defaults=True)


def _insert(session: Session, rules: Iterable[Rule], actor: str) -> list[Filed]:
    last = session.scalar(select(func.max(tables.Rule.position))) or 0
    rows = [
        {
            "name": rule.name,
            "position": position,
            "conditions": _conditions(rule),
            "outcome": _outcome(rule),
            "actor": actor,
            "updated_at": func.clock_timestamp(),
        }
        for position, rule in enumerate(rules, last + 1)
    ]
    if not rows:
        return []
    added = session.scalars(insert(tables.Rule).values(rows).returning(tables.Rule))
    return [_filed(row) for row in added]


def _replace(session: Session, row: tables.Rule, rule: Rule, actor: str) -> None:
    row.name, row.state = rule.name, "draft"
    row.conditions, row.outcome = _conditions(rule), _outcome(rule)
    _touch(session, row, actor)


def _touch(session: Session, row: tables.Rule, actor: str) -> None:
    """Write the row; its moment is the clock's, so that two changes never bear the same."""
    session.flush()
    moment = update(tables.Rule).where(tables.Rule.id == row.id)
    session.execute(moment.values(actor=actor, updated_at=func.clock_timestamp()))
    session.refresh(row)


_RENUMBER = text(
    """
    update rule set position = wanted.position
    from unnest(:ids) with ordinality as wanted (id, position)
    where rule.id = wanted.id and rule.position <> wanted.position
    """
).bindparams(bindparam("ids", type_=ARRAY(Integer)))
