"""Decides what a private message belongs to: a new report, the draft, one that was sent, or talk.

The evidence is asked in the order of its strength: the message that it answers, a ticket in its
text, what was asked last, then its words. (A button tells for itself: `core.conversation.press`.)
What stays unsure is asked with buttons.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import files

from core.advice import calls_for
from core.effects import REGRET, Own
from core.place_words import CUES, LINKS, corrects
from core.ticket import find_ticket
from core.turn import Decision, Evidence, Turn
from core.words import normalise
from core.workflow import ReportState

JUST_SENT = timedelta(minutes=30)  # after a report, in which photos and places belong to it
ANSWERED = timedelta(days=3)  # after an answer of the OPD, in which short words reply to it
SHORT = 7  # words of a text that does not tell enough to be a report of its own
CHAT = 4  # words of small talk, where an answer is waited for
CANDIDATES = 4  # reports that are offered when it is unsure which one is meant
NAME = 4  # letters of a word that can tell what a report is about

_FILE = tomllib.loads(files("core").joinpath("data", "belonging.toml").read_text(encoding="utf-8"))


Cues = Mapping[str, Sequence[Sequence[str]]]  # phrases in words, by the first of these


def _cues(kind: str) -> Cues:
    cues: dict[str, list[Sequence[str]]] = {}
    for cue in _FILE[kind]["cues"]:
        words = normalise(cue).split()
        cues.setdefault(words[0], []).append(words)
    return cues


_FOLLOW_UP, _MORE, _NEW = map(_cues, ("follow-up", "more", "new"))
_VERDICT, _RELAPSE, _TALK = map(_cues, ("verdict", "relapse", "talk"))
_COMMON, _CALLED, _TROUBLE = (
    frozenset(_FILE[kind]["words"].split()) for kind in ("common", "called", "trouble")
)
_NOT_YET, _DONE, _WITH_DONE = (
    frozenset(_FILE[kind]["words"].split()) for kind in ("not-yet", "done", "with-done")
)
_DONE_BESIDE = _DONE | _WITH_DONE
_NO_VERDICT = _DONE | frozenset(_FILE["no-verdict"]["words"].split())
_BESIDE = {True: _CALLED, False: _CALLED | _COMMON}
_NO_NAMES = frozenset(CUES.split()) | frozenset(LINKS.split())


@dataclass(frozen=True, slots=True)
class Belonging:
    """What a message is taken for, by which evidence, and about which report, None for none."""

    decision: Decision
    evidence: Evidence
    own: Own | None = None


def belonging(turn: Turn) -> Belonging:
    """Return what the message of `turn` belongs to."""
    for judge in _JUDGES:
        found = judge(turn)
        if found is not None:
            return found
    return Belonging(Decision.NEW, Evidence.NONE)


# ---- what others ask


def candidates(reports: Sequence[Own], text: str) -> tuple[Own, ...]:
    """Return those of the citizen's `reports` that `text` may be about: named, or else all alive.

    They are the newest, as many as a question can offer.
    """
    alive = [one for one in reports if one.is_open or one.asks_verdict]
    named = [one for one in alive if _shares_words(normalise(text), one)]
    return tuple(named or alive)[:CANDIDATES]


def answers(turn: Turn) -> bool:
    """Tell whether he was asked for something about a report: one word may be the answer."""
    asked = not _announces(turn) and (spoken_of(turn) or _waits_for(turn))
    return bool(turn.says and asked)


def spoken_of(turn: Turn) -> Own | None:
    """Return the report that was just spoken of, whose time is not over."""
    until = turn.state.focus_until
    live = turn.state.focus and until is not None and turn.known.at <= until
    return turn.known.own(turn.state.focus) if live else None


def expects_new(turn: Turn) -> bool:
    """Tell whether he has just said that a new report comes."""
    until = turn.state.focus_until
    return not turn.state.focus and until is not None and turn.known.at <= until


def tells_trouble(turn: Turn) -> bool:
    """Tell whether a report can begin with a single word: "banjir"."""
    return not _TROUBLE.isdisjoint(turn.says.split())


def besides_ticket(text: str, *, own: bool) -> int:
    """Return how many words `text`, without its ticket, says of more than that it asks for it.

    Beside a ticket of somebody else, what anybody says of any report is no more than that.
    """
    return len([word for word in normalise(text).split() if word not in _BESIDE[own]])


def asks_news(turn: Turn) -> bool:
    """Tell whether the words ask how a report stands, and bring nothing for it."""
    brings = turn.evidence or turn.inbound.place is not None
    return not brings and _has(turn.says, _FOLLOW_UP)


def says_not_yet(turn: Turn) -> bool:
    """Tell whether the words begin with "belum" or "masih"."""
    return next(iter(turn.says.split()), "") in _NOT_YET


def says_done(turn: Turn) -> bool:
    """Tell whether the words say that the matter is settled, and nothing else: "udah nyala pak".

    A verdict is never guessed: one other word, and he is asked.
    """
    words = turn.says.split()
    asks = "?" in turn.inbound.text
    return not asks and bool(_DONE & set(words)) and all(word in _DONE_BESIDE for word in words)


def says_undone(turn: Turn) -> bool:
    """Tell whether the words say that the matter is not settled: not "belum saya cek"."""
    words = set(turn.says.split())
    return says_not_yet(turn) and "?" not in turn.inbound.text and not words & _NO_VERDICT


def only_place(turn: Turn) -> bool:
    """Tell whether a text names a place and says nothing of it."""
    place = turn.known.place
    return bool(place) and not (_content(turn.says) - _names(place) - _NO_NAMES)


# ---- the judges


def _by_quote(turn: Turn) -> Belonging | None:
    quoted, draft = turn.known.quoted, turn.state.draft
    if quoted and draft is not None and draft.number == quoted and not turn.known.quoted_in:
        return Belonging(Decision.DRAFT, Evidence.QUOTE)
    own = turn.known.quoted_own
    return _about(own, Evidence.QUOTE) if own else None


def _by_ticket(turn: Turn) -> Belonging | None:
    own = turn.known.own(find_ticket(turn.inbound.text))
    return _about(own, Evidence.TICKET) if own else None


def _by_state(turn: Turn) -> Belonging | None:
    """Judge by what was asked last: about a report just spoken of, about the draft, by the office.

    What is surely about something else is asked for, or is a part of the draft.
    """
    announced = _announces(turn)
    own = None if announced else spoken_of(turn)
    if turn.state.draft is not None and (own is None or _is_other(turn, own)):
        return Belonging(Decision.DRAFT, Evidence.STATE)
    if announced or (own is None and expects_new(turn)):
        expected = expects_new(turn) and not _is_talk(turn)
        return Belonging(Decision.NEW, Evidence.STATE) if expected else None
    own = own or _just_sent(turn) or _waits_for(turn)
    if own is None:
        return None
    if _is_other(turn, own):  # one without a ticket cannot be asked about yet
        return Belonging(Decision.UNSURE if own.ticket else Decision.NEW, Evidence.STATE)
    return _about(own, Evidence.STATE)


def _just_sent(turn: Turn) -> Own | None:
    """Return the report that was sent right before what seems to belong to it."""
    short = len(turn.says.split()) <= SHORT
    just = turn.known.just_sent
    if just and turn.tells_something and (short or _goes_on(turn, just)):
        return just
    newest = next(iter(turn.known.reports), None)
    if newest is None or not _is_fresh(turn, newest):
        return None
    brings = turn.evidence or turn.inbound.place is not None or only_place(turn)
    mends = corrects(turn.inbound.text) and not _is_talk(turn)
    danger = _goes_on(turn, newest) and turn.tells_something and not _is_talk(turn)
    return newest if (brings and short) or mends or danger else None


def _is_fresh(turn: Turn, own: Own) -> bool:
    return own.is_open and turn.known.at - own.opened_at <= JUST_SENT


def _waits_for(turn: Turn) -> Own | None:
    """Return the report that the office put off until its citizen tells something.

    Of several it is the one that the words name, else the one that he was told of last.
    """
    reports = turn.known.reports
    waiting = [one for one in reports if one.state is ReportState.TUNDA]
    named = [one for one in reports if _shares_words(turn.says, one)]
    settles = any(one.asks_verdict for one in reports) and _has(turn.says, _VERDICT)
    if not waiting or settles or _is_talk(turn, CHAT):
        return None
    if turn.says in _TROUBLE and not named:  # "banjir": it begins a report of its own
        return None
    meant = [one for one in waiting if one in named] or ([] if named else waiting)
    return max(meant, key=lambda one: one.asked_at or one.opened_at, default=None)


def _is_other(turn: Turn, own: Own) -> bool:
    """Tell whether the words are surely not about the report `own`: another topic, another place.

    What the office asks for may well be another place than the one it knows.
    """
    seen = turn.known.understanding
    asked = own.state is ReportState.TUNDA and (seen or len(turn.says.split()) <= SHORT)
    if not asked and _is_elsewhere(turn, own):
        return True
    if _shares_words(turn.says, own) or _goes_on(turn, own):
        return False
    if calls_for(turn):
        return True
    if says_not_yet(turn) and _can_be_about(turn, own):
        return False
    return _has_other_topic(turn, own)


def _has_other_topic(turn: Turn, own: Own) -> bool:
    seen = turn.known.understanding
    likeliest = seen.urusan[0].urusan if seen and seen.urusan else ""
    return seen is not None and seen.sure and likeliest != (own.urusan or None)


def _goes_on(turn: Turn, own: Own) -> bool:
    """Tell whether the message is about an emergency that was told right before.

    Whatever he says of it is, but for another topic at a place of its own.
    """
    other = turn.known.place and _has_other_topic(turn, own) and not calls_for(turn)
    return own.urgent and _is_fresh(turn, own) and not other


def _is_elsewhere(turn: Turn, own: Own) -> bool:
    """Tell whether something is told of a place by another name than those of the report `own`."""
    if corrects(turn.inbound.text):  # it is another place because the one we know is wrong
        return False
    names, known = _names(turn.known.place), _names(own.place)
    told = _content(turn.says) - names - _NO_NAMES
    return bool(names and known and told) and names.isdisjoint(known | _names(own.title))


def _by_wording(turn: Turn) -> Belonging | None:
    said = turn.says
    if not turn.tells_something or _announces(turn):
        return None
    asked = tuple(one for one in turn.known.reports if one.asks_verdict)
    if len(asked) == 1 and _settles(turn, asked[0]):
        return _about(asked[0], Evidence.WORDING)
    undone = _relapsed(turn)
    if undone is not None:
        return _about(undone, Evidence.WORDING)
    if _has(said, _FOLLOW_UP) or _has(said, _MORE):
        return _follows_up(turn)
    if _is_talk(turn):
        return Belonging(Decision.TALK, Evidence.WORDING)
    return _new_or_reply(turn)


def _settles(turn: Turn, own: Own) -> bool:
    """Tell whether the words say that the report, of which that is asked, is done, or is not."""
    if calls_for(turn):
        return False
    if says_not_yet(turn) or says_done(turn):
        return _can_be_about(turn, own)
    return _has(turn.says, _VERDICT) and not _tells_anew(turn)


def _relapsed(turn: Turn) -> Own | None:
    """Return the report of which he said that it is done, if the words say that it is not."""
    if not _has(turn.says, _RELAPSE) or candidates(turn.known.reports, ""):
        return None
    short = len(turn.says.split()) <= SHORT
    done = [
        one
        for one in turn.known.reports
        if one.can_be_undone(turn.known.at)
        and (one.verdict_at is None or turn.known.at - one.verdict_at <= REGRET)
        and (short or _shares_words(turn.says, one))
        and _can_be_about(turn, one)
    ]
    return done[0] if done else None


def _can_be_about(turn: Turn, own: Own) -> bool:
    """Tell whether neither the place nor the topic speaks against the report `own`."""
    seen = turn.known.understanding
    known = seen is not None and seen.sure and own.urusan
    another = known and seen is not None and seen.urusan[0].urusan != own.urusan
    return not (calls_for(turn) or _is_elsewhere(turn, own) or another)


def _follows_up(turn: Turn) -> Belonging | None:
    """Judge words such as "kok belum dikerjakan": of the one report, or of the one they name."""
    alive = candidates(turn.known.reports, "")
    named = [one for one in alive if _shares_words(turn.says, one)]
    if len(named) == 1:
        return _about(named[0], Evidence.WORDING)
    if len(alive) == 1 and not _tells_anew(turn):
        return _about(alive[0], Evidence.WORDING)
    if not alive and _tells_anew(turn):
        return None
    return Belonging(Decision.UNSURE, Evidence.WORDING)


def _new_or_reply(turn: Turn) -> Belonging | None:
    if _tells_anew(turn) or len(turn.says.split()) > SHORT:
        return None
    fresh = [
        one
        for one in turn.known.reports
        if one.answered_at and turn.known.at - one.answered_at <= ANSWERED
    ]
    if len(fresh) == 1 and turn.says:
        return _about(fresh[0], Evidence.WORDING)
    if not candidates(turn.known.reports, ""):
        return None
    if not turn.says:  # a picture or a place, and nothing said of it
        return Belonging(Decision.UNSURE, Evidence.NONE)
    seen = turn.known.understanding
    return Belonging(Decision.UNSURE, Evidence.WORDING) if seen and not seen.sure else None


# ---- what the words tell


def _about(own: Own, evidence: Evidence) -> Belonging:
    replies = own.answered_at is not None
    return Belonging(Decision.REPLY if replies else Decision.ADDITION, evidence, own)


def _announces(turn: Turn) -> bool:
    """Tell whether the words say that this is another report."""
    return _has(turn.says, _NEW)


def _tells_anew(turn: Turn) -> bool:
    """Tell whether a text says enough for a report of its own: a place, a sure topic, a danger."""
    seen = turn.known.understanding
    return bool(turn.known.place or calls_for(turn)) or (seen is not None and seen.sure)


def _is_talk(turn: Turn, longest: int = SHORT) -> bool:
    """Tell whether a text of few words, without a place, picture or topic, is but talk."""
    short = len(turn.says.split()) <= longest
    bare = not (turn.evidence or turn.inbound.place or _tells_anew(turn))
    return short and bare and _has(turn.says, _TALK)


def _shares_words(said: str, own: Own) -> bool:
    return bool(_content(said) & _content(normalise(own.title)))


def _content(text: str) -> frozenset[str]:
    bare = (word.removesuffix("nya") for word in text.split())
    return frozenset(word for word in bare if len(word) >= NAME) - _COMMON


def _names(place: str) -> frozenset[str]:
    """Return the words of a place that tell it from others: neither "jalan" nor a number."""
    return frozenset(word for word in normalise(place).split() if not word.isdecimal()) - _NO_NAMES


def _has(said: str, cues: Cues) -> bool:
    words = said.split()
    openings = (at for at, word in enumerate(words) if word in cues)
    return any(cue == words[at : at + len(cue)] for at in openings for cue in cues[words[at]])


_JUDGES: tuple[Callable[[Turn], Belonging | None], ...] = (
    _by_quote,
    _by_ticket,
    _by_state,
    _by_wording,
)
