"""What the classifier understood of a text: plain values, which the core decides upon."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Klasifikasi(StrEnum):
    """The class of a report, in the words of SP4N-LAPOR!."""

    PENGADUAN_BERKADAR = "pengaduan_berkadar_pengawasan"
    PENGADUAN_TIDAK_BERKADAR = "pengaduan_tidak_berkadar_pengawasan"
    ASPIRASI = "aspirasi"
    PERMINTAAN_INFORMASI = "permintaan_informasi"


class Urgency(StrEnum):
    """How soon somebody must look: DARURAT for life and limb, SEGERA before the next day."""

    DARURAT = "darurat"
    SEGERA = "segera"
    BIASA = "biasa"


class Purpose(StrEnum):
    """What a public message is for: a complaint, an answer to one, or talk."""

    KELUHAN = "keluhan"
    RESPON = "respon"
    BUKAN_KELUHAN = "bukan_keluhan"


@dataclass(frozen=True, slots=True)
class Text:
    """What is to be understood: the words, and where they came from, "" when unknown.

    Only of what is `public`, for everybody to read, is the purpose told.
    """

    text: str
    channel: str = ""
    public: bool = False


@dataclass(frozen=True, slots=True)
class Likelihood:
    """How likely a text is about one urusan, from 0 to 1, and the words of it that decided."""

    urusan: str
    probability: float
    words: tuple[str, ...] = ()


class PlaceKind(StrEnum):
    """What sort of place a text names."""

    PROVINSI = "provinsi"
    KABUPATEN = "kabupaten"
    KOTA = "kota"
    KECAMATAN = "kecamatan"
    KELURAHAN = "kelurahan"
    DESA = "desa"
    JALAN = "jalan"
    RT_RW = "rt_rw"
    LANDMARK = "landmark"


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that a text names: its words from `start` to `end` (characters), and its kind.

    `regions` are the codes it can stand for, none for a street or a landmark.
    """

    words: str
    start: int
    end: int
    kind: PlaceKind
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a text says, as far as the model `model` ("" for none) can tell.

    `urusan` is ranked, the likeliest first; only when `sure` may its first be proposed. `digest`
    is the SHA-256 of what was read. `category` is the id of SP4N-LAPOR!, "" when unknown. `alarm`
    is what an emergency is about, one of `core.emergency.SUBJECTS`, "" for none.
    """

    model: str
    digest: str
    urusan: tuple[Likelihood, ...] = ()
    sure: bool = False
    confidence: float = 0.0
    klasifikasi: Klasifikasi | None = None
    urgency: Urgency = Urgency.BIASA
    category: str = ""
    purpose: Purpose | None = None
    mentions: tuple[Mention, ...] = ()
    alarm: str = ""


#: Tells what each of some texts says, in their order; None stands for "there is no model".
Reads = Callable[[Sequence[Text]], Sequence[Understanding]]
