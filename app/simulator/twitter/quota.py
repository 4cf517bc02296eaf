"""How often X lets an account do a thing: so many calls in a window, then none until it ends."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.simulator.twitter.rules import too_many


@dataclass(slots=True)
class Window:
    """`limit` calls in `seconds`; the window begins with its first call."""

    name: str  #: how the headers call it
    limit: int
    seconds: float
    used: int = 0
    ends: float = 0.0

    def take(self, now: float) -> None:
        """Count one call; raises Refusal 429 beyond the limit, which is not counted."""
        if now >= self.ends:
            self.used, self.ends = 0, now + self.seconds
        if self.used >= self.limit:
            raise too_many(self.headers())
        self.used += 1

    def headers(self) -> Mapping[str, str]:
        """What every answer says about the window."""
        return {
            f"{self.name}-limit": str(self.limit),
            f"{self.name}-remaining": str(self.limit - self.used),
            f"{self.name}-reset": str(int(self.ends) + 1),
        }


FIFTEEN_MINUTES = "x-rate-limit"
DAY = "x-user-limit-24hour"
