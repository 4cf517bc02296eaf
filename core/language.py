"""Guesses the language of a citizen's first words; pure."""

import tomllib
from importlib.resources import files

from core.words import normalise

READ = 500  # characters of a text that are looked at
LEAST = 2  # English words: one alone may be a name, or fashion

_FILE = tomllib.loads(files("core").joinpath("data", "languages.toml").read_text(encoding="utf-8"))
_SHARED = frozenset(_FILE["shared"].split())
_INDONESIAN = frozenset(_FILE["id"].split()) - _SHARED
_ENGLISH = frozenset(normalise(_FILE["en"]).split()) - _INDONESIAN - _SHARED


def guess(text: str) -> str:
    """Return "en" for words that are surely English, else "id".

    Who mixes both ("please tolong fix jalan") understands Indonesian.
    """
    words = normalise(text[:READ]).split()
    english = sum(word in _ENGLISH for word in words)
    indonesian = sum(word in _INDONESIAN for word in words)
    return "en" if english >= LEAST and english > 2 * indonesian else "id"
