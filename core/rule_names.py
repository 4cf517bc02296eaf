"""What rules name: each OPD and each area must be known by the time a rule is written."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.tables import Agency, Region
from core.errors import NotFound
from core.registry.areas import packaged_areas
from core.rules import Rule


def require_known(session: Session, rules: Sequence[Rule]) -> None:
    """Raise NotFound for the first rule that leads to no active OPD, or asks for no area.

    Areas are those that were loaded and those of the packaged table. At most two statements.
    """
    slugs = {rule.outcome.agency for rule in rules if rule.outcome.agency is not None}
    codes = {code for rule in rules for code in rule.conditions.regions}
    no_agency, no_area = slugs - _active(session, slugs), codes - _areas(session, codes)
    for rule in rules:
        if rule.outcome.agency in no_agency:
            raise NotFound(
                f"rule {rule.name!r} leads to {rule.outcome.agency!r}, which is no active agency"
            )
        for code in rule.conditions.regions:
            if code in no_area:
                raise NotFound(f"rule {rule.name!r} asks for {code!r}, which is no area we know")


def _active(session: Session, slugs: set[str]) -> set[str]:
    if not slugs:
        return set()
    statement = select(Agency.slug).where(Agency.slug.in_(slugs), Agency.active)
    return set(session.scalars(statement))


def _areas(session: Session, codes: set[str]) -> set[str]:
    if not codes:
        return set()
    loaded = session.scalars(select(Region.code).where(Region.code.in_(codes)))
    return {*loaded, *packaged_areas()}
