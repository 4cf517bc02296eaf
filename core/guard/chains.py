"""Runs of digits as people write them: in one piece, or in groups with blanks, dots and dashes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import decimal

import regex

from core.guard.walls import Walls

# Blanks of all kinds, and the invisible signs that a copied contact brings along.
_BLANK = r"[ \t\u00a0\u2000-\u200f\u202a-\u202f\u2060-\u2069\ufeff]"
_DASH = r"[\-\u2010-\u2015\u2212]"
_JOINT = regex.compile(
    rf"{_BLANK}{{1,3}}|\.|{_BLANK}{{0,2}}{_DASH}{_BLANK}{{0,2}}"
    rf"|{_BLANK}{{0,2}}[()](?:{_BLANK}|{_DASH}){{0,2}}"
)
_BLOCK = regex.compile(r"\p{Nd}+")
LONGEST_JOINT = 5


@dataclass(frozen=True, slots=True)
class Block:
    """A group of digits at `start`, written as ASCII in `digits`; `joint` leads to it, or ""."""

    start: int
    end: int
    digits: str
    joint: str


Chain = Sequence[Block]


def chains(text: str, walls: Walls) -> Iterator[Chain]:
    """Give the groups of digits that may belong together, without those behind a wall."""
    chain: list[Block] = []
    for start, end in _blocks(text, walls):
        joint = text[chain[-1].end : start] if chain else ""
        joined = 0 < len(joint) <= LONGEST_JOINT and _JOINT.fullmatch(joint) is not None
        if chain and not joined:
            yield chain
            chain = []
        chain.append(Block(start, end, _ascii(text[start:end]), joint if joined else ""))
    if chain:
        yield chain


def exactly(chain: Chain, first: int, count: int) -> int:
    """Return the index of the block with which `count` digits from `first` on end; -1 if none."""
    total = 0
    for index in range(first, len(chain)):
        total += len(chain[index].digits)
        if total >= count:
            return index if total == count else -1
    return -1


def digits_of(chain: Chain, first: int, last: int) -> str:
    """Return the digits of the blocks from `first` to `last`, both counted in."""
    return "".join(block.digits for block in chain[first : last + 1])


def _blocks(text: str, walls: Walls) -> Iterator[tuple[int, int]]:
    for block in _BLOCK.finditer(text):
        if not walls.cross(*block.span()):
            yield block.span()


def _ascii(written: str) -> str:
    return written if written.isascii() else "".join(str(decimal(sign)) for sign in written)
