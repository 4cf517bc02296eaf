"""Numbers of digits alone: NIK and KK, phones, accounts and cards.

Each rule looks at the groups of digits from one on, and answers with the last group that belongs
to a number and its kind, or None.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from stdnum import luhn
from stdnum.exceptions import ValidationError
from stdnum.id import nik

from core.guard.chains import Block, Chain, chains, digits_of, exactly
from core.guard.cues import NOTHING, Cue, Said, cue_after, cue_before
from core.guard.found import Found, Kind
from core.guard.phones import last_of_phone
from core.guard.walls import Walls

Match = tuple[int, Kind] | None

IDENTITY = 16  # digits of a NIK, a KK, a card
MISTYPED = (IDENTITY, IDENTITY - 1, IDENTITY + 1)  # personal all the same when "NIK" stands there
GROUPS = 6  # of a number that nobody calls a NIK; spelt digit by digit it needs the word
ACCOUNT = range(10, 17)  # digits
FEWEST = 6  # digits of the shortest number, a landline
LONG_GROUP = 4  # groups of a longer row of digits, such as a token of PLN
TIGHT = frozenset(".-")  # joints inside one number
CARD = ("4", "5", "60", "2")  # Visa, Mastercard, GPN

# Kemendagri's two digits of the provinces, with those that came after 2012.
PROVINCES = (
    "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 61 62 63 64 65 71 72 73 74 75 76 "
    "81 82 91 92 93 94 95 96 97"
)
_PROVINCES = frozenset(PROVINCES.split())
WOMAN = 40  # is added to the day of birth
LAST_DAY = 31


@dataclass(frozen=True, slots=True)
class Spot:
    """A group of digits with which a number may begin.

    `free` is the first group of the chain that belongs to no number yet.
    """

    text: str
    chain: Chain
    free: int
    first: int
    said: Said


def find_numbers(text: str, walls: Walls) -> Iterator[Found]:
    """Give the numbers of digits in `text` outside the walls, from left to right."""
    for chain in chains(text, walls):
        yield from _in_chain(text, chain)


def _in_chain(text: str, chain: Chain) -> Iterator[Found]:
    total = sum(len(block.digits) for block in chain)
    nearest = cue_before(text, chain[0].start) if total >= FEWEST else NOTHING
    index = free = 0
    while index < len(chain) and total >= FEWEST:
        said = nearest if nearest.reaches(chain[index].start) else NOTHING
        match = _first_match(Spot(text, chain, free, index, said))
        last = match[0] if match else index
        if match:
            start = _opening(text, chain[index], chain[last])
            yield Found(match[1], start, chain[last].end)
            free = last + 1
        total -= sum(len(block.digits) for block in chain[index : last + 1])
        index = last + 1


def is_nik(digits: str) -> bool:
    """Tell whether 16 digits can be a NIK: a province, and a day of birth (women + 40)."""
    day = int(digits[6:8]) % WOMAN
    if digits[:2] not in _PROVINCES or int(digits[6:8]) > WOMAN + LAST_DAY or day > LAST_DAY:
        return False
    try:
        nik.get_birth_date(digits)
    except ValidationError:
        return False
    return True


def is_kk(digits: str) -> bool:
    """Tell whether 16 digits can be a KK: a province, and the day on which it was recorded."""
    return int(digits[6:8]) <= LAST_DAY and is_nik(digits)


def _first_match(spot: Spot) -> Match:
    """Return what begins at the spot; the surer rules come first.

    Behind a dot or a dash there is the middle of something: "35.78.021.234" is a tax object.
    """
    inside = spot.first > spot.free and spot.chain[spot.first].joint in TIGHT
    if inside:
        return _identity(spot)
    return _identity(spot) or _account(spot) or _phone(spot) or _card(spot)


def _identity(spot: Spot) -> Match:
    chain, first, said = spot.chain, spot.first, spot.said
    called = said.cue in {Cue.NIK, Cue.KK}
    kind = Kind.KK if said.cue is Cue.KK else Kind.NIK
    last = exactly(chain, first, IDENTITY)
    if last >= 0 and said.cue is not Cue.BANK:
        digits = digits_of(chain, first, last)
        if is_nik(digits) and (called or _stands_alone(spot, last)):
            return last, kind if is_kk(digits) else Kind.NIK
    if called and said.direct:
        ends = (exactly(chain, first, count) for count in MISTYPED)
        return next(((end, kind) for end in ends if end >= 0), None)
    return None


def _stands_alone(spot: Spot, last: int) -> bool:
    """Tell whether the groups are no piece out of a longer row, such as a token of PLN."""
    chain, first = spot.chain, spot.first
    if first == last:
        return True
    before = chain[first - 1].digits if first > spot.free else ""
    after = chain[last + 1].digits if last + 1 < len(chain) else ""
    goes_on = len(after) >= LONG_GROUP and not after.startswith(("0", "62"))
    return last - first < GROUPS and len(before) < LONG_GROUP and not goes_on


def _account(spot: Spot) -> Match:
    if spot.said.cue is not Cue.BANK:
        return None
    best, total = -1, 0
    for index in range(spot.first, len(spot.chain)):
        block = spot.chain[index].digits
        if best >= 0 and block.startswith(("08", "62")):
            break
        total += len(block)
        if total in ACCOUNT:
            best = index
        if total >= ACCOUNT.stop:
            break
    return (best, Kind.BANK) if best >= 0 else None


def _phone(spot: Spot) -> Match:
    last = last_of_phone(spot.text, spot.chain, spot.first, spot.said)
    return (last, Kind.PHONE) if last >= 0 else None


def _card(spot: Spot) -> Match:
    """Find what its check digit says is a card, and the account whose owner stands behind it."""
    if spot.said.cue is Cue.METER:
        return None
    chain, first = spot.chain, spot.first
    last = exactly(chain, first, IDENTITY)
    if last >= 0 and _stands_alone(spot, last):
        digits = digits_of(chain, first, last)
        if digits.startswith(CARD) and luhn.is_valid(digits):
            return last, Kind.BANK
    alone = len(chain[first].digits) in ACCOUNT
    named = alone and cue_after(spot.text, chain[first].end) is Cue.BANK
    return (first, Kind.BANK) if named else None


def _opening(text: str, first: Block, last: Block) -> int:
    """Return where the number begins, with the plus and the bracket that belong to it."""
    start = first.start
    start -= text[max(0, start - 1) : start] == "+"
    bracket = text[max(0, start - 1) : start] == "(" and ")" in text[start : last.end]
    return start - bracket
