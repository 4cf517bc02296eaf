"""The folder of models: who is live, who was, and who may become it."""

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.models import (
    META,
    MOST_HISTORY,
    PACKAGED,
    POINTER,
    TOLERANCE,
    TRIAL,
    Models,
    Scores,
    Trial,
    tell,
)
from core.errors import ConfigurationError, MoveRefused, NotFound

GOOD = Scores(0.8, 0.6, 0.9)


def put(folder: Path, name: str) -> None:
    (folder / name).mkdir(parents=True)
    (folder / name / META).write_text(json.dumps({"kanal": {"version": name, "format": 1}}))


@pytest.fixture
def models(tmp_path: Path) -> Models:
    """The packaged model and two that were trained; b fares as well as the packaged one."""
    put(tmp_path, "its-own")
    for name in ("a", "b"):
        put(tmp_path / "models", name)
    found = Models(tmp_path / "models", tmp_path / "its-own")
    found.note_trial("b", Trial(100, GOOD, PACKAGED, GOOD))
    return found


def loads(folder: Path) -> str:
    return folder.name


def breaks(folder: Path) -> str:
    raise ConfigurationError(f"{folder}: broken model")


def test_without_anything_there_is_no_model(tmp_path: Path) -> None:
    models = Models(tmp_path / "none", tmp_path / "nowhere")
    assert (models.versions(), models.live(), models.shadow(), models.stamp()) == (
        [],
        None,
        None,
        None,
    )
    with pytest.raises(MoveRefused):
        models.rollback("petugas", loads)
    with pytest.raises(NotFound):
        models.promote("a", "petugas", loads)


def test_the_packaged_model_is_live_until_another_is(models: Models) -> None:
    assert models.versions() == [PACKAGED, "a", "b"]
    live = models.live()
    assert live is not None
    assert live.name == "its-own"
    assert models.about("a")["version"] == "a"


def test_promote_and_roll_back(models: Models) -> None:
    models.promote("b", "petugas", loads)
    models.promote("a", "admin", loads, anyway=True)
    assert models.live() == models.folder / "a"
    assert models.rollback("petugas", loads) == "b"
    assert models.rollback("petugas", loads) == PACKAGED
    with pytest.raises(MoveRefused, match="before"):
        models.rollback("petugas", loads)
    steps = [(one.who, one.act, one.version) for one in models.standing().history]
    assert steps == [
        ("petugas", "promote", "b"),
        ("admin", "promote", "a"),
        ("petugas", "rollback", "b"),
        ("petugas", "rollback", PACKAGED),
    ]
    assert all(one.at.endswith("+00:00") for one in models.standing().history)


def test_a_first_model_needs_no_comparison_and_can_be_taken_back(tmp_path: Path) -> None:
    put(tmp_path, "a")
    models = Models(tmp_path, tmp_path / "nowhere")
    models.promote("a", "petugas", loads)
    assert models.rollback("petugas", breaks) == PACKAGED
    assert models.live() is None


@pytest.mark.parametrize(
    ("own", "refused"),
    [
        (GOOD, ""),
        (Scores(0.8 - TOLERANCE + 1e-6, 0.6, 0.9), ""),
        (Scores(0.8 - TOLERANCE - 1e-6, 0.6, 0.9), "accuracy 0.795 instead of 0.800"),
        (Scores(0.9, 0.5, 0.9), "macro_f1"),
        (Scores(0.9, 0.9, 0.8), "top3"),
    ],
)
def test_a_worse_model_is_refused_unless_insisted(
    models: Models, own: Scores, refused: str
) -> None:
    models.note_trial("a", Trial(100, own, PACKAGED, GOOD))
    if refused:
        with pytest.raises(MoveRefused, match=refused):
            models.promote("a", "petugas", loads)
        assert models.standing().live == PACKAGED
    models.promote("a", "petugas", loads, anyway=bool(refused))
    assert models.standing().live == "a"


def test_what_was_not_tried_beside_the_live_one_is_refused(models: Models) -> None:
    with pytest.raises(MoveRefused, match="not tried"):
        models.promote("a", "petugas", loads)
    models.note_trial("a", Trial(100, GOOD, "b", GOOD))
    with pytest.raises(MoveRefused, match="not tried"):
        models.promote("a", "petugas", loads)
    models.promote("b", "petugas", loads)
    models.promote("a", "petugas", loads)


CHANGES: dict[str, Callable[[Models], object]] = {
    "promote": lambda models: models.promote("a", "petugas", breaks, anyway=True),
    "shadow": lambda models: models.compare("a", "petugas", breaks),
    "rollback": lambda models: models.rollback("petugas", breaks),
}


@pytest.mark.parametrize("act", CHANGES)
def test_what_does_not_load_changes_nothing(models: Models, act: str) -> None:
    models.promote("b", "petugas", loads)
    before, stamp = models.standing(), models.stamp()
    with pytest.raises(ConfigurationError):
        CHANGES[act](models)
    assert (models.standing(), models.stamp()) == (before, stamp)


def test_the_shadow(models: Models) -> None:
    models.compare("b", "petugas", loads)
    assert models.shadow() == models.folder / "b"
    with pytest.raises(MoveRefused, match="live"):
        models.compare(PACKAGED, "petugas", loads)
    models.promote("b", "petugas", loads)
    assert models.shadow() is None  # it answers now
    models.compare("a", "petugas", loads)
    models.compare("", "petugas", loads)
    assert models.standing().shadow == ""


@pytest.mark.parametrize(
    "version", ["", "..", "../its-own", "/etc", "A", "a/b", "tidak-ada", ".lock"]
)
def test_a_version_is_never_a_way_out_of_the_folder(models: Models, version: str) -> None:
    with pytest.raises(NotFound):
        models.promote(version, "petugas", loads, anyway=True)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"live": 7}', '{"live": "a", "history": [{}]}', "\x00"]
)
def test_a_broken_pointer_is_said(models: Models, content: str) -> None:
    (models.folder / POINTER).write_text(content)
    with pytest.raises(ConfigurationError, match=POINTER):
        models.standing()


@pytest.mark.parametrize("content", ["", "{}", '{"rows": 1, "own": {"accuracy": "x"}}'])
def test_a_broken_trial_is_said(models: Models, content: str) -> None:
    (models.folder / "a" / TRIAL).write_text(content)
    with pytest.raises(ConfigurationError, match=TRIAL):
        models.promote("a", "petugas", loads)


@pytest.mark.parametrize("content", ["", "{}", '{"lang": "id"}', '{"kanal": 7}'])
def test_a_folder_that_is_no_model_of_ours_is_said(models: Models, content: str) -> None:
    (models.folder / "a" / META).write_text(content)
    with pytest.raises(ConfigurationError):
        models.about("a")


def test_two_operators_at_once_leave_both_steps(models: Models) -> None:
    def act(version: str) -> None:
        for _ in range(20):
            models.compare(version, version, loads)

    threads = [threading.Thread(target=act, args=[version]) for version in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(one.who for one in models.standing().history) == ["a"] * 20 + ["b"] * 20


def test_the_history_ends_somewhere(models: Models) -> None:
    for number in range(MOST_HISTORY + 2):
        models.compare("a" if number % 2 else "b", str(number), loads)
    history = models.standing().history
    assert (len(history), history[-1].who) == (MOST_HISTORY, str(MOST_HISTORY + 1))


def test_nothing_half_written_is_ever_there(
    models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    models.promote("b", "petugas", loads)
    before = models.standing()

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        models.rollback("petugas", loads)
    assert models.standing() == before


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "back"]), max_size=12))
def test_rolling_back_undoes_one_promotion(
    tmp_path_factory: pytest.TempPathFactory, acts: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("models")
    for name in ("a", "b", "its-own"):
        put(folder, name)
    models, stack = Models(folder, folder / "its-own"), [PACKAGED]
    for act in acts:
        try:
            if act == "back":
                models.rollback("x", loads)
            else:
                models.promote(act, "x", loads, anyway=True)
        except MoveRefused:
            assert len(stack) == 1 if act == "back" else stack[-1] == act
        else:
            stack = stack[:-1] if act == "back" else [*stack, act]
        assert models.standing().live == stack[-1]


def test_a_model_is_listed_when_it_is_made_and_not_before(models: Models) -> None:
    with models.made("new") as folder:
        put(folder.parent, "new")
        assert "new" not in models.versions()
    assert "new" in models.versions()
    with pytest.raises(FileNotFoundError), models.made("newer"):
        models.path("a")  # and nothing is made
    assert models.versions() == [PACKAGED, "a", "b", "new"]
    assert [one.name for one in models.folder.iterdir() if one.name.startswith(".new")] == []


def test_a_model_can_tell_more_of_itself(models: Models) -> None:
    tell(models.path("a"), {"figures": {"accuracy": 0.5}})
    assert models.about("a") == {"version": "a", "format": 1, "figures": {"accuracy": 0.5}}
