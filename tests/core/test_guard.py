"""The guard: what is found in texts as people type them, and what is left alone."""

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.guard import HIDDEN, Found, Kind, find, kinds, mask
from core.ticket import new_ticket

WIDE = "".join(chr(0xFF10 + int(digit)) for digit in "6474014101900001")
WIDE_PHONE = "".join(chr(0x0660 + int(digit)) for digit in "081234567890")
# All numbers are made up. What must be found stands in brackets behind its kind.
FOUND = [
    # NIK: 16 digits, a province, a day of birth (women + 40)
    "nik saya [nik:6474010101900001]",
    "NIK: [nik:6474-0141-0190-0001] an. warga",
    "ktp sy [nik:64.74.01.410190.0001] blm jadi jadi",
    "sudah urus 3 bulan [nik:6474014101900001] tidak ada kabar",
    "[nik:3171015708450001]",
    "nik [nik:9201012902000003] lahir 29 feb",
    "anak sy nik[nik:6408055203180002]mau masuk sd",
    "nik ibu [nik:6474 0152 0385 0003] nik bapak [nik:6474 0112 0380 0001]",
    "NIK [nik:6 4 7 4 0 1 4 1 0 1 9 0 0 0 0 1]",
    "nik sy [nik:647401990190000] kok ditolak",  # a digit short, and no such day: still his
    "no ktp: [nik:9974013399990001]",
    f"nik [nik:{WIDE}]",
    "e-ktp [nik:6474010101900001] rusak",
    "nik [nik:6474010101900001] wa [phone:081234567890]",
    "[nik:6474010101900001] [phone:081234567890]",
    "nama warga, tgl lahir 01-01-1990, nik [nik:6474010101900001], alamat RT 04 RW 02",
    # KK
    "no kk [kk:6474010101100005]",
    "Kartu Keluarga: [kk:6474-0101-0110-0005]",
    "kk sy [kk:6474010101100005] nik [nik:6474014101900001]",
    "NIK [nik:6474014101900001] KK [kk:6474010101100005]",
    "di kk nya nik ibu saya [nik:6474014101900001] salah",
    "kk [nik:6474014101900001] salah cetak",  # day 41 is nobody's day of recording
    "nomor kartu keluarga saya adalah [kk:6474 0117 0511 0002]",
    # phones
    "wa [phone:0812-3456-7890]",
    "wa [phone:0812 3456 7890] ya min",
    "hub [phone:081234567890]",
    "tlp [phone:+62 812 3456 7890]",
    "[phone:+6281234567890]",
    "[phone:6281234567890]",
    "\u202a[phone:+62 812\u20113456\u20117890]\u202c",
    "hub. [phone:0812.3456.7890] / [phone:085212345678]",
    "wa0[phone:81234567890]".replace("wa0[phone:", "wa[phone:0"),
    "no 12 [phone:0812 3456 7890] 2 orang",
    "cp: [phone:0857 1234 567] (pak rt)",
    "https://wa.me/[phone:6281234567890]",
    "wa [phone:812-3456-7890]",
    "[phone:+62 (812) 3456 7890]",
    "[phone:(0541) 123456] kantor kelurahan",
    "telp kantor [phone:0548-21234]",
    "telp [phone:551234] gak diangkat",
    "Hp [phone:08123456789]\nalamat jl melati 5",
    "[phone:0812 34 56 78 90]",
    "majikan saya [phone:+60 12-345 6789]",
    "hubungi saya di [phone:0821-5555-1234]. 2 hari mati air",
    f"no saya [phone:{WIDE_PHONE}]",
    "tlp. [phone:031-8291234] - [phone:031-8294321]",
    "telp:[phone:5550123].",
    "RT 04 [phone:081234567890] RW 02",
    "kirim ke dana [phone:081234567890]",
    "08-12-2025 lapor, [phone:0812-2025-1030]",
    # plates
    "mobil [plate:KT 1234 XY] parkir di trotoar",
    "[plate:kt 1234 xy] ngebut di depan sekolah",
    "truk [plate:KT1234XY] buang sampah",
    "[plate:kt1234xy]",
    "motor [plate:da-4321-abc] lawan arah",
    "nopol [plate:B 1 A]",
    "plat [plate:L 12] tdk jelas",
    "plat nomor [plate:kt 1234] di parkiran, ujungnya gak kelihatan",
    "angkot [plate:H 1234 AB] ugal ugalan",
    "[plate:B 1234 ABC] dan [plate:B 4321 CBA]",
    "[plate:AB 12 CD] muatan lebih",
    "ganti nopol [plate:r2 ktp]",
    "bus nopol [plate:ad1234og] arah wonogiri",
    "mobil dinas [plate:KT 1234] di jalan",
    "plat [plate:KT.1234.XY]",
    "TRUK [plate:KT 8123 LM] MUATAN LEBIH",
    # e-mail
    "email [email:contoh.warga@gmail.com]",
    "kirim ke [email:c@contoh.go.id], ya",
    "surel: [email:warga_01+lapor@surat.contoh.co.id].",
    "[email:contoh @gmail.com]",
    "[email:contoh@gmail.com@gmail.com] salah ketik",
    "[email:081234567890@contoh.com]",
    # accounts and cards
    "rek BCA [bank:1234567890] a.n. warga",
    "norek [bank:1490012345678]",
    "no. rekening bri [bank:0123-01-012345-50-3]",
    "transfer ke [bank:1490012345678] (mandiri) sebesar Rp 1.500.000",
    "[bank:7123456789] a/n warga",
    "bankaltimtara [bank:0051234567]",
    "rek bsi [bank:7123456789] wa [phone:081234567890]",
    "kartu kredit [bank:4111 1111 1111 1111] dipotong",
    "kartunya [bank:4111111111111111] kena blokir",
    "BNI:\n[bank:0123456789]\natas nama warga",
    "rekening [bank:6474010101900001] mati",
]

NOT_FOUND = [
    "",
    "jalan rusak di depan rumah",
    "harga Rp 1.500.000, dulu Rp1250000",
    "bayar 1.500.000.000 ke rekening kas",
    "transfer ke rekening Rp 1.500.000.000",
    "tgl 08-12-2025 jam 10.30, 08/12/2025, 2025-12-08",
    "buka 08.00-17.00 wita, 08.15 09.30 10.00",
    "-0.1234567, 117.5012345",
    "lokasi 0.123456 117.512345",
    "https://maps.app.goo.gl/abc?q=-0.1234567,117.5012345",
    "kode pos 75311",
    "NOP 35.78.021.234.567-0123.0 dan nopel 99.21.0541.234567.001",
    "pajak a.n. warga no objek pajak 35.78.021.234.567-0123.0",
    "gang VIII/L-22A, blok A5",
    "RT 004/RW 002 no 12",
    "RT 021 RW 005 blok 12",
    "hubungi 112, 110, 113, 118, 119, 129, 123 atau 1708",
    "call center 1500 123 atau 1500-123, 0800 1234567",
    "token 1234 5678 9012 3456 7890 gagal terus",
    "no meter 14123456789, idpel 231234567890",
    "rekening listrik 231234567890 membengkak",
    "rekening air no sambungan 010203040506",
    "SDN 012 BTG, SMP N 12 AB, SD N 005",
    "mobil L 300 di pasar, L 300 pick up",
    "blok B 12 A, perum contoh blok AB 12 CD",
    "P3K, DP3AKB, B2B, H2O, limbah B3, S1 K3, D3 TI",
    "naik A 10 cm, T 45 m, DP 500 rb, BB 60 kg, DC 220 V",
    "RT 4 ada B 3 orang",
    "dana desa DD 2024 yg belum cair",
    "ada B 1234 di situ",
    "lantai D 20 di gedung",
    "6474013301900001",  # no such day
    "6474013213900001",  # no such month
    "6474010099900001",
    "9974010101900001",  # no such province
    "6474018101900001",  # nobody is born on the 81st
    "1234567890123456",
    "12345678901234567890",
    "pasal 27 ayat 3 UU no 11 tahun 2008",
    "instagram @contohwarga, twitter @warga_01",
    "jam 8 @ kantor lurah",
    "0812",
    "08123",
    "antrian nomor 0812",
    "skor 3-1, 2-0, 10-9-8-7-6-5",
    "suhu 36.5, ph 7.12345",
    "KM 12 jalan poros, km 5,5",
    "Perda No. 3 Tahun 2019, PP 12 th 2017",
    "luas 10 x 20 m, 1.000 kk",
    "tahun 2019 2020 2021 2022 2023",
    "kapasitas 1000 kk, 500 kk",
    "•••• 12 ••••",
]

MARKED = re.compile(r"\[(nik|kk|phone|plate|email|bank):([^\]]+)\]")


def unmarked(marked: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the text without its brackets, and what must be found in it."""
    return MARKED.sub(r"\2", marked), MARKED.findall(marked)


@pytest.mark.parametrize("marked", FOUND)
def test_found(marked: str) -> None:
    text, wanted = unmarked(marked)
    found = find(text)
    assert [(one.kind.value, text[one.start : one.end]) for one in found] == wanted
    assert kinds(text) == {Kind(kind) for kind, _ in wanted}
    hidden = mask(text)
    assert all(written not in hidden for _, written in wanted)
    assert mask(hidden) == hidden


@pytest.mark.parametrize("text", NOT_FOUND)
def test_left_alone(text: str) -> None:
    assert find(text) == ()
    assert mask(text) == text
    assert kinds(text) == frozenset()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("nik 6474014101900001.", "nik 6474••••••••••01."),
        ("nik 6474 0141 0190 0001.", "nik 6474•••••••••••••01."),
        ("wa 0812-3456-7890 ya", "wa 0812••••••••90 ya"),
        ("+62 812 3456 7890", "+6281••••••••••90"),
        ("telp 551234", "telp 55•••4"),
        ("rek BCA 1234567890", "rek BCA 12••••••90"),
        ("kt 1234 xy ngebut", "KT•••••••• ngebut"),
        ("email contoh@gmail.com", "email c•••••@•••••.com"),
    ],
)
def test_what_a_citizen_recognises(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_only_what_is_asked_for_is_hidden() -> None:
    text = "wa 081234567890, email contoh@gmail.com"
    phone, mail = find(text)
    assert mask(text, [phone]) == "wa 0812••••••90, email contoh@gmail.com"
    assert mask(text, [mail]).startswith("wa 081234567890, email c•••••@")
    assert mask(text, []) == text


@given(st.builds(new_ticket))
def test_tickets_are_nobodys_numbers(ticket: str) -> None:
    for written in (ticket, ticket.lower(), ticket.replace("-", " ")):
        text = f"status laporan {written} bagaimana"
        assert find(text) == ()


# Texts that look like numbers, and everything else.
PIECES = (
    "nik kk ktp wa hp telp rek bca a.n. plat mobil blok rp @ @gmail.com . - / + ( ) • •• \n 08 62 "
    "0812 3456 7890 6474 0141 0190 0001 081234567890 6474014101900001 4111111111111111 KT B 1234 "
    "XY di 12 08-12-2025 10.30 1.500.000 7KQ2M-X9PAT +62 (0541) 123456 listrik token"
)
TYPED = st.lists(
    st.tuples(st.sampled_from(PIECES.split(" ")), st.sampled_from(["", " ", " ", "-", "."])),
    max_size=25,
).map(lambda pieces: "".join(piece + joint for piece, joint in pieces))
DIGITS = st.text("0123456789 .-+()•@aKT", max_size=80)
TEXTS = st.one_of(TYPED, DIGITS, st.text(max_size=200))


@given(TEXTS)
@example("a@b.cd@e.fg")
@example("KT 1234 BLOK B 12 AB")
@example("blok 081234567890 B 12 AB")
@example("rek 1234567890 x y 2345678901")
def test_spans_lie_inside_and_apart(text: str) -> None:
    end = 0
    for one in find(text):
        assert end <= one.start < one.end <= len(text)
        assert not text[one.start].isspace()
        assert not text[one.end - 1].isspace()
        end = one.end


@given(TEXTS)
def test_masking_twice_changes_nothing(text: str) -> None:
    masked = mask(text)
    assert find(masked) == ()
    assert mask(masked) == masked
    assert len(masked) == len(text)


def shown(one: Found, masked: str) -> str:
    return masked[one.start : one.end].replace(HIDDEN, "")


@given(TEXTS)
def test_no_more_is_shown_than_is_kept(text: str) -> None:
    found = find(text)
    masked = mask(text, found)
    for one in found:
        left = shown(one, masked)
        digits = sum(map(str.isdecimal, left))
        if one.kind is Kind.EMAIL:
            assert left[1] == "@"
            assert left.count("@") == 1
        elif one.kind is Kind.PLATE:
            assert digits == 0
            assert len(left) <= 2
        else:
            written = sum(map(str.isdecimal, text[one.start : one.end]))
            assert digits <= 6
            assert written - digits >= 3
    outside = [sign for index, sign in enumerate(text) if not _in(index, found)]
    assert outside == [sign for index, sign in enumerate(masked) if not _in(index, found)]


def _in(index: int, found: tuple[Found, ...]) -> bool:
    return any(one.start <= index < one.end for one in found)


@given(st.text().filter(lambda text: "@" not in text and not any(map(str.isdecimal, text))))
def test_without_digits_nothing_is_touched(text: str) -> None:
    assert mask(text) == text


@given(st.from_regex(r"08(1[1-9]|2[1-3]|5[1-9]|7[78]|9[5-9])[0-9]{7,8}", fullmatch=True), TYPED)
def test_a_mobile_number_never_stays(number: str, around: str) -> None:
    for written in (number, f"{number[:4]}-{number[4:8]}-{number[8:]}", f"+62{number[1:]}"):
        assert written not in mask(f"{around}\nhp {written} ya")


ROWS = ["0 ", "08 ", "0812 ", "62", "64 ", "6474 ", "1.", "1-", "( 0", "a@", "aa.", "KT 1", "0•"]
ROWS += [
    "rp 1",
    "12:",
    "nik 1 ",
    "wa 8 ",
    "rek 12 ",
    "6474014101900001 ",
    "KT 12 AB BLK ",
    "+6 ",
    "@a.co",
]
LONG = 20_000  # characters of a text


@pytest.mark.parametrize("row", ROWS)
def test_time_grows_with_the_length_only(row: str) -> None:
    def seconds(length: int) -> float:
        text = (row * length)[:length]
        began = time.process_time()
        mask(text)
        return time.process_time() - began

    seconds(1000)  # the library reads its tables
    assert seconds(LONG) < 3
    short, long = min(seconds(2000) for _ in range(3)), seconds(LONG)
    assert long < 60 * short + 0.1  # ten times the length; a square would be a hundred times
