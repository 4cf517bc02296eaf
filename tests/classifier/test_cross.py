"""Training without a part of the data folder, and measuring on that part."""

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from classifier.cross import FIRST_CITY, SECOND_CITY, TWEETS, Split, figures, splits, understood
from classifier.rows import Row
from core.understanding import Likelihood, Understanding
from tests.classifier.small import CONFIG, OPENINGS, PLACES, TOPICS, material


def _rows(source: str, date: str | None) -> Iterator[dict[str, object]]:
    for label, topics in TOPICS.items():
        for number, (topic, place) in enumerate(product(topics, PLACES)):
            day = f"{date}-{number + 1:02}" if date else None
            yield {"text": f"{topic} {place}", "label": label, "source": source, "date": day}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    sources = {
        "train.jsonl": [*_rows(FIRST_CITY, "2023-05"), *_rows(SECOND_CITY, None)],
        "tweets_topic.jsonl": [*_rows(TWEETS, None)],
    }
    for name, rows in sources.items():
        (tmp_path / name).write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return tmp_path


def test_parts_are_the_latest_a_city_and_thirds(folder: Path) -> None:
    found = list(splits(folder))
    assert [one.name for one in found[:2]] == ["a later time", "an unseen city"]
    latest, city, *thirds = found
    assert len(latest.measured) == 3  # 12 % of 24 rows, all of the last day
    assert {row.source for row in latest.measured} == {FIRST_CITY}
    for name, source in (("second city", SECOND_CITY), ("tweets", TWEETS)):
        rows = [row for one in thirds if one.name == name for row in one.measured]
        assert {row.source for row in rows} == {source}
        assert sorted(row.text for row in rows) == sorted(row.text for row in city.measured)


def test_a_part_is_understood_by_a_model_that_never_saw_it() -> None:
    texts = [f"{OPENINGS[0]} {TOPICS['DLH'][0]} {place}" for place in PLACES]
    rows = tuple(Row(text, "DLH", "made_up") for text in texts)
    found = understood(Split("a part", frozenset(texts), rows), material(), CONFIG)
    assert [one.urusan[0].urusan for one in found] == ["DLH"] * len(texts)
    unseen = Split(
        "every DLH", frozenset(r.text for r in material().reports if r.label == "DLH"), rows
    )
    assert {one.urusan[0].urusan for one in understood(unseen, material(), CONFIG)} != {"DLH"}


def test_splits_are_measured_as_one() -> None:
    right, wrong = (
        Split("x", frozenset(), (Row("a", "DLH"),)),
        Split("x", frozenset(), (Row("b", "PUPR"),)),
    )
    said = [Understanding("m", "", (Likelihood("DLH", 0.9),), sure=True, confidence=0.9)]
    found = figures({right: said, wrong: said})
    assert (found.rows, found.accuracy) == (2, 0.5)
