"""The switches that make a platform misbehave."""

from __future__ import annotations

import random
from enum import Enum, auto
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

_CHANCE = random.SystemRandom()


class Verdict(Enum):
    """What happens to one API call; each platform gives it its own face."""

    FINE = auto()
    ERROR = auto()  #: 500, not accepted
    HTML = auto()  #: 503 with a page instead of JSON, not accepted
    FLOOD = auto()  #: 429, not accepted
    TIMEOUT = auto()  #: accepted, but no answer comes
    WRONG_JSON = auto()  #: accepted, but the answer cannot be read


class Faults(BaseModel):
    """What goes wrong, for how long: a `..._next` counts down with each call it spoils."""

    model_config = ConfigDict(extra="forbid")

    latency_ms: int = Field(
        default=0, ge=0, le=120_000, description="Duration added to each API call."
    )
    error_rate: float = Field(
        default=0, ge=0, le=1, description="Share of calls answered with 500."
    )
    flood_rate: float = Field(
        default=0, ge=0, le=1, description="Share of calls answered with 429."
    )
    timeout_rate: float = Field(
        default=0, ge=0, le=1, description="Share of calls accepted but never answered."
    )
    error_next: int = Field(default=0, ge=0, description="Next calls answered with 500.")
    html_503_next: int = Field(default=0, ge=0, description="Next calls answered with a 503 page.")
    flood_next: int = Field(default=0, ge=0, description="Next calls answered with 429.")
    flood_retry_after: int = Field(
        default=1, ge=1, le=3600, description="Seconds such a 429 asks for."
    )
    timeout_next: int = Field(
        default=0, ge=0, description="Next calls accepted but never answered."
    )
    wrong_json_next: int = Field(
        default=0, ge=0, description="Next calls accepted, answer unreadable."
    )
    blocked_chats: frozenset[int] = Field(
        default=frozenset(), description="Chats that refuse the bot although no update said so."
    )
    dropped_acks: int = Field(
        default=0,
        ge=0,
        description="Next webhook posts whose connection is closed before the answer.",
    )
    duplicate: int = Field(
        default=1, ge=1, le=100, description="How often each update is posted at once."
    )

    def verdict(self) -> Verdict:
        """Decide about the next API call and count the switch down."""
        for name, verdict in _COUNTED:
            if self.take(name):
                return verdict
        drawn = _CHANCE.random()
        for name, verdict in _SHARED:
            drawn -= getattr(self, name)
            if drawn < 0:
                return verdict
        return Verdict.FINE

    @model_validator(mode="after")
    def _shares_fit(self) -> Self:
        if sum(getattr(self, name) for name, _ in _SHARED) > 1:
            raise ValueError("the shares of failing calls are more than 1 together")
        return self

    def take(self, name: str) -> bool:
        """True while the counter `name` is above zero; counts it down."""
        left = getattr(self, name)
        if left:
            setattr(self, name, left - 1)
        return bool(left)

    def changed(self, wanted: dict[str, object]) -> Faults:
        """These switches with those named in `wanted` set; raises ValidationError."""
        return Faults.model_validate(self.model_dump() | wanted)

    def take_over(self, other: Faults) -> None:
        """Set all switches as `other` has them."""
        for name in Faults.model_fields:
            setattr(self, name, getattr(other, name))

    def clear(self) -> None:
        """All is well again."""
        self.take_over(Faults())


_COUNTED = (
    ("error_next", Verdict.ERROR),
    ("html_503_next", Verdict.HTML),
    ("flood_next", Verdict.FLOOD),
    ("timeout_next", Verdict.TIMEOUT),
    ("wrong_json_next", Verdict.WRONG_JSON),
)
_SHARED = (
    ("error_rate", Verdict.ERROR),
    ("flood_rate", Verdict.FLOOD),
    ("timeout_rate", Verdict.TIMEOUT),
)
