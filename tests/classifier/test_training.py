"""From a few sentences of our own to a model in service, and what comes of it."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.data_folder import Material
from classifier.load import Classifier, load
from classifier.normalise import LONGEST_TEXT
from classifier.pipeline import WEIGHTS
from classifier.rows import Row
from classifier.train import CLASSES, class_targets, train
from core.errors import ConfigurationError
from core.understanding import Text, Understanding
from tests.classifier.small import CONFIG, TOPICS, material, train_small


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("model") / "small-1"
    train_small(made)
    return made


@pytest.fixture(scope="module")
def classifier(folder: Path) -> Classifier:
    return load(folder)


def _read(classifier: Classifier, text: str) -> Understanding:
    return classifier.understand([Text(text)])[0]


@pytest.mark.parametrize(
    ("text", "label", "word"),
    [
        ("sampah numpuk di pojok gang", "DLH", "sampah"),
        ("Lampu jln padam pak", "DISHUB", "padam"),
        ("ASPAL berlubang parah", "PUPR", "ASPAL"),
        ("ktp blm dicetak", "DISDUKCAPIL", "ktp"),
    ],
)
def test_what_was_learned_is_understood(
    classifier: Classifier, text: str, label: str, word: str
) -> None:
    found = _read(classifier, text)
    assert found.model == "small-1"
    assert found.urusan[0].urusan == label
    assert word in found.urusan[0].words
    assert len(found.urusan) == 5
    probabilities = [one.probability for one in found.urusan]
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(probabilities) <= 1 + 1e-6
    assert all(word in text for one in found.urusan for word in one.words)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\t",
        "\U0001f6a7\U0001f525\U0001f62d" * 40,
        "\u043f\u0440\u0438\u0432\u0435\u0442 \u043a\u0430\u043a \u0434\u0435\u043b\u0430",
        "\u4f60\u597d\u4e16\u754c",
        "?!.,;:",
        "\x00\x01\x02",
        "\ud800 \udfff",
        "qqqq zzzz xxxx",
        "x" * 20_000,
        "entah " * 3_400,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_what_has_no_topic_is_not_sure(classifier: Classifier, text: str) -> None:
    found = _read(classifier, text)
    assert not found.sure
    assert found.model == "small-1"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=())), max_size=4))
def test_no_text_is_an_error(classifier: Classifier, texts: list[str]) -> None:
    found = classifier.understand([Text(text) for text in texts])
    assert len(found) == len(texts)
    assert all(0 <= each.confidence <= 1 for each in found)


def test_a_text_is_understood_alike_alone_and_in_company(classifier: Classifier) -> None:
    texts = [
        Text(f"{topic} nomor {number}")
        for number, topics in enumerate(TOPICS.values())
        for topic in topics
    ]
    together = classifier.understand(texts * 40)
    for text, found in zip(texts, together, strict=False):
        alone = _read(classifier, text.text)
        assert [one.urusan for one in alone.urusan] == [one.urusan for one in found.urusan]
        assert alone.confidence == pytest.approx(found.confidence, abs=1e-5)


@pytest.mark.parametrize(("before", "same"), [(LONGEST_TEXT, True), (LONGEST_TEXT - 7, False)])
def test_a_long_text_is_read_to_its_limit(classifier: Classifier, before: int, same: bool) -> None:
    start = "ktp belum dicetak ".ljust(before, ".")
    one, other = _read(classifier, start), _read(classifier, f"{start}sampah")
    assert (one.digest == other.digest) is same
    assert (one.urusan == other.urusan) is same


def test_the_same_rows_make_the_same_model(folder: Path, tmp_path: Path) -> None:
    train_small(tmp_path / "again")
    for file in (path for path in folder.rglob("*") if path.is_file()):
        assert (tmp_path / "again" / file.relative_to(folder)).read_bytes() == file.read_bytes()


def test_a_model_holds_no_word(folder: Path) -> None:
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert names == [
        "config.cfg",
        "kanal_urusan/calibration.json",
        f"kanal_urusan/{WEIGHTS}",
        "meta.json",
    ]
    everything = b"".join((folder / name).read_bytes() for name in names)
    learned = {word for row in material().reports for word in row.text.split() if len(word) > 5}
    assert not [word for word in learned if word.encode() in everything]


def test_what_a_model_tells_of_itself(folder: Path) -> None:
    about = json.loads((folder / "meta.json").read_text())["kanal"]
    assert about["version"] == "small-1"
    assert about["format"] == 1
    assert about["rows"] == {"made_up": 96, "phrases": 4}
    assert about["config"] == CONFIG.digest


def test_progress_is_told_to_the_end(tmp_path: Path) -> None:
    told: list[float] = []
    train(material(), CONFIG, tmp_path / "m", "v", lambda _what, share: told.append(share))
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1)


def test_too_few_rows_are_refused(tmp_path: Path) -> None:
    few = Material(material().reports[:19])
    with pytest.raises(ConfigurationError, match="19 rows"):
        train(few, CONFIG, tmp_path / "m", "v", lambda _what, _share: None)
    assert not (tmp_path / "m").exists()


def _without_file(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def _with(name: str, content: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(content)


def _of_format(folder: Path, number: int) -> None:
    meta = json.loads((folder / "meta.json").read_text())
    meta["kanal"]["format"] = number
    (folder / "meta.json").write_text(json.dumps(meta))


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (_without_file("meta.json"), "no model there"),
        (_with("meta.json", b"{}"), "no model of ours"),
        (_with("meta.json", b"{"), "no model of ours"),
        (_with("meta.json", b'{"kanal": {"format": 1}}'), "no model of ours"),
        (lambda folder: _of_format(folder, 2), "format 2, this program reads 1"),
        (_without_file("config.cfg"), "broken model"),
        (_without_file(f"kanal_urusan/{WEIGHTS}"), "broken model"),
        (_with(f"kanal_urusan/{WEIGHTS}", b""), "broken model"),
        (_with(f"kanal_urusan/{WEIGHTS}", b"PK\x03\x04 cut short"), "broken model"),
        (_with("kanal_urusan/calibration.json", b"[]"), "broken model"),
        (_with("kanal_urusan/calibration.json", b'{"stretch": "x"}'), "broken model"),
    ],
)
def test_a_broken_model_is_named(tmp_path: Path, harm: Callable[[Path], object], said: str) -> None:
    train_small(tmp_path / "m")
    harm(tmp_path / "m")
    with pytest.raises(ConfigurationError, match=said):
        load(tmp_path / "m")


def test_no_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no model there"):
        load(tmp_path / "nowhere")


def test_a_row_that_counts_more_has_more_say(tmp_path: Path) -> None:
    odd = replace(material().reports[0], text="gapura biru roboh", label="PERKIM")
    shares = []
    for weight in (0.1, 20.0):
        rows = (*material().reports, *[replace(odd, weight=weight)] * 5)
        train(Material(rows), CONFIG, tmp_path / f"m{weight}", "v", lambda _what, _share: None)
        found = load(tmp_path / f"m{weight}").understand([Text(odd.text)])[0]
        shares.append({one.urusan: one.probability for one in found.urusan}.get("PERKIM", 0.0))
    assert shares[0] < shares[1]


@pytest.mark.parametrize(
    ("label", "accept", "against"),
    [
        ("DLH", (), {"DLH": 1.0, "PUPR": 1.0, "KEWILAYAHAN": 1.0}),
        ("DLH", ("DLH", "PUPR"), {"PUPR": 0.0, "DISHUB": 1.0}),
        ("SETDA", (), {"SETDA": 1.0, "KEWILAYAHAN": 1.0, "PUPR": 0.4}),
    ],
)
def test_what_a_row_counts_against_others(
    label: str, accept: tuple[str, ...], against: dict[str, float]
) -> None:
    rows = [Row("sampah", label, accept=accept), *material().reports]
    targets, costs = class_targets(rows, np.ones(len(rows), np.float32), CONFIG.svm)
    assert [name for name, hit in zip(CLASSES, targets[0], strict=True) if hit] == [label]
    found = {name: costs[0, CLASSES.index(name)] for name in against if name != label}
    assert found == pytest.approx({name: against[name] for name in found})
    assert costs[0, CLASSES.index(label)] > 0


def test_a_rare_urusan_counts_more_by_the_power_of_the_balance() -> None:
    rows = [Row("ktp", "DISDUKCAPIL"), *[Row("sampah", "DLH")] * 9]
    _, costs = class_targets(rows, np.ones(len(rows), np.float32), CONFIG.svm)
    rare, common = costs[0, CLASSES.index("DISDUKCAPIL")], costs[1, CLASSES.index("DLH")]
    assert rare / common == pytest.approx(9**CONFIG.svm.balance)
