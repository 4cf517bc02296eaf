"""The class of a report: our own sentences, as people type them, and how often we are right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.klasifikasi import klasifikasi
from classifier.wording import words_of
from core.understanding import Klasifikasi

SENTENCES: dict[Klasifikasi, tuple[str, ...]] = {
    Klasifikasi.PERMINTAAN_INFORMASI: (
        "Bagaimana cara mengurus KTP yang patah?",
        "gmn cara daftar BPJS gratis min",
        "syarat pindah domisili antar kota apa aja ya",
        "jam buka puskesmas hari sabtu sampai jam brp?",
        "mau tanya, pendaftaran PPDB SMP kapan dibuka?",
        "Mohon informasi biaya retribusi sewa lapangan",
        "dimana alamat kantor dinas kependudukan",
        "apakah bisa bayar PBB lewat minimarket?",
        "nomor telepon ambulans kota ini berapa ya",
        "izin bertanya, jadwal vaksin rabies di kecamatan kami kapan",
        "berapa lama proses izin usaha di OSS?",
        "kalau mau urus akta kelahiran anak harus kemana dulu",
        "ada lowongan di dinas perhubungan ga kak?",
        "bansos bulan ini kapan cairnya?",
        "apa boleh KK diwakilkan saudara?",
        "info jadwal samsat keliling dong",
    ),
    Klasifikasi.ASPIRASI: (
        "Usul, tolong dibangun taman bermain di perumahan kami",
        "saran saya parkir pasar dibuat bertingkat",
        "kapan jembatan di desa kami dibangun?",
        "mohon dipasang lampu jalan di gang anggrek",
        "sebaiknya ada bus sekolah untuk anak pinggiran",
        "semoga ada wifi gratis di alun-alun",
        "minta ditambah tong sampah di sepanjang pantai",
        "alangkah baiknya kalau ada zebra cross di depan sekolah",
        "kami berharap ada pelatihan menjahit untuk ibu ibu",
        "mohon dibuatkan polisi tidur di depan masjid",
        "perlu halte di depan rumah sakit biar ga kepanasan",
        "bisakah ditambah rute angkutan ke perumahan baru",
        "aspirasi warga rw 5: lapangan dijadikan taman",
        "minta tolong jalan usaha tani diaspal",
        "gimana kalau CFD diperpanjang sampai jam sepuluh",
        "mohon bantuan bibit cabai untuk kelompok tani kami",
    ),
    Klasifikasi.PENGADUAN_BERKADAR: (
        "ada pungli pengurusan KTP di kelurahan, diminta 50 ribu",
        "oknum pegawai minta uang supaya berkas cepat selesai",
        "dana desa dikorupsi kepala desa, pembangunan fiktif",
        "lurah jarang masuk kantor, warga mau tanda tangan susah",
        "bantuan BLT dipotong ketua RT seratus ribu",
        "mobil dinas dipakai mudik keluarga pejabat",
        "guru minta setoran ke wali murid buat naik kelas",
        "proyek drainase asal asalan tidak sesuai spek",
        "calo di kantor samsat dibiarkan petugas",
        "pegawai kecamatan ngopi di warung saat jam kerja",
        "camat kampanye untuk salah satu calon, tidak netral",
        "penyalahgunaan wewenang dalam penerimaan tenaga honorer",
        "kepala sekolah menyelewengkan dana BOS",
        "petugas parkir dibekingi aparat, tarif seenaknya",
        "minta inspektorat periksa pengadaan di puskesmas",
        "ada suap waktu tes perangkat desa",
    ),
    Klasifikasi.PENGADUAN_TIDAK_BERKADAR: (
        "jalan berlubang di depan pasar sudah setahun",
        "lampu jalan mati dari minggu lalu",
        "sampah ga diangkut angkut seminggu bau",
        "air pdam keruh dan sering mati",
        "kapan diperbaiki jalan rusak ini? sudah banyak yg jatuh",
        "pelayanan di loket lambat, petugasnya judes",
        "ktp saya belum jadi sudah tiga bulan",
        "selokan mampet tiap hujan banjir",
        "pkl jualan di trotoar semrawut",
        "rumah tetangga nyetel sound sampai malam berisik banget",
        "pohon tumbang belum dibersihkan",
        "parkir liar bikin macet di depan stasiun",
        "obat di puskesmas kosong terus",
        "gaji saya belum dibayar perusahaan dua bulan",
        "bau limbah pabrik tahu menyengat",
        "aplikasi antrean online error terus",
        "dtks saya dicoret padahal tidak mampu",
        "anjing liar banyak di taman meresahkan",
        "jembatan gantung lapuk kayunya pecah",
        "elpiji 3 kilo langka dan mahal",
    ),
}
ROWS = [(text, right) for right, texts in SENTENCES.items() for text in texts]

NOTHING = (
    "", "halo", "🙏🙏", "terima kasih respon cepatnya", "selamat pagi pak wali", "你好", "asdfgh",
)  # fmt: skip


def told(text: str, urusan: str = "") -> Klasifikasi | None:
    return klasifikasi(words_of(text), urusan)


def test_nine_in_ten_are_right() -> None:
    wrong = [(text, told(text)) for text, right in ROWS if told(text) is not right]
    assert len(ROWS) >= 60
    assert len(wrong) <= len(ROWS) / 10, wrong


@pytest.mark.parametrize("right", SENTENCES)
def test_every_class_is_mostly_right(right: Klasifikasi) -> None:
    texts = SENTENCES[right]
    assert sum(told(text) is right for text in texts) >= 0.8 * len(texts)


@pytest.mark.parametrize("text", NOTHING)
def test_none_when_there_is_nothing_to_say(text: str) -> None:
    assert told(text) is None


def test_a_known_topic_makes_a_bare_statement_a_complaint() -> None:
    text = "penerangan gang anggrek blok c"
    assert told(text) is None
    assert told(text, "DISHUB") is Klasifikasi.PENGADUAN_TIDAK_BERKADAR
    assert told("halo pak", "DISHUB") is None


def test_praise_about_a_topic_is_no_complaint() -> None:
    assert told("salut buat petugas kebersihan taman", "DLH") is None


@pytest.mark.parametrize(
    "text",
    ["pelayanan cepat dan bebas pungli", "cara melaporkan pungli di sekolah lewat mana?"],
)
def test_a_word_alone_accuses_nobody(text: str) -> None:
    assert told(text) is not Klasifikasi.PENGADUAN_BERKADAR


@given(st.text(max_size=300), st.sampled_from(["", "PUPR", "unknown"]))
def test_any_text_is_read(text: str, urusan: str) -> None:
    assert told(text, urusan) in {None, *Klasifikasi}
