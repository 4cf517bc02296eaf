"""Phone numbers, as the library of numbering plans knows them; public short numbers are none."""

from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberType,
    number_type,
    parse,
)

from core.guard.chains import Chain, exactly
from core.guard.cues import Cue, Said

LONGEST = 15  # digits (E.164)
SHORTEST = 8
WHOLE = 10  # digits that are a number by themselves
GROUP = 3  # a shorter group is rather a count of something: "0812 3456 7890 2 orang"
NATIONAL = range(7, 13)  # digits of an Indonesian number without its first 0
LOCAL = range(6, 9)  # digits of a landline without the code of its area
INDONESIA = 62

# Not the call centres (1500 xxx), free and shared-cost numbers: nobody's own.
_PERSONAL = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
        PhoneNumberType.PERSONAL_NUMBER,
        PhoneNumberType.PAGER,
    }
)


def last_of_phone(text: str, chain: Chain, first: int, said: Said) -> int:
    """Return the index of the last group of the phone number that begins at `first`; -1 if none."""
    called = said.direct and said.cue in {Cue.PHONE, Cue.LANDLINE}
    plus = text[max(0, chain[first].start - 1) : chain[first].start] == "+"
    if not (plus or _begins_one(chain, first) or (called and chain[first].digits[0] == "8")):
        return _local(chain, first, said)
    best, digits = -1, ""
    for index in range(first, len(chain)):
        digits += chain[index].digits
        if len(digits) > LONGEST or (best >= 0 and not _goes_on(chain, first, index)):
            break
        if len(digits) >= SHORTEST and _is_personal(digits, plus):
            best = index
    return best if best >= 0 else _local(chain, first, said)


def _begins_one(chain: Chain, first: int) -> bool:
    """Tell whether the group leads into a national number, or one with 62 and no plus."""
    digits = chain[first].digits
    if digits.startswith("62"):
        return True
    follows = chain[first + 1].joint if first + 1 < len(chain) else ""
    return digits[0] == "0" and (len(digits) > 1 or follows != ".")


def _goes_on(chain: Chain, first: int, index: int) -> bool:
    """Tell whether the group at `index` can still belong to what is a number without it."""
    block, before = chain[index], chain[index - 1]
    if len(chain[first].digits) >= WHOLE or block.digits.startswith(("08", "62")):
        return False
    regular = len(block.digits) == len(before.digits) or bool(block.joint.strip(" "))
    return len(block.digits) >= GROUP or regular


def _is_personal(digits: str, plus: bool) -> bool:
    """Tell whether the digits are a valid number of a person, an office or a company."""
    if plus and not digits.startswith("62"):
        try:
            return number_type(parse(f"+{digits}")) in _PERSONAL
        except NumberParseException:
            return False
    national = digits.removeprefix("62").removeprefix("0")
    if len(national) not in NATIONAL or national[0] in "01":
        return False
    number = PhoneNumber(country_code=INDONESIA, national_number=int(national))
    return number_type(number) in _PERSONAL


def _local(chain: Chain, first: int, said: Said) -> int:
    """Return the last group of a landline without area code, which only its word makes one."""
    if not said.direct or said.cue is not Cue.LANDLINE or chain[first].digits[0] in "01":
        return -1
    ends = (exactly(chain, first, count) for count in reversed(LOCAL))
    return next((end for end in ends if end >= 0), -1)
