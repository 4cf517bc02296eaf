"""What is not ours to settle, and where it belongs; and what is but an insult; pure."""

import tomllib
from collections.abc import Sequence
from enum import StrEnum
from importlib.resources import files

from core.phrases import phrase_table
from core.words import PARTICLES, normalise, plain_word

MOST_WORDS = 12  # a longer text says something, however rude
_ABUSE = tomllib.loads(files("core").joinpath("data", "abuse.toml").read_text(encoding="utf-8"))
_INSULTS = frozenset(map(plain_word, _ABUSE["insults"].split()))
_FILLERS = frozenset(map(plain_word, _ABUSE["fillers"].split())) | PARTICLES
_COMPLAINTS = frozenset(
    " ".join(map(plain_word, phrase.split())) for phrase in _ABUSE["complaints"].split(";")
)
_PHRASES = phrase_table("scope")


class Scope(StrEnum):
    """A matter that SP4N-LAPOR! may not settle; the sentence is `scope-<value>`."""

    CORRUPTION = "corruption"
    COURT = "court"
    CRIME = "crime"


def out_of_scope(text: str) -> Scope | None:
    """Return which matter of others `text` is about, None when it may be ours.

    A place ("depan pengadilan"), a fear, or a public thing that was stolen is not that matter. The
    report can be sent all the same.
    """
    found = {kind for words in _PHRASES.sentences(text) for kind in _matters(words)}
    return next((scope for scope in Scope if scope in found), None)


def _matters(words: Sequence[str]) -> set[str]:
    found = list(_PHRASES.find(words))
    hidden = {at for one in found if one.kind == "lain" for at in range(one.start, one.end)}
    return {one.kind for one in found if hidden.isdisjoint(range(one.start, one.end))}


def is_abuse(text: str) -> bool:
    """Tell whether `text` is an insult and says nothing else at all."""
    words = [plain_word(word) for word in normalise(text[: 20 * MOST_WORDS]).split()]
    said = [word for word in words if word not in PARTICLES]
    if not words or len(words) > MOST_WORDS or " ".join(said) in _COMPLAINTS:
        return False
    insulting = any(word in _INSULTS for word in words)
    return insulting and all(word in _INSULTS or word in _FILLERS for word in words)
