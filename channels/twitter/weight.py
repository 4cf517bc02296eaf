"""How long X finds a post, and whether it holds a link: twitter-text, loaded when first used."""

import warnings
from functools import cache
from importlib import import_module
from types import ModuleType

from core.text import clean


@cache
def _twitter_text() -> ModuleType:
    """Return the library; half a second and megabytes that the web process never needs."""
    with warnings.catch_warnings():
        # It reads its list of emoji through pkg_resources, which says that it is old.
        warnings.simplefilter("ignore")
        return import_module("twitter_text")


def weighted(text: str) -> int:
    """Return the length of a post as X counts it: 280 fit.

    https://docs.x.com/fundamentals/counting-characters
    """
    if text.isascii() and "." not in text and "\r" not in text:  # no link, no emoji, weight 1
        return len(text)
    length: int = _twitter_text().parse_tweet(clean(text)).weightedLength
    return length


def has_link(text: str) -> bool:
    """Tell whether X would make a link of something in `text`; a bare lapor.go.id is one.

    The library knows the top domains of its own year only, so a scheme counts as a link too.
    """
    return "://" in text or bool(_twitter_text().extract_urls(clean(text)))
