"""Cross evaluation: trains without a part of the data folder and measures on that part.

`python -m classifier.cross FOLDER` prints what MODEL.md tells: a later time, each third of a
second city, that city unseen, each third of the tweets. It takes about ten minutes.
"""

import json
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
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

FIRST_CITY, SECOND_CITY, TWEETS = "surabaya_mediacenter", "kab_bandung_sp4n", "bandung_tweets"
_LATEST = 0.12  # of the first city
_THIRDS = 3

Found = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Split:
    """What is learned without, and then measured on."""

    name: str
    left_out: frozenset[str]
    measured: tuple[Row, ...]


def splits(folder: Path) -> Iterator[Split]:
    """Yield the parts to leave out. Thirds of tweets and second city go together: six trainings."""
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
        yield _split(f"second city, third {third + 1}", _third(second, third))
        yield _split(f"tweets, third {third + 1}", _third(tweets, third))


def _third(found: Sequence[Found], third: int) -> list[Found]:
    return [one for one in found if zlib.crc32(one["text"].encode()) % _THIRDS == third]


def _split(name: str, found: Sequence[Found]) -> Split:
    rows = tuple(
        Row(one["text"], one["label"], one["source"], accept=tuple(one.get("accept") or ()))
        for one in found
    )
    return Split(name, frozenset(row.text for row in rows), rows)


def measured(split: Split, everything: Material, config: Config) -> Figures:
    """Return the figures of a model that has not seen the split."""
    reports = tuple(row for row in everything.reports if row.text not in split.left_out)
    trained = fitted(replace(everything, reports=reports), config, lambda _what, _share: None)
    with TemporaryDirectory() as made:
        write(trained, Path(made), {"version": "cross", "format": FORMAT})
        return evaluate(load(Path(made)), split.measured)


def main(folder: Path, tell: Callable[[str], object]) -> None:
    """Tell the figures of each split, as JSON."""
    config, everything = read_config(), material(folder)
    for split in splits(folder):
        figures = measured(split, everything, config)
        plain = {
            name: one for name, one in figures.as_json().items() if isinstance(one, int | float)
        }
        tell(json.dumps({"split": split.name} | plain) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.stdout.write)
