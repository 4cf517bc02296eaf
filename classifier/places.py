"""Finds the places that a text names: areas of the registry, streets, RT/RW and landmarks."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from string import ascii_uppercase

from spacy.tokens import Doc
from spacy.vocab import Vocab

from classifier.addresses import LANDMARK, NUMBERED, STREET, Cues, fixed, landmarks, streets
from classifier.area_names import accepted, candidates, mention
from classifier.gazetteer import Gazetteer, Strength
from core.registry.registry import Registry
from core.understanding import Mention

READ = 4_000  # characters of a text that are read
MOST = 50  # names of areas in a text that are weighed
_SHOUTED = 0.5  # of a text are capitals: then a capital says nothing
_CAPITAL = ascii_uppercase.encode()
_CAPITALS = re.compile(r"[A-Z]{2,}")


class Places:
    """Finds places by the names of one registry and by wording.

    The tokens of a Doc must be runs of word characters and single marks, as gazetteer.TOKEN has
    them; white space may be tokens.
    """

    def __init__(self, vocab: Vocab, registry: Registry) -> None:
        self._cues = Cues(vocab)
        self._gazetteer = Gazetteer(vocab, registry)

    def find(self, doc: Doc, text: str = "") -> tuple[Mention, ...]:
        """Return the places in the first READ characters, in order, none over another.

        `start` and `end` count characters of `doc.text`; who has that at hand gives it as `text`.
        """
        text = (text or doc.text)[:READ]
        shouted = _is_shouted(text)
        cues = self._cues.found(doc)
        names = list(islice(candidates(doc, text, self._gazetteer.found(doc), shouted), MOST))
        borders = {
            border
            for name in names
            if name.announced or name.strength >= Strength.MODEST
            for border in (name.start, name.whole)
        }
        taken = bytearray(len(text))
        found = [
            *_free(fixed(text, cues.get(NUMBERED, ())), taken),
            *_free(streets(text, cues.get(STREET, ()), borders, shouted), taken),
        ]
        names = [name for name in names if 1 not in taken[name.start : name.end]]
        meant = accepted(text, names)
        areas = list(_free((mention(text, name, meant) for name in meant), taken))
        borders = {area.start for area in areas}
        beside = landmarks(text, cues.get(LANDMARK, ()), borders, shouted)
        return tuple(sorted([*found, *areas, *_free(beside, taken)], key=lambda each: each.start))


def _is_shouted(text: str) -> bool:
    others = text.encode("ascii", errors="replace").translate(None, _CAPITAL)
    if len(text) - len(others) <= _SHOUTED * len(text):
        return False  # nearly always: all capitals together are not enough
    return len("".join(_CAPITALS.findall(text))) > _SHOUTED * len(text)


def _free(mentions: Iterable[Mention], taken: bytearray) -> Iterator[Mention]:
    """Yield those of which no character is `taken`, and take theirs."""
    for each in mentions:
        if 1 not in taken[each.start : each.end]:
            taken[each.start : each.end] = b"\1" * (each.end - each.start)
            yield each
