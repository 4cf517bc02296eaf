"""News of a report, which nobody asked for: to its citizen, and to those who follow it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from core import outbox
from core.channel import LimitsOf
from core.clock import Clock
from core.conversations import STATE, load_state
from core.db.tables import Conversation, Follower, Report
from core.draft import State
from core.outbox import Note, Rank
from core.replies import render
from core.replies.dates import say_promise
from core.sayings import Sentence, say, with_numbers
from core.turn import Option, Reply
from core.words import Word
from core.workflow import ReportState

# To others goes what happened, not what the office wrote to the citizen about it.
FOR_FOLLOWERS = {"moved-reason": "moved", "answer": "followed-answer"}


@dataclass(frozen=True, slots=True)
class Dated:
    """A clock that now promises something else, and the time zone in which that is told."""

    clock: Clock
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Happened:
    """What those who follow a report are told: the sentence `key`, and what it may name.

    None of it was written by the office or by the citizen.
    """

    report_id: UUID
    ticket: str
    key: str
    state: str
    agency: str = ""


def tell(
    session: Session,
    report: Report,
    key: str,
    args: dict[str, str],
    limits: Mapping[str, LimitsOf],
    dated: Dated | None = None,
) -> frozenset[str]:
    """Put the sentence `key` in the outbox for all who want it; return on which channels.

    Its citizen reads what is promised now, too, and is asked whether a matter is settled that
    the OPD calls done. Whoever said "stop" is told nothing.
    """
    notes = [*_to_citizen(session, report, key, args, limits, dated)]
    told = Happened(
        report.id,
        report.ticket,
        FOR_FOLLOWERS.get(key, key),
        report.state,
        args.get("agency", ""),
    )
    notes += [note for note in to_followers(session, [told]) if note.channel in limits]
    outbox.put(session, notes, limits)
    return frozenset(note.channel for note in notes)


def _to_citizen(
    session: Session,
    report: Report,
    key: str,
    args: dict[str, str],
    limits: Mapping[str, LimitsOf],
    dated: Dated | None,
) -> Iterator[Note]:
    # Held since the report was found, so that what is parked for him now is not released unseen.
    conversation = session.get_one(Conversation, report.conversation_id)
    if not conversation.notices:
        return
    state = load_state(conversation.state)
    words = _words(state.language, key, {"ticket": report.ticket, **args})
    if dated and (line := say_promise(state.language, dated.clock, dated.zone)):
        words = f"{words}\n{line}"
    sentence = Sentence(words)
    if report.state == ReportState.SELESAI and not report.verdict:
        buttons = limits[conversation.channel](conversation.address).choices
        sentence = _with_question(conversation, state, report, words, buttons)
    yield Note(
        channel=conversation.channel,
        address=conversation.address,
        conversation_id=conversation.id,
        text=sentence.text,
        choices=sentence.choices,
        draft=report.draft,
        reachable=conversation.reachable,
        rank=Rank.ANSWER,
        human="text" in args,
    )


def _with_question(
    conversation: Conversation, state: State, report: Report, words: str, buttons: int
) -> Sentence:
    """Return `words` with the question whether it is done.

    Where a platform has no buttons, numbers answer it. While a draft is open they belong to the
    question about that, and whole words answer this one.
    """
    options = (Option(Word.DONE, report.ticket), Option(Word.NOT_DONE, report.ticket))
    reply = Reply("ask-verdict", {"ticket": report.ticket}, options=options)
    if state.draft is not None and len(options) > buttons:
        reply = Reply("ask-verdict-words", {"ticket": report.ticket})
    asked = say(state.language, reply, frozenset())
    if asked.choices and state.draft is None:
        after = replace(state, menu=reply.values)
        conversation.state = STATE.dump_python(after, mode="json")
    whole = replace(asked, text=f"{words}\n\n{asked.text}")
    return with_numbers(state.language, whole, buttons)


def to_followers(session: Session, told: Sequence[Happened]) -> list[Note]:
    """Return the news for those who follow the reports; of one that is rahasia there are none.

    Their conversations are not held: who cannot be reached is found out by sending.
    """
    if not told:
        return []
    following = (
        select(
            Follower.report_id,
            *(Conversation.id, Conversation.channel, Conversation.address, Conversation.state),
        )
        .join(Follower, Follower.conversation_id == Conversation.id)
        .join(Report, Report.id == Follower.report_id)
        .where(Report.id.in_({one.report_id for one in told}), ~Report.rahasia)
        .where(Conversation.notices)
        .order_by(Conversation.id)
    )
    rows = session.execute(following).all()
    return [
        _to_follower(row, one) for one in told for row in rows if row.report_id == one.report_id
    ]


def _to_follower(row: Row[*tuple[Any, ...]], one: Happened) -> Note:
    language = load_state(row.state).language
    args = {"ticket": one.ticket, "agency": one.agency, "state": one.state}
    return Note(
        channel=row.channel,
        address=row.address,
        conversation_id=row.id,
        text=_words(language, one.key, args),
        rank=Rank.ANSWER,
    )


def _words(language: str, key: str, args: dict[str, str]) -> str:
    given = dict(args)
    if given.get("state"):
        given["state"] = render(language, f"state-{given['state']}")
    return render(language, key, given)
