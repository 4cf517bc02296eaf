"""Cross evaluation: trains without a part of the data folder and measures on that part.

`python -m classifier.cross FOLDER [PART ...]` prints what MODEL.md tells: a later time, an unseen
city, that city by thirds, tweets by thirds. Each of the eight trainings takes one to three minutes.
"""

import json
import sys
import zlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from classifier.config import Config
from classifier.config import read as read_config
from classifier.data_folder import REPORTS, Material, material, objects, place
from classifier.evaluate import Figures, evaluate
from classifier.load import FORMAT, load
from classifier.rows import Row
from classifier.train import fitted, write
from core.understanding import Text, Understanding

FIRST_CITY, SECOND_CITY, TWEETS = "surabaya_mediacenter", "kab_bandung_sp4n", "bandung_tweets"
_LATEST = 0.12  # of the first city
_THIRDS = 3

Found = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Split:
    """What is learned without, and then measured on; splits of one `name` are measured as one."""

    name: str
    left_out: frozenset[str]
    measured: tuple[Row, ...]


def splits(folder: Path) -> Iterator[Split]:
    """Yield the parts to leave out."""
    found = [one for name in REPORTS for one in objects(place(folder) / name)]
    city = sorted(
        (one for one in found if one["source"] == FIRST_CITY),
        key=lambda one: (one["date"] or "", one["text"]),
    )
    latest = city[round(len(city) * (1 - _LATEST)) :]
    second = [one for one in found if one["source"] == SECOND_CITY]
    tweets = [one for one in found if one["source"] == TWEETS]
    yield _split("a later time", latest)
    yield _split("an unseen city", second)
    for third in range(_THIRDS):
        yield _split("second city", _third(second, third))
        yield _split("tweets", _third(tweets, third))


def _third(found: Sequence[Found], third: int) -> list[Found]:
    return [one for one in found if zlib.crc32(one["text"].encode()) % _THIRDS == third]


def _split(name: str, found: Sequence[Found]) -> Split:
    rows = tuple(
        Row(one["text"], one["label"], one["source"], accept=tuple(one.get("accept") or ()))
        for one in found
    )
    return Split(name, frozenset(row.text for row in rows), rows)


def understood(split: Split, everything: Material, config: Config) -> list[Understanding]:
    """Return what a model that has not seen the split says of its texts."""
    reports = tuple(row for row in everything.reports if row.text not in split.left_out)
    trained = fitted(replace(everything, reports=reports), config, lambda _what, _share: None)
    with TemporaryDirectory() as made:
        write(trained, Path(made), {"version": "cross", "format": FORMAT})
        return load(Path(made)).understand([Text(row.text) for row in split.measured])


class Known:
    """Says of texts what was understood of them before."""

    def __init__(self, answers: Mapping[str, Understanding]) -> None:
        self._answers = answers

    def understand(self, texts: Sequence[Text]) -> list[Understanding]:
        """Return what is known; KeyError for a text of which nothing is."""
        return [self._answers[one.text] for one in texts]


def figures(parts: Mapping[Split, Sequence[Understanding]]) -> Figures:
    """Return the figures of all `parts` as one."""
    rows = [row for split in parts for row in split.measured]
    found = chain.from_iterable(parts.values())
    return evaluate(Known({row.text: one for row, one in zip(rows, found, strict=True)}), rows)


def main(folder: Path, names: Collection[str], tell: Callable[[str], object]) -> None:
    """Tell the figures of the parts with these names, of all without names, as JSON."""
    config, everything = read_config(), material(folder)
    found: dict[str, dict[Split, list[Understanding]]] = defaultdict(dict)
    for split in splits(folder):
        if not names or split.name in names:
            found[split.name][split] = understood(split, everything, config)
    for name, parts in found.items():
        told = figures(parts).as_json()
        plain = {key: one for key, one in told.items() if isinstance(one, int | float)}
        tell(json.dumps({"part": name} | plain) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:], sys.stdout.write)
