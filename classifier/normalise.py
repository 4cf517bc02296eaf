"""Words as people type them, brought to one form: pure, the same in training and in service."""

import re
import unicodedata
from functools import lru_cache
from operator import eq
from pathlib import Path

LONGEST_TEXT = 4000  # characters of a text that are read; a citizen's point stands before that
_LONGEST_WORD = 40
_SHORTEST_STEM = 4
_DATA = Path(__file__).parent / "data"

# A token: an address of the web, a mask such as [TELP], a word, a single mark; or white space.
_SAYING = r"https?:\S*|www\.\S+|\[[A-Z]{2,8}\]|\w+|[^\w\s]"
_TOKEN = re.compile(_SAYING)
_TOKEN_AND_SPACE = re.compile(rf"(?:{_SAYING}) ?|\s+")
_MASK = re.compile(r"\[[A-Z]{2,8}\]")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_AGAIN = re.compile(r"([^\W\d_]{3,})2(?:nya|an)?")
_DIGITS = re.compile(r"\d+")
_NUMBER = "0"
_LONG_NUMBER = "000"  # a telephone, an identity: masked in training, real in service
_LONG_DIGITS = 5

_ENDS = ("nya", "lah", "kah", "pun")
_END = 3  # letters of each
_SUFFIXES = ("kan", "an", "i")
_PREFIX = re.compile(
    r"(?:meny|peny|meng|peng|mem|pem|men|pen|ber|ter|per|di|me|se|ke|ng|ny)"
    rf"(?=.{{{_SHORTEST_STEM - 1}}})",
    re.DOTALL,
)
# The letter that stood in a prefix's place before: always, or only if a vowel follows.
_LOST = {"meny": "s", "peny": "s", "ny": "s"}
_LOST_TO_VOWELS = {"mem": "p", "pem": "p", "men": "t", "pen": "t"}
_VOWELS = frozenset("aiueo")


def _read_slang(path: Path) -> dict[str, str]:
    table: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            meaning, spellings = line.split(":")
            table.update(dict.fromkeys(spellings.split(), meaning.replace("-", "")))
    return table


_SLANG = _read_slang(_DATA / "slang.txt")


@lru_cache(maxsize=16_384)
def word(token: str) -> str:
    """Return the one form of a token, "" when it says nothing (a mark, an address, a smiley)."""
    plain = unicodedata.normalize("NFKC", token[:_LONGEST_WORD]).casefold().strip("_")
    if not plain.isalpha():
        return _unlettered(token, plain)
    plain = _unstretched(plain)
    return _SLANG.get(plain, plain)


def _unlettered(token: str, plain: str) -> str:
    """Return the form of a token with more than letters, which is `plain` without its capitals."""
    if _MASK.fullmatch(token):
        return _LONG_NUMBER
    if not plain or not plain[0].isalnum() or plain.startswith(("http:", "https:", "www.")):
        return ""
    if plain.isdigit():
        return _LONG_NUMBER if len(plain) > _LONG_DIGITS else _NUMBER
    plain = _unstretched(plain)
    if again := _AGAIN.fullmatch(plain):
        plain = again[1]
    return _SLANG.get(plain, _DIGITS.sub(_NUMBER, plain))


def _unstretched(plain: str) -> str:
    doubled = any(map(eq, plain, plain[1:]))  # of few words: the rest need no closer look
    return _STRETCHED.sub(r"\1", plain) if doubled else plain


def tokens(text: str) -> list[str]:
    """Return every token of the part of `text` that is read, each with a blank after it.

    White space of other kinds or in other places is a token too: together they are the text.
    """
    return _TOKEN_AND_SPACE.findall(text, 0, LONGEST_TEXT)


def words(text: str) -> list[str]:
    """Return the words of `text` in their one form, in order, without what says nothing."""
    return list(filter(None, map(word, _TOKEN.findall(text, 0, LONGEST_TEXT))))


@lru_cache(maxsize=16_384)
def stem(form: str) -> str:
    """Return what is left of a word without its affixes; rough, and the same for kin words."""
    if form.endswith(_ENDS) and len(form) >= _END + _SHORTEST_STEM:
        form = form[:-_END]
    form = _without_prefix(form)
    if form.endswith(_SUFFIXES):
        for suffix in _SUFFIXES:
            if form.endswith(suffix) and len(form) - len(suffix) >= _SHORTEST_STEM:
                return form[: -len(suffix)]
    return form


def _without_prefix(form: str) -> str:
    found = _PREFIX.match(form)
    if not found:
        return form
    prefix, rest = found[0], form[found.end() :]
    if rest[0] in _VOWELS and prefix in _LOST_TO_VOWELS:
        return _LOST_TO_VOWELS[prefix] + rest
    return _LOST.get(prefix, "") + rest
