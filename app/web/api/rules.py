"""The office's own rules: read, write, try, put live; for admins alone."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from app.web.api.access import Diskominfo, sessions
from app.web.api.errors import ApiRoute, documented
from app.web.api.rule_schemas import RuleChange, RuleLine, RulePage, RulesWanted, RuleTrial
from core import rule_trial, rulebook
from core.db.session import transaction
from core.registry import stored
from core.rule_trial import Office
from core.rulebook import MOST_ID, Trial
from core.rules import Rule
from core.settings import CoreSettings, read

router = APIRouter(route_class=ApiRoute, tags=["rules"])

RuleId = Annotated[int, Path(ge=1, le=MOST_ID, description="From `rules`.", examples=[3])]


@router.get(
    "/rules",
    operation_id="listRules",
    summary="The rules in their order: the first that holds decides",
    responses=documented(),
)
def list_rules(
    request: Request, _: Diskominfo, wanted: Annotated[RulesWanted, Query()]
) -> RulePage:
    """Return one page; follow `next_cursor` until it is null."""
    with transaction(sessions(request)) as session:
        found = rulebook.page(session, wanted.limit + 1, wanted.cursor or 0, wanted.state)
    lines = [RuleLine.of(one) for one in found[: wanted.limit]]
    more = len(found) > wanted.limit
    return RulePage(rules=lines, next_cursor=lines[-1].position if more else None)


@router.get(
    "/rules/{rule_id}",
    operation_id="readRule",
    summary="One rule with its last dry run",
    responses=documented(404),
)
def read_rule(request: Request, _: Diskominfo, rule_id: RuleId) -> RuleLine:
    """Return the rule, also one that is off."""
    with transaction(sessions(request)) as session:
        return RuleLine.of(rulebook.find(session, rule_id))


@router.post(
    "/rules",
    operation_id="addRule",
    summary="Add a draft at the end of the order",
    responses=documented(404, 409, 413),
)
def add_rule(request: Request, caller: Diskominfo, body: Rule) -> RuleLine:
    """Add a rule that decides nothing yet: it is tried, and then made live.

    Refused for an OPD or an area that is not known.
    """
    with transaction(sessions(request)) as session:
        return RuleLine.of(rulebook.add(session, body, caller.name))


@router.put(
    "/rules/{rule_id}",
    operation_id="writeRule",
    summary="Write a rule anew; it is a draft again when it differs",
    responses=documented(404, 409, 413),
)
def write_rule(request: Request, caller: Diskominfo, rule_id: RuleId, body: Rule) -> RuleLine:
    """Replace name, conditions and outcome; its place in the order stays."""
    with transaction(sessions(request)) as session:
        return RuleLine.of(rulebook.replace(session, rule_id, body, caller.name))


@router.patch(
    "/rules/{rule_id}",
    operation_id="changeRule",
    summary="Make a rule live, a draft or off, or move it in the order",
    responses=documented(404, 409, 413),
)
def change_rule(
    request: Request, caller: Diskominfo, rule_id: RuleId, body: RuleChange
) -> RuleLine:
    """Change the state, then the place; both or neither."""
    with transaction(sessions(request)) as session:
        changed = rulebook.find(session, rule_id)
        if body.state is not None:
            changed = rulebook.set_state(
                session, rule_id, body.state, caller.name, untried=body.untried
            )
        if body.position is not None:
            changed = rulebook.move(session, rule_id, body.position, caller.name)
    return RuleLine.of(changed)


@router.post(
    "/rules/{rule_id}/try",
    operation_id="tryRule",
    summary="Run a rule over past reports, beside what humans decided",
    responses=documented(404, 409, 413),
)
def try_rule(request: Request, _: Diskominfo, rule_id: RuleId, body: RuleTrial) -> Trial:
    """Return what the rule would have done; no report is changed, and the rule has been tried.

    Where no report has a final OPD `reports` is 0, and the rule stays untried.
    """
    settings = read(CoreSettings)
    with transaction(sessions(request)) as session:
        tried = rulebook.find(session, rule_id)
        office = Office(stored.read(session), settings.region, settings.timezone)
        return rule_trial.run(session, tried, office, body.reports)
