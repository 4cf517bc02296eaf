"""The functions of government (urusan) that reports are sorted by; codes are never renamed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Urusan:
    """One function of government: its stable code, its name, and what belongs to it."""

    code: str
    name: str
    about: str


_ALL = (
    Urusan(
        "PUPR",
        "Pekerjaan umum dan penataan ruang",
        "jalan, jembatan, drainase, sumber daya air, tata ruang",
    ),
    Urusan("DLH", "Lingkungan hidup", "sampah, pohon, taman, pencemaran"),
    Urusan("DISHUB", "Perhubungan", "parkir, lalu lintas, angkutan, penerangan jalan"),
    Urusan("DINSOS", "Sosial", "bantuan sosial, data terpadu, BPJS PBI, orang telantar"),
    Urusan("DISDUKCAPIL", "Kependudukan dan pencatatan sipil", "KTP, KK, akta, pindah datang"),
    Urusan("DISDIK", "Pendidikan", "sekolah, guru, penerimaan siswa, ijazah, beasiswa"),
    Urusan("DINKES", "Kesehatan", "rumah sakit, puskesmas, imunisasi, BPJS Kesehatan"),
    Urusan(
        "SATPOLPP",
        "Ketenteraman dan ketertiban umum",
        "pedagang liar, gangguan ketertiban, penertiban",
    ),
    Urusan(
        "PERKIM",
        "Perumahan rakyat, kawasan permukiman dan pertanahan",
        "rumah tidak layak huni, rusun, tanah, makam",
    ),
    Urusan("DISNAKER", "Tenaga kerja", "upah, pemutusan kerja, lowongan, pelatihan"),
    Urusan(
        "DISKOMINFO",
        "Komunikasi dan informatika",
        "aplikasi pemerintah, jaringan, informasi publik",
    ),
    Urusan(
        "DP3AKB",
        "Pemberdayaan perempuan, perlindungan anak dan KB",
        "kekerasan, anak, keluarga berencana",
    ),
    Urusan(
        "DISKOPERINDAG",
        "Koperasi, usaha kecil, perdagangan dan perindustrian",
        "pasar, harga, UMKM, elpiji",
    ),
    Urusan(
        "DISBUDPORAPAR",
        "Kebudayaan, pariwisata, pemuda dan olahraga",
        "wisata, cagar budaya, lapangan olahraga",
    ),
    Urusan(
        "BAPENDA_BPKAD",
        "Pendapatan, keuangan dan aset daerah",
        "PBB, pajak daerah, aset pemerintah",
    ),
    Urusan("BKPSDM", "Kepegawaian daerah", "CPNS, PPPK, disiplin pegawai"),
    Urusan("BPBD", "Penanggulangan bencana", "banjir besar, longsor, angin puting beliung"),
    Urusan(
        "DAMKAR",
        "Pemadam kebakaran dan penyelamatan",
        "kebakaran, sarang tawon, ular, penyelamatan",
    ),
    Urusan("DPMPTSP", "Penanaman modal dan perizinan", "izin usaha, OSS, persetujuan bangunan"),
    Urusan("KESBANGPOL", "Kesatuan bangsa dan politik", "organisasi masyarakat, kerukunan, pemilu"),
    Urusan(
        "DISTANPANGAN",
        "Pangan, pertanian, peternakan dan perikanan",
        "pupuk, irigasi sawah, ternak, nelayan",
    ),
    Urusan("DPMD", "Pemberdayaan masyarakat dan desa", "dana desa, perangkat desa, BUMDes"),
    Urusan("PDAM", "Air minum", "air mati, pipa bocor, tagihan air"),
    Urusan("KEWILAYAHAN", "Kecamatan, kelurahan dan desa", "pelayanan setempat, RT dan RW"),
    Urusan("INSPEKTORAT", "Pengawasan", "pungutan liar, penyalahgunaan wewenang"),
    Urusan("SETDA", "Sekretariat daerah dan perencanaan", "perlu dipilah oleh admin"),
    Urusan(
        "EKSTERNAL",
        "Instansi vertikal dan BUMN",
        "PLN, Polri, BPN, Kemenag, BPJS Ketenagakerjaan",
    ),
)

URUSAN: dict[str, Urusan] = {one.code: one for one in _ALL}
