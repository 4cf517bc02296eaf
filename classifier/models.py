"""The folder of models: which one is live, which is only compared, and what was before.

A model is a folder named like its version. `models.json` beside them points to the live one and to
the shadow; it is replaced as a whole, so that whoever reads it sees the state before or after.
"""

import fcntl
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from core.errors import ConfigurationError, MoveRefused, NotFound

PACKAGED = "packaged"
POINTER = "models.json"
META = "meta.json"
KANAL = "kanal"  # under this name a model tells of itself there
TRIAL = "trial.json"
TOLERANCE = 0.005  # by which a figure may be worse than the live model's
MOST_HISTORY = 200

_VERSION = re.compile(r"[a-z0-9][a-z0-9.\-]{0,63}")

Act = Literal["promote", "rollback", "shadow"]
Stamp = tuple[int, int, int]
Loads = Callable[[Path], object]


@dataclass(frozen=True, slots=True)
class Step:
    """Who changed what, and when (RFC 3339); `version` is "" for a shadow taken away."""

    at: str
    who: str
    act: Act
    version: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Which model answers, which is only compared ("" for none), and which were live before.

    `former` begins with the oldest; `history` holds the newest MOST_HISTORY steps.
    """

    live: str = PACKAGED
    shadow: str = ""
    former: tuple[str, ...] = ()
    history: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Scores:
    """What models are compared by, each from 0 to 1."""

    accuracy: float
    macro_f1: float
    top3: float


@dataclass(frozen=True, slots=True)
class Trial:
    """How a new model and the one that was live fared on the same held-out rows.

    `against` is that one's version, "" when there was none.
    """

    rows: int
    own: Scores
    against: str = ""
    live: Scores | None = None


_STANDING = TypeAdapter(Standing)
_TRIAL = TypeAdapter(Trial)


class Models:
    """The models in `folder`, and the one that comes with Kanal in `packaged`."""

    def __init__(self, folder: Path, packaged: Path) -> None:
        self.folder = folder
        self._packaged = packaged

    def stamp(self) -> Stamp | None:
        """Return what changes whenever the pointer does; None while there is none. Cheap."""
        try:
            found = (self.folder / POINTER).stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_ino, found.st_size

    def standing(self) -> Standing:
        """Return which model is live; raises ConfigurationError for a broken pointer."""
        file = self.folder / POINTER
        try:
            return _STANDING.validate_json(file.read_bytes())
        except FileNotFoundError:
            return Standing()
        except (OSError, ValidationError) as error:
            raise ConfigurationError(f"{file}: {type(error).__name__}; remove it") from None

    def versions(self) -> list[str]:
        """Return the versions that can be live, the packaged one first if it is there."""
        packaged = [PACKAGED] if self.packaged() else []
        if not self.folder.is_dir():
            return packaged
        named = (one.name for one in self.folder.iterdir() if (one / META).is_file())
        return packaged + sorted(name for name in named if _VERSION.fullmatch(name))

    def path(self, version: str) -> Path:
        """Return the folder of a model; raises NotFound."""
        if version not in self.versions():
            raise NotFound(f"no model {version!r} in {self.folder}")
        return self._packaged if version == PACKAGED else self.folder / version

    def live(self) -> Path | None:
        """Return the folder of the live model, None when there is none at all."""
        version = self.standing().live
        return self.path(version) if version != PACKAGED or PACKAGED in self.versions() else None

    def packaged(self) -> Path | None:
        """Return the folder of the model that comes with Kanal, None when it is not there."""
        return self._packaged if (self._packaged / META).is_file() else None

    def shadow(self) -> Path | None:
        """Return the folder of the model that is only compared, None when there is none."""
        version = self.standing().shadow
        return self.path(version) if version else None

    def about(self, version: str) -> dict[str, Any]:
        """Return what a model tells of itself; raises NotFound, ConfigurationError."""
        return told(self.path(version))

    @contextmanager
    def made(self, version: str) -> Iterator[Path]:
        """Give the folder in which a model is to be made; it is listed when all went well."""
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = Path(mkdtemp(prefix=f".{version}-", dir=self.folder))
        try:
            yield draft / version
            (draft / version).rename(self.folder / version)
        finally:
            rmtree(draft)

    def trial(self, version: str) -> Trial | None:
        """Return how the model fared beside the live one, None when nobody has tried."""
        try:
            return _TRIAL.validate_json((self.path(version) / TRIAL).read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            raise ConfigurationError(f"{version}/{TRIAL}: {type(error).__name__}") from None

    def note_trial(self, version: str, trial: Trial) -> None:
        """Keep how the model fared, beside it."""
        _replace(self.path(version) / TRIAL, _TRIAL.dump_json(trial, indent=1))

    def promote(self, version: str, who: str, loads: Loads, *, anyway: bool = False) -> None:
        """Make a model the live one.

        Raises NotFound, ConfigurationError when it does not load, MoveRefused when it is live
        already, was never tried beside the live model, or is worse; `anyway` only for the last.
        """
        with self._changed() as standing:
            if version == standing.live:
                raise MoveRefused(f"{version} is live already")
            loads(self.path(version))
            if not anyway and standing.live in self.versions():
                self._require_good(version, standing.live)
            self._write(
                replace(
                    standing,
                    live=version,
                    shadow="" if standing.shadow == version else standing.shadow,
                    former=(*standing.former, standing.live),
                ),
                Step(_now(), who, "promote", version),
            )

    def rollback(self, who: str, loads: Loads) -> str:
        """Make the model live that was so before, and return its version.

        Raises MoveRefused when there is none, NotFound or ConfigurationError when it is gone.
        """
        with self._changed() as standing:
            if not standing.former:
                raise MoveRefused("no model was live before this one")
            *former, version = standing.former
            if version != PACKAGED or PACKAGED in self.versions():  # none at all is a state too
                loads(self.path(version))
            shadow = "" if standing.shadow == version else standing.shadow
            back = replace(standing, live=version, shadow=shadow, former=tuple(former))
            self._write(back, Step(_now(), who, "rollback", version))
        return version

    def compare(self, version: str, who: str, loads: Loads) -> None:
        """Have a model read along as the shadow, "" for none.

        Raises NotFound, ConfigurationError when it does not load, MoveRefused for the live one.
        """
        with self._changed() as standing:
            if version and version == standing.live:
                raise MoveRefused(f"{version} is live: it needs no shadow")
            if version:
                loads(self.path(version))
            after = replace(standing, shadow=version)
            self._write(after, Step(_now(), who, "shadow", version))

    def _require_good(self, version: str, live: str) -> None:
        trial = self.trial(version)
        if trial is None or trial.live is None or trial.against != live:
            raise MoveRefused(f"{version} was not tried beside the live model {live}")
        own, others = asdict(trial.own), asdict(trial.live)
        worse = [
            f"{name} {own[name]:.3f} instead of {others[name]:.3f}"
            for name in own
            if own[name] < others[name] - TOLERANCE
        ]
        if worse:
            raise MoveRefused(f"{version} is worse than {live}: {', '.join(worse)}")

    @contextmanager
    def _changed(self) -> Iterator[Standing]:
        """Hold the folder alone while it is changed: of two operators the second waits."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self.standing()

    def _write(self, standing: Standing, step: Step) -> None:
        history = (*standing.history, step)[-MOST_HISTORY:]
        written = json.dumps(asdict(replace(standing, history=history)), indent=1)
        _replace(self.folder / POINTER, written.encode())


def told(model: Path) -> dict[str, Any]:
    """Return what the model in a folder tells of itself; raises ConfigurationError."""
    file = model / META
    try:
        return dict(json.loads(file.read_bytes())[KANAL])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(f"{file}: {type(error).__name__}; no model of ours") from None


def tell(model: Path, more: Mapping[str, Any]) -> None:
    """Have the model in a folder tell more of itself; raises ConfigurationError."""
    about = told(model) | dict(more)
    file = model / META
    meta = json.loads(file.read_bytes()) | {KANAL: about}
    _replace(file, json.dumps(meta, indent=2).encode())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _replace(file: Path, content: bytes) -> None:
    """Write the file complete or not at all, also when the machine falters meanwhile."""
    new = file.with_name(f".{file.name}.{os.getpid()}")
    with new.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    new.replace(file)
