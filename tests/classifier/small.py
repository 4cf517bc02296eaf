"""A small model of a few sentences of our own, for tests of the whole way."""

from itertools import product
from pathlib import Path

from classifier.config import Calibrating, Config, Features, Svm, Triage
from classifier.data_folder import Material
from classifier.rows import Row
from classifier.train import train

OPENINGS = ("mohon dibantu", "selamat pagi pak", "ijin lapor", "tolong ditindaklanjuti min")
PLACES = ("di depan gapura biru", "sudah dua minggu", "dekat pos ronda kami")
TOPICS = {
    "DLH": ("sampah menumpuk tidak diangkut", "pohon miring mau tumbang"),
    "DISHUB": ("lampu jalan padam semalaman", "parkir liar bikin macet"),
    "PUPR": ("aspal jalan berlubang dalam", "selokan mampet airnya meluap"),
    "DISDUKCAPIL": ("ktp saya belum dicetak", "akta kelahiran salah nama"),
}
CONFIG = Config(
    seed=1,
    folds=2,
    features=Features(bits=14, shortest=3, longest=5, floor=2, whole=2.0),
    svm=Svm(cost=0.2, balance=0.5, vague=("KEWILAYAHAN", "SETDA"), beside=0.4),
    calibration=Calibrating(balance=0.2, styles=(), offsets={"KEWILAYAHAN": 0.1}),
    weights={"phrases": 2.0},
    triage=Triage(wrong=3.0, manual=1.0),
)


def material() -> Material:
    """Made-up reports of four urusan, a phrase, and texts about nothing."""
    reports = tuple(
        Row(f"{opening} {topic} {place}", label, "made_up")
        for label, topics in TOPICS.items()
        for opening, topic, place in product(OPENINGS, topics, PLACES)
    )
    phrases = (Row("kartu keluarga hilang", "DISDUKCAPIL", "phrases"),)
    nothing = tuple(Row(text, "", "phrases") for text in ("halo min", "terima kasih", "tes"))
    return Material(reports, phrases, nothing)


def train_small(folder: Path, version: str = "small-1") -> None:
    """Train on `material` and write the model into `folder`."""
    train(material(), CONFIG, folder, version, lambda _what, _share: None)
