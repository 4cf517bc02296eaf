"""E-mail addresses, also with the blank that a phone's keyboard puts before the @."""

from collections.abc import Iterator

import regex

from core.guard.found import HIDDEN, Found, Kind

_PROVIDERS = "gmail|googlemail|yahoo|ymail|rocketmail|hotmail|outlook|live|icloud|proton|email"
_SIGN = r"[\p{L}\p{N}._%+\-]"
# What is left of a hidden address begins no other. The last line takes in what hangs on an address
# by a second @: it may be one too.
_ADDRESS = regex.compile(
    rf"""
    (?<! {_SIGN} | @{HIDDEN}{{1,260}}) {_SIGN}++
    (?: @ | \s?@\s?(?=(?:{_PROVIDERS})\.) )
    (?:[\p{{L}}\p{{N}}] [\p{{L}}\p{{N}}\-]{{0,62}} \.){{1,4}} \p{{L}}{{2,24}}
    (?![\p{{L}}\p{{N}}])
    (?: {_SIGN}* @ {_SIGN}* )*+
    """,
    regex.IGNORECASE | regex.VERBOSE,
)


def find_mail(text: str) -> Iterator[Found]:
    """Give the e-mail addresses in `text`."""
    if "@" in text:
        for match in _ADDRESS.finditer(text):
            yield Found(Kind.EMAIL, match.start(), match.end())
