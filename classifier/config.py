"""The numbers of a training, read from a file."""

import hashlib
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from classifier.features import Shape
from core.errors import ConfigurationError

DEFAULT = Path(__file__).with_name("config.toml")


@dataclass(frozen=True, slots=True)
class Features:
    """Which features there are; `floor` is how many reports must have one."""

    bits: int
    shortest: int
    longest: int
    floor: int
    whole: float

    @property
    def shape(self) -> Shape:
        """The shape that a model of these features has."""
        return Shape(self.bits, self.shortest, self.longest)


@dataclass(frozen=True, slots=True)
class Svm:
    """What an error costs, and how far rare urusan count more (0 to 1).

    The urusan that `vague` names are not told by the topic: a text of theirs counts `beside` (0 to
    1) against the others, since it may be as much about one of these.
    """

    cost: float
    balance: float
    vague: tuple[str, ...]
    beside: float


@dataclass(frozen=True, slots=True)
class Calibrating:
    """How far rare urusan count more when scores become probabilities (0 to 1).

    `styles` are sources whose way of writing is told apart: confidence differs between them.
    `offsets` are added to the scores of urusan before the first place is given.
    """

    balance: float
    styles: tuple[str, ...]
    offsets: dict[str, float]


@dataclass(frozen=True, slots=True)
class Triage:
    """What a wrong OPD and a manual triage cost, in the same unit."""

    wrong: float
    manual: float

    @property
    def threshold(self) -> float:
        """The confidence from which a proposal costs less than a human's look."""
        return 1 - self.manual / self.wrong


@dataclass(frozen=True, slots=True)
class Config:
    """All numbers of a training; `weights` are by source."""

    seed: int
    folds: int
    features: Features
    svm: Svm
    calibration: Calibrating
    weights: dict[str, float]
    triage: Triage

    @property
    def digest(self) -> str:
        """The first half of the SHA-256 of all numbers."""
        return hashlib.sha256(repr(sorted(asdict(self).items())).encode()).hexdigest()[:32]


_CONFIG = TypeAdapter(Config)


def read(file: Path = DEFAULT) -> Config:
    """Read a configuration; ConfigurationError names what is missing or no number."""
    try:
        return _CONFIG.validate_python(tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{file}: {type(error).__name__}") from None
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ConfigurationError(f"{file}: {wrong}") from None
