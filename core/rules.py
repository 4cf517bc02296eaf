"""Rules that an office writes itself: what they go by, and where they send a report.

A rule is checked when it is read, from a file, a request or a row; matching trusts it.
"""

import re
from enum import StrEnum
from typing import Annotated, Self
from unicodedata import normalize

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from core.agencies import SLUG
from core.understanding import Klasifikasi, Urgency
from core.urusan import URUSAN

MOST_RULES = 500
MOST_KEYWORDS = 100  # of one rule, all lists together
MOST_WORDS = 6  # of one keyword
SHORTEST_PREFIX = 3  # letters before a *
LONGEST_NAME = 80
LONGEST_KEYWORD = 60
LONGEST_NOTE = 300
LONGEST_LIST = 100  # entries of any other condition

_WORD = re.compile(r"[^\W_]+")
_TO_BLANK = {code: " " for code in range(128) if not chr(code).isalnum()}  # thrice as fast
_PART = re.compile(rf"[^\W_]+|[^\W_]{{{SHORTEST_PREFIX},}}\*")
_BETWEEN_PARTS = re.compile(r"(?:[^\w*]|_)+")


class Weekday(StrEnum):
    """A day of the week, in the order of ISO 8601."""

    SENIN = "senin"
    SELASA = "selasa"
    RABU = "rabu"
    KAMIS = "kamis"
    JUMAT = "jumat"
    SABTU = "sabtu"
    MINGGU = "minggu"


class Tier(StrEnum):
    """A government above the one of the report's area, which alone is asked for its OPD."""

    PROVINSI = "provinsi"
    PUSAT = "pusat"


def fold(text: str) -> str:
    """Return `text` in the one spelling that rules compare: NFKC, lower case."""
    return text.lower() if text.isascii() else normalize("NFKC", normalize("NFKC", text).casefold())


def words_of(text: str) -> list[str]:
    """Return the words of a text: runs of letters and digits."""
    return text.translate(_TO_BLANK).split() if text.isascii() else _WORD.findall(text)


def _keyword(written: str) -> str:
    """Return a keyword in the spelling of `fold`, its words one space apart.

    Raises ValueError when there is no word in it, too many, or a * elsewhere than at an end.
    """
    words = _BETWEEN_PARTS.sub(" ", fold(written)).split()
    if not 0 < len(words) <= MOST_WORDS:
        raise ValueError(f"a keyword has 1 to {MOST_WORDS} words")
    if not all(map(_PART.fullmatch, words)):
        raise ValueError(f"a * stands behind {SHORTEST_PREFIX} letters or more, at a word's end")
    return " ".join(words)


def _urusan(code: str) -> str:
    if code not in URUSAN:
        raise ValueError("not the code of an urusan")
    return code


_TIME = r"^([01]\d|2[0-3]):[0-5]\d$"
Keyword = Annotated[str, StringConstraints(max_length=LONGEST_KEYWORD), AfterValidator(_keyword)]
Keywords = Annotated[tuple[Keyword, ...], Field(max_length=MOST_KEYWORDS)]
UrusanCode = Annotated[str, StringConstraints(max_length=32), AfterValidator(_urusan)]
RegionCode = Annotated[str, StringConstraints(pattern=r"^\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?$")]
Category = Annotated[str, StringConstraints(pattern=r"^\d{1,9}$")]
ChannelName = Annotated[str, StringConstraints(pattern=r"^[a-z]{1,32}$")]
Time = Annotated[str, StringConstraints(pattern=_TIME)]
Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=64)]
Name = Annotated[
    str,
    StringConstraints(pattern=r"^[^\p{Cc}]+$", strip_whitespace=True, max_length=LONGEST_NAME),
]
Note = Annotated[
    str,
    StringConstraints(pattern=r"^[^\p{Cc}]*$", strip_whitespace=True, max_length=LONGEST_NOTE),
]


class Part(BaseModel):
    """A part of a rule; an unknown field is refused rather than overlooked."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Hours(Part):
    """From `start` on, before `end`, in the office's time zone; 22:00 to 04:00 is a night."""

    start: Time = Field(examples=["22:00"])
    end: Time = Field(examples=["04:00"])

    @model_validator(mode="after")
    def _last(self) -> Self:
        if self.start == self.end:
            raise ValueError("start and end are the same")
        return self

    def hold(self, time: str) -> bool:
        """Tell whether `time`, as 07:30, is one of them."""
        if self.start < self.end:
            return self.start <= time < self.end
        return time >= self.start or time < self.end


class Conditions(Part):
    """What must be true of a report: each condition that is given, by any one of its entries.

    A keyword is a whole word, several that follow each other, or with a * the beginning of one;
    case and punctuation do not count. `all_of` needs every keyword, `none_of` forbids them.
    """

    any_of: Keywords = Field(default=(), examples=[["listrik padam", "padam* listrik"]])
    all_of: Keywords = Field(default=(), examples=[["tiang", "miring"]])
    none_of: Keywords = Field(default=(), examples=[["lampu jalan"]])
    categories: tuple[Category, ...] = Field(
        default=(), max_length=LONGEST_LIST, description="Ids of SP4N-LAPOR!."
    )
    urusan: tuple[UrusanCode, ...] = Field(
        default=(), max_length=len(URUSAN), description="One of these is proposed by the model."
    )
    probability: float = Field(
        default=0, ge=0, le=1, description="The least probability of the proposed urusan."
    )
    regions: tuple[RegionCode, ...] = Field(
        default=(), max_length=LONGEST_LIST, description="The report is about a place in these."
    )
    channels: tuple[ChannelName, ...] = Field(default=(), max_length=LONGEST_LIST)
    weekdays: tuple[Weekday, ...] = Field(
        default=(), max_length=len(Weekday), description="Of the moment the report was opened."
    )
    hours: Hours | None = None
    klasifikasi: tuple[Klasifikasi, ...] = Field(default=(), max_length=len(Klasifikasi))
    urgency: tuple[Urgency, ...] = Field(default=(), max_length=len(Urgency))

    @property
    def keywords(self) -> tuple[str, ...]:
        """Return those that a report may or must have."""
        return (*self.all_of, *self.any_of)

    @model_validator(mode="after")
    def _go_by_something(self) -> Self:
        given = self.model_fields_set - {"none_of", "probability"}
        if not any(getattr(self, name) for name in given):
            raise ValueError("a rule needs a condition, other than none_of and probability")
        if self.probability and not self.urusan:
            raise ValueError("probability goes with urusan")
        if len(self.keywords) + len(self.none_of) > MOST_KEYWORDS:
            raise ValueError(f"a rule has at most {MOST_KEYWORDS} keywords")
        return self


class Outcome(Part):
    """Where the report goes: to the OPD `agency`, or to the one that `urusan` leads to.

    Beside `agency`, `urusan` only says what the report is about. `tier` asks no other government
    than that one, in whose area the report's is.
    """

    urusan: UrusanCode | None = Field(default=None, examples=["EKSTERNAL"])
    agency: Slug | None = Field(default=None, description="Its slug.", examples=["national-pln"])
    tier: Tier | None = Field(default=None, examples=[None])
    urgency: Urgency | None = Field(default=None, description="Instead of the model's.")
    note: Note = Field(default="", description="Why, for those who read the suggestion.")

    @model_validator(mode="after")
    def _lead_somewhere(self) -> Self:
        if self.agency is None and self.urusan is None:
            raise ValueError("an outcome needs an urusan or an agency")
        if self.agency is not None and self.tier is not None:
            raise ValueError("tier goes with urusan alone: an agency is one already")
        return self


class Rule(Part):
    """A rule as it is written: its name, which is given once, its conditions and its outcome."""

    name: Name = Field(min_length=1, examples=["Listrik padam"])
    conditions: Conditions
    outcome: Outcome
