"""How what is unsure is asked and settled, and what a ticket means beside other words."""

from dataclasses import replace
from datetime import timedelta

from tests.core.citizen import edits, photo, pin, taps
from tests.core.threads import (
    LAMP,
    NONE,
    NOW,
    OTHERS,
    TRASH,
    lamp,
    lamp_closed,
    lamp_regretted,
    thread,
    trash,
)

GUTTER = "got mampet di Jl. Delima"
ADDED = "added +addto"
WAITED = f"addition state {LAMP}"

DOUBT = [
    # ---- "new, or more of another?" does not answer itself
    thread(
        "unsure, and another text",
        (lamp,),
        (photo(), "unsure none", "ask-belonging"),
        ("yang kemarin itu pak", "draft state", "ask-belonging"),
        ("makasih", "command wording", "thanks ask-belonging"),
        ("anonim", "command wording", "secrecy ask-belonging"),
        ("kirim", "command wording", "ask-belonging"),
        (edits("m2", "yang kemarin itu bu"), "", "ask-belonging +edit"),
        (taps(f"add::{LAMP}"), f"command button {LAMP}", "added +attach"),
        (photo(), WAITED, ADDED),
    ),
    thread(
        "unsure, decided as new, and then not",
        (lamp,),
        (photo(), "unsure none", "ask-belonging"),
        (taps("new:2"), "command button", "ask-text"),
        (taps(f"add::{LAMP}"), f"command button {LAMP}", "added +attach"),
    ),
    thread(
        "unsure, told by words that it is more",
        (lamp,),
        (photo(), "unsure none", "ask-belonging"),
        ("tambahan", f"command wording {LAMP}", "added +attach"),
    ),
    thread(
        "unsure, told by words that it is more, but of which",
        (trash, lamp),
        (photo(), "unsure none", "ask-belonging"),
        ("tambahan", "command wording", "ask-belonging"),
        (TRASH, f"command ticket {TRASH}", "added +attach"),
    ),
    thread(
        "unsure, told by a word that it is new",
        (lamp,),
        (photo(), "unsure none", "ask-belonging"),
        ("baru", "command wording", "ask-text"),
        (GUTTER, "draft state", "preview"),
    ),
    thread(
        "unsure, and something else is done first",
        (lamp,),
        (photo(), "unsure none", "ask-belonging"),
        ("status", f"command wording {LAMP}", "+status"),
        ("bantuan", "command wording", "help"),
        (pin(), "draft state", "ask-belonging"),
    ),
    thread(
        "new? yes",
        NONE,
        ("kok belum ada jawaban ya", "unsure wording", "ask-new"),
        ("iya", "command wording", "ask-place"),
    ),
    thread(
        "new? no",
        NONE,
        ("kok belum ada jawaban ya", "unsure wording", "ask-new"),
        ("bukan", "command wording", "cancelled"),
    ),
    thread(
        "new? told instead",
        NONE,
        ("kok belum ada jawaban ya", "unsure wording", "ask-new"),
        ("lampu jalan mati di Jl. Melati", "draft state", "ask-evidence"),
    ),
    thread(
        "a button of a report does not touch a draft that was sure",
        (lamp,),
        ("lapor lagi, " + GUTTER, "new none", "ask-evidence"),
        (taps(f"add::{LAMP}"), f"command button {LAMP}", "add-how"),
        ("tiangnya miring", WAITED, ADDED),
    ),
    # ---- a ticket and words
    *(
        thread(f"the ticket, and words: {said}", (trash, lamp), (f"{LAMP} {said}", taken, answer))
        for said, taken, answer in (
            ("bocor", f"addition ticket {LAMP}", ADDED),
            ("tiang miring", f"addition ticket {LAMP}", ADDED),
            ("12", f"addition ticket {LAMP}", ADDED),
            ("masih mati", f"addition ticket {LAMP}", ADDED),
            ("kok belum dikerjakan", f"addition ticket {LAMP}", "+addto +status"),
            ("kebakaran tolong", f"addition ticket {LAMP}", "emergency-api added +addto"),
            ("", f"command ticket {LAMP}", "+status"),
            ("gimana ya pak", f"command ticket {LAMP}", "+status"),
            ("itu laporan saya", f"command ticket {LAMP}", "+status"),
            ("anonim", f"command ticket {LAMP}", "+setsecrecy"),
        )
    ),
    thread(
        "another's ticket, and a few words",
        NONE,
        (f"bagaimana laporan {OTHERS}", f"command ticket {OTHERS}", "+status"),
    ),
    thread(
        "another's ticket, and a complaint",
        NONE,
        (f"sama dengan {OTHERS}, selokan tersumbat bau menyengat", "new none", "ask-place"),
    ),
    thread(
        "another's ticket, and a fire",
        NONE,
        (f"{OTHERS} kebakaran tolong", "new none", "emergency-api ask-place +open"),
    ),
    # ---- are you sure?
    *(
        thread(
            f"sure to take it back: {said}",
            (lamp,),
            ("batal", f"command state {LAMP}", "take-back-sure"),
            (said, taken, answer),
        )
        for said, taken, answer in (
            *(
                (yes, f"command state {LAMP}", "+cancelreport")
                for yes in ("ya", "iya batalkan", "Yakin", "ok", "iya kak")
            ),
            *(
                (no, "command state", "left-as-is")
                for no in ("tidak", "gak jadi", "jangan", "ga usah")
            ),
            ("batal", f"command state {LAMP}", "take-back-sure"),
        )
    ),
    *(
        thread(
            f"sure to erase: {said}",
            (lamp,),
            ("hapus data saya", "command wording", "erase-sure"),
            (said, "command state", answer),
        )
        for said, answer in (
            *((yes, "+erasedata") for yes in ("ya", "ya hapus", "iya hapus data saya", "yakin")),
            *((no, "left-as-is") for no in ("tidak", "gak jadi", "jangan dihapus", "batal")),
        )
    ),
    thread(
        "sure, beside an open draft",
        (lamp,),
        ("lapor lagi, " + GUTTER, "new none", "ask-evidence"),
        ("lewati", "command wording", "preview"),
        ("hapus data saya", "command wording", "erase-sure"),
        ("tidak", "command state", "left-as-is"),
        ("hapus data saya", "command wording", "erase-sure"),
        ("status", f"command wording {LAMP}", "+status"),
        ("ya", "command wording", "+open"),
    ),
    thread(
        "sure, but of what was asked before",
        (lamp,),
        ("hapus data saya", "command wording", "erase-sure"),
        ("bantuan", "command wording", "help"),
        ("ya", "command wording", "all-right"),
    ),
    # ---- a "done" that was a mistake
    thread(
        "done by mistake",
        (lamp_regretted,),
        (f"belum {LAMP}", f"command ticket {LAMP}", "+giveverdict"),
        ("masih gelap", WAITED, "added-undone +addto"),
        ("belum", f"command state {LAMP}", "+giveverdict"),
    ),
    thread(
        "done by mistake, by the old button",
        (lamp_regretted,),
        (taps(f"not-done::{LAMP}"), f"command button {LAMP}", "+giveverdict"),
    ),
    thread(
        "done, and long ago",
        (replace(lamp_closed, verdict_at=NOW - timedelta(days=11)),),
        (f"belum {LAMP}", f"command ticket {LAMP}", "+status"),
    ),
]
