"""Tells what a text answers to "are you sure?"; pure."""

import tomllib
from importlib.resources import files

from core.words import PARTICLES, SPELLINGS, normalise, plain_word

LONGEST = 60  # characters of a text that can be an answer
_YES, _AGREED = "iya", "yes"

_FILE = tomllib.loads(files("core").joinpath("data", "belonging.toml").read_text(encoding="utf-8"))


def is_certain(text: str, asked: str) -> bool | None:
    """Tell whether `text` says yes to what the word `asked` would do, None when it says neither."""
    if len(text) > LONGEST:
        return None
    said = _plainly(text)
    for answer in ("yes", "no"):
        if said & (_PHRASES["any", answer] | _PHRASES.get((asked, answer), frozenset())):
            return answer == _AGREED
    return None


def _plainly(text: str) -> frozenset[str]:
    """Return the text in its usual spelling, whole, and without its particles."""
    words = [plain_word(word) for word in normalise(text).split()]
    bare = [*words[:1], *(word for word in words[1:] if word not in PARTICLES)]
    return frozenset(map(_spelt, (words, bare)))


def _spelt(words: list[str]) -> str:
    return " ".join(plain_word(SPELLINGS.get(word, word)) for word in words)


_PHRASES = {
    (asked, answer): frozenset(
        spelling for phrase in phrases.split(",") for spelling in _plainly(phrase)
    )
    for asked, answers in _FILE["sure"].items()
    for answer, phrases in answers.items()
}
