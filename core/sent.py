"""What words and buttons do about reports that were sent, and about what is kept of a citizen."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from core.advice import alarm_in
from core.belonging import asks_news, says_done, says_undone, spoken_of
from core.draft import Stage, State
from core.effects import (
    AddTo,
    CallHuman,
    CancelReport,
    Effect,
    EraseData,
    Follow,
    GiveVerdict,
    HandBack,
    MakeLinkCode,
    Own,
    Resend,
    SetNotices,
    SetSecrecy,
    Supplement,
    TellData,
    TellReports,
    TellStatus,
)
from core.greeting import acknowledge, introduce
from core.turn import Decision, Evidence, Handler, Option, Reply, Step, Turn
from core.words import Word

FOCUS = timedelta(minutes=30)  # for which messages belong to the report just spoken of
OFFERED = 5  # reports that a question offers as buttons
SILENT = "diam"  # the verdict of a report that silence closed, which may be opened again
TITLE = 40  # characters of a report's first words on a button

Act = Callable[[Turn, str], Step]


# ---- what is done with one report


def tell_status(turn: Turn, ticket: str) -> Step:
    """Tell how the report stands."""
    return Step(turn.state, effects=(TellStatus(ticket),))


def resend(turn: Turn, ticket: str) -> Step:
    """Tell the latest news of the report again."""
    return Step(turn.state, effects=(Resend(ticket),))


def add_more(turn: Turn, ticket: str) -> Step:
    """Take what comes next as a part of the report."""
    return Step(focused(turn, ticket), (Reply("add-how", {"ticket": ticket}),))


def take_back(turn: Turn, ticket: str) -> Step:
    """Ask whether he is sure to take the report back."""
    own = turn.known.own(ticket)
    if own is None or not own.is_open:
        return tell_status(turn, ticket)
    option = Option(Word.CANCEL, ticket, sure=True)
    return Step(turn.state, (Reply("take-back-sure", {"ticket": ticket}, options=(option,)),))


def take_back_surely(turn: Turn, ticket: str) -> Step:
    """Take the report back."""
    return Step(turn.state, effects=(CancelReport(ticket),))


def settle(turn: Turn, ticket: str) -> Step:
    """Note that the citizen says that it is done, if he was asked."""
    own = turn.known.own(ticket)
    if own is None or not own.asks_verdict:
        return tell_status(turn, ticket)
    return Step(turn.state, effects=(GiveVerdict(ticket, "sudah"),))


def reopen(turn: Turn, ticket: str) -> Step:
    """Note that it is not done, and take what he says next as the reason."""
    own = turn.known.own(ticket)
    if own is None or not own.can_be_undone(turn.known.at):
        return tell_status(turn, ticket)
    return Step(focused(turn, ticket), effects=(GiveVerdict(ticket, "belum"),))


def follow(turn: Turn, ticket: str) -> Step:
    """Send the news of the report, another's too, to this citizen."""
    return Step(turn.state, effects=(Follow(ticket),))


def unfollow(turn: Turn, ticket: str) -> Step:
    """Send no more news of the report to this citizen."""
    return Step(turn.state, effects=(Follow(ticket, follows=False),))


def hide_reporter(turn: Turn, ticket: str) -> Step:
    """Hide from everybody who told the report."""
    return Step(turn.state, effects=(SetSecrecy(ticket, anonim=True),))


def hide_report(turn: Turn, ticket: str) -> Step:
    """Keep the report from the public."""
    return Step(turn.state, effects=(SetSecrecy(ticket, rahasia=True),))


def show_reporter(turn: Turn, ticket: str) -> Step:
    """Hide the reporter no more."""
    return Step(turn.state, effects=(SetSecrecy(ticket, anonim=False),))


def show_report(turn: Turn, ticket: str) -> Step:
    """Keep the report from the public no more."""
    return Step(turn.state, effects=(SetSecrecy(ticket, rahasia=False),))


ON_REPORT: dict[Word, Act] = {
    Word.STATUS: tell_status,
    Word.RESEND: resend,
    Word.ADD: add_more,
    Word.CANCEL: take_back,
    Word.DONE: settle,
    Word.NOT_DONE: reopen,
    Word.FOLLOW: follow,
    Word.UNFOLLOW: unfollow,
    Word.ANONIM: hide_reporter,
    Word.RAHASIA: hide_report,
    Word.NAMED: show_reporter,
    Word.PUBLIC: show_report,
}
SURELY: dict[Word, Act] = {Word.CANCEL: take_back_surely}
OTHERS_TOO = frozenset({Word.STATUS, Word.FOLLOW, Word.UNFOLLOW})  # need nothing but the ticket


def on_report(turn: Turn, word: Word, ticket: str, *, sure: bool = False) -> Step:
    """Do what `word` asks for with the report `ticket`; with another's only what everybody may."""
    if word not in OTHERS_TOO and turn.known.own(ticket) is None:
        return Step(turn.state, (Reply("not-yours", {"ticket": ticket}),))
    return (SURELY if sure else ON_REPORT)[word](turn, ticket)


# ---- which report is meant


def open_ones(turn: Turn) -> tuple[Own, ...]:
    """Return the reports that the office still works on."""
    return tuple(one for one in turn.known.reports if one.is_open)


def awaiting_verdict(turn: Turn) -> tuple[Own, ...]:
    """Return the reports of which the OPD says that they are done."""
    return tuple(one for one in turn.known.reports if one.asks_verdict)


def undoable(turn: Turn) -> tuple[Own, ...]:
    """Return the reports that await a verdict, or of which "belum" was offered last."""
    offered = [one for one in turn.known.reports if _undo(one).value in turn.state.menu]
    return tuple(dict.fromkeys((*awaiting_verdict(turn), *offered)))


Which = Callable[[Turn], tuple[Own, ...]]


def about_one(word: Word, which: Which, without: Handler) -> Handler:
    """Return the handler that does `word` with the only report, and asks which of several.

    A message that answers one about a report means that report. Without any, `without` answers.
    """

    def handle(turn: Turn) -> Step:
        reports = which(turn)
        quoted = [one for one in reports if one == turn.known.quoted_own]
        if turn.known.quoted_own and not quoted:  # of that one it cannot be said
            return tell_status(turn, turn.known.quoted_own.ticket)
        focus = [one for one in reports if one == spoken_of(turn)]
        meant = quoted or (reports if len(reports) == 1 else ()) or focus
        if meant:
            evidence = Evidence.QUOTE if quoted else Evidence.STATE
            return replace(on_report(turn, word, meant[0].ticket), evidence=evidence)
        return ask_which(turn, word, reports) if reports else without(turn)

    return handle


def ask_which(turn: Turn, word: Word, reports: tuple[Own, ...]) -> Step:
    """Ask which of the `reports` is meant, to do `word` with it."""
    options = tuple(option(word, one) for one in reports[:OFFERED])
    return Step(turn.state, (Reply("which-report", options=options),), decision=Decision.UNSURE)


def option(word: Word, own: Own) -> Option:
    """Return the button that does `word` with the report, reading its ticket and first words."""
    return Option(word, own.ticket, f"{own.ticket} · {own.title[:TITLE].rstrip()}")


def focused(turn: Turn, ticket: str) -> State:
    """Return the state in which what comes next belongs to the report; a number is no choice."""
    return replace(turn.state, focus=ticket, focus_until=turn.known.at + FOCUS, menu=())


def unfocused(state: State) -> State:
    """Return the state in which no report is spoken of."""
    spoken = state.focus or state.focus_until
    return replace(state, focus="", focus_until=None) if spoken else state


# ---- what belongs to a report


def add(turn: Turn, own: Own) -> Step:
    """Put the message beside the report; whoever asks how it stands is told that instead.

    It is spoken of from then on, unless it is already, or a draft is told meanwhile.
    """
    if not own.ticket:
        return add_at_once(turn, own)
    stays = turn.state.draft is not None or spoken_of(turn) == own
    news = own.is_open and asks_news(turn)
    verdict = _verdict(turn, own)
    effects: tuple[Effect, ...] = (AddTo(own, alarm_in(turn), asks=news),)
    if verdict:
        effects += (GiveVerdict(own.ticket, verdict, told=True),)
    elif news:
        effects += (TellStatus(own.ticket),)
    return Step(
        turn.state if stays else focused(turn, own.ticket),
        () if news or verdict else (_added(turn, own),),
        effects,
        draft=own.number if own.here else 0,
        beside=own,
    )


def _verdict(turn: Turn, own: Own) -> str:
    """Return the verdict that the words give on a report that awaits one, "" for none."""
    if not own.asks_verdict:
        return ""
    return "belum" if says_undone(turn) else "sudah" if says_done(turn) else ""


def add_at_once(turn: Turn, own: Own) -> Step:
    """Put the message beside the report that was confirmed right before it."""
    place = turn.inbound.place
    words = (place.label if place else "") or turn.known.place
    effect = Supplement(own.number, words, place)
    return Step(turn.state, (Reply("supplement-thanks"),), (effect,), draft=own.number)


def _undo(own: Own) -> Option:
    """Return the button that says that the report is not done."""
    return Option(Word.NOT_DONE, own.ticket)


def _added(turn: Turn, own: Own) -> Reply:
    """Return the thanks; of a report that waits for the citizen's verdict, they ask for it."""
    args = {"ticket": own.ticket}
    if own.asks_verdict:
        options = (Option(Word.DONE, own.ticket), _undo(own))
        return Reply("added-verdict", args, options=options)
    if own.can_be_undone(turn.known.at):
        key = "added-silent" if own.verdict == SILENT else "added-undone"
        return Reply(key, args, options=(_undo(own),))
    return Reply("added" if own.is_open else "added-closed", args)


# ---- without a report


def say(key: str) -> Handler:
    """Return the handler that says `key`."""
    return lambda turn: Step(turn.state, (Reply(key),))


def bring_about(effect: Effect) -> Handler:
    """Return the handler that asks for `effect`, whose outcome is told by whoever does it."""
    return lambda turn: Step(turn.state, effects=(effect,))


def status(turn: Turn) -> Step:
    """Tell how the only report stands, or list them; ask for a ticket when there are none."""
    reports = turn.known.reports
    if not reports:
        return say_status_how(turn)
    return tell_status(turn, reports[0].ticket) if len(reports) == 1 else list_reports(turn)


def not_yet(turn: Turn) -> Step:
    """Answer "belum" that nobody asked for: with how his open report stands, if there is one."""
    return status(turn) if open_ones(turn) else introduce(turn)


def say_status_how(turn: Turn) -> Step:
    """Tell how to ask for a report by its ticket."""
    known = "some" if turn.known.reports else "none"
    return Step(turn.state, (Reply("status-how", {"known": known}),))


def list_reports(turn: Turn) -> Step:
    """List the citizen's reports."""
    return Step(turn.state, effects=(TellReports(),))


def resend_newest(turn: Turn) -> Step:
    """Tell the latest news of the newest report again."""
    return resend(turn, turn.known.reports[0].ticket) if turn.known.reports else NO_REPORTS(turn)


def erase_surely(turn: Turn) -> Step:
    """Erase what is kept of the citizen, and the open draft."""
    emptied = replace(turn.state, draft=None, stage=Stage.IDLE, menu=(), focus="", nameless=True)
    return Step(emptied, effects=(EraseData(),))


def erase(turn: Turn) -> Step:
    """Ask whether he is sure to erase what is kept of him."""
    option = Option(Word.ERASE_DATA, sure=True)
    return Step(turn.state, (Reply("erase-sure", options=(option,)),))


def tell_anew(turn: Turn) -> Step:
    """Ask for a new report: what comes next belongs to none that was sent."""
    return Step(focused(turn, ""), (Reply("new-report"),))


def hide_next(turn: Turn) -> Step:
    """Hide the reporter of the next report."""
    return Step(replace(turn.state, anonim=True), (Reply("anonim-next"),))


def show_next(turn: Turn) -> Step:
    """Name the reporter of the next report."""
    return Step(replace(turn.state, anonim=False), (Reply("named-next"),))


def notices(wanted: bool) -> Handler:
    """Return the handler that sends, or ends, the news that he did not ask for."""
    key = "notices-on" if wanted else "notices-off"
    return lambda turn: Step(turn.state, (Reply(key),), (SetNotices(wanted),))


NO_REPORTS = say("no-reports")
HAND_BACK = bring_about(HandBack())

#: These hold at every stage, and leave an open draft as it is.
EVERYWHERE: dict[Word, Handler] = {
    Word.STATUS: status,
    Word.MY_REPORTS: list_reports,
    Word.RESEND: resend_newest,
    Word.FOLLOW: say("follow-how"),
    Word.UNFOLLOW: say("unfollow-how"),
    Word.LINK: bring_about(MakeLinkCode()),
    Word.STOP: notices(wanted=False),
    Word.RESUME: notices(wanted=True),
    Word.SHOW_DATA: bring_about(TellData()),
    Word.ERASE_DATA: erase,
    Word.HUMAN: bring_about(CallHuman()),
}

#: These are about a report that was sent, as long as there is no draft.
IDLE: dict[Word, Handler] = {
    Word.ADD: about_one(Word.ADD, open_ones, tell_anew),
    Word.DONE: about_one(Word.DONE, awaiting_verdict, acknowledge),
    Word.NOT_DONE: about_one(Word.NOT_DONE, undoable, not_yet),
    Word.CANCEL: about_one(Word.CANCEL, open_ones, say("nothing-open")),
    Word.ANONIM: about_one(Word.ANONIM, open_ones, hide_next),
    Word.RAHASIA: about_one(Word.RAHASIA, open_ones, say("rahasia-how")),
    Word.NAMED: about_one(Word.NAMED, open_ones, show_next),
    Word.PUBLIC: about_one(Word.PUBLIC, open_ones, say("rahasia-how")),
    Word.NEW: tell_anew,
    Word.COMPLAINT: tell_anew,
    Word.ASPIRATION: tell_anew,
    Word.QUESTION: tell_anew,
}
