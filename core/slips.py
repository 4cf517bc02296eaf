"""Tells whether a word is another one with one slip of the finger; pure."""

SHORTEST = 5  # letters of a word that is still known after a slip


def is_slip(typed: str, word: str) -> bool:
    """Tell whether `typed` is `word` with one letter more, less or other, or two swapped.

    Words of fewer than SHORTEST letters have too many neighbours, and the first letter is seldom
    missed: both are never forgiven. Written out, for a ratio as that of difflib allows two slips in
    a long word and none in a short one.
    """
    if len(word) < SHORTEST or abs(len(typed) - len(word)) > 1 or typed[:1] != word[:1]:
        return False
    start = _shared(typed, word)
    typed, word = typed[start:], word[start:]
    if len(typed) != len(word):
        longer, shorter = (typed, word) if len(typed) > len(word) else (word, typed)
        return longer[1:] == shorter
    swapped = typed[1:2] + typed[:1] == word[:2] and typed[2:] == word[2:]
    return bool(word) and (typed[1:] == word[1:] or swapped)


def _shared(one: str, other: str) -> int:
    """Return how many letters both begin with."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
