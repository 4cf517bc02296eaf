"""The model that comes with Kanal: its size, what it holds, its figures when the data is here."""

import json
from os import environ
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest

from classifier.config import read as read_config
from classifier.data_folder import development
from classifier.evaluate import evaluate
from classifier.linear import Linear
from classifier.load import Classifier, load
from classifier.pipeline import COMPONENT, WEIGHTS
from core.understanding import Text
from core.urusan import URUSAN

FOLDER = Path(__file__).parents[2] / "classifier" / "model"
DATA = environ.get("KANAL_DATA", "")
MOST_BYTES = 8_000_000
LONGEST_LOAD = 1.5  # seconds


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return load(FOLDER)


def test_it_is_small_and_loads_at_once(classifier: Classifier) -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) <= MOST_BYTES
    began = perf_counter()
    assert load(FOLDER).version == classifier.version
    assert perf_counter() - began < LONGEST_LOAD


def test_it_holds_numbers_and_no_words() -> None:
    with (FOLDER / COMPONENT / WEIGHTS).open("rb") as file, np.load(file) as stored:
        kinds = {name: stored[name].dtype.kind for name in stored.files}
    assert {name for name, kind in kinds.items() if kind not in "iuf"} == {"classes"}
    model = Linear.load(FOLDER / COMPONENT / WEIGHTS)
    styles = [f"style:{source}" for source in read_config().calibration.styles]
    assert list(model.classes) == [*URUSAN, *styles]
    assert not (FOLDER / "vocab").exists()
    assert {path.suffix for path in FOLDER.rglob("*") if path.is_file()} <= {
        *(".npz", ".json", ".cfg"),
    }


def test_every_feature_was_in_five_reports() -> None:
    """A feature's idf tells how many reports had it: what fewer than the floor had is not kept."""
    model = Linear.load(FOLDER / COMPONENT / WEIGHTS)
    about = json.loads((FOLDER / "meta.json").read_text())["kanal"]
    config = read_config()
    assert config.features.floor >= 5
    assert about["config"] == config.digest, "trained with other numbers: train it again"
    sources = about["rows"]
    reports = sum(sources[name] for name in sources if name in REPORT_SOURCES)
    whole = np.where(model.kept >= model.shape.half, config.features.whole, 1.0)
    had = (1 + reports) / np.exp(model.idf / whole - 1) - 1
    assert had.min() >= config.features.floor - 0.05


REPORT_SOURCES = {"surabaya_mediacenter", "kab_bandung_sp4n", "bandung_tweets"}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("lampu pju di gang kami padam sudah seminggu, gelap sekali kalau malam", "DISHUB"),
        ("Sampah numpuk di TPS blm diangkut 4 hari, baunya minta ampun", "DLH"),
        ("aspal berlubang di tikungan, kemarin ada yg jatuh dari motor", "PUPR"),
        ("KK saya salah nama ayah, gimana cara memperbaikinya?", "DISDUKCAPIL"),
        ("air pdam mati dari subuh, tagihan kok tetap naik", "PDAM"),
        ("puskesmas antre lama dan obatnya kosong", "DINKES"),
        ("bansos pkh bulan ini kok belum cair ya", "DINSOS"),
        ("sekolah minta uang seragam padahal smp negeri", "DISDIK"),
        ("ada sarang tawon besar di atap rumah warga", "DAMKAR"),
        ("pedagang kaki lima jualan di trotoar minta ditertibkan", "SATPOLPP"),
        ("perusahaan tidak bayar pesangon setelah phk", "DISNAKER"),
        ("listrik padam tiap malam, token sudah diisi", "EKSTERNAL"),
    ],
)
def test_plain_reports_are_understood(classifier: Classifier, text: str, label: str) -> None:
    assert classifier.understand([Text(text)])[0].urusan[0].urusan == label


@pytest.mark.parametrize(
    "text",
    [
        *("", "\U0001f64f" * 30, "mantap pak", "selamat pagi", "halo min", "terima kasih banyak"),
        *("ok", "\u0647\u0644", "tes 123", "asdf qwer zxcv", "...", "1" * 20_000, "la " * 6_667),
    ],
    ids=lambda text: repr(text[:14]),
)
def test_what_has_no_topic_goes_to_a_human(classifier: Classifier, text: str) -> None:
    assert not classifier.understand([Text(text)])[0].sure


@pytest.mark.skipif(
    not DATA, reason="KANAL_DATA names no data folder: THE FIGURES OF THE MODEL ARE NOT TESTED"
)
def test_figures_on_the_development_split(classifier: Classifier) -> None:
    found = evaluate(classifier, development(Path(DATA)))
    assert found.rows > 900
    assert found.accuracy >= 0.80
    assert found.macro_f1 >= 0.64
    assert found.top3 >= 0.94
    assert found.calibration_error <= 0.04
    assert found.accuracy_at_90 >= 0.845
