"""Advances conversations: what waits in the inbox becomes state, reports and replies.

All that `advance` does happens in the caller's one transaction, and its statements are as many
for fifty conversations as for one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core import conversations, inbox, outbox
from core.channel import Channel
from core.consequences import carry_out, note_reachable, notes_of
from core.conversations import Key
from core.inbox import Letter
from core.outbox import Note
from core.sayings import say
from core.talk import listen
from core.turn import Reply


@dataclass(frozen=True, slots=True)
class Advanced:
    """What a batch left for others to do: channels to deliver on, and files to fetch."""

    deliver: frozenset[str] = frozenset()
    fetch: bool = False

    def __or__(self, other: "Advanced") -> "Advanced":
        return Advanced(self.deliver | other.deliver, self.fetch or other.fetch)


def advance(
    session: Session, letters: Sequence[Letter], channels: Mapping[str, Channel], zone: ZoneInfo
) -> Advanced:
    """Work on the claimed letters; return what there is to do for others now.

    Citizens read dates in `zone`. A letter on which our own code fails is quarantined, and its
    sender told that it is kept.
    """
    grouped = _by_conversation(letters)
    talkers = conversations.hold(session, grouped)
    turns = list(
        chain.from_iterable(
            listen(talkers[key], theirs, channels[key[0]]) for key, theirs in grouped.items()
        )
    )
    reachable = note_reachable(session, turns)
    facts = carry_out(session, turns, zone)
    notes = [note for turn in turns for note in notes_of(turn, facts, reachable[turn.talker.id])]
    outbox.put(session, notes, {name: channel.limits for name, channel in channels.items()})
    conversations.save(session, {turn.talker.id: turn.heard.step.state for turn in turns})
    inbox.finish(session, [turn.letter.id for turn in turns if not turn.heard.error])
    inbox.quarantine(session, {t.letter.id: t.heard.error for t in turns if t.heard.error})
    return Advanced(
        frozenset(t.talker.channel for t in turns if reachable[t.talker.id]),
        any(turn.heard.inbound.attachments for turn in turns),
    )


def set_aside(
    session: Session, letter: Letter, error: str, channels: Mapping[str, Channel]
) -> Advanced:
    """Quarantine a letter that could not be advanced, and tell its sender that it is kept."""
    talker = conversations.hold(session, [(letter.channel, letter.address)])[
        letter.channel, letter.address
    ]
    text, _ = say(talker.state.language, Reply("trouble"))
    note = Note(talker.channel, talker.address, talker.id, text, reachable=talker.reachable)
    outbox.put(session, [note], {talker.channel: channels[talker.channel].limits})
    inbox.quarantine(session, {letter.id: error})
    return Advanced(frozenset({letter.channel}))


def _by_conversation(letters: Sequence[Letter]) -> dict[Key, list[Letter]]:
    grouped: dict[Key, list[Letter]] = {}
    for letter in letters:
        grouped.setdefault((letter.channel, letter.address), []).append(letter)
    return grouped
