"""What is found in a text: kinds of personal numbers, and where they stand."""

from dataclasses import dataclass
from enum import StrEnum

HIDDEN = "•"  # stands for each hidden sign


class Kind(StrEnum):
    """A kind of personal number; the values are words for programs, never for citizens."""

    NIK = "nik"
    KK = "kk"
    PHONE = "phone"
    PLATE = "plate"
    EMAIL = "email"
    BANK = "bank"


@dataclass(frozen=True, slots=True)
class Found:
    """Personal data in `text[start:end]`."""

    kind: Kind
    start: int
    end: int
