"""Finds streets, RT/RW and landmarks by their wording alone: pure, on the text as written."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from classifier.place_vocabulary import (
    CLOSING,
    COMMON,
    ENDS,
    LIKELY_NAMED,
    NO_VERBS,
    OPENING,
    TITLES,
    UNITS,
)
from core.understanding import Mention, PlaceKind

MOST = 100  # words of one kind in a text that are followed up
MOST_NAME_WORDS = 5

_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = r"(?:\d{1,3}[a-z]?|(?-i:[IVX]{1,5}))\b"
_RT_RW = re.compile(
    rf"\br[tw]\s*[.:]?\s*(?:/\s*r[tw]\s*[.:]?\s*)?{_NUMBER}"
    rf"(?:(?:\s*[/,.&-]?\s*rw\s*[.:]?\s*|\s*/\s*){_NUMBER})?",
    re.IGNORECASE,
)
_KM = re.compile(r"\bkm\.?\s*\d{1,3}(?:[.,]\d)?\b(?!\s*(?:/|per))", re.IGNORECASE)
_BLOCK = re.compile(
    r"\b(?:blok|blk)\.?\s*(?:(?:(?-i:[A-Z]{2})|[a-z])\s?[-.]?\s?\d{0,3}|\d{1,3})\b", re.IGNORECASE
)
_SIDE = "depan|dpn|dekat|dkt|deket|samping|belakang|blkg|blkng|seberang|sebrang|sebelah"
_SCHOOLS = "sdn|smpn|sman|smkn|mtsn|sd|smp|sma|smk|tk|paud|mts"
_BUILT = (
    "pasar|masjid|mesjid|musholla|mushola|musala|langgar|gereja|pura|vihara|kelenteng|rsud|rs"
    "|puskesmas|pustu|posyandu|terminal|pelabuhan|dermaga|bandara|stadion|lapangan|taman|jembatan"
    "|simpang (?:tiga|empat|lima|[345])|simpang|simpangan|pertigaan|perempatan|bundaran"
    "|kantor|balai|alfamart|alfamidi|indomaret"
    "|spbu|pom bensin|hotel|mall|mal|ruko|perum|perumahan|komplek|kompleks|kampus|universitas"
    "|waduk|bendungan|makam|kuburan|tpu|tps|tpa|polsek|polres|koramil|pos kamling|pos ronda"
    "|gedung|rusunawa|rusun|sekolah|bank|apotek|klinik|warung|toko|stasiun|tugu|gor|pdam|eramart"
)
_LANDMARK = re.compile(
    rf"\b(?:(?P<side>{_SIDE})\s+)?(?P<built>{_SCHOOLS}|{_BUILT})\b", re.IGNORECASE
)
_KINDS_OF_NUMBERED = (
    (_RT_RW, PlaceKind.RT_RW),
    (_KM, PlaceKind.LANDMARK),
    (_BLOCK, PlaceKind.LANDMARK),
)
# A body or a trade as well; a place only beside something: "depan bank".
_BESIDE = frozenset(
    {"bank", "kantor", "koramil", "pdam", "polres", "polsek", "sekolah", "toko", "warung"}
)
_GLUED = [f"{cue}{number}" for cue in ("rt", "rw", "km") for number in range(100)]
_GLUED += [
    f"{cue}{number:0{width}}" for cue in ("rt", "rw") for width in (2, 3) for number in range(100)
]
NUMBERED, STREET, LANDMARK = "numbered", "street", "landmark"
_CUES = {
    NUMBERED: ["rt", "rw", "km", "blok", "blk", *_GLUED],
    STREET: ["jl", "jln", "jalan", "jlan", "gang", "gg"],
    LANDMARK: [name.split()[0] for name in f"{_SIDE}|{_SCHOOLS}|{_BUILT}".split("|")],
}
CUE_WORDS = frozenset(word for words in _CUES.values() for word in words)
_FULL_WORD = 4  # letters: "jalan", "gang", and not "jln"
_NEXT = re.compile(r"[ \t]*\.?[ \t]*([^\W_]+(?:['\u2019\-][^\W\d_]+)*)")
_CAPITAL_NEXT = re.compile(r"\s+(?-i:[A-Z])")
_LEAD = 12  # characters before a word that are looked at
_ENTERED = re.compile(r"\b(?:di|ke|dari|dalam|masuk|depan|ujung|mulut|dekat)\s*$", re.IGNORECASE)
_HOUSE = re.compile(r"[ ,]*\b(?:no|nmr|nomor|nomer)\b[.: ]*\d+[a-z]?\b", re.IGNORECASE)
_ROMAN = re.compile(r"[IVX]{1,5}")

_CAPITALS = frozenset({"DI", "KM", "AL"})  # "Jl. DI Panjaitan"
_VERB = re.compile(r"(?:ber|ter|meng|meny|mem|men|per|di|se)[a-z]{4,}|merupa.*|ke[a-z]{3,}an")


class Cues:
    """Finds the words that may begin an address; where one stands the rest of it is looked for."""

    def __init__(self, vocab: Vocab) -> None:
        self._matcher = PhraseMatcher(vocab, attr="LOWER")
        self._kinds: dict[int, str] = {}
        for kind, words in _CUES.items():
            self._matcher.add(kind, [Doc(vocab, words=[word]) for word in words])
            self._kinds[vocab.strings[kind]] = kind

    def found(self, doc: Doc) -> Mapping[str, list[int]]:
        """Return the places (characters) of the words of each kind, kinds without any left out."""
        table: dict[str, list[int]] = {}
        for key, start, _ in self._matcher(doc):
            places = table.setdefault(self._kinds[key], [])
            if len(places) < MOST:
                places.append(doc[start].idx)
        return table


def fixed(text: str, starts: Iterable[int]) -> Iterator[Mention]:
    """Yield RT/RW, kilometres and blocks: what a number alone makes a place."""
    for start in starts:
        for pattern, kind in _KINDS_OF_NUMBERED:
            if match := pattern.match(text, start):
                yield _mention(text, start, match.end(), kind)


def streets(
    text: str, starts: Iterable[int], borders: Container[int], shouted: bool
) -> Iterator[Mention]:
    """Yield streets and alleys that are named; a name ends before `borders` (character offsets).

    Where all is `shouted` a capital letter makes no name.
    """
    for start in starts:
        cue = _WORD.match(text, start)
        after = cue and _NEXT.match(text, cue.end())
        if not cue or not after or _is_full_stop(text, cue, after):
            continue
        if _leads_to_area(text, cue, after, borders, shouted):
            continue
        last = _name_end(text, cue.end(), borders, shouted)
        if last > cue.end() and _is_street(text, cue, after, shouted):
            house = _HOUSE.match(text, last)
            yield _mention(text, start, house.end() if house else last, PlaceKind.JALAN)


def landmarks(
    text: str, starts: Iterable[int], borders: Container[int], shouted: bool
) -> Iterator[Mention]:
    """Yield buildings, markets, crossings and estates that have a name or something beside them."""
    for start in starts:
        match = _LANDMARK.match(text, start)
        if match is None or not (match["side"] or match["built"].lower() not in _BESIDE):
            continue
        end = last = match.end()
        after = _NEXT.match(text, end)
        if after is not None and after.start(1) not in borders and "." not in after.group():
            last = _name_end(text, end, borders, shouted)
            if last > end and not _is_named_building(match, after[1][0], shouted):
                last = end
        if last > end or match["side"]:
            yield _mention(text, start, last, PlaceKind.LANDMARK)


def _mention(text: str, start: int, end: int, kind: PlaceKind) -> Mention:
    return Mention(text[start:end], start, end, kind)


def _opens_sentence(text: str, at: int) -> bool:
    before = text[max(0, at - 20) : at].rstrip(" ")
    return not before or before[-1] in ".!?\n"


def _is_full_stop(text: str, cue: re.Match[str], after: re.Match[str]) -> bool:
    """Tell whether the mark after "jalan" or "gang" ends a sentence; after "jl" it does not."""
    return len(cue.group()) >= _FULL_WORD and "." in text[cue.end() : after.start(1)]


def _leads_to_area(
    text: str, cue: re.Match[str], after: re.Match[str], borders: Container[int], shouted: bool
) -> bool:
    """Tell whether it is a road in an area, "jalan sukamaju rusak", and not "Jl. Sukamaju"."""
    if cue.group().lower() not in {"jalan", "jlan"} or after.start(1) not in borders:
        return False
    return shouted or cue.group().islower() or _opens_sentence(text, cue.start())


def _is_street(text: str, cue: re.Match[str], after: re.Match[str], shouted: bool) -> bool:
    first = after[1][0]
    alley = cue.group()[0] in "gG"
    if first.isdigit() and not alley:
        return bool(_CAPITAL_NEXT.match(text, after.end()))  # "Jl. 17 Agustus"
    if first.islower() or shouted:
        return (
            not alley
            or cue.group().lower() == "gg"
            or bool(_ENTERED.search(text, max(0, cue.start() - _LEAD), cue.start()))
        )
    return True


def _is_named_building(building: re.Match[str], first: str, shouted: bool) -> bool:
    written_small = building.group().islower() and building["built"].lower() == "sd"  # "until"
    if building["side"] or (first.isupper() and not shouted):
        return True
    if first.isdigit():
        return not written_small
    return building["built"].lower() in LIKELY_NAMED


def _name_end(text: str, at: int, borders: Container[int], shouted: bool) -> int:
    """Return where the name that begins after `at` ends, `at` itself when there is none."""
    end, former = at, ""
    for _ in range(MOST_NAME_WORDS):
        after = _NEXT.match(text, end)
        if after is None or (former and not _goes_on(text, after, former, borders)):
            break
        word = after[1]
        if word[0].isdigit() and not former and _CAPITAL_NEXT.match(text, after.end()):
            end, former = after.end(), word  # "Jl. 17 Agustus"
            continue
        if word[0].isdigit() or (former and _ROMAN.fullmatch(word)):
            return end if _counts(text, after) else after.end()
        if not _fits(word, former, shouted):
            break
        end, former = after.end(), word
    alone = text[at:end].strip(" .\t").lower()
    return at if alone in COMMON else end


def _goes_on(text: str, after: re.Match[str], former: str, borders: Container[int]) -> bool:
    stopped = "." in text[after.start() : after.start(1)]
    return after.start(1) not in borders and (not stopped or former.lower() in TITLES)


def _counts(text: str, number: re.Match[str]) -> bool:
    """Tell whether a number counts something, "3 hari", and is no part of a name."""
    after = _NEXT.match(text, number.end())
    return after is not None and after[1].lower() in UNITS


def _fits(word: str, former: str, shouted: bool) -> bool:
    """Tell whether `word` can be part of a name, as its first word or after `former`."""
    lower, before = word.lower(), former.lower()
    if lower in ENDS and not (word in _CAPITALS and not shouted):
        return False
    if word[0].isupper() and not shouted:
        return not former or not former[0].islower() or before in OPENING
    if former and before not in OPENING and lower not in CLOSING and len(before) > 1:
        return False
    if lower in COMMON and (not former or lower not in CLOSING):
        return False
    return lower in NO_VERBS or not (_VERB.fullmatch(lower) or lower.endswith("nya"))
