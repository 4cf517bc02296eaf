"""What public messages are for: a small model of our own sentences, and the committed one."""

import os
from collections import Counter
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import classifier
from classifier.load import load
from classifier.purpose import CUT, READ, WEIGHTS, Purposes, forms
from classifier.purpose_training import (
    FORMAL,
    MESSAGES,
    Message,
    Recipe,
    group,
    learn,
    messages,
    train,
)
from classifier.rows import is_held_out, read
from core.errors import ConfigurationError
from core.understanding import Purpose, Text
from tests.classifier.small import train_small

PLACES = ("gang mawar", "jalan kenanga", "depan balai desa", "pasar baru", "simpang empat")
SAID = {
    Purpose.KELUHAN: (
        "@kota lampu di {} mati tolong diperbaiki",
        "jalan di {} bolong pak, kapan diaspal?",
        "sampah di {} tidak diangkut seminggu",
        "got mampet di {} jadi banjir mohon dikeruk",
    ),
    Purpose.RESPON: (
        "RT @dinas: 5/1 petugas perbaikan lampu {} selesai",
        "petugas melakukan pembersihan saluran {} pagi ini 08.30",
        "penertiban pedagang di {} oleh petugas, konfirmasi selesai",
    ),
    Purpose.BUKAN_KELUHAN: (
        "selamat pagi warga {} semoga sukses selalu",
        "wkwk lucu banget acara di {} semalam",
        "keren pak, salut buat {} makin bagus",
        "kemarin makan bakso di {} enak sekali haha",
    ),
}
SMALL = [
    Message(said.format(place), purpose)
    for purpose, sayings in SAID.items()
    for said, place in product(sayings, PLACES)
]
LETTERS = [f"Dengan hormat, kami warga {place} mengeluhkan saluran yang rusak." for place in PLACES]
RECIPE = Recipe(floor=1, formal=5, kept=1.0, kept_formal=1.0)
DATA = os.environ.get("KANAL_DATA", "")


@pytest.fixture(scope="module")
def purposes() -> Purposes:
    return train(SMALL, LETTERS, RECIPE)[0]


def test_own_sentences_are_told_apart(purposes: Purposes) -> None:
    told = purposes.of(
        [
            "lampu di pasar lama mati, tolong diperbaiki",
            "petugas perbaikan lampu selesai",
            "selamat pagi, semoga sukses",
        ]
    )
    assert told == [Purpose.KELUHAN, Purpose.RESPON, Purpose.BUKAN_KELUHAN]


def test_complaints_are_likelier_than_talk(purposes: Purposes) -> None:
    complaint, talk = purposes.complaints(["jalan bolong kapan diaspal", "haha lucu banget"])
    assert 0 <= talk < complaint <= 1


def test_what_is_saved_is_what_is_loaded(purposes: Purposes, tmp_path: Path) -> None:
    purposes.save(tmp_path / "model")
    texts = [message.text for message in SMALL]
    loaded = Purposes.load(tmp_path / "model")
    assert list(loaded.complaints(texts)) == pytest.approx(
        list(purposes.complaints(texts)), rel=1e-4
    )
    assert loaded.of(texts) == purposes.of(texts)


def test_the_same_rows_make_the_same_model(purposes: Purposes) -> None:
    again, figures = train(SMALL, LETTERS, RECIPE)
    texts = [message.text for message in SMALL]
    assert list(again.complaints(texts)) == pytest.approx(
        list(purposes.complaints(texts)), rel=1e-4
    )
    assert figures.messages == len(SMALL)


@pytest.mark.parametrize("text", ["", "🙏🙏", "救命 房子着火了", "12345", "مرحبا"])
def test_what_nobody_can_read_is_not_dismissed(purposes: Purposes, text: str) -> None:
    assert purposes.of([text]) == [Purpose.KELUHAN]


def test_only_so_much_of_a_text_is_read() -> None:
    text = "x " * (READ // 2)
    assert forms(text + "rusak") == forms(text)
    assert forms("rusak " + text) != forms("baik " + text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("@dinas lampu mati", "@walikota lampu mati"),
        ("lampu mati https://t.co/a1", "lampu mati https://t.co/b2"),
        ("lampu matiiii", "lampu mati"),
        ("lampu mati di simpang", "lampu mati di simpang jal…"),
    ],
)
def test_names_and_addresses_make_no_difference(one: str, other: str) -> None:
    assert forms(one) == forms(other)


def test_a_message_passed_on_is_the_same_message() -> None:
    assert group("RT @kota: Lampu mati, https://t.co/x") == group("lampu mati")


def test_the_classifier_tells_the_purpose_of_public_texts(
    purposes: Purposes, tmp_path: Path
) -> None:
    folder = tmp_path / "small"
    train_small(folder)
    texts = [Text("haha lucu banget acaranya", "x", public=public) for public in (True, False)]
    assert [one.purpose for one in load(folder).understand(texts)] == [None, None]
    purposes.save(folder)
    told = [one.purpose for one in load(folder).understand(texts)]
    assert told == [Purpose.BUKAN_KELUHAN, None]


@pytest.mark.parametrize("file", [CUT, WEIGHTS])
def test_a_broken_model_is_named(purposes: Purposes, tmp_path: Path, file: str) -> None:
    folder = tmp_path / "small"
    train_small(folder)
    purposes.save(folder)
    (folder / file).write_text("broken")
    with pytest.raises(ConfigurationError, match="small"):
        load(folder)


def test_no_message_at_all(purposes: Purposes) -> None:
    assert purposes.of([]) == []


@given(st.lists(st.text(max_size=400), max_size=4))
def test_any_text_is_read(purposes: Purposes, texts: list[str]) -> None:
    assert len(purposes.of(texts)) == len(texts)


@pytest.mark.parametrize("content", ["", "no json", '{"text": "a"}', '{"text": "a", "label": "b"}'])
def test_files_that_are_none(tmp_path: Path, content: str) -> None:
    if content:
        (tmp_path / MESSAGES).write_text(content)
    with pytest.raises(ConfigurationError, match=MESSAGES):
        learn(tmp_path, tmp_path / "model")


needs_data = pytest.mark.skipif(
    not DATA, reason="KANAL_DATA names no folder with labelled texts: the model is NOT measured"
)


@needs_data
def test_the_committed_model_keeps_complaints_and_drops_talk() -> None:
    model = Purposes.load(Path(classifier.__file__).with_name("model"))
    folder = Path(DATA) / "complaints"
    unseen = [one for one in messages(folder / MESSAGES) if is_held_out(one.text)]
    told = model.of([one.text for one in unseen])
    kept = Counter(one.purpose for one, seen in zip(unseen, told, strict=True) if seen == "keluhan")
    of = Counter(one.purpose for one in unseen)
    assert kept[Purpose.KELUHAN] >= 0.96 * of[Purpose.KELUHAN]  # some sixty messages
    others = (Purpose.RESPON, Purpose.BUKAN_KELUHAN)
    assert sum(kept[one] for one in others) <= 0.75 * sum(of[one] for one in others)
    formal = [row.text for row in read(folder / FORMAL) if is_held_out(row.text)]
    told = model.of(formal)
    assert told.count(Purpose.KELUHAN) >= 0.99 * len(formal)
