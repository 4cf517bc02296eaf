"""The whole system as processes of its own, which a test may kill; citizens on simulated phones."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg

from app.launch.child import Child
from app.launch.demo import Demo, child_environment, children, connect_platforms
from app.launch.postgres import EmbeddedPostgres
from app.launch.redis import EmbeddedRedis
from core.db.migrate import upgrade
from core.db.session import connect
from core.privacy.keys import KeyRing

WIDTH = 8  # parts under way in the delivering worker: what a kill -9 of it can double
SETTINGS = {
    "KANAL_DELIVERY_WIDTH": str(WIDTH),
    "KANAL_DELIVERY_LEASE": "8",
    "KANAL_SWEEP_SECONDS": "1",
    "KANAL_RATE_FACTOR": "10000",
    "LINE_REPLY_SECONDS": "0",  # all is pushed, with a key
    "SIMULATOR_TELEGRAM_LIMITS": "false",
    "SIMULATOR_TWITTER_DM_LIMIT": "100000",
    "SIMULATOR_TWITTER_DM_DAY_LIMIT": "100000",
    "SIMULATOR_TIME_SCALE": "0.25",
}


@dataclass
class City:
    """A running system below `var`."""

    var: Path
    postgres: EmbeddedPostgres = field(init=False)
    redis: EmbeddedRedis = field(init=False)
    environment: dict[str, str] = field(init=False)
    _children: dict[str, Child] = field(default_factory=dict)
    _next_chat: int = 100_000

    def __post_init__(self) -> None:
        """Prepare the servers."""
        self.postgres = EmbeddedPostgres(self.var / "postgres")
        self.redis = EmbeddedRedis(self.var / "redis")

    def start(self) -> None:
        """Start everything, wait until it is ready, and connect the simulated platforms."""
        self.postgres.start()
        self.redis.start()
        self.postgres.create_database()
        engine = connect(self.postgres.url())
        upgrade(engine)
        engine.dispose()
        given = {"DATABASE_URL": self.postgres.url(), "REDIS_URL": self.redis.url()}
        demo = Demo(self.var, port=23_480, simulator_port=23_481)
        self.environment = child_environment(demo, self.var, given) | SETTINGS
        self._children = {it.name: it for it in children(self.environment, self.var)}
        for child in self._children.values():
            child.start()
        for child in self._children.values():
            child.wait_ready()
        self._children |= {"postgres": self.postgres.child, "redis": self.redis.child}
        connect_platforms(self.environment)

    def stop(self) -> None:
        """Stop everything, the servers last."""
        for child in self._children.values():
            child.kill()
        self.redis.stop()
        self.postgres.stop()

    def kill(self, name: str) -> None:
        """End a process with SIGKILL."""
        self._children[name].kill()

    def mend(self) -> None:
        """Start again what is not running, and switch all faults off."""
        for name, child in self._children.items():
            if not child.is_running():
                self.revive(name)
        url = f"{self._platform}/simulator/faults"
        httpx.request("DELETE", url, json={}, timeout=10).raise_for_status()

    def revive(self, name: str) -> None:
        """Start a killed process again and wait until it is ready."""
        self._children[name].start()
        self._children[name].wait_ready()

    def new_chats(self, number: int) -> list[int]:
        """Return citizens who have never written before."""
        self._next_chat += number
        return list(range(self._next_chat - number, self._next_chat))

    def say(self, chats: Iterable[int], text: str, platform: str = "telegram") -> None:
        """Let every one of `chats` write `text`, in private."""
        sayings = [{"chat": chat, "text": text} for chat in chats]
        self._post(f"/simulator/{platform}/say", sayings)

    def faults(self, **wanted: Any) -> None:
        """Switch the platform's faults."""
        self._post("/simulator/faults", wanted)

    def sent_to(self, chats: Iterable[int], word: str) -> Counter[int]:
        """Return how many messages with `word` in them each of `chats` has received."""
        wanted = set(chats)
        return Counter(
            entry["chat"]
            for entry in self.wire()["entries"]
            if entry["entry"] == "send" and entry["chat"] in wanted and word in entry["text"]
        )

    def reports_of(self, chats: Iterable[int]) -> Counter[int]:
        """Return how many reports each of `chats` has opened."""
        wanted = set(chats)
        found = self.rows(
            "select address from report join conversation"
            " on conversation.id = report.conversation_id"
        )
        keys, index_key = (self.environment[f"KANAL_{it}"] for it in ("IDENTITY_KEYS", "INDEX_KEY"))
        ring = KeyRing.read([keys], index_key)
        addresses = [ring.open(sealed, "conversation.address").decode() for (sealed,) in found]
        chats_of_reports = [phone(address) for address in addresses]
        return Counter(chat for chat in chats_of_reports if chat in wanted)

    def statuses_of(self, chats: Iterable[int]) -> set[int | None]:
        """Return with what the last attempts to hand over the updates of `chats` were answered."""
        wanted = set(chats)
        entries = self.wire()["entries"]
        return {it["status"] for it in entries if it["entry"] == "update" and it["chat"] in wanted}

    def wire(self) -> dict[str, Any]:
        """Return the log of everything that crossed the wire."""
        params = {"limit": 100_000}
        answer = httpx.get(f"{self._platform}/simulator/wire", params=params, timeout=10)
        result: dict[str, Any] = answer.raise_for_status().json()
        return result

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query, asked of the database directly."""
        url = self.postgres.url().replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(url) as connection:
            return connection.execute(query.encode()).fetchall()

    @property
    def _platform(self) -> str:
        return self.environment["TELEGRAM_API_ORIGIN"]

    def _post(self, path: str, body: object) -> None:
        httpx.post(self._platform + path, json=body, timeout=10).raise_for_status()


def phone(address: str) -> int:
    """Return the simulated phone behind an address; LINE's hold its number in hexadecimal."""
    return int(address[1:], 16) if address.startswith("U") else int(address)
