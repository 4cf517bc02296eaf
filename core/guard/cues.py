"""The words beside a number that tell what it is."""

from dataclasses import dataclass
from enum import StrEnum

import regex


class Cue(StrEnum):
    """What the words beside a number say of it."""

    NONE = ""
    NIK = "nik"
    KK = "kk"
    PHONE = "phone"
    LANDLINE = "landline"  #: a phone whose number may come without the code of its area
    BANK = "bank"
    METER = "meter"  #: a customer, a meter, a case: nobody's account


@dataclass(frozen=True, slots=True)
class Said:
    """The nearest cue before a number; `direct` when nothing but fillers stands between."""

    cue: Cue = Cue.NONE
    direct: bool = False
    at: int = 0  #: where the cue stands

    def reaches(self, start: int) -> bool:
        """Tell whether the cue is near enough to a number that begins at `start`."""
        return start - self.at <= REACH


NOTHING = Said()
REACH = 50  # characters before a number in which its cue may begin
REACH_AFTER = 20
LONGEST = 24  # characters of a phrase

_PHRASES = {
    Cue.NIK: "nik, ktp, e-ktp, ektp, nonik, noktp, nomor induk kependudukan, kia",
    Cue.KK: "kk, nokk, kartu keluarga, nomor keluarga",
    Cue.PHONE: "hp, wa, whatsapp, whatsap, nohp, nowa, handphone, ponsel, hubungi, hub, kontak, "
    "contact, call, cp, sms, seluler, gopay, dana, ovo, shopeepay, linkaja, mobile",
    Cue.LANDLINE: "tel, telp, tlp, tlpn, telpon, telepon, telefon, notelp, notlp, phone",
    Cue.BANK: "rek, rekening, norek, norekening, no.rek, bca, bri, britama, bni, mandiri, bsi, "
    "btn, cimb, danamon, permata, muamalat, bankaltimtara, bankaltim, bpd, seabank, jago, bank, "
    "a.n, a/n, atas nama, kartu kredit, kartu debit, kartu atm, atm",
    Cue.METER: "listrik, air, pdam, pln, token, meter, meteran, idpel, pelanggan, sambungan, "
    "indihome, tagihan, resi, tiket, laporan, invoice, berkas, antrian, antrean, pendaftaran, "
    "surat, nota, sertifikat, seri, "
    "nop, nopel, objek, pajak, pelayanan, pengajuan, aduan, npwp, nib",
}
_CUES = {phrase: cue for cue, phrases in _PHRASES.items() for phrase in phrases.split(", ")}
FILLERS = (
    "no nomor nomer nmr number saya sy aku ku ini itu adalah yaitu ialah adlh di ke dgn dengan "
    "bapak ibu anak istri suami bpk nya kami beliau pemilik lama baru aktif penerima is "
    "my the"
)
_FILLERS = frozenset(FILLERS.split())
_WORD = regex.compile(r"(?<!\p{L})a[./]n(?!\p{L})|e-ktp|\p{L}+", regex.IGNORECASE)
_OWNER = regex.compile(r"[\s(:,\-]{0,3}(?:a[./]n|an\.|atas\s+nama)", regex.IGNORECASE)


def cue_before(text: str, start: int) -> Said:
    """Return what the nearest cue before `start` says of what begins there."""
    found = list(_WORD.finditer(text, max(0, start - REACH - LONGEST), start))
    words = [word.group().casefold() for word in found]
    for index in range(len(words) - 1, -1, -1):
        cue = next(filter(None, (_CUES.get(phrase) for phrase in _ending(words, index))), None)
        if cue:
            return Said(cue, _FILLERS.issuperset(words[index + 1 :]), found[index].start())
    return NOTHING


def cue_after(text: str, end: int) -> Cue:
    """Return BANK when the words behind `end` name a bank or an owner, NONE otherwise."""
    after = text[end : end + REACH_AFTER]
    if _OWNER.match(after):
        return Cue.BANK
    words = _WORD.findall(after)[:1]
    return Cue.BANK if words and _CUES.get(words[0].casefold()) is Cue.BANK else Cue.NONE


def _ending(words: list[str], index: int) -> tuple[str, str, str]:
    """Return the phrases of three, two and one words that end with the word at `index`."""
    three, two = words[max(0, index - 2) : index + 1], words[max(0, index - 1) : index + 1]
    return " ".join(three), " ".join(two), words[index]
