"""How fast a platform lets a bot speak."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from math import ceil


@dataclass(slots=True)
class Bucket:
    """`burst` messages at once, then `rate` per second."""

    rate: float
    burst: int
    tokens: float = -1
    filled_at: float = 0

    def wait(self, now: float) -> float:
        """Seconds until one more message fits, 0 if it fits now."""
        full = float(self.burst)
        elapsed = now - self.filled_at
        self.tokens = full if self.tokens < 0 else min(full, self.tokens + elapsed * self.rate)
        self.filled_at = now
        return 0 if self.tokens >= 1 else (1 - self.tokens) / self.rate

    def spend(self) -> None:
        """Take one message out."""
        self.tokens -= 1


@dataclass(slots=True)
class Limiter:
    """One bucket for all messages together and one for each chat."""

    overall: Bucket
    chats: dict[Hashable, Bucket] = field(default_factory=dict)

    def admit(self, chat: Hashable, rate: float, burst: int, now: float) -> int:
        """0 and the message is counted, or the whole seconds to wait and it is not."""
        bucket = self.chats.setdefault(chat, Bucket(rate, burst))
        wait = max(bucket.wait(now), self.overall.wait(now))
        if wait > 0:
            return ceil(wait)
        bucket.spend()
        self.overall.spend()
        return 0
