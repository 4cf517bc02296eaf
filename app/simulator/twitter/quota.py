"""How often X lets an account do a thing: so many calls in a window, then none until it ends."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.simulator.twitter.rules import too_many


@dataclass(slots=True)
class Window:
    """`limit` calls in `seconds`; the window begins with its first call."""

    name: str  #: how the headers call it
    limit: int
    seconds: float
    used: int = 0
    ends: float = 0.0
    _latest: deque[float] = field(init=False)  #: times of the last `limit` calls

    def __post_init__(self) -> None:
        self._latest = deque(maxlen=self.limit)

    def take(self, now: float) -> None:
        """Count one call; raises Refusal 429 beyond the limit, which is not counted."""
        if now >= self.ends:
            self.used, self.ends = 0, now + self.seconds
        if self.used >= self.limit:
            raise too_many(self.headers())
        self.used += 1
        self._latest.append(now)

    def full_until(self, now: float) -> float:
        """When the next call can come, 0.0 if it can come now.

        An account that looks back over `seconds` itself, as Kanal does, waits until then also
        where X would begin a new window before; it never is earlier than the end of a full one.
        """
        free = self._latest[0] + self.seconds if len(self._latest) == self.limit else 0.0
        return free if free > now else 0.0

    def headers(self) -> Mapping[str, str]:
        """What every answer says about the window."""
        return {
            f"{self.name}-limit": str(self.limit),
            f"{self.name}-remaining": str(self.limit - self.used),
            f"{self.name}-reset": str(int(self.ends) + 1),
        }


FIFTEEN_MINUTES = "x-rate-limit"
DAY = "x-user-limit-24hour"


def span(seconds: float) -> str:
    """The length of a window in words."""
    for name, unit in (("jam", 3600), ("menit", 60)):
        if seconds >= unit and seconds % unit == 0:
            return f"{seconds / unit:g} {name}"
    return f"{seconds:g} detik"
