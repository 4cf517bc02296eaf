"""Advances conversations: what waits in the inbox becomes state, reports and replies.

All that `advance` does happens in the caller's one transaction, and its statements are as many
for fifty conversations as for one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from sqlalchemy.orm import Session

from core import conversations, inbox, outbox
from core.channel import Channel
from core.consequences import (
    carry_out,
    heard_at,
    new_names,
    note_reachable,
    notes_of,
    state_after,
)
from core.conversations import Key
from core.effects import AddTo, Attach, OpenReport, Supplement
from core.flood import Share
from core.inbox import Letter
from core.knowing import enrich
from core.outbox import Note
from core.sayings import Facts, say
from core.settings import CoreSettings
from core.talk import Exchange, Post, effects, listen, read_letter, understand
from core.turn import Reply
from core.understanding import Reads

TO_BE_READ = (OpenReport, Supplement, AddTo, Attach)  # after these the classifier reads a report


@dataclass(frozen=True, slots=True)
class Advanced:
    """What a batch left for others: channels to deliver on, files to fetch, reports to read."""

    deliver: frozenset[str] = frozenset()
    fetch: bool = False
    suggest: bool = False

    def __or__(self, other: "Advanced") -> "Advanced":
        return Advanced(
            self.deliver | other.deliver,
            self.fetch or other.fetch,
            self.suggest or other.suggest,
        )


def advance(
    session: Session,
    letters: Sequence[Letter],
    channels: Mapping[str, Channel],
    settings: CoreSettings,
    reads: Reads | None = None,
) -> Advanced:
    """Work on the claimed letters; return what there is to do for others now.

    What everybody reads goes through the model that `reads`, if there is one. A letter on which
    our own code fails is quarantined, one that is too much of its sender, or comes while he is
    blocked, is held; in both cases he is told that it is kept.
    """
    share = Share(settings.sender_messages, settings.sender_open_reports)
    posts = [read_letter(letter, channels[letter.channel]) for letter in letters]
    waiting = _by_conversation(understand(posts, reads))
    talkers = conversations.hold(session, waiting)
    grouped = enrich(session, talkers, waiting, settings.timezone)
    turns = list(
        chain.from_iterable(listen(talkers[key], theirs, share) for key, theirs in grouped.items())
    )
    _hold(session, turns)
    reachable = note_reachable(session, turns)
    facts, others = carry_out(session, turns, settings)
    told = _once(list(_notes(turns, facts, reachable, channels)))
    notes = [*told, *_deliverable(others, channels)]
    outbox.put(session, notes, {name: channel.limits for name, channel in channels.items()})
    states = {turn.talker.id: state_after(turn, facts) for turn in turns}
    conversations.save(session, states, heard_at(turns), new_names(turns))
    inbox.finish(session, [turn.letter.id for turn in turns if turn.understood])
    inbox.quarantine(session, {t.letter.id: t.heard.error for t in turns if t.heard.error})
    return Advanced(
        frozenset(note.channel for note in notes)
        | {turn.talker.channel for turn in turns if reachable[turn.talker.id]},
        any(turn.heard.inbound.attachments for turn in turns),
        any(chain.from_iterable(effects(turns, kind) for kind in TO_BE_READ)),
    )


def _notes(
    turns: Sequence[Exchange],
    facts: Facts,
    reachable: Mapping[UUID, bool],
    channels: Mapping[str, Channel],
) -> Iterator[Note]:
    for turn in turns:
        channel = channels[turn.talker.channel]
        yield from notes_of(turn, facts, reachable[turn.talker.id], channel)


def _once(notes: Sequence[Note]) -> list[Note]:
    """Return the notes without those that a later one says again to the same citizen."""
    last = {(note.conversation_id, note.address, note.text, note.choices): note for note in notes}
    kept = set(map(id, last.values()))
    return [note for note in notes if id(note) in kept]


def _deliverable(notes: Sequence[Note], channels: Mapping[str, Channel]) -> list[Note]:
    """Return the notes whose channels are on; nobody waits for news on one that is off."""
    return [note for note in notes if note.channel in channels]


def _hold(session: Session, turns: Sequence[Exchange]) -> None:
    """Keep what is not listened to, before anything of it can be taken back."""
    inbox.hold(
        session,
        [(t.letter.id, t.heard.held, t.heard.inbound.message_id) for t in turns if t.heard.held],
    )


def set_aside(
    session: Session, letter: Letter, error: str, channels: Mapping[str, Channel]
) -> Advanced:
    """Quarantine a letter that could not be advanced, and tell its sender that it is kept."""
    talker = conversations.hold(session, [(letter.channel, letter.address)])[
        letter.channel, letter.address
    ]
    channel = channels[talker.channel]
    text = say(talker.state.language, Reply("trouble"), channel.powers).text
    note = Note(talker.channel, talker.address, talker.id, text, reachable=talker.reachable)
    outbox.put(session, [note], {talker.channel: channel.limits})
    inbox.quarantine(session, {letter.id: error})
    return Advanced(frozenset({letter.channel}))


def _by_conversation(posts: Sequence[Post]) -> dict[Key, list[Post]]:
    grouped: dict[Key, list[Post]] = {}
    for post in posts:
        grouped.setdefault((post.letter.channel, post.letter.address), []).append(post)
    return grouped
