"""What the simulator's wire log says: who was answered, when, and who twice or never; pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.citizens import Entry, Manner, Reply, manner, reply_of, steps
from benchmarks.posts import ChannelName
from core.ticket import find_ticket

ECHO = "echo"  # an event that tells of our own message
PUBLIC = "twitter, public"  # what X refuses to publish twice

# What may arrive twice after a call that was taken but never answered, and the label and status
# under which the simulator counts such calls. The others recognise a repetition: LINE by the
# reply token or the push's key, X by the words of a post, Messenger by the echo.
MAY_DOUBLE: Mapping[str, str] = {
    ChannelName.TELEGRAM: "sendmessage 504",
    ChannelName.TWITTER: "POST dm_conversations/with/{user}/messages 504",
}


@dataclass(frozen=True, slots=True)
class Exchange:
    """One update, what the bot sent to its chat until the next one, and how much it said again.

    `replies` are the messages that the chat had not seen before; `again` counts those it had.
    """

    update: Entry
    replies: tuple[Entry, ...]
    again: int = 0

    @property
    def acknowledged(self) -> bool:
        """Tell whether the webhook took the update."""
        return self.update["t_acked"] is not None

    @property
    def seconds(self) -> float | None:
        """Return the time from the citizen's message to the first reply, None without one."""
        return self.replies[0]["t"] - self.update["t_queued"] if self.replies else None

    @property
    def lane(self) -> str:
        """Return the channel, with public posts apart."""
        channel = ChannelName(self.update["platform"])
        public = manner(channel, self.update["chat"]) is Manner.MENTION
        return PUBLIC if public else channel


def exchanges(entries: Iterable[Entry], chats: range | None = None) -> list[Exchange]:
    """Return the updates of `chats` in order, each with its replies.

    A citizen waits for the reply before he speaks again, so that what comes between two of his
    messages answers the first; what came before all of them answers nothing. No reply of a walk
    is like another: words that he has read before came twice.
    """
    updates: list[Entry] = []
    replies: list[list[Entry]] = []
    again: Counter[int] = Counter()
    latest: dict[tuple[str, int], int] = {}
    seen: set[tuple[str, int, str]] = set()
    for entry in sorted(entries, key=lambda entry: int(entry["seq"])):
        who = entry["platform"], entry["chat"]
        if chats is not None and entry["chat"] not in chats:
            continue
        if entry["entry"] == "update":
            if entry["kind"] != ECHO:
                latest[who] = len(updates)
                updates.append(entry)
                replies.append([])
        elif who in latest:
            if (*who, entry["text"]) in seen:
                again[latest[who]] += 1
            else:
                seen.add((*who, entry["text"]))
                replies[latest[who]].append(entry)
    return [Exchange(it, tuple(replies[at]), again[at]) for at, it in enumerate(updates)]


@dataclass(frozen=True, slots=True)
class Account:
    """How many messages were taken, and what went wrong with them.

    `lost`: acknowledged, but never answered. `doubled`: replies beyond the first, and repeated
    ones. `refused`: never acknowledged. `odd`: citizens told something else than the steps.
    """

    messages: int
    lost: int
    doubled: int
    refused: int
    odd: int
    tickets: frozenset[str] = field(default=frozenset())


def settle(made: Sequence[Exchange]) -> Account:
    """Return the account of everything that happened in a run."""
    heard: dict[tuple[str, int], list[Reply]] = defaultdict(list)
    for one in made:
        who = one.update["platform"], one.update["chat"]
        heard[who] += [reply_of(reply) for reply in one.replies[:1]]
    tickets = [find_ticket(reply["text"]) for one in made for reply in one.replies]
    return Account(
        messages=len(made),
        lost=sum(one.acknowledged and not one.replies for one in made),
        doubled=sum(max(0, len(one.replies) - 1) + one.again for one in made),
        refused=sum(not one.acknowledged for one in made),
        odd=sum(not _is_begun(told, *who) for who, told in heard.items()),
        tickets=frozenset(ticket for ticket in tickets if ticket),
    )


def _is_begun(told: Sequence[Reply], channel: str, chat: int) -> bool:
    """Tell whether these are the first of the steps of that citizen."""
    return tuple(told) == tuple(steps(ChannelName(channel), chat)[: len(told)])


def settle_lanes(made: Sequence[Exchange]) -> dict[str, Account]:
    """Return the account of each lane, by its name."""
    lanes: dict[str, list[Exchange]] = defaultdict(list)
    for one in made:
        lanes[one.lane].append(one)
    return {name: settle(lanes[name]) for name in sorted(lanes)}


def together(accounts: Iterable[Account]) -> Account:
    """Return the sum of accounts of different citizens."""
    every = list(accounts)
    return Account(
        messages=sum(it.messages for it in every),
        lost=sum(it.lost for it in every),
        doubled=sum(it.doubled for it in every),
        refused=sum(it.refused for it in every),
        odd=sum(it.odd for it in every),
        tickets=frozenset().union(*(it.tickets for it in every)),
    )


def may_double(lane: str, calls: Mapping[str, int]) -> int:
    """Return how many repetitions of a lane the unanswered ones among `calls` explain."""
    return calls.get(MAY_DOUBLE.get(lane, ""), 0)


def reports_doubled(conversations: Iterable[object]) -> int:
    """Return how many reports there are beyond one for each conversation."""
    return sum(count - 1 for count in Counter(conversations).values())
