"""The short words that citizens steer the conversation with.

A message is one of them when the whole of it is a phrase of `data/words.toml`: as it stands, in
another spelling, without its particles, or with one slip of the finger. Whatever says more than
that is something to report, and means none of them.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

import regex

from core.message import Inbound, Kind, Media
from core.slips import is_slip


class Word(StrEnum):
    """What a short message asks for."""

    GREETING = "greeting"
    THANKS = "thanks"
    HELP = "help"
    STATUS = "status"
    SEND = "send"
    CHANGE = "change"
    CHANGE_TEXT = "text"
    CHANGE_PLACE = "place"
    CANCEL = "cancel"
    SKIP = "skip"
    INDONESIAN = "id"
    ENGLISH = "en"
    ANONIM = "anonim"
    RAHASIA = "rahasia"
    NAMED = "named"  #: not anonim
    PUBLIC = "public"  #: not rahasia
    MY_REPORTS = "my-reports"
    RESEND = "resend"
    ADD = "add"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    LINK = "link"
    DONE = "done"  #: the answer to "is it done?", as is NOT_DONE
    NOT_DONE = "not-done"
    STOP = "stop"
    RESUME = "resume"
    SHOW_DATA = "show-data"
    ERASE_DATA = "erase-data"
    NEW = "new"
    COMPLAINT = "complaint"
    ASPIRATION = "aspiration"
    QUESTION = "question"
    CHANGE_TIME = "time"
    HUMAN = "human"
    BOT = "bot"  #: hands a conversation back to us
    DONT_KNOW = "dont-know"  #: no answer to a question of ours, or not yet
    WHO = "who"  #: who answers here
    PRIVACY = "privacy"  #: who can see what is told
    NOTED = "noted"  #: it was read, and nothing is asked for


LOOSE = regex.compile(r"[^\p{L}\p{N} ]+")
DRAWN_OUT = regex.compile(r"(\p{L})\1+")
DRAWN_FROM = 3  # letters of a word
MOST_WORDS = 6  # of a text in which other spellings, particles and slips are looked for
DAYTIMES = [["pagi"], ["siang"], ["sore"], ["malam"]]  # "pagi sudah" greets nobody
GREETING_WORDS = 4  # of the longest greeting that something else may follow
STATUS_PHRASE = 3  # words of the longest way to say "status"
ALL_WORDS = frozenset(word.value for word in Word)
ONLY = "saja"  # a particle, but "itu saja" is an answer where "itu" is none

_FILE = tomllib.loads(files("core").joinpath("data", "words.toml").read_text(encoding="utf-8"))
PHRASES: dict[Word, str] = {
    Word(word): " ".join(phrases.split()) for word, phrases in _FILE["phrases"].items()
}


@lru_cache(maxsize=64)  # each judge of a message asks again
def normalise(text: str) -> str:
    """Return `text` in lower case, without punctuation and emoji, words one space apart."""
    return " ".join(LOOSE.sub(" ", text.casefold()).split())


@lru_cache(maxsize=16_384)
def plain_word(word: str) -> str:
    """Return a word without drawn-out letters, which very short words keep: "okeee", but "gg"."""
    return DRAWN_OUT.sub(r"\1", word) if len(word) >= DRAWN_FROM else word


SPELLINGS = {
    plain_word(spelling): word.replace("_", " ")
    for word, spellings in _FILE["spellings"].items()
    for spelling in spellings.split()
}
_NAMELESS = tuple(f" {cue} " for cue in _FILE["nameless"]["cues"])
PARTICLES = frozenset(map(plain_word, _FILE["particles"]["words"].split()))
ORDINARY = frozenset(map(plain_word, _FILE["ordinary"]["words"].split()))


def _spelt(words: Iterable[str]) -> str:
    """Return plain words as a phrase in the one spelling that is looked up."""
    return " ".join(map(_spelling, words))


@lru_cache(maxsize=16_384)
def _spelling(word: str) -> str:
    return _plain_phrase(SPELLINGS.get(word, word))


def _plain_phrase(phrase: str) -> str:
    return " ".join(map(plain_word, phrase.split()))


def _phrases() -> Iterator[tuple[Word, str]]:
    for word, phrases in PHRASES.items():
        yield from ((word, phrase) for phrase in phrases.split(", "))


def _table(spelling: Callable[[str], str]) -> dict[str, frozenset[Word]]:
    table: dict[str, set[Word]] = {}
    for word, phrase in _phrases():
        table.setdefault(spelling(phrase), set()).add(word)
    return {phrase: frozenset(words) for phrase, words in table.items()}


def _spelt_phrase(phrase: str) -> str:
    return _spelt(_plain_phrase(normalise(phrase)).split())


EXACT = _table(normalise)
SPELT = _table(_spelt_phrase)
LONGEST = max(map(len, EXACT))


PARTS = frozenset(
    word for _, phrase in _phrases() for word in _plain_phrase(normalise(phrase)).split()
)
KNOWN = PARTS | SPELLINGS.keys() | PARTICLES | ORDINARY


def _by_beginning() -> dict[tuple[str, int], list[str]]:
    """Return the words that a slip may stand for, by its first letter and its length.

    No slip changes a word's first letter, nor its length by more than one.
    """
    found: dict[tuple[str, int], list[str]] = {}
    for word in PARTS:
        for length in (len(word) - 1, len(word), len(word) + 1):
            found.setdefault((word[:1], length), []).append(word)
    return found


_BY_BEGINNING = _by_beginning()


def words_in(text: str) -> frozenset[Word]:
    """Return what the whole of `text` may mean; which one holds, the stage decides.

    A text that says anything besides, or that may be a word only with more than one slip, means
    nothing of this: a question too many is better than a complaint too few.
    """
    return _short_words(text) if len(text) <= 2 * LONGEST else frozenset()


@lru_cache(maxsize=1_024)
def _short_words(text: str) -> frozenset[Word]:
    phrase = normalise(text)
    exact = EXACT.get(phrase)
    words = [plain_word(word) for word in phrase.split()]
    if exact is not None:
        return exact
    rest = _after_greeting(words)
    if len(rest) > MOST_WORDS:
        return frozenset()
    found = _loosely(words) or _loosely(rest)
    return found or (_with_a_slip(words) if len(words) <= MOST_WORDS else found)


def _after_greeting(words: list[str]) -> list[str]:
    """Return what follows a greeting: "selamat sore pak, saya mau lapor"; else all the words."""
    for count in range(min(GREETING_WORDS, len(words) - 1), 0, -1):
        rest = [word for word in words[count:] if word not in PARTICLES]
        if words[:count] in DAYTIMES:
            continue
        if rest and Word.GREETING in _loosely(words[:count]):
            return rest
    return words


def _loosely(words: Sequence[str]) -> frozenset[Word]:
    """Return what plain words mean in their usual spelling, or without their particles."""
    bare = [word for word in words if word not in PARTICLES]
    first = [*words[:1], *(word for word in words[1:] if word not in PARTICLES)]  # "ya kak"
    only = [word for word in bare if SPELLINGS.get(word, word) != ONLY]
    each = (SPELT.get(_spelt(some)) for some in (words, first, bare, only) if some)
    return next((found for found in each if found), frozenset())


def _with_a_slip(words: Sequence[str]) -> frozenset[Word]:
    """Return what the words mean if the only unknown one is a slip, whichever word it was."""
    unknown = [at for at, word in enumerate(words) if word not in KNOWN]
    if len(unknown) != 1:
        return frozenset()
    at = unknown[0]
    meant_as = [
        found
        for word in _BY_BEGINNING.get((words[at][:1], len(words[at])), ())
        if is_slip(words[at], word) and (found := _loosely([*words[:at], word, *words[at + 1 :]]))
    ]
    return frozenset.intersection(*meant_as) if meant_as else frozenset()


def meant(inbound: Inbound, choices: Sequence[Word]) -> frozenset[Word]:
    """Return what a tap, a number of one of the `choices`, or a short text asks for.

    Words beside a file or a place on the map are its caption, and ask for nothing.
    """
    if inbound.kind is Kind.CHOICE:
        value = inbound.choice.partition(":")[0]
        return frozenset({Word(value)}) if value in ALL_WORDS else frozenset()
    if inbound.place or any(file.media is not Media.STICKER for file in inbound.attachments):
        return frozenset()
    number = inbound.text.strip()
    if len(number) == 1 and number in "123456789" and int(number) <= len(choices):
        return frozenset({choices[int(number) - 1]})
    return words_in(inbound.text)


def asks_anonim(text: str) -> bool:
    """Tell whether a longer text asks, among other things, not to name its sender."""
    said = f" {normalise(text)} "
    return any(cue in said for cue in _NAMELESS)


def after_status(text: str) -> str:
    """Return what follows a word for "status" at the beginning of a short text, else ""."""
    words = text[: 2 * LONGEST].split()
    for count in range(min(STATUS_PHRASE, len(words) - 1), 0, -1):
        if Word.STATUS in words_in(" ".join(words[:count])):
            return " ".join(words[count:])
    return ""
