"""What LINE remembers of an account: reply tokens, retry keys, the month's pushes. No I/O."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from app.simulator.line.rules import Refusal, used_up
from app.simulator.line.shapes import Json

KEY_LIFETIME = 24 * 3600.0
MOST_KEYS = 200_000  #: older ones are forgotten before their time
LONGEST_TOKEN = 20 * 60.0  #: from the event on, however late it is delivered


@dataclass(slots=True)
class Token:
    """A reply token: for one chat, until a moment."""

    chat: int
    born: float
    until: float


@dataclass(slots=True)
class Ledger:
    """`token_seconds` is how long a token lives, `quota` the pushes of a month, 0 for no limit."""

    token_seconds: float
    quota: int
    now: Callable[[], float] = time.time
    pushed: int = 0
    _tokens: dict[str, Token] = field(default_factory=dict)
    _keys: dict[str, tuple[float, str, Json]] = field(default_factory=dict)

    def issue(self, chat: int) -> str:
        """A new reply token; those that nobody used in time are forgotten."""
        now = self.now()
        while self._tokens and (oldest := next(iter(self._tokens.items())))[1].until < now:
            del self._tokens[oldest[0]]
        name = secrets.token_hex(16)
        self._tokens[name] = Token(chat, now, now + self.token_seconds)
        return name

    def renew(self, name: str, wait: float = 0) -> None:
        """Its event is delivered again after `wait`: an unused token lives on."""
        token = self._tokens.get(name)
        if token is not None:
            until = self.now() + wait + self.token_seconds
            token.until = min(until, token.born + LONGEST_TOKEN)

    def spend(self, name: str) -> int:
        """Use a token up; the chat it is for. Raises Refusal for a used, old or unknown one."""
        token = self._tokens.get(name)
        if token is None or token.until < self.now():
            raise Refusal(400, "Invalid reply token")
        del self._tokens[name]
        return token.chat

    def check_key(self, key: str) -> None:
        """Raise the Refusal 409 if a push with this key was accepted in the last 24 hours."""
        at, request_id, answer = self._keys.get(key, (0.0, "", {}))
        if not request_id or self.now() - at > KEY_LIFETIME:
            return
        words = "The retry key is already accepted"
        raise Refusal(409, words, answer, {"x-line-accepted-request-id": request_id})

    def accept(self, key: str, request_id: str, answer: Json) -> None:
        """Remember that the push with this key was accepted, and how it was answered."""
        if not key:
            return
        self._keys[key] = (self.now(), request_id, answer)
        if len(self._keys) > MOST_KEYS:
            del self._keys[next(iter(self._keys))]

    def count(self) -> None:
        """Count one pushed message; raises Refusal beyond the quota."""
        if self.quota and self.pushed >= self.quota:
            raise used_up()
        self.pushed += 1
