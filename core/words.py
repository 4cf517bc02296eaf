"""The short words that citizens steer the conversation with."""

from collections.abc import Sequence
from enum import StrEnum

import regex

from core.message import Inbound, Kind, Media


class Word(StrEnum):
    """What a short message asks for."""

    GREETING = "greeting"
    THANKS = "thanks"
    HELP = "help"
    STATUS = "status"
    SEND = "send"
    CHANGE = "change"
    CHANGE_TEXT = "text"
    CHANGE_PLACE = "place"
    CANCEL = "cancel"
    SKIP = "skip"
    INDONESIAN = "id"
    ENGLISH = "en"


PHRASES: dict[Word, str] = {
    Word.GREETING: "halo, hallo, hai, hi, hello, hey, hei, p, ping, permisi, punten, start, mulai, "
    "assalamualaikum, assalamu alaikum, selamat pagi, selamat siang, selamat sore, "
    "selamat malam, pagi, siang, sore, malam, halo min, pagi min, lapor, mau lapor, "
    "saya mau lapor, ingin lapor",
    Word.THANKS: "terima kasih, terimakasih, makasih, makasi, trims, matur nuwun, thanks, "
    "thank you, thx, terima kasih banyak, terimakasih banyak, makasih banyak, thank you very much, "
    "terima kasih ya, makasih ya, ok terima kasih, oke terima kasih, baik terima kasih, "
    "ok makasih, oke makasih, ok thanks, terima kasih min, makasih min, terima kasih pak, "
    "makasih pak, terima kasih bu, makasih bu",
    Word.HELP: "bantuan, bantu, help, menu, cara, cara lapor, bagaimana cara lapor, info, panduan",
    Word.STATUS: "status, cek status, cek laporan, cek tiket, laporan saya, my reports",
    Word.SEND: "kirim, kirimkan, kirim laporan, ya, iya, yes, y, ok, oke, okay, setuju, benar, "
    "betul, lanjut, lanjutkan, send, submit, sudah, udah, sdh, sudah benar",
    Word.CHANGE: "ubah, ganti, edit, perbaiki, koreksi, change, salah, belum, belum benar, "
    "bukan, tidak, gak, ga, nggak, enggak, no",
    Word.CHANGE_TEXT: "isi, isi laporan, cerita, text, story",
    Word.CHANGE_PLACE: "lokasi, tempat, alamat, place, location",
    Word.CANCEL: "batal, batalkan, cancel, gak jadi, ga jadi, tidak jadi, nggak jadi, hapus",
    Word.SKIP: "lewati, lewat, skip, tidak ada, gak ada, ga ada, nggak ada, enggak ada, tidak, "
    "tanpa foto, tidak ada foto, gak ada foto, ga ada foto, gak, ga, nggak, enggak, belum, "
    "belum ada, sudah, udah, sdh, no, none, no photo",
    Word.INDONESIAN: "bahasa indonesia, indonesia, indonesian, bahasa",
    Word.ENGLISH: "english, inggris, bahasa inggris",
}

LOOSE = regex.compile(r"[^\p{L}\p{N} ]+")


def normalise(text: str) -> str:
    """Return `text` in lower case, without punctuation and emoji, words one space apart."""
    return " ".join(LOOSE.sub(" ", text.casefold()).split())


def _phrase_table() -> dict[str, frozenset[Word]]:
    table: dict[str, set[Word]] = {}
    for word, phrases in PHRASES.items():
        for phrase in phrases.split(", "):
            table.setdefault(phrase, set()).add(word)
    return {phrase: frozenset(words) for phrase, words in table.items()}


TABLE = _phrase_table()
LONGEST = max(map(len, TABLE))
STATUS_PHRASE = 2  # words of the longest way to say "status"
ALL_WORDS = frozenset(word.value for word in Word)


def words_in(text: str) -> frozenset[Word]:
    """Return what the whole of `text` may mean; which one holds, the stage decides.

    A text that is not exactly one of the phrases means nothing of this.
    """
    if len(text) > 2 * LONGEST:
        return frozenset()
    return TABLE.get(normalise(text), frozenset())


def meant(inbound: Inbound, choices: Sequence[Word]) -> frozenset[Word]:
    """Return what a tap, a number of one of the `choices`, or a short text asks for.

    Words beside a file or a place on the map are its caption, and ask for nothing.
    """
    if inbound.kind is Kind.CHOICE:
        value = inbound.choice.partition(":")[0]
        return frozenset({Word(value)}) if value in ALL_WORDS else frozenset()
    if inbound.place or any(file.media is not Media.STICKER for file in inbound.attachments):
        return frozenset()
    number = inbound.text.strip()
    if len(number) == 1 and number in "123456789" and int(number) <= len(choices):
        return frozenset({choices[int(number) - 1]})
    return words_in(inbound.text)


def after_status(text: str) -> str:
    """Return what follows a word for "status" at the beginning of a short text, else ""."""
    words = text[: 2 * LONGEST].split()
    for count in range(1, min(STATUS_PHRASE, len(words) - 1) + 1):
        if Word.STATUS in words_in(" ".join(words[:count])):
            return " ".join(words[count:])
    return ""
