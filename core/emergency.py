"""Tells from the wording alone that somebody is in danger now, and whom he should call; pure.

The net holds without a classifier, and beside one: whichever of both gives the alarm is right. A
report is taken in any case; a number too many does no harm, a number too few may.
"""

from collections.abc import Sequence
from functools import lru_cache

from core.phrases import phrase_table
from core.understanding import Understanding, Urgency

#: What an emergency may be about: life, current, fire, violence, people, water. The first one
#: that a text is about is answered: whoever helps there must know it before he comes near.
SUBJECTS = ("jiwa", "listrik", "api", "kekerasan", "orang", "air")
_ALWAYS = frozenset({"jiwa"})  # a cry for help, however it is put
_PHRASES = phrase_table("emergency")


@lru_cache(maxsize=64)
def subject_in(text: str) -> str:
    """Return what the emergency is about that `text` tells, one of SUBJECTS; "" for none.

    What is past, feared, supposed or practised is none, unless the sentence says it goes on.
    """
    found = {subject for words in _PHRASES.sentences(text) for subject in _subjects(words)}
    return next((subject for subject in SUBJECTS if subject in found), "")


def emergency(text: str, understanding: Understanding | None) -> str:
    """Return the key of the sentence that answers an emergency at once, "" when there is none."""
    seen = understanding
    told = seen.alarm if seen is not None and seen.urgency is Urgency.DARURAT else ""
    subjects = {told, subject_in(text)}
    return next((f"emergency-{one}" for one in SUBJECTS if one in subjects), "")


def _subjects(words: Sequence[str]) -> set[str]:
    found = list(_PHRASES.find(words))
    kinds = {one.kind for one in found}
    hidden = {at for one in found if one.kind == "lain" for at in range(one.start, one.end)}
    taken_back = "bukan" in kinds and "kini" not in kinds
    return {
        one.kind
        for one in found
        if one.kind in SUBJECTS
        and one.start not in hidden
        and (one.kind in _ALWAYS or not taken_back)
    }
