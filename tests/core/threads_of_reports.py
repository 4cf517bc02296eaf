"""How people go on about reports that they sent."""

from tests.core.citizen import photo, pin, says, taps
from tests.core.threads import (
    HOLE,
    LAMP,
    NONE,
    OTHERS,
    TRASH,
    lamp,
    lamp_just_now,
    quotes,
    thread,
    trash,
)

REPORTS = [
    # ---- after a report was sent
    thread(
        "a photo right after", (lamp_just_now,), (photo(), f"addition state {LAMP}", "added +addto")
    ),
    thread(
        "a photo with few words right after",
        (lamp_just_now,),
        (photo("ini fotonya pak"), f"addition state {LAMP}", "added +addto"),
    ),
    thread(
        "a pin right after", (lamp_just_now,), (pin(), f"addition state {LAMP}", "added +addto")
    ),
    thread(
        "a photo two days later",
        (lamp,),
        (photo(), "unsure none", "ask-belonging"),
        (taps(f"add::{LAMP}"), f"command button {LAMP}", "added +attach"),
    ),
    thread(
        "a photo two days later is a new report",
        (lamp,),
        (photo(), "unsure none", "ask-belonging"),
        (taps("new:2"), "command button", "ask-text"),
        ("got mampet di Jl. Delima", "draft state", "preview"),
    ),
    thread(
        "an album right after",
        (lamp_just_now,),
        (photo("ini ya", "a"), f"addition state {LAMP}", "added +addto"),
        (photo("", "a"), f"addition state {LAMP}", "added +addto"),
    ),
    thread(
        "how is it going",
        (lamp,),
        ("kok belum dikerjakan juga ya pak", f"addition wording {LAMP}", "+addto +status"),
    ),
    thread(
        "how is it going, in Javanese",
        (lamp,),
        ("piye laporanku mas, durung didandani", f"addition wording {LAMP}", "+addto +status"),
    ),
    thread(
        "how is it going, in Banjar",
        (lamp,),
        ("kayapa laporan ulun nih, balum jua digawi", f"addition wording {LAMP}", "+addto +status"),
    ),
    thread(
        "any update",
        (lamp,),
        ("any update on my report?", f"command wording {LAMP}", "+status"),
    ),
    thread(
        "how is it going with which",
        (trash, lamp),
        ("gimana kelanjutan laporan saya kemarin", "unsure wording", "ask-belonging"),
        (taps(f"add::{TRASH}"), f"command button {TRASH}", "added +attach"),
    ),
    thread(
        "how is it going with the lamp",
        (trash, lamp),
        (
            "lampu penerangan yg saya laporkan belum ditanggapi",
            f"addition wording {LAMP}",
            "+addto +status",
        ),
    ),
    thread(
        "how is it going, without a report",
        NONE,
        ("kok belum ada jawaban ya", "unsure wording", "ask-new"),
        (taps("cancel:1"), "command button", "cancelled"),
    ),
    thread(
        "told elsewhere before, and told here anew",
        NONE,
        (
            "sampah di Jl. Nuri udah saya lapor ke RT tapi belum ditanggapi, sudah seminggu",
            "new none",
            "ask-evidence",
        ),
    ),
    thread(
        "more about it, announced",
        (lamp,),
        ("mau nambah info", f"command state {LAMP}", "add-how"),
        ("tiangnya juga miring, takut roboh", f"addition state {LAMP}", "added +addto"),
        (photo(), f"addition state {LAMP}", "added +addto"),
    ),
    thread(
        "more about which",
        (trash, lamp),
        ("tambah foto", "unsure none", "which-report"),
        (taps(f"add::{LAMP}"), f"command button {LAMP}", "add-how"),
        (photo(), f"addition state {LAMP}", "added +addto"),
    ),
    thread(
        "another complaint while one is open",
        (lamp,),
        ("jalan di depan kantor lurah Suka Maju amblas, bahaya", "new none", "ask-evidence"),
    ),
    thread(
        "another complaint, said so",
        (lamp,),
        ("lapor lagi min, sampah numpuk di Jl. Pahlawan", "new none", "ask-evidence"),
    ),
    thread(
        "a new report, asked for",
        (lamp,),
        ("laporan baru", "command wording", "new-report"),
        (HOLE, "new state", "ask-evidence"),
    ),
    thread(
        "too little to know",
        (lamp,),
        ("di tempat kemarin pak", "unsure wording", "ask-belonging"),
        ("1", f"command button {LAMP}", "added +attach"),
    ),
    thread(
        "still the same",
        (lamp,),
        ("masih sama saja pak", f"addition wording {LAMP}", "+addto +status"),
    ),
    thread(
        "quoting the report",
        (trash, lamp),
        (quotes(says("tolong dipercepat dong"), 1), f"addition quote {LAMP}", "added +addto"),
    ),
    thread(
        "quoting the older with a photo",
        (trash, lamp),
        (quotes(photo(), 1), f"addition quote {LAMP}", "added +addto"),
    ),
    thread(
        "quoting a report from an open draft",
        (lamp,),
        ("got mampet di Jl. Delima", "new none", "ask-evidence"),
        (quotes(says("yang ini gimana jadinya"), 1), f"addition quote {LAMP}", "+addto +status"),
        ("lewati", "command wording", "preview"),
    ),
    thread(
        "quoting one's own draft",
        (lamp,),
        ("got mampet di Jl. Delima", "new none", "ask-evidence"),
        (quotes(says("airnya sampai masuk rumah"), 2), "draft quote", "ask-evidence-again"),
    ),
    thread("the ticket", (lamp,), (LAMP, f"command ticket {LAMP}", "+status")),
    thread(
        "the ticket, in small letters",
        (lamp,),
        (f"cek {LAMP.lower()}", f"command ticket {LAMP}", "+status"),
    ),
    thread(
        "the ticket and something new about it",
        (trash, lamp),
        (f"untuk {LAMP} tiangnya sekarang miring pak", f"addition ticket {LAMP}", "added +addto"),
    ),
    thread("the ticket of another", NONE, (OTHERS, f"command ticket {OTHERS}", "+status")),
    thread(
        "a ticket with a slip",
        (lamp,),
        ("status 2AAAA-2222Q", "command ticket 2AAAA-2222Q", "status-unknown"),
    ),
    thread(
        "a complaint that names another's ticket",
        NONE,
        (
            f"sama seperti {OTHERS}, di Jl. Nangka sampahnya juga tidak diangkut sudah 2 minggu",
            "new none",
            "ask-evidence",
        ),
    ),
    thread("status of the only one", (lamp,), ("status", f"command wording {LAMP}", "+status")),
    thread("status of several", (trash, lamp), ("cek status", "command wording", "+tellreports")),
    thread("status of none", NONE, ("status", "command wording", "status-how")),
    thread("my reports", (trash, lamp), ("laporan saya", "command wording", "+tellreports")),
    thread(
        "my reports, while one is told",
        (lamp,),
        ("got mampet di Jl. Delima", "new none", "ask-evidence"),
        ("laporan saya", "command wording", "+tellreports"),
        ("gak ada", "command wording", "preview"),
    ),
    thread("again please", (lamp,), ("kirim ulang", f"command wording {LAMP}", "+resend")),
]
