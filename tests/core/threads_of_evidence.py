"""Which evidence outweighs which: what the office asked, what was just spoken of, and new things.

Each of these holds without a model too, but for `READ`, whose words only a model understands.
"""

from dataclasses import replace
from datetime import timedelta

from tests.core.citizen import photo, pin, says, taps
from tests.core.threads import (
    LAMP,
    NONE,
    NOW,
    TRASH,
    Later,
    Thread,
    lamp,
    lamp_done,
    lamp_just_now,
    lamp_waits,
    quotes,
    thread,
    trash,
    trash_waits,
)

GUTTER = "got mampet di Jl. Delima"
ADDED = "added +addto"
WAITED = f"addition state {LAMP}"

EVIDENCE = [
    # ---- the office asked for something, and the report waits for it
    *(
        thread(f"the office's question: {said}", (lamp_waits,), (said, WAITED, ADDED))
        for said in (
            "RT 12 RW 3",
            "rumah nomor 12",
            "di jalan melati nomor 4",
            "12A",
            "12",
            "ada dua",
            "tiangnya yang dekat pos ronda",
            "sebelah kiri",
            "tidak ada",
            "masih",
        )
    ),
    thread("the office's question, by a pin", (lamp_waits,), (pin(), WAITED, ADDED)),
    thread("the office's question, by a photo", (lamp_waits,), (photo(), WAITED, ADDED)),
    thread(
        "the office's question of one of several",
        (trash, lamp_waits),
        ("rumah nomor 12", WAITED, ADDED),
    ),
    thread(
        "two questions of the office, the later one",
        (trash_waits, lamp_waits),
        ("rumah nomor 12", WAITED, ADDED),
    ),
    thread(
        "two questions of the office, and one is named",
        (trash_waits, lamp_waits),
        ("sampah yang dekat pasar itu milik kios nomor 4", f"addition state {TRASH}", ADDED),
    ),
    thread("only greeting the office", (lamp_waits,), ("halo", "command wording", "greeting")),
    thread("ok to the office", (lamp_waits,), ("ok", "command wording", "all-right")),
    thread(
        "talk while the office waits", (lamp_waits,), ("apa kabar min", "talk wording", "greeting")
    ),
    thread(
        "a new report while the office waits",
        (lamp_waits,),
        ("mau lapor lagi, got mampet di Jl. Delima", "new none", "ask-evidence"),
    ),
    thread(
        "a draft outranks the office's question",
        (lamp_waits,),
        ("lapor lagi, " + GUTTER, "new none", "ask-evidence"),
        ("rumah nomor 12", "draft state", "ask-evidence-again"),
    ),
    # ---- after "not done" with an open draft
    thread(
        "not done, beside an open draft",
        (lamp_done,),
        ("lapor lagi, " + GUTTER, "new none", "ask-evidence"),
        (taps(f"not-done::{LAMP}"), f"command button {LAMP}", "+giveverdict"),
        ("cuma dipasang, ga nyala", f"reply state {LAMP}", "added-verdict +addto"),
        ("12", f"reply state {LAMP}", "added-verdict +addto"),
        (photo(), f"reply state {LAMP}", "added-verdict +addto"),
        ("lanjut", "command wording", "ask-evidence-again"),
        ("lanjut", "command wording", "preview"),
    ),
    thread(
        "more about a report, beside an open draft",
        (lamp,),
        ("lapor lagi, " + GUTTER, "new none", "ask-evidence"),
        (f"tambah {LAMP}", f"command ticket {LAMP}", "add-how"),
        ("1", WAITED, ADDED),
        ("tiangnya miring", WAITED, ADDED),
        (Later("airnya masuk rumah", 31), "draft state", "ask-evidence-again"),
    ),
    thread(
        "thanks bring the open draft back",
        (lamp,),
        ("lapor lagi, " + GUTTER, "new none", "ask-evidence"),
        (f"tambah {LAMP}", f"command ticket {LAMP}", "add-how"),
        ("tiangnya miring", WAITED, ADDED),
        ("makasih", "command wording", "thanks ask-evidence-again"),
        ("gak ada foto", "command wording", "preview"),
    ),
    thread(
        "something else is a part of the open draft, and brings it back",
        (lamp,),
        ("lapor lagi, " + GUTTER, "new none", "ask-evidence"),
        (f"tambah {LAMP}", f"command ticket {LAMP}", "add-how"),
        ("airnya meluap sampai Jl. Mangga", "draft state", "ask-evidence-again"),
        ("gak ada foto", "command wording", "preview"),
    ),
    thread(
        "kirim does not send a draft that is out of sight",
        (lamp,),
        ("lapor lagi, " + GUTTER, "new none", "ask-evidence"),
        ("lewati", "command wording", "preview"),
        (f"tambah {LAMP}", f"command ticket {LAMP}", "add-how"),
        ("tiangnya miring", WAITED, ADDED),
        ("kirim", "command wording", "preview"),
        ("kirim", "command wording", "+open"),
    ),
    thread(
        "the button of a draft that is out of sight",
        (lamp,),
        ("lapor lagi, " + GUTTER, "new none", "ask-evidence"),
        ("lewati", "command wording", "preview"),
        (f"tambah {LAMP}", f"command ticket {LAMP}", "add-how"),
        (taps("send:2"), "command button", "+open"),
    ),
    thread(
        "anonim of the report that is spoken of",
        (lamp,),
        ("lapor lagi, " + GUTTER, "new none", "ask-evidence"),
        (f"tambah {LAMP}", f"command ticket {LAMP}", "add-how"),
        ("anonim", f"command state {LAMP}", "+setsecrecy"),
    ),
    # ---- what was just spoken of gives way to something new
    thread(
        "spoken of, and a new report announced",
        (lamp,),
        (f"tambah {LAMP}", f"command ticket {LAMP}", "add-how"),
        ("mau lapor lagi, pohon tumbang di jl anggrek", "new none", "ask-evidence"),
    ),
    thread(
        "spoken of, and something at another place",
        (lamp,),
        (f"tambah {LAMP}", f"command ticket {LAMP}", "add-how"),
        ("pohon tumbang menutup jalan di jl anggrek", "unsure state", "ask-belonging"),
        (taps("new:2"), "command button", "ask-evidence"),
    ),
    thread(
        "spoken of, and its own place",
        (lamp,),
        (f"tambah {LAMP}", f"command ticket {LAMP}", "add-how"),
        ("tiangnya miring di gang kenanga", WAITED, ADDED),
    ),
    thread(
        "spoken of only for a while, however much is added",
        (lamp,),
        (f"tambah {LAMP}", f"command ticket {LAMP}", "add-how"),
        (Later("tiangnya miring", 20), WAITED, ADDED),
        (Later(photo(), 11), "unsure none", "ask-belonging"),
    ),
    thread(
        "right after, a photo of something else",
        (lamp_just_now,),
        (photo("pohon tumbang di jl anggrek"), "unsure state", "ask-belonging"),
    ),
    thread(
        "right after, another one announced",
        (lamp_just_now,),
        ("laporan baru", "command wording", "new-report"),
        (photo(), "new state", "ask-text"),
        (GUTTER, "draft state", "preview"),
    ),
    thread(
        "right after, another one with a photo",
        (lamp_just_now,),
        (photo("lapor lagi min, got mampet"), "new none", "ask-place"),
    ),
    # ---- short answers to our own question
    *(
        thread(
            f"short, after 'what is not done': {said}",
            (lamp_done,),
            (taps(f"not-done::{LAMP}"), f"command button {LAMP}", "+giveverdict"),
            (said, f"reply state {LAMP}", "added-verdict +addto"),
        )
        for said in ("bocor", "12", "redup", "dua lampu")
    ),
    *(
        thread(
            f"short, after 'send it': {said}",
            (lamp,),
            (f"tambah {LAMP}", f"command ticket {LAMP}", "add-how"),
            (said, WAITED, ADDED),
        )
        for said in ("bocor", "12", "masih", "tidak ada")
    ),
    thread(
        "only emoji, after 'send it'",
        (lamp,),
        (f"tambah {LAMP}", f"command ticket {LAMP}", "add-how"),
        ("🙏", "talk none", "greeting"),
    ),
    *(
        thread(f"one word that tells a trouble: {said}", NONE, (said, "new none", "ask-place"))
        for said in ("macet", "kebanjiran", "Longsor!", "sampah", "pungli")
    ),
    thread("a flood, in one word", NONE, ("banjir", "new none", "ask-place")),
    # ---- an answer of the OPD, and after it
    thread(
        "the answer before the last one does not count",
        (replace(lamp, answered_at=NOW - timedelta(days=1)),),
        ("tapi kapan pastinya", f"reply wording {LAMP}", ADDED),
    ),
    thread(
        "quoting outweighs what was just spoken of",
        (trash, lamp),
        (f"tambah {LAMP}", f"command ticket {LAMP}", "add-how"),
        (quotes(says("baunya makin parah"), 2), f"addition quote {TRASH}", ADDED),
        ("tolong cepat", f"addition state {TRASH}", ADDED),
    ),
]

READ: list[Thread] = [
    thread(
        "another matter while the office waits",
        (lamp_waits,),
        ("sampah di depan pasar Rawa menumpuk dan bau sekali", "unsure state", "ask-belonging"),
    ),
    thread(
        "spoken of, and another matter without a place",
        (lamp,),
        (f"tambah {LAMP}", f"command ticket {LAMP}", "add-how"),
        ("air pdam mati total sudah tiga hari tidak mengalir", "unsure state", "ask-belonging"),
    ),
]
