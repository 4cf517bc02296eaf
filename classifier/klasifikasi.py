"""The class of a report, in the words of SP4N-LAPOR!: told by phrases, since nobody labelled it."""

from collections.abc import Sequence

from classifier.wording import Found, Phrases, table
from core.understanding import Klasifikasi

LEAST_WORDS = 3  # of a text that is taken for a complaint because of its topic alone

_PHRASES = Phrases(table("klasifikasi"))
_CLASS = {
    "berkadar": Klasifikasi.PENGADUAN_BERKADAR,
    "aspirasi": Klasifikasi.ASPIRASI,
    "informasi": Klasifikasi.PERMINTAAN_INFORMASI,
    "keluhan": Klasifikasi.PENGADUAN_TIDAK_BERKADAR,
}


def klasifikasi(words: Sequence[str], urusan: str = "") -> Klasifikasi | None:
    """Return the class of a text (`wording.words_of`) about `urusan`, "" when that is unknown.

    None when there is nothing to say: no phrase that tells it, and no topic.
    """
    found = _PHRASES.find(words)
    masks = [one for one in found if one.kind == "sangkal"]
    told = [one.kind for one in found if not _inside(one, masks)]
    if "berkadar" in told:
        return Klasifikasi.PENGADUAN_BERKADAR
    kind = _wish(told, words) or ("keluhan" if "keluhan" in told else "")
    if kind:
        return _CLASS[kind]
    about_something = bool(urusan) and "pujian" not in told and len(words) >= LEAST_WORDS
    return Klasifikasi.PENGADUAN_TIDAK_BERKADAR if about_something else None


def _wish(told: Sequence[str], words: Sequence[str]) -> str:
    """Return which wish weighs more than the grievance told beside it, "" for none."""
    wishes = {kind: told.count(kind) for kind in ("informasi", "aspirasi")}
    if "?" in words and wishes["informasi"]:
        wishes["informasi"] += 1
    if "usul" in words or "saran" in words:
        wishes["aspirasi"] += 1
    kind = max(wishes, key=lambda one: wishes[one])
    return kind if wishes[kind] and wishes[kind] >= told.count("keluhan") else ""


def _inside(one: Found, masks: Sequence[Found]) -> bool:
    return one.kind == "berkadar" and any(
        mask.start <= one.start and one.end <= mask.end for mask in masks
    )
