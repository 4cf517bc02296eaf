"""Which model answers: the live one; for want of it, the one that comes with Kanal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.deciding import Understands
from classifier.load import Classifier, load
from classifier.modelless import Modelless
from classifier.models import Models
from core.alarms import MISSING, STANDBY
from core.errors import ConfigurationError, NotFound
from core.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class Answering:
    """The model that answers; `alarm` is "" when it is the one that shall.

    `troubles` says of each model that does not load why.
    """

    model: Understands
    alarm: str = ""
    troubles: tuple[str, ...] = ()


def answering(models: Models, registry: Registry, kept: Understands | None = None) -> Answering:
    """Return the live model, else `kept` if it is one, else the packaged one, else none at all."""
    live, trouble = loaded(models.live, registry)
    if live is not None:
        return Answering(live)
    packaged, another = loaded(models.packaged, registry)
    troubles = tuple(dict.fromkeys(filter(None, (trouble, another))))
    version = packaged.version if packaged else ""
    if isinstance(kept, Classifier) and kept.version != version:
        return Answering(kept, STANDBY, troubles)
    if packaged is not None:
        return Answering(packaged, STANDBY, troubles)
    return Answering(Modelless(registry), MISSING, troubles)


def loaded(find: Callable[[], Path | None], registry: Registry) -> tuple[Classifier | None, str]:
    """Return the model in the folder that `find` names; None where none is, or loads: then why."""
    try:
        folder = find()
        return (load(folder, registry), "") if folder else (None, "")
    except (ConfigurationError, NotFound) as error:
        return None, str(error)
