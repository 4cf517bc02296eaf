"""The category of SP4N-LAPOR!: our own sentences with the official id that a triager would give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.category import CATEGORIES, category
from classifier.wording import words_of
from core.urusan import URUSAN

ROWS = [
    ("jalan depan pasar berlubang parah aspalnya hancur", "PUPR", "Jalan Berlubang"),
    ("lampu penerangan jalan mati di gang mawar", "DISHUB", "Penerangan Jalan"),
    ("pju padam sudah seminggu", "PUPR", "Penerangan Jalan"),
    ("got mampet air tidak jalan tolong dikeruk", "PUPR", "Drainase (Gorong-Gorong/Parit)"),
    ("jembatan gantung papannya patah", "PUPR", "Jembatan"),
    ("trotoar pecah pejalan kaki kesusahan", "PUPR", "Trotoar"),
    ("sampah di tps tidak diangkut", "DLH", "Lainnya Terkait Lingkungan Hidup Dan Kehutanan"),
    ("limbah pabrik dibuang ke sungai, baunya menyengat", "DLH", "Pencemaran Lingkungan"),
    ("taman kota ayunannya rusak", "DLH", "Taman"),
    ("jukir liar minta parkir di terminal", "DISHUB", "Transportasi Darat"),
    ("kapal penyeberangan di pelabuhan sering terlambat", "DISHUB", "Transportasi Laut"),
    ("nama saya hilang dari dtks", "DINSOS", "Data Terpadu Kesejahteraan Sosial (Dtks)"),
    ("pkh ibu saya tidak cair, pendampingnya diam", "DINSOS", "Pkh Program Keluarga Harapan"),
    ("bpnt sembako isi telur busuk", "DINSOS", "Bantuan Pangan Non Tunan (Bpnt)"),
    ("rekam ktp blangko kosong terus", "DISDUKCAPIL", "Ktp (Kartu Tanda Penduduk)"),
    ("akta kelahiran bayi belum jadi", "DISDUKCAPIL", "Akta Kelahiran"),
    ("pisah kk ditolak loket", "DISDUKCAPIL", "Kartu Keluarga"),
    ("pindah domisili ke kota lain dipersulit", "DISDUKCAPIL", "Pindah Domisili"),
    ("ppdb zonasi jarak rumah dihitung salah", "DISDIK", "Penerimaan Siswa Baru"),
    ("sekolah menarik iuran spp dan uang gedung", "DISDIK", "Biaya Sekolah"),
    ("beasiswa pip belum masuk rekening", "DISDIK", "Kartu Indonesia Pintar/Kip"),
    ("minta fogging banyak kena dbd", "DINKES", "Fogging Nyamuk"),
    ("imunisasi di posyandu vaksinnya habis", "DINKES", "Pelayanan Vaksinasi / Imunisasi"),
    ("denda iuran bpjs kok tambah terus", "DINKES", "Iuran Dan Denda Bpjs Kesehatan"),
    ("pkl berjualan di badan trotoar minta ditertibkan", "SATPOLPP", "Ketertiban Umum"),
    ("sound dan knalpot bising tiap malam bikin resah", "SATPOLPP", "Keresahan Masyarakat"),
    ("sengketa lahan dengan pengembang", "PERKIM", "Sengketa Tanah"),
    ("daftar rusunawa unit masih kosong", "PERKIM", "Perumahan Bersubsidi Dan Rumah Susun"),
    ("gaji di bawah umk dan lembur tak dibayar", "DISNAKER", "Gaji Pekerja"),
    ("kapan ada job fair, cari lowongan kerja", "DISNAKER", "Rekrutmen Tenagakerja"),
    ("sinyal internet hilang dan wifi balai desa mati", "DISKOMINFO", "Jaringan Internet"),
    ("situs judi slot masih bisa dibuka", "DISKOMINFO", "Perjudian Online"),
    ("pbb rumah saya naik dua kali lipat", "BAPENDA_BPKAD", "Pajak Daerah"),
    ("formasi cpns guru agama tidak ada", "BKPSDM", "CPNS"),
    ("tenaga honorer belum didata", "BKPSDM", "Tenaga Honorer"),
    ("banjir rob masuk rumah", "BPBD", "Banjir"),
    ("sarang tawon di atap tolong dievakuasi", "DAMKAR", "Pemadaman Kebakaran"),
    ("pupuk subsidi langka petani bingung", "DISTANPANGAN", "Bantuan Pertanian"),
    ("kepala desa tidak pernah musdes", "DPMD", "Pemerintahan Desa"),
    ("air pdam tidak mengalir sejak subuh", "PDAM", "Gangguan Layanan Penyaluran Air"),
    ("tagihan pdam membengkak padahal rumah kosong", "PDAM", "Biaya/Tarif Pdam"),
    ("pungli di loket parkir", "INSPEKTORAT", "Pungutan Liar"),
    ("listrik padam byar pet dari kemarin", "EKSTERNAL", "Lainnya Terkait Listrik"),
    ("urus skck di polres antre lama", "EKSTERNAL", "Surat Keterangan Catatan Kepolisian"),
    ("umkm mau pinjam modal koperasi", "DISKOPERINDAG", "Koperasi, Usaha Kecil, dan Menengah"),
    ("stempel surat pengantar rt", "KEWILAYAHAN", "Lainnya Terkait Administrasi Kewilayahan"),
    ("anak dipekerjakan mengemis di lampu merah", "DP3AKB", "Eksploitasi Anak"),
    ("mohon perhatiannya bapak", "PUPR", "Lainnya terkait Pekerjaan Umum dan Penataan Ruang"),
]


def told(text: str, urusan: str) -> str:
    id_ = category(words_of(text), urusan)
    return CATEGORIES[id_].name if id_ else ""


def test_nine_in_ten_are_right() -> None:
    wrong = [
        (text, told(text, urusan)) for text, urusan, name in ROWS if told(text, urusan) != name
    ]
    assert len(ROWS) >= 40
    assert len(wrong) <= len(ROWS) / 10, wrong


@pytest.mark.parametrize("urusan", URUSAN)
def test_every_urusan_has_its_general_category_or_none(urusan: str) -> None:
    general = category((), urusan)
    assert general in {*CATEGORIES, ""}
    assert bool(general) == (urusan not in {"EKSTERNAL", "KESBANGPOL"})


@pytest.mark.parametrize("urusan", ["", "TIDAK ADA"])
def test_nothing_for_an_unknown_urusan(urusan: str) -> None:
    assert category(words_of("jalan berlubang"), urusan) == ""


def test_the_general_one_when_two_fit_alike() -> None:
    assert told("jembatan dan trotoar", "PUPR").startswith("Lainnya")


@given(st.text(max_size=300), st.sampled_from([*URUSAN, ""]))
def test_any_text_is_read(text: str, urusan: str) -> None:
    assert category(words_of(text), urusan) in {*CATEGORIES, ""}
