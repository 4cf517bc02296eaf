"""What the simulator's wire log says: who was answered, when, and who twice or never; pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks.citizens import WALK, Entry, reply_of
from core.ticket import find_ticket


@dataclass(frozen=True, slots=True)
class Exchange:
    """One update, and what the bot sent to its chat until the next one."""

    update: Entry
    replies: tuple[Entry, ...]

    @property
    def acknowledged(self) -> bool:
        """Tell whether the webhook took the update."""
        return self.update["t_acked"] is not None

    @property
    def seconds(self) -> float | None:
        """Return the time from the citizen's message to the first reply, None without one."""
        return self.replies[0]["t"] - self.update["t_queued"] if self.replies else None


def exchanges(entries: Iterable[Entry]) -> list[Exchange]:
    """Return the updates in order, each with its replies.

    A citizen waits for the reply before he speaks again, so that what comes between two of his
    messages answers the first; what came before all of them answers nothing.
    """
    updates: list[Entry] = []
    replies: dict[int, list[Entry]] = {}
    latest: dict[int, int] = {}
    for entry in sorted(entries, key=lambda entry: int(entry["seq"])):
        if entry["entry"] == "update":
            latest[entry["chat"]] = len(updates)
            replies[len(updates)] = []
            updates.append(entry)
        elif entry["chat"] in latest:
            replies[latest[entry["chat"]]].append(entry)
    return [Exchange(update, tuple(replies[at])) for at, update in enumerate(updates)]


@dataclass(frozen=True, slots=True)
class Account:
    """How many messages were taken, and what went wrong with them.

    `lost`: acknowledged, but never answered. `doubled`: replies beyond the first.
    `refused`: never acknowledged. `odd`: citizens told something else than WALK.
    """

    messages: int
    lost: int
    doubled: int
    refused: int
    odd: int
    tickets: frozenset[str] = field(default=frozenset())


def settle(made: Sequence[Exchange]) -> Account:
    """Return the account of everything that happened in a run."""
    heard: dict[int, list[str]] = defaultdict(list)
    for one in made:
        heard[one.update["chat"]] += [reply_of(reply) for reply in one.replies[:1]]
    tickets = [find_ticket(reply["text"]) for one in made for reply in one.replies]
    return Account(
        messages=len(made),
        lost=sum(one.acknowledged and not one.replies for one in made),
        doubled=sum(len(one.replies) - 1 for one in made if one.replies),
        refused=sum(not one.acknowledged for one in made),
        odd=sum(tuple(told) != WALK[: len(told)] for told in heard.values()),
        tickets=frozenset(ticket for ticket in tickets if ticket),
    )


def reports_doubled(conversations: Iterable[object]) -> int:
    """Return how many reports there are beyond one for each conversation."""
    return sum(count - 1 for count in Counter(conversations).values())
