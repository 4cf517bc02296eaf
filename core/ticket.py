"""Ticket numbers: random, hard to guess, easy to read aloud.

Ten signs as `7KQ2M-X9PAT`: nine random ones and a check sign (Luhn mod 32, which finds every
single wrong sign). The alphabet is Crockford's base 32, without I, L, O and U; the first sign is
a digit, so that hardly any word of a sentence looks like a ticket. About 43 random bits: with a
million tickets given out, one guess in ten million hits.
"""

import secrets

import regex
from stdnum import luhn

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FIRST = "23456789"
HALF = 5

_HEARD = str.maketrans("ILO", "110")
_CANDIDATE = regex.compile(
    r"(?<![\p{L}\p{N}])[0-9][0-9a-z]{4}[ -]?[0-9a-z]{5}(?![\p{L}\p{N}])", regex.IGNORECASE
)
_RESEMBLES = regex.compile(r"(?=.*[0-9])[0-9a-z]{3,7}[ -]?[0-9a-z]{3,7}", regex.IGNORECASE)
_LOOKED_THROUGH = 500  # characters


def new_ticket() -> str:
    """Return a fresh ticket number from the system's random source."""
    body = secrets.choice(FIRST) + "".join(secrets.choice(ALPHABET) for _ in range(2 * HALF - 2))
    signs = body + luhn.calc_check_digit(body, alphabet=ALPHABET)
    return f"{signs[:HALF]}-{signs[HALF:]}"


def read_ticket(written: str) -> str:
    """Return the ticket that a person wrote, in its own spelling; "" when it is none.

    Case, blanks, hyphens and the signs taken for each other (I and L for 1, O for 0) are
    forgiven; a wrong check sign is not.
    """
    signs = "".join(written.upper().split()).replace("-", "").translate(_HEARD)
    if len(signs) != 2 * HALF or signs[0] not in FIRST or set(signs) - set(ALPHABET):
        return ""
    if not luhn.is_valid(signs, alphabet=ALPHABET):
        return ""
    return f"{signs[:HALF]}-{signs[HALF:]}"


def find_ticket(text: str) -> str:
    """Return the first ticket in the first 500 characters of `text`, "" without one."""
    matches = _CANDIDATE.finditer(text[:_LOOKED_THROUGH], overlapped=True)
    candidates = (read_ticket(match.group()) for match in matches)
    return next(filter(None, candidates), "")


def find_tickets(text: str) -> frozenset[str]:
    """Return all tickets in `text`."""
    matches = _CANDIDATE.finditer(text, overlapped=True)
    return frozenset(filter(None, (read_ticket(match.group()) for match in matches)))


def without_tickets(text: str) -> str:
    """Return a short text without the tickets in it, a blank in the place of each."""
    return _CANDIDATE.sub(lambda match: " " if read_ticket(match.group()) else match.group(), text)


def resembles_ticket(written: str) -> bool:
    """Tell whether `written` was meant as a ticket: signs are wrong, missing or too many."""
    return _RESEMBLES.fullmatch(written) is not None
