"""Ten journeys of citizens through Kanal: who says what, what the office does, how time passes.

All of it is made up; the places are such as there are in every town.
"""

from collections.abc import Callable
from dataclasses import dataclass

from core.workflow import ReportState
from tests.docs.stage import Stage


@dataclass(frozen=True, slots=True)
class Journey:
    """A journey: its heading and a sentence about it, as the page has them, and how it goes."""

    title: str
    about: str
    play: Callable[[Stage], None]


def lamp(stage: Stage) -> None:
    """All told in one message, answered, and settled."""
    stage.opens("2026-04-06 19:12")
    warga = stage.citizen("telegram")
    warga.says("Malam min, lampu jalan di Jl. Kenanga depan masjid mati dari kemarin, gelap sekali")
    warga.taps("Lewati")
    warga.taps("Kirim")
    stage.until("2026-04-07 09:20")
    stage.assigns("bontang-dishub")
    stage.until("2026-04-09 15:05")
    stage.answers("Lampunya sudah kami ganti siang ini. Terima kasih atas laporannya.", done=True)
    warga.taps("Sudah")


def trash(stage: Stage) -> None:
    """A photo and a point first, the words later, and another place in the end."""
    stage.opens("2026-04-13 06:48")
    warga = stage.citizen("line")
    warga.shows()
    warga.pins(0.1332, 117.4964)
    warga.says("sampah udh numpuk seminggu ga diangkut, baunya masuk ke rumah")
    warga.says("rumah saya di Gang Mawar nomor 9")
    warga.withdraws()
    warga.taps("Ubah")
    warga.taps("Lokasi")
    warga.says("TPS Gang Melati, samping pos ronda RT 5")
    warga.says("kirim aja min")
    warga.shows()
    stage.until("2026-04-13 13:30")
    stage.moves(ReportState.TUNDA, "Di gang itu ada dua TPS. Mohon sebutkan yang mana.")
    stage.until("2026-04-14 07:10")
    warga.replies("ada dua TPS", "yang dekat pos ronda pak")
    stage.until("2026-04-14 10:40")
    stage.assigns("bontang-dlh")


def anonymous(stage: Stage) -> None:
    """Without a name, with numbers that nobody needs; named after all."""
    stage.opens("2026-04-20 10:05")
    warga = stage.citizen("messenger")
    warga.says("jangan sebut nama saya ya min")
    warga.says(
        "bantuan sosial untuk warga RT 7 Kelurahan Mawar dipotong 100 ribu per orang waktu dibagi."
        " NIK saya 6474014101900000, hubungi 081234567890"
    )
    warga.says("ga ada foto")
    warga.taps("Kirim")
    warga.says("pakai nama saja")


def fire(stage: Stage) -> None:
    """Danger: the numbers come first, the report is taken all the same."""
    stage.opens("2026-04-22 23:41")
    warga = stage.citizen("telegram")
    warga.says("TOLONG kebakaran di pasar lama blok C apinya udah gede bgt!!")
    warga.shows()
    warga.says("udah sy telp 113, mobilnya udah datang")


def unfinished(stage: Stage) -> None:
    """Begun, forgotten, reminded twice in daytime, and finished after all."""
    stage.opens("2026-04-27 21:35")
    warga = stage.citizen("line")
    warga.speaks()
    warga.says("air leding keruh dan bau udah 3 hari")
    stage.until("2026-05-02 16:10")
    warga.says("Perumahan Griya Asri blok D")
    warga.says("lanjut")


def lebaran(stage: Stage) -> None:
    """Promised before Lebaran, missed after it: told unasked, with a new date."""
    stage.opens("2026-03-13 11:20")
    warga = stage.citizen("telegram")
    warga.says("Jalan berlubang di depan SDN 2 Jl. Pahlawan, tiap pagi ada yang jatuh")
    warga.says("gak punya fotonya")
    warga.says("ya, kirim")
    stage.until("2026-03-27 19:30")
    warga.says("gimana kabar laporan saya min")
    stage.until("2026-03-30 09:45")
    stage.assigns("bontang-pupr")
    stage.until("2026-04-08 16:10")
    stage.answers("Lubangnya sudah kami tambal hari ini. Maaf menunggu lama.", done=True)
    warga.says("udah beres, makasih min")


def reopened(stage: Stage) -> None:
    """Said to be done and not done; then done, and nobody says anything any more."""
    stage.opens("2026-05-04 08:15")
    warga = stage.citizen("line")
    warga.says("parit di Gang Delima RT 12 mampet, kalo ujan air masuk rumah")
    warga.taps("Lewati")
    warga.taps("Kirim")
    stage.until("2026-05-05 10:00")
    stage.assigns("bontang-pupr")
    stage.until("2026-05-06 18:30")
    warga.replies("diteruskan", "yang paling parah di depan rumah nomor 14 ya")
    stage.until("2026-05-08 15:20")
    stage.answers("Parit sudah dibersihkan oleh petugas kami.", done=True)
    stage.until("2026-05-09 07:30")
    warga.taps("Belum")
    warga.shows("cuma ujungnya aja yg dikeruk, tengahnya masih penuh lumpur")
    stage.until("2026-05-18 14:00")
    stage.answers("Maaf, sekarang seluruh parit sudah dikeruk.", done=True)
    stage.until("2026-06-06 09:00")


def public(stage: Stage) -> None:
    """In public on X: short, without personal data; the rest in private."""
    stage.opens("2026-05-20 17:05")
    warga = stage.citizen("twitter")
    warga.posts("lampu merahnya mati lagi, kendaraan semrawut parah", photo=True)
    warga.says("simpang empat Jl. Cempaka - Jl. Dahlia, dekat kantor pos")
    warga.posts("udah 2 hari ini min")
    stage.until("2026-05-21 08:40")
    stage.assigns("bontang-dishub")
    stage.until("2026-05-21 16:30")
    stage.answers("Lampu lalu lintas sudah menyala kembali sejak pukul 15.00.", done=True)
    warga.says("sudah")


def mixed(stage: Stage) -> None:
    """Javanese, Banjar and English, slips of the finger, and two reports to tell apart."""
    stage.opens("2026-06-02 09:10")
    warga = stage.citizen("telegram")
    warga.says("mas dalan ngarep omahku Jl. Merak bolong kabeh, angel liwat")
    warga.edits("mas dalan ngarep omahku Jl. Merak 2 bolong kabeh, angel liwat")
    warga.says("ora ono fotone")
    warga.says("krim")
    warga.says("min pohon tumbang di Jl. Beringin nutup jalan, please check asap ya")
    warga.says("kadada")
    warga.says("inggih")
    stage.until("2026-06-03 10:15")
    stage.assigns("bontang-pupr", which=0)
    stage.answers("Jalan kami jadwalkan ditambal minggu depan.", which=0)
    stage.until("2026-06-04 19:00")
    warga.says("laporan sy")
    warga.says("kok belum ada kabarnya min")
    warga.taps(stage.tickets()[1])
    warga.says("kirim ulang")


def human(stage: Stage) -> None:
    """A talk with an officer, a second channel, and what is kept of a citizen."""
    stage.opens("2026-06-08 09:00")
    warga = stage.citizen("telegram")
    warga.says("saya mau bicara sama petugas")
    warga.says("trotoar di Jl. Anggrek depan puskesmas pecah, kursi roda ibu saya tidak bisa lewat")
    warga.says("tidak ada foto")
    warga.taps("Kirim")
    stage.until("2026-06-08 10:10")
    stage.writes("Selamat pagi, saya petugas Diskominfo. Bagian mana yang pecah, dekat gerbang?")
    warga.says("iya pas di sebelah kiri gerbang pak, kira2 2 meter")
    stage.writes("Baik, kami teruskan ke Dinas PUPR sekarang.")
    stage.hands_back()
    stage.assigns("bontang-pupr")
    warga.says("hubungkan")
    code = next(word for word in stage.bubbles[-1].text.split() if word.isdecimal())
    sama = stage.citizen("line")
    sama.says(f"hubungkan {code}")
    sama.says("laporan saya")
    sama.says("lihat data saya")
    sama.says("stop")
    sama.says("hapus data saya")
    sama.taps("Ya, hapus data")


JOURNEYS = (
    Journey(
        "Lampu mati, sekali cerita",
        "Semua sudah ada dalam satu pesan: apa, di mana, sejak kapan.",
        lamp,
    ),
    Journey(
        "Foto dan lokasi dulu, cerita belakangan",
        "Urutannya bebas, dan yang keliru dapat diperbaiki sebelum maupun sesudah dikirim.",
        trash,
    ),
    Journey(
        "Anonim, dengan NIK dan nomor telepon",
        "Nomor pribadi disamarkan sebelum petugas membaca; anonim dapat diubah kemudian.",
        anonymous,
    ),
    Journey(
        "Darurat",
        "Nomor darurat dijawab seketika, dan laporannya langsung tercatat tanpa disetujui dulu.",
        fire,
    ),
    Journey(
        "Belum selesai, lalu diingatkan",
        "Draf tidak pernah dibuang. Pengingat hanya dua kali, dan hanya pada siang hari.",
        unfinished,
    ),
    Journey(
        "Janji yang lewat, di sekitar Lebaran 2026",
        "Libur dan cuti bersama tidak dihitung. Janji yang lewat dikabarkan tanpa diminta.",
        lebaran,
    ),
    Journey(
        "“Belum”, dibuka kembali, lalu sunyi",
        "Warga yang menentukan sudah beres atau belum. Diam dicatat sebagai diam.",
        reopened,
    ),
    Journey(
        "Di muka umum, lalu lewat DM",
        "Di X semua orang ikut membaca: balasannya pendek dan tanpa data pribadi.",
        public,
    ),
    Journey(
        "Jawa, Banjar, Inggris, dan salah ketik",
        "Bahasa sehari-hari dipahami; bila laporannya lebih dari satu dan tidak jelas, ditanyakan.",
        mixed,
    ),
    Journey(
        "Berbicara dengan petugas, dua kanal, dan data sendiri",
        "Petugas dapat mengambil alih percakapan; warga dapat melihat dan menghapus datanya.",
        human,
    ),
)
