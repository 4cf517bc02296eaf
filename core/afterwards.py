"""Carries out what citizens want of reports that were sent, and of what is kept about them.

Each effect finds its function in a table. What changes reports is decided on reports that are
locked and read together, in the order of the letters, and written together; every other function
takes all effects of its type at once. None takes more statements for many than for one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core import (
    additions,
    calling,
    consent,
    days_off,
    followers,
    linking,
    listing,
    news,
    verdicts,
)
from core.dockets import Dockets, Hours, Wish
from core.effects import (
    AddTo,
    Attach,
    CallHuman,
    CancelReport,
    Effect,
    EraseData,
    Follow,
    GiveVerdict,
    HandBack,
    MakeLinkCode,
    Resend,
    SetNotices,
    SetSecrecy,
    TellData,
    TellReports,
    UseLinkCode,
)
from core.news import Happened
from core.outbox import Note
from core.promise import Terms
from core.settings import CoreSettings
from core.talk import Exchange, effects
from core.turn import Reply, Where

Answers = dict[tuple[int, Effect], Reply]
OnReport = AddTo | Attach | SetSecrecy | GiveVerdict | CancelReport
Asked = Sequence[tuple[Exchange, Any]]
Decide = Callable[[Dockets, Wish[Any]], Reply | None]
Act = Callable[[Session, Asked], Sequence[Reply | None]]
Tell = Callable[[Session, Asked, ZoneInfo], Sequence[Reply | None]]


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What citizens are told of their own wishes, and the news of these for others."""

    answers: Answers
    notes: Sequence[Note] = ()


def carry_out(session: Session, turns: Sequence[Exchange], settings: CoreSettings) -> Aftermath:
    """Write what the messages bring about, and return what is to be told of it.

    Whatever a citizen is answered, nobody else reads it.
    """
    answers, happened = _decide(session, turns, settings)
    for kind, act in ACTS.items():
        if asked := list(effects(turns, kind)):
            _answer_all(answers, asked, act(session, asked))
    for kind, tell in TELLS.items():
        if asked := list(effects(turns, kind)):
            _answer_all(answers, asked, tell(session, asked, settings.timezone))
    notes = [
        *news.to_followers(session, happened),
        *linking.tell_owners(session, answers.values()),
        *consent.tell_others(session, answers.values()),
    ]
    return Aftermath(answers, notes)


def _decide(
    session: Session, turns: Sequence[Exchange], settings: CoreSettings
) -> tuple[Answers, Sequence[Happened]]:
    """Do what changes reports: those of the citizen, whatever he names."""
    asked = [
        (turn, effect, _ticket(effect))
        for turn in turns
        for effect in turn.heard.step.effects
        if isinstance(effect, OnReport)
    ]
    answers: Answers = {}
    if not asked:
        return answers, ()
    hours = Hours(days_off.almanac(session), Terms.of(settings))
    dockets = Dockets(session, ((turn.talker.id, ticket) for turn, _, ticket in asked), hours)
    moved = []
    for turn, effect, ticket in asked:
        docket = dockets.find(turn.talker.id, ticket)
        if docket is None:
            _answer(answers, turn, effect, Reply("not-yours", {"ticket": ticket}))
            continue
        _answer(answers, turn, effect, DECIDE[type(effect)](dockets, Wish(docket, turn, effect)))
        if isinstance(effect, Attach):
            moved.append((turn.talker.id, effect.draft, docket))
    dockets.write(session)
    additions.move(session, moved)
    return answers, dockets.happened


def _ticket(effect: OnReport) -> str:
    return effect.own.ticket if isinstance(effect, AddTo | Attach) else effect.ticket


def _answer_all(answers: Answers, asked: Asked, replies: Sequence[Reply | None]) -> None:
    for (turn, effect), reply in zip(asked, replies, strict=True):
        _answer(answers, turn, effect, reply)


def _answer(answers: Answers, turn: Exchange, effect: Effect, reply: Reply | None) -> None:
    if reply is not None:
        answers[turn.letter.id, effect] = replace(reply, where=Where.PRIVATE)


DECIDE: dict[type[OnReport], Decide] = {
    AddTo: additions.add,
    Attach: additions.attach,
    SetSecrecy: verdicts.hide,
    GiveVerdict: verdicts.give,
    CancelReport: verdicts.take_back,
}

#: In this order: what is erased comes last.
ACTS: dict[type[Effect], Act] = {
    Follow: followers.follow,
    SetNotices: consent.set_notices,
    MakeLinkCode: linking.make,
    UseLinkCode: linking.use,
    CallHuman: calling.call,
    HandBack: calling.hand_back,
    TellReports: listing.tell_reports,
    EraseData: consent.erase,
}

#: Dates in these are read by a clock.
TELLS: dict[type[Effect], Tell] = {
    Resend: listing.resend,
    TellData: consent.tell_data,
}
