"""What a citizen is told at once because of what he wrote: numbers to call, or another address."""

from dataclasses import replace

from core.draft import Draft
from core.emergency import emergency
from core.scope import out_of_scope
from core.turn import Reply, Step, Turn

_EMERGENCY = "emergency-"


def calls_for(turn: Turn) -> str:
    """Return the key of the sentence that an emergency in the message is answered with, or ""."""
    return emergency(turn.inbound.text, turn.known.understanding)


def alarm_in(turn: Turn) -> str:
    """Return what the emergency in the message is about, "" for none."""
    return calls_for(turn).removeprefix(_EMERGENCY)


def advise(turn: Turn, outcome: Step) -> Step:
    """Return the outcome of a message with what its words call for before its other answers.

    Numbers are told once in a draft for each kind of emergency, and every time outside of one, but
    for an emergency that is known; another address once in a draft. Nobody is kept from sending
    his report.
    """
    draft, urgent = outcome.state.draft, calls_for(turn)
    if draft is None:
        advice = (_told(urgent),) if urgent and not _is_known(outcome, urgent) else ()
        return replace(outcome, replies=(*advice, *outcome.replies))
    keys = [key for key in (urgent, _elsewhere(turn)) if key and key not in draft.advised]
    if not keys:
        return outcome
    state = replace(outcome.state, draft=_noted(draft, keys))
    return replace(outcome, state=state, replies=(*map(_told, keys), *outcome.replies))


def _told(key: str) -> Reply:
    return Reply(key, alone=key.startswith(_EMERGENCY))  # read at one glance


def _is_known(outcome: Step, urgent: str) -> bool:
    """Tell whether the report beside which it is told began with the same danger.

    Who speaks of his life is answered every time.
    """
    own = outcome.beside
    same = own is not None and own.urgent and emergency(own.title, None) == urgent
    return same and urgent != f"{_EMERGENCY}jiwa"


def alarmed(turn: Turn, draft: Draft) -> Draft:
    """Return the draft of a public message with the emergency that it tells of."""
    urgent = calls_for(turn)
    return _noted(draft, [urgent] if urgent else [])


def _elsewhere(turn: Turn) -> str:
    scope = out_of_scope(turn.inbound.text)
    return f"scope-{scope}" if scope else ""


def _noted(draft: Draft, keys: list[str]) -> Draft:
    alarms = [key.removeprefix(_EMERGENCY) for key in keys if key.startswith(_EMERGENCY)]
    alarm = next(iter(alarms), draft.alarm)
    return replace(draft, alarm=alarm, advised=(*draft.advised, *keys))
