"""A small data folder of our own sentences, and the program behind `kanal model`."""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from app.commands.run import run as start
from app.learning.__main__ import model
from app.learning.workshop import workshop
from classifier.config import DEFAULT

#: What each urusan is complained about, where, and how people end a message.
THINGS = {
    "PUPR": (
        "jalan berlubang besar",
        "aspal jalan rusak parah",
        "jembatan retak",
        "drainase mampet",
    ),
    "DLH": ("sampah menumpuk", "pohon tumbang", "limbah pabrik bau", "bak sampah penuh"),
    "DISHUB": ("lampu penerangan padam", "parkir liar", "rambu hilang", "angkot ngetem"),
    "DISDUKCAPIL": (
        "ktp belum jadi",
        "kartu keluarga salah nama",
        "akta kelahiran lama",
        "antre ktp",
    ),
    "PDAM": ("air keran mati", "pipa air bocor", "tagihan air naik", "air keran keruh"),
}
PLACES = ("di depan pasar", "dekat sekolah", "di gang kami", "di simpang tiga", "di blok sebelah")
ENDS = ("mohon ditindaklanjuti", "sudah seminggu", "tolong segera", "terima kasih", "bagaimana ini")


#: Numbers of the packaged configuration that so few rows need otherwise.
SMALL = {"folds": "2", "bits": "14", "floor": "2", "cost": "2.0"}
ODD = 20  # one in so many was given another urusan by mistake, as in life


def sentences() -> Iterator[tuple[str, str]]:
    """Yield text and urusan: five hundred."""
    for urusan, things in THINGS.items():
        for number, (thing, place, end) in enumerate(product(things, PLACES, ENDS)):
            label = urusan if (number + 7) % ODD else next(one for one in THINGS if one != urusan)
            yield f"{thing} {place} {end}", label


@dataclass(frozen=True)
class Said:
    """What the program printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The lines of JSON."""
        return [json.loads(line) for line in self.out.splitlines()]


Model = Callable[..., Said]


def write_rows(file: Path, rows: list[dict[str, Any]]) -> Path:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the packaged model is trained with, of our own sentences."""
    folder = tmp_path_factory.mktemp("data")
    rows = [{"text": text, "label": label, "source": "uji"} for text, label in sentences()]
    write_rows(folder / "train.jsonl", rows)
    for name in ("tweets_topic", "surabaya_recap_phrases", "laporgub_jateng_stemmed"):
        write_rows(folder / f"{name}.jsonl", [])
    return folder


@pytest.fixture(scope="session")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration for so few rows."""
    file = tmp_path_factory.mktemp("config") / "config.toml"
    text = DEFAULT.read_text(encoding="utf-8")
    for name, number in SMALL.items():
        text, times = re.subn(rf"^{name} = [\d.]+", f"{name} = {number}", text, flags=re.MULTILINE)
        assert times == 1, name
    file.write_text(text, encoding="utf-8")
    return file


def run(folder: Path, *words: str, given: Path | None = None, database: str = "") -> Said:
    """Run `kanal model` with this folder of models, and no database unless one is named.

    It runs in this process, as its own would: `given` is its input, and it ends by SystemExit.
    """
    out, err = (TextIOWrapper(BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with (
        pytest.MonkeyPatch.context() as patch,
        Path(given or os.devnull).open(encoding="utf-8") as stream,
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        for name in [name for name in os.environ if "KANAL_" in name or name == "DATABASE_URL"]:
            patch.delenv(name)
        patch.setenv("KANAL_MODELS", str(folder))
        patch.setenv("COLUMNS", "200")
        if database:
            patch.setenv("DATABASE_URL", database)
        patch.setattr("sys.stdin", stream)
        patch.setattr("sys.argv", ["kanal model", *words])
        with pytest.raises(SystemExit) as ended:
            start(workshop if words[0] in {"train", "evaluate"} else model)
    code = ended.value.code or 0
    assert isinstance(code, int)
    return Said(code, *(one.buffer.getvalue().decode() for one in (out, err)))


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, data: Path, numbers: Path) -> Path:
    """A folder of models with one that was trained on `data`; it is live."""
    folder = tmp_path_factory.mktemp("models")
    said = run(folder, "train", "--data", str(data), "--config", str(numbers))
    assert said.code == 0, said.err
    [version] = [one.name for one in folder.iterdir() if (one / "meta.json").is_file()]
    promoted = run(folder, "promote", version, "--anyway")
    assert promoted.code == 0, promoted.err
    return folder
