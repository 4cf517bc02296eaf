"""What the API takes and gives about rules; conditions and outcomes are those of the core."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from app.web.api.schemas import LARGEST_INTEGER, Given, Sent
from core.rulebook import Filed, State, Trial
from core.rules import Conditions, Outcome


class RulesWanted(Sent):
    """Which rules, and which page of them."""

    state: State | None = Field(default=None, description="In this state only.")
    limit: int = Field(default=100, ge=1, le=200, description="Rules on one page.")
    cursor: Annotated[int, Field(ge=1, le=LARGEST_INTEGER)] | None = Field(
        default=None, description="`next_cursor` of the page before; keep the filter the same."
    )


class RuleChange(Sent):
    """Another state, another place in the order, or both."""

    state: State | None = Field(
        default=None, description="live needs a dry run since the rule was written."
    )
    position: Annotated[int, Field(ge=1, le=LARGEST_INTEGER)] | None = Field(
        default=None, description="Counted from 1, which is asked first.", examples=[1]
    )
    untried: bool = Field(default=False, description="Make it live even without a dry run.")

    @model_validator(mode="after")
    def _change_something(self) -> Self:
        if self.state is None and self.position is None:
            raise ValueError("neither a state nor a position")
        if self.untried and self.state != "live":
            raise ValueError("untried goes with the state live")
        return self


class RuleTrial(Sent):
    """A dry run."""

    reports: int = Field(
        default=200, ge=1, le=1000, description="How many of the newest reports with a final OPD."
    )


class RuleLine(Given):
    """A rule as it stands in the book."""

    id: int = Field(examples=[3])
    position: int = Field(description="Rules are asked in this order.", examples=[3])
    state: State = Field(examples=["draft"])
    name: str = Field(examples=["Listrik padam"])
    conditions: Conditions
    outcome: Outcome
    trial: Trial | None = Field(description="None until it was tried as it is now.")
    actor: str = Field(
        description="Who changed it last: a token's name, or kanal.", examples=["diskominfo"]
    )
    updated_at: datetime = Field(examples=["2026-03-02T01:15:00Z"])

    @classmethod
    def of(cls, filed: Filed) -> Self:
        """Return the line of a rule."""
        rule = filed.rule
        return cls(
            id=filed.id,
            position=filed.position,
            state=filed.state,
            name=rule.name,
            conditions=rule.conditions,
            outcome=rule.outcome,
            trial=filed.trial,
            actor=filed.actor,
            updated_at=filed.updated_at,
        )


class RulePage(Given):
    """Rules, in their order."""

    rules: list[RuleLine]
    next_cursor: int | None = Field(description="None on the last page.", examples=[None])
