"""Made-up complaints in the length and manner of real ones, by a seeded generator."""

import random
from string import ascii_lowercase

#: Of so many words one is misspelt in a way of its own: of real reports, one word in 37 stood in
#: none of 9,000 before.
MISSPELT = 1 / 20

_OPENINGS = (
    "Selamat pagi admin, mohon izin melapor.",
    "assalamualaikum min mau lapor",
    "Yth. Bapak/Ibu Dinas terkait,",
    "Pak tolong dibantu yaa",
    "Permisi, saya warga sini mau tanya sekaligus lapor.",
    "min lapor minnn",
)
_MATTERS = (
    "jalan di depan rumah kami berlubang dalam, kalau hujan tertutup air, dua motor sudah jatuh",
    "sampah di TPS sudah menumpuk lima hari gk diangkut, baunya masuk rumah dan banyak lalat",
    "lampu penerangan jalan mati semua dari ujung gang sampai masjid, gelap sekali kalau malam",
    "air PDAM sudah tiga hari tidak mengalir padahal tagihan bulan ini tetap naik",
    "saya sudah dua bulan urus KTP hilang tapi blangko katanya selalu habis, kapan bisa jadi?",
    "bantuan PKH orang tua saya tidak keluar lagi, nama kami katanya terhapus dari data",
    "parkir liar di depan pasar bikin macet tiap pagi, petugas tidak pernah ada",
    "drainase tersumbat lumpur, hujan sebentar saja air naik ke teras warga",
    "guru di sekolah anak saya meminta iuran lagi padahal katanya sekolah negeri gratis",
    "pelayanan puskesmas lambat sekali, antre dari jam tujuh baru diperiksa jam sebelas",
    "pedagang berjualan di atas trotoar sampai pejalan kaki harus turun ke jalan",
    "pohon besar di tepi jalan sudah miring dan keropos, takut roboh kena kabel",
    "perusahaan tempat saya bekerja belum membayar lembur tiga bulan",
    "izin usaha saya di OSS tertahan terus, mohon penjelasan syarat apa yang kurang",
)
_PLACES = (
    "Lokasi di Jl. Contoh Raya RT 04 RW 02 Kel. Loktuan Bontang Utara.",
    "di jalan Melati gang 3, kec. Sangatta Utara",
    "Alamat: Perum Contoh Indah blok C, Samarinda Ulu",
    "lokasinya dekat simpang tiga Balikpapan Tengah",
    "Desa Contoh, Kecamatan Weleri, Kabupaten Kendal",
    "di daerah Bontang Selatan, depan SDN 3",
)
_DETAILS = (
    "Kejadian ini sudah kami sampaikan ke ketua RT namun belum ada tindak lanjut sampai sekarang.",
    "udah lapor bolak balik gak ada respon, capek min",
    "Banyak anak sekolah lewat sini setiap hari dan kami khawatir ada korban.",
    "Kami sudah menunggu sejak bulan lalu.",
    "fotonya saya kirim menyusul ya",
    "Warga bersedia membantu bila memang diperlukan gotong royong.",
)
_CLOSINGS = (
    "Mohon segera ditindaklanjuti, terima kasih.",
    "makasih min 🙏",
    "Atas perhatiannya kami ucapkan terima kasih.",
    "tolong bgt yaaa",
)


def complaints(count: int, seed: int = 1) -> list[str]:
    """Return `count` made-up complaints, the same for the same seed, some 320 characters long."""
    chance = random.Random(seed)
    return [_one(chance) for _ in range(count)]


def _one(chance: random.Random) -> str:
    opening = [chance.choice(_OPENINGS)] if chance.random() < 0.7 else []
    matters = chance.sample(_MATTERS, chance.choices((1, 2), (8, 2))[0])
    places = [chance.choice(_PLACES)] if chance.random() < 0.8 else []
    details = chance.sample(_DETAILS, chance.randint(1, 4))
    closing = [chance.choice(_CLOSINGS)] if chance.random() < 0.8 else []
    whole = " ".join([*opening, *matters, *places, *details, *closing])
    return " ".join(_typed(word, chance) for word in whole.split(" "))


def _typed(word: str, chance: random.Random) -> str:
    if chance.random() > MISSPELT:
        return word
    at = chance.randrange(len(word))
    return word[:at] + "".join(chance.choices(ascii_lowercase, k=2)) + word[at:]
