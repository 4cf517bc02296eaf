"""Finds the words of a text that already tell where something is.

Only wording is looked at, no map: "depan SDN 3", "Jl. Melati", "RT 04/RW 02".
"""

import regex

# A cue opens a place; what follows must be a name or a number, not one of the ENDS.
CUES = (
    "depan dekat samping belakang seberang sebelah sekitar jl jln jalan gang gg rt rw kel "
    "kelurahan desa dusun kec kecamatan kampung kp perum perumahan komplek kompleks pasar "
    "btn terminal simpang simpangan pertigaan perempatan jembatan sungai km blok halte taman "
    "lapangan"
)
ENDS = (
    "rusak berlubang bolong mati padam mampet tersumbat banjir tergenang menumpuk penuh bau "
    "kotor gelap hancur retak amblas longsor macet bocor roboh tumbang kering keruh parah sudah "
    "bahaya berbahaya licin becek berdebu sangat kaki semalam kemarin kmrn tadi barusan seminggu "
    "sebulan nutup error eror semalem smlm kemaren kmrin bikin bkin buat "
    "gaada gada baju umur minta butuh perlu td malem kalo kalau klo kl waktu saat pas tiap setiap "
    "sdh udah udh belum blm tidak tdk gak ga nggak ada yang yg ini itu sini situ mohon tolong pak "
    "pecah api apinya asap asapnya airnya baunya lampunya jalannya dipotong diminta "
    "bu min kak ya yaa dong dan atau karena sejak selama lagi sekali terus tapi agar supaya saya "
    "kami kita warga "
    "broken flooded dirty dark has have is was there here please since for the not with and"
)
LINKS = "di ke dari dr menuju arah raya"  # lead to a name, and name nothing themselves
AFTER_A_NAME = "raya"  # a part of it then: "Jl. Melati Raya", but never "jalan raya"
# What many have, and nobody can go to by that word: "depan rumah".
VAGUE = (
    "rumah rumahku rumahnya tempat tempatku toko tokoku warung warungku kos kosan kost kontrakan "
    "nya saya aku kami kita ulun sini situ sana disini disitu disana ini itu"
)
UNITS = "hari minggu mggu bulan bln tahun thn jam kali orang"  # "2 minggu" is no house number
NUMBERED = "rt rw km"  # their names are numbers: "udah lapor ke RT" is no place
ROADS = "jalan jl jln gang gg"
ROAD_IN = ["jalan", "di"]
MAX_WORDS = 14  # of a place: street, number, RT and kelurahan
NAMES = 4  # longer words behind one cue: more of them say what is there
NAME = 4  # letters of such a word
# What comes before a place that is told in the place of another one.
CORRECTING = (
    "maksud saya, maksudnya, mksdnya, yang benar, yg benar, yg bener, yang bener, harusnya, "
    "seharusnya, ralat, koreksi, lokasinya di, alamatnya di, tempatnya di, eh salah, salah, "
    "it is, i mean, correction, the place is"
)
_NOT_BUT = r"bukan\b[^\n]{1,80}\b(?:tapi|tp|tetapi|melainkan)|not\b[^\n]{1,80}\bbut"

_CUES = frozenset(CUES.split())
_ENDS = frozenset(ENDS.split())
_LINKS = frozenset(LINKS.split())
_VAGUE = frozenset(VAGUE.split())
_UNITS = frozenset(UNITS.split())
_NUMBERED = frozenset(NUMBERED.split())
_ROADS = frozenset(ROADS.split())
_CORRECTING = regex.compile(
    r"(?<!\p{L})(?:"
    + "|".join(regex.escape(cue) for cue in sorted(CORRECTING.split(", "), key=len, reverse=True))
    + rf"|{_NOT_BUT})(?!\p{{L}})",
    regex.IGNORECASE,
)
_TOKEN = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}/.\-'\u2019]*|[^\s\p{L}\p{N}]|\n")


def find_place(text: str) -> str:
    """Return the first stretch of `text` that names a place, "" when there is none.

    Reads the first 2,000 characters; the answer has at most MAX_WORDS words.
    """
    tokens = list(_TOKEN.finditer(text[:2000]))
    for index, token in enumerate(tokens):
        if _opens(tokens, index):
            last = _last_of_place(tokens, index)
            if last > index and not _is_vague(tokens[index : last + 1]):
                return text[token.start() : tokens[last].end()].rstrip(".,-/")
    return ""


def find_correction(text: str) -> str:
    """Return the place that a text puts in the place of another, "" when it corrects none.

    "bukan Jl. Melati tapi Jl. Kenanga": what stands behind the last such word counts.
    """
    behind = [match.end() for match in _CORRECTING.finditer(text[:2000])]
    return find_place(text[behind[-1] :]) if behind else ""


def is_vague(text: str) -> bool:
    """Tell whether a text has the words of a place, and names none: "di depan rumah saya"."""
    return _is_vague(list(_TOKEN.finditer(text[:2000])))


def corrects(text: str) -> bool:
    """Tell whether a text takes back something that was told before: "eh salah, bukan di sana"."""
    return _CORRECTING.search(text[:2000]) is not None


def _opens(tokens: list[regex.Match[str]], index: int) -> bool:
    """Tell whether a place may begin here; of an RT and the like it must be a number."""
    word = tokens[index].group().rstrip(".").casefold()
    if word in _NUMBERED:
        return index + 1 < len(tokens) and tokens[index + 1].group()[0].isdigit()
    return word in _CUES and not _leads_on(tokens, index)


def _is_cue(word: str) -> bool:
    return word.rstrip(".").casefold() in _CUES


def _leads_on(tokens: list[regex.Match[str]], first: int) -> bool:
    """Tell whether a cue says what is there, and not where: "lampu jalan di Jl. Melati"."""
    pair = [token.group().casefold() for token in tokens[first : first + 2]]
    return pair == ROAD_IN


def _last_of_place(tokens: list[regex.Match[str]], first: int) -> int:
    """Return the index of the place's last word; `first` itself when no name follows the cue."""
    last, names = first, 0
    for index in range(first + 1, min(first + MAX_WORDS, len(tokens))):
        word = tokens[index].group()
        names = 0 if _is_cue(word) else names + (len(word) >= NAME)
        if _ends(tokens, index) or names > NAMES:
            break
        named = not _is_cue(word) and word.casefold() not in _LINKS
        if named or (last > first and word.casefold() == AFTER_A_NAME):
            last = index
    return last


def _ends(tokens: list[regex.Match[str]], index: int) -> bool:
    """Tell whether a word is no part of the place before it: "bolong2", "2 minggu"."""
    word = tokens[index].group().rstrip(".").casefold()
    after = tokens[index + 1].group().casefold() if index + 1 < len(tokens) else ""
    lasts = word.isdecimal() and after in _UNITS
    return lasts or word in _ENDS or word.rstrip("2") in _ENDS or not word[:1].isalnum()


def _is_vague(tokens: list[regex.Match[str]]) -> bool:
    """Tell whether the words of a place are but cues, links and what everybody has."""
    words = {token.group().rstrip(".").casefold() for token in tokens} - _LINKS
    return words <= _ROADS or (words <= _CUES | _VAGUE and not words.isdisjoint(_VAGUE))
