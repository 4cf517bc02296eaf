"""Plates of vehicles: the letters of a region, one to four digits, up to three letters."""

from collections.abc import Iterator

import regex

from core.guard.found import HIDDEN, Found, Kind

# Letters of the police's regions, with those of the six provinces of Papua.
REGIONS = (
    "AA AB AD AE AG BA BB BD BE BG BH BK BL BM BN BP DA DB DC DD DE DG DH DK DL DM DN DP DR DS DT "
    "DW EA EB ED KB KH KT KU PA PB PG PS PT PY A B D E F G H K L M N P R S T W Z"
)
# "saya tunggu B 12 di", "L 300 kg": what follows a number in a sentence is no part of a plate.
UNITS = (
    "cm kg km mm ml cc kw va ah gr ton ltr lt jt rb thn th bln hr jam mnt dtk org kk rt rw pk pcs "
    "bh bks lbr dus am pm wib wit ri"
)
SMALL_UNITS = "v w m l k x t g"  # only behind few digits
WORDS = (
    "no gg jl jln an dan di ke yg dgn utk ini itu ada dr per tdk gak ga krn jd dst dll pas mau kok "
    "ya deh sih nih tuh sdh udh blm bgt lg lgi jg bs tp tpi sm sma sy aku km kmu dia tsb min pak "
    "bu om mas bg kak dek the is at in on of to for was has are and bln isi cat art ex eks rem ban "
    "gas oli dari dg aja sj saja tak pun nya jln dpn blk sbg bsk kmr hbs cpt bkn"
)
PLATE_WORDS = "plat plate nopol nopolisi polisi pol platnomor platnya nopolnya"
VEHICLES = (
    "mobil motor truk truck truknya pickup pikap angkot bus bis taksi ojek sepeda avanza xenia "
    "innova brio beat vario scoopy mio ambulans ambulance tronton dumptruck mobilnya motornya "
    "kendaraan car bike vehicle dinas"
)
ADDRESSES = (
    "blok blk block gang gg jalan jl jln perum perumahan lorong kav kavling tower gedung lantai "
    "ruang kelas kode pasal sd sdn smp smpn sma sman smk smkn mi min mts man tk gate no nomor "
    "rumah unit kamar kios lapak"
)
MODELS = frozenset({("L", "300"), ("L", "200")})  # are vehicles by themselves
FEW, MOST = 2, 4  # digits: few are rather a count, most are hardly one
LONG_LETTERS = 4  # letters around the digits
NEAR = 30  # characters before in which a cue is looked for

_UNITS, _SMALL_UNITS, _WORDS, _PLATE_WORDS, _VEHICLES, _ADDRESSES = (
    frozenset(table.split())
    for table in (UNITS, SMALL_UNITS, WORDS, PLATE_WORDS, VEHICLES, ADDRESSES)
)
_PLATE = regex.compile(
    rf"""
    (?<![\p{{L}}\p{{N}}{HIDDEN}])
    (?P<region>{REGIONS.replace(" ", "|")}) [ .\-]{{0,2}} (?P<digits>[1-9]\d{{0,3}})
    (?: (?P<joint>[ .\-]{{0,2}}) (?P<tail>[a-z]{{1,3}}) (?![\p{{L}}\p{{N}}{HIDDEN}])
      | (?![\p{{L}}\p{{N}}{HIDDEN}] | [ .\-]?\d) )
    """,
    regex.IGNORECASE | regex.VERBOSE,
)
_WORD = regex.compile(r"\p{L}+")
_LAST_WORD = regex.compile(r"(?r)(\p{L}+)[^\p{L}\p{N}]{1,3}\Z")


def find_plates(text: str) -> Iterator[Found]:
    """Give the plates in `text`; a few digits need capitals, or a word such as "plat"."""
    floor = 0
    for match in _PLATE.finditer(text):
        words = _words_before(text, match.start(), floor)
        if _PLATE_WORDS.isdisjoint(words) and _is_address(text, match.start(), floor):
            continue
        end = _end(match, words)
        if end:
            yield Found(Kind.PLATE, match.start(), end)
            floor = end


def _words_before(text: str, start: int, floor: int) -> frozenset[str]:
    """Return the words near before `start`, behind the last plate, masked or not."""
    before = text[max(floor, start - NEAR) : start].rpartition(HIDDEN)[2]
    return frozenset(map(str.casefold, _WORD.findall(before)))


def _is_address(text: str, start: int, floor: int) -> bool:
    """Tell whether the word right before `start` leads to a house or a school: "Blok B 12 A"."""
    word = _LAST_WORD.search(text[max(floor, start - NEAR) : start])
    return word is not None and word[1].casefold() in _ADDRESSES


def _end(match: regex.Match[str], words: frozenset[str]) -> int:
    """Return where the plate ends, 0 when it is none."""
    region, digits, tail = match["region"], match["digits"], match["tail"]
    called = not _PLATE_WORDS.isdisjoint(words)
    driven = called or not _VEHICLES.isdisjoint(words)
    if (region.upper(), digits) in MODELS and match["joint"] != "":
        return 0
    if tail is None or _is_word(match):
        return match.end("digits") if _is_bare(match, called, driven) else 0
    capitals = region.isupper() and tail.isupper()
    likely = len(region + tail) >= LONG_LETTERS and (capitals or len(region) > 1)
    enough = called or len(digits) > FEW or (len(digits) == FEW and (driven or likely))
    return match.end("tail") if enough else 0


def _is_word(match: regex.Match[str]) -> bool:
    """Tell whether the letters behind the digits rather belong to the sentence."""
    tail, digits = match["tail"], match["digits"]
    if not match["joint"]:
        return False
    word = tail.casefold()
    if word in _UNITS or (word in _SMALL_UNITS and len(digits) < MOST):
        return True
    loud = tail.isupper() and match["region"].isupper() and not _is_shouted(match)
    return word in _WORDS and not loud


def _is_shouted(match: regex.Match[str]) -> bool:
    """Tell whether the text around the plate is in capitals as well."""
    around = match.string[max(0, match.start() - NEAR) : match.start()]
    around += match.string[match.end() : match.end() + NEAR]
    return any(sign.isalpha() for sign in around) and around == around.upper()


def _is_bare(match: regex.Match[str], called: bool, driven: bool) -> bool:
    """Tell whether region and digits alone are a plate, cut short: "plat kt 1234 di"."""
    region, digits, tail = match["region"], match["digits"], match["tail"]
    if called:
        return len(digits) > 1 or region.isupper()
    year = digits.startswith(("19", "20"))
    unit = (tail or "").casefold() in _UNITS | _SMALL_UNITS
    if len(digits) < MOST or year or unit:
        return False
    return driven or (len(region) > 1 and tail is not None)
