"""What the contract suite must know of a channel, and how it makes events of that channel."""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from hypothesis import settings

from core.channel import Channel, Handshake, Power
from core.errors import SendCode
from core.message import Kind
from tests.contract.stub import Answer, Call

STEADY = settings(derandomize=True, deadline=None)  # the same examples everywhere, however slow

Headers = Callable[[bytes], dict[str, str]]
Where = tuple[str | int, ...]  # the way to a part of a JSON value


@dataclass(frozen=True)
class Way:
    """One way in which a channel writes to a citizen.

    `sends` is the last part of the path of its call, and `then` of the calls after the first for
    a longer text. `accepted` is the answer of a platform that took the message. `longest` is
    what the platform's documentation says of one message, as `measure` counts it, written down
    here a second time, `messages` how many a call carries. `texts` and `buttons` read a call as
    the platform would, and `answers` what it stands below, in public. `errors` are the codes
    that differ from those of the channel, `aside` the rows that mean something else here, which
    `lost` and the channel's own tests tell. `reply_token` is one that the platform gave with an
    event, "" for none.
    """

    name: str
    address: str
    sends: str
    accepted: Answer
    longest: int
    measure: Callable[[str], int]
    texts: Callable[[Call], list[str]]
    messages: int = 1
    buttons: Callable[[Call], list[tuple[str, str]]] | None = None
    answers: Callable[[Call], str] | None = None
    errors: Mapping[str, SendCode] = field(default_factory=dict)
    aside: frozenset[str] = frozenset()
    reply_token: str = ""
    then: str = ""

    @property
    def paths(self) -> tuple[str, str]:
        """The calls that can send on this way."""
        return self.sends, self.then or self.sends


@dataclass(frozen=True)
class Lost:
    """A call that the platform took without our hearing of it, and all that follows.

    `then` is the platform's answer to the next attempt: "accepted", a row of `_api_errors.json`,
    or "" where there must be none: because the platform's `receipt` came first, or because the
    attempt would come too `late`. `state` is what becomes of the part, and `copies` how often
    the citizen has it in the end.
    """

    way: str
    then: str
    state: str = "sent"
    copies: int = 1
    receipt: bool = False
    late: bool = False


@dataclass(frozen=True)
class ChannelCase:
    """What the suite must know of a channel.

    `make` builds it against an API origin, with short timeouts and `secrets`, of which none may
    ever show; `settled` builds it when the secret being replaced is removed. `sign` makes the
    headers of a webhook request; `sign_old` those made with a secret that is being replaced.
    `stale` makes headers that are right but too old, None where the platform's signature has no
    time. `greeting` is a right GET set-up request with its answer, None where the platform has
    none, and `wrong_greetings` are such as must be refused.

    `kinds` names a sample for each kind the platform can send, `shows` for each power the samples
    (of `_api_errors.json` for what shows in sending only). `unspoken` are samples that must stay
    without an address. `text_sample` is a private text of one event: `text_at`, `ids` and
    `time_at` are where its words, names and time stand, the time in `time_units` a second.
    `batches` are the lists in it that can hold more of their items, `empty` are bodies without
    any event, and `envelope` names the fields without which a body is another one altogether.
    `edited` and `withdrawn` are pairs of samples: a message, and what becomes of it; `album`
    are the items of one, which `album_ids` tells apart where the sample is one item many times.
    `names` says what the platform calls the citizen in a sample, "" where it does not tell.
    `press` is a sample of a pressed button, and where its value stands in it; `receipt` one that
    shows that our message arrived, and where its key stands.

    `ways` are the ways out, the first is the usual one. `errors` says what each row of
    `_api_errors.json` means, but for the `taken`, which are no errors. `refusal` makes a
    platform's refusal in given words. `permanent` are the codes after which nothing is tried
    again, `never` those for which this platform has no answer. `labels` and `values` are the
    most that a button can have, as the platform counts. `key_of` reads the part's key from a
    call, where the platform is given one. `chat_rate` tells whether it limits what one chat gets.
    """

    name: str
    samples: Path
    make: Callable[[str], Channel]
    settled: Callable[[str], Channel]
    secrets: tuple[str, ...]
    sign: Headers
    sign_old: Headers
    sign_forged: Headers
    stale: Headers | None
    address: str
    kinds: Mapping[Kind, str]
    content: Mapping[str, str]
    text_sample: str
    text_at: Where
    ids: tuple[Where, ...]
    time_at: Where
    time_units: int
    unspoken: tuple[str, ...]
    shows: Mapping[Power, tuple[str, ...]]
    ways: tuple[Way, ...]
    lost: tuple[Lost, ...]
    errors: Mapping[str, SendCode]
    permanent: frozenset[SendCode]
    refusal: Callable[[str], Answer]
    never: frozenset[SendCode] = frozenset()
    taken: frozenset[str] = frozenset()
    greeting: tuple[Mapping[str, str], Handshake] | None = None
    wrong_greetings: tuple[Mapping[str, str], ...] = ()
    batches: tuple[Where, ...] = ()
    empty: tuple[bytes, ...] = ()
    envelope: frozenset[str] = frozenset()
    edited: tuple[str, str] | None = None
    withdrawn: tuple[str, str] | None = None
    album: tuple[str, ...] = ()
    album_ids: tuple[Where, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    press: tuple[str, Where] | None = None
    receipt: tuple[str, Where] | None = None
    labels: tuple[int, Callable[[str], int]] | None = None
    values: tuple[int, Callable[[str], int]] | None = None
    key_of: Callable[[Call], str] | None = None
    chat_rate: bool = False

    @property
    def sends(self) -> str:
        """The last part of the path of the usual call."""
        return self.ways[0].sends

    @property
    def accepted(self) -> Answer:
        """The answer to the usual call by which the platform takes a message."""
        return self.ways[0].accepted

    def read(self, sample: str) -> bytes:
        """Return a sample's body."""
        return (self.samples / f"{sample}.json").read_bytes()

    def says(self, text: str, number: int = 0, at: datetime | None = None) -> bytes:
        """Return the private message `number` of the citizen; 0 is the sample with other words."""
        body = json.loads(self.read(self.text_sample))
        put(body, self.text_at, text)
        if at is not None:
            moment = round(at.timestamp() * self.time_units)
            put(body, self.time_at, type(get(body, self.time_at))(moment))
        return renumbered(body, self.ids, number)

    def presses(self, value: str) -> bytes:
        """Return the body that tells of the button with `value`."""
        assert self.press is not None
        return self._filled(*self.press, value)

    def shows_arrival(self, key: str) -> bytes:
        """Return the body that tells that the part `key` arrived."""
        assert self.receipt is not None
        return self._filled(*self.receipt, key)

    def _filled(self, sample: str, where: Where, value: str) -> bytes:
        body = json.loads(self.read(sample))
        put(body, where, value)
        return json.dumps(body).encode()

    def item(self, where: Where, number: int) -> object:
        """Return what stands in the list at `where` for the message `number`."""
        found: object = get(json.loads(self.says(f"pesan {number}", number)), where)[0]
        return found

    def together(self, where: Where, *items: object) -> bytes:
        """Return a body that holds `items` in the list at `where`."""
        body = json.loads(self.read(self.text_sample))
        put(body, where, items)
        return json.dumps(body).encode()

    def pictures(self) -> list[bytes]:
        """Return the items of an album."""
        samples = [json.loads(self.read(name)) for name in self.album]
        return [renumbered(it, self.album_ids, number) for number, it in enumerate(samples, 901)]

    def way(self, name: str) -> Way:
        """Return the way called `name`."""
        return next(way for way in self.ways if way.name == name)

    def canned(self, name: str) -> Answer:
        """Return a row of `_api_errors.json` as the platform would answer it."""
        row = json.loads(self.read("_api_errors"))[name]
        body = row["body"].encode() if isinstance(row["body"], str) else row["body"]
        return Answer(row["http"], body, headers=row.get("headers", {}))


def get(value: Any, where: Where) -> Any:  # noqa: ANN401  # any part of a JSON value
    """Return the part of a JSON value that stands at `where`."""
    for step in where:
        value = value[step]
    return value


def put(value: Any, where: Where, new: object) -> None:  # noqa: ANN401  # as above
    """Put `new` in the place of the part at `where`."""
    get(value, where[:-1])[where[-1]] = new


def renumbered(body: object, ids: tuple[Where, ...], number: int) -> bytes:
    """Return the body of another event: each of `ids` ends in `number`, unless that is 0."""
    body = deepcopy(body)
    for where in ids if number else ():
        old = str(get(body, where))
        ending = str(number)
        put(body, where, type(get(body, where))(old[: -len(ending) - 1] + "7" + ending))
    return json.dumps(body).encode()
