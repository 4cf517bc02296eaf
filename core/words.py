"""The short words that citizens steer the conversation with."""

from enum import StrEnum

import regex


class Word(StrEnum):
    """What a short message asks for."""

    GREETING = "greeting"
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
    "saya mau lapor, ingin lapor, terima kasih, makasih, thanks, thank you",
    Word.HELP: "bantuan, bantu, help, menu, cara, cara lapor, bagaimana cara lapor, info, panduan",
    Word.STATUS: "status, cek status, cek laporan, cek tiket, laporan saya, my reports",
    Word.SEND: "kirim, kirimkan, kirim laporan, ya, iya, yes, y, ok, oke, okay, setuju, benar, "
    "betul, lanjut, lanjutkan, send, submit, sudah benar",
    Word.CHANGE: "ubah, ganti, edit, perbaiki, koreksi, change, salah",
    Word.CHANGE_TEXT: "isi, isi laporan, cerita, text, story",
    Word.CHANGE_PLACE: "lokasi, tempat, alamat, place, location",
    Word.CANCEL: "batal, batalkan, cancel, gak jadi, ga jadi, tidak jadi, nggak jadi, hapus",
    Word.SKIP: "lewati, lewat, skip, tidak ada, gak ada, ga ada, nggak ada, enggak ada, tidak, "
    "tanpa foto, tidak ada foto, gak ada foto, ga ada foto, sudah, udah, no, none, no photo",
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


def words_in(text: str) -> frozenset[Word]:
    """Return what the whole of `text` may mean; which one holds, the stage decides.

    A text that is not exactly one of the phrases means nothing of this.
    """
    if len(text) > 2 * LONGEST:
        return frozenset()
    return TABLE.get(normalise(text), frozenset())
