"""What citizens decide about their reports: done or not, taken back, hidden or not. Pure."""

from dataclasses import replace
from datetime import datetime

from core.dockets import Docket, Dockets, Hours, Wish
from core.drafting import SECRECY
from core.effects import CancelReport, GiveVerdict, SetSecrecy, may_be_undone
from core.replies import render
from core.replies.dates import say_promise
from core.talk import Exchange
from core.turn import Reply
from core.workflow import CLOSED, ReportState

SUDAH, BELUM, DIAM = "sudah", "belum", "diam"
TAKEN_BACK = "ditarik oleh pelapor"  # the reason that officers read
NO_LINE = "none"  # stands for a line that is left out


def give(dockets: Dockets, wish: Wish[GiveVerdict]) -> Reply:
    """Store the verdict; "belum" reopens the report. One that comes too late changes nothing."""
    docket, effect, hours = wish.docket, wish.effect, dockets.hours
    asked = docket.state is ReportState.SELESAI
    if not asked or not _answerable(docket, effect.verdict, hours.now):
        return Reply("verdict-late", _as_it_stands(docket, wish.turn))
    told = replace(docket, verdict=effect.verdict, verdict_at=hours.now)
    if effect.verdict == SUDAH:
        dockets.change(replace(told, clock=replace(told.clock, close_at=None)))
        dockets.note(docket, "confirmed", {})
        return Reply("verdict-done", {"ticket": docket.ticket})
    reopened = hours.moved(told, ReportState.PROSES)
    dockets.change(reopened)
    detail = {"from": ReportState.SELESAI, "to": ReportState.PROSES}
    dockets.note(docket, "reopened", detail)
    return _say_reopened(reopened, wish, hours)


def _answerable(docket: Docket, verdict: str, now: datetime) -> bool:
    """Tell whether the verdict still counts: a "sudah" may turn out to be wrong for a while."""
    if verdict == SUDAH:
        return docket.verdict in ("", DIAM)
    return may_be_undone(docket.verdict, docket.verdict_at, now)


def _say_reopened(docket: Docket, wish: Wish[GiveVerdict], hours: Hours) -> Reply:
    language = wish.turn.heard.step.state.language
    promised = say_promise(language, docket.clock, hours.desk(docket).zone)
    args = {"ticket": docket.ticket, "promise": promised or NO_LINE}
    return Reply("verdict-not-done-told" if wish.effect.told else "verdict-not-done", args)


def take_back(dockets: Dockets, wish: Wish[CancelReport]) -> Reply:
    """Put the report away because its citizen wants it, at any time before it is closed.

    That is his right, also when the OPD works on it: it sees the reason in the history.
    """
    docket = wish.docket
    if docket.state in CLOSED:
        return Reply("take-back-late", _as_it_stands(docket, wish.turn))
    dockets.change(dockets.hours.moved(docket, ReportState.ARSIP))
    detail = {"from": docket.state, "to": ReportState.ARSIP, "reason": TAKEN_BACK}
    dockets.note(docket, "taken_back", detail)
    return Reply("taken-back", {"ticket": docket.ticket})


def hide(dockets: Dockets, wish: Wish[SetSecrecy]) -> Reply:
    """Hide the reporter, or the report, or show them again, and say who sees what now."""
    docket, effect = wish.docket, wish.effect
    hidden = replace(
        docket,
        anonim=docket.anonim if effect.anonim is None else effect.anonim,
        rahasia=docket.rahasia if effect.rahasia is None else effect.rahasia,
    )
    if hidden != docket:
        dockets.change(hidden)
        dockets.note(docket, "secrecy", {"anonim": hidden.anonim, "rahasia": hidden.rahasia})
    secrecy = SECRECY[hidden.anonim, hidden.rahasia]
    return Reply("secrecy-report", {"ticket": docket.ticket, "secrecy": secrecy})


def _as_it_stands(docket: Docket, turn: Exchange) -> dict[str, str]:
    state = render(turn.heard.step.state.language, f"state-{docket.state}")
    return {"ticket": docket.ticket, "state": state}
