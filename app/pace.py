"""The platforms' rates, held over all workers by counters in Redis (library `limits`)."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from core.channel import Rate

log = logging.getLogger(__name__)

_TIMEOUT = 1.0  # seconds for an answer of Redis
_QUIET = 60.0  # seconds between two words about a Redis that is away
_LEAST = 0.05  # seconds: shorter waits cost more than they hold back


@dataclass
class RedisPace:
    """Counts calls in moving windows, each rate by itself.

    What exceeds a rate of all addresses gets places one behind the other, so that a backlog is
    not looked at again and again. Without Redis nothing is held back: the platform's own refusal
    is honoured anyhow. One call costs one script in Redis for each rate. `factor` times as many
    calls are let through as each rate says, one at least. In Redis an address is its `blind` index.
    """

    redis_url: str
    blind: Callable[[str], bytes]
    factor: float = 1.0
    _booked: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _silent_until: float = 0.0

    def __post_init__(self) -> None:
        storage = storage_from_string(
            limits_url(self.redis_url), socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT
        )
        self._limiter = MovingWindowRateLimiter(storage)

    def wait(self, channel: str, address: str, rates: Sequence[Rate]) -> timedelta:
        """Count one call, and return zero; or return how long it has to wait."""
        try:
            for rate in sorted(rates, key=lambda rate: not rate.per_address):
                if seconds := self._exceeded(channel, address, rate):
                    return timedelta(seconds=seconds)
        except RedisError as error:
            self._complain(error)
        return timedelta()

    def _exceeded(self, channel: str, address: str, rate: Rate) -> float:
        count = max(1, round(rate.count * self.factor))
        item = RateLimitItemPerSecond(count, rate.seconds)
        whose = self.blind(address).hex() if rate.per_address else ""
        if self._limiter.hit(item, channel, rate.name, whose):
            return 0.0
        free_at = float(self._limiter.get_window_stats(item, channel, rate.name, whose).reset_time)
        if not rate.per_address:
            free_at = self._book(f"{channel} {rate.name}", free_at, item)
        return max(_LEAST, free_at - time.time())

    def _book(self, name: str, free_at: float, item: RateLimitItem) -> float:
        """Return the next place in the queue from `free_at` on."""
        with self._lock:
            place = max(self._booked.get(name, 0.0), free_at)
            self._booked[name] = place + item.get_expiry() / item.amount
            return place

    def _complain(self, error: RedisError) -> None:
        now = time.monotonic()
        if now >= self._silent_until:
            self._silent_until = now + _QUIET
            log.warning("rates are not held: Redis is away", extra={"error": type(error).__name__})


def limits_url(redis_url: str) -> str:
    """Return the URL of Redis as `limits` spells it.

    Celery's redis+socket is its redis+unix, and virtual_host its db.
    """
    spelled = redis_url.replace("redis+socket://", "redis+unix://", 1)
    return spelled.replace("virtual_host=", "db=", 1) if spelled != redis_url else spelled
