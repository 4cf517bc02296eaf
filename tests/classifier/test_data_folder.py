"""The folder that models are trained with, and the numbers of a training."""

import json
from pathlib import Path

import pytest

from classifier.config import DEFAULT
from classifier.config import read as read_config
from classifier.data_folder import RECAP, REPORTS, development, material, own_phrases
from classifier.rows import is_held_out
from core.errors import ConfigurationError
from core.urusan import URUSAN


def _write(file: Path, rows: list[dict[str, object]]) -> None:
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    below = tmp_path / "complaints"
    below.mkdir()
    train, tweets = REPORTS
    many = [
        f"lampu nomor {chr(97 + n % 26)}{chr(97 + n // 26)} padam di gang kami" for n in range(300)
    ]
    _write(below / train, [{"text": text, "label": "DISHUB", "source": "kota"} for text in many])
    _write(below / tweets, [{"text": "sampah", "label": "DLH", "accept": ["DLH", "PUPR"]}])
    recap: list[dict[str, object]] = [
        {"text": "pipa bocor", "label": "PDAM Kota Contoh", "source": "recap"},
        {"text": "pelayanan", "label": "Dinas Kesehatan", "source": "recap", "conflict": True},
        {"text": "lain", "label": "Lain-Lain", "source": "recap"},
    ]
    _write(below / RECAP, recap)
    return tmp_path


def test_what_is_held_out_is_never_learned(folder: Path) -> None:
    learned = {row.text for row in material(folder).reports}
    kept = {row.text for row in development(folder)}
    assert len(learned | kept) == 301
    assert kept
    assert not learned & kept
    assert all(map(is_held_out, kept))
    assert development(folder / "complaints") == development(folder)


def test_phrases_name_an_urusan_and_nothing_names_none(folder: Path) -> None:
    found = material(folder)
    recap = [row for row in found.phrases if row.source == "recap"]
    assert [(row.text, row.label) for row in recap] == [("pipa bocor", "PDAM")]
    assert {row.label for row in found.phrases} == set(URUSAN)
    assert {row.label for row in found.nothing} == {""}
    assert len(found.nothing) > 100
    assert len({row.text for row in own_phrases()}) == len(own_phrases())


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "complaints" / RECAP).unlink()
    with pytest.raises(ConfigurationError, match=RECAP):
        material(folder)


def test_the_packaged_numbers_are_read() -> None:
    found = read_config()
    assert found.features.floor >= 5
    assert found.triage.threshold == pytest.approx(2 / 3)
    assert found.digest == read_config(DEFAULT).digest


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("seed = 1", "", "seed: Field required"),
        ("bits = 20", 'bits = "many"', "features.bits"),
        ("[svm]", "[svm", "TOMLDecodeError"),
    ],
)
def test_a_broken_configuration_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(DEFAULT.read_text().replace(old, new, 1))
    with pytest.raises(ConfigurationError, match=said):
        read_config(file)


def test_other_numbers_have_another_digest(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(DEFAULT.read_text().replace("seed = 1", "seed = 2", 1))
    assert read_config(file).digest != read_config().digest
