"""How people answer the OPD, and what else they want."""

from tests.core.citizen import photo, says, taps
from tests.core.threads import (
    LAMP,
    NONE,
    OTHERS,
    TRASH,
    HumanSays,
    lamp,
    lamp_answered,
    lamp_closed,
    lamp_done,
    lamp_there,
    lamp_waits,
    quotes,
    thread,
    trash,
    trash_done,
)

ANSWERS = [
    # ---- the answer of the OPD
    thread(
        "quoting the answer",
        (lamp_answered,),
        (quotes(says("baik pak kami tunggu"), 1), f"reply quote {LAMP}", "added +addto"),
    ),
    thread(
        "a short word after the answer",
        (lamp_answered,),
        ("tapi kapan pastinya", f"reply wording {LAMP}", "added +addto"),
    ),
    thread(
        "thanks for the answer", (lamp_answered,), ("terima kasih pak", "command wording", "thanks")
    ),
    thread(
        "a new complaint after the answer",
        (lamp_answered,),
        ("min, jalan di Jl. Pelita berlubang dalam", "new none", "ask-evidence"),
    ),
    # ---- is it done?
    thread("done, by a word", (lamp_done,), ("sudah", f"command state {LAMP}", "+giveverdict")),
    thread("done, in Banjar", (lamp_done,), ("sudah ai", f"command state {LAMP}", "+giveverdict")),
    thread(
        "not done, by a word",
        (lamp_done,),
        ("belum", f"command state {LAMP}", "+giveverdict"),
        ("cuma dipasang, ga nyala", f"reply state {LAMP}", "added-verdict +addto"),
    ),
    thread(
        "done, by a button",
        (lamp_done,),
        (taps(f"done::{LAMP}"), f"command button {LAMP}", "+giveverdict"),
    ),
    thread(
        "not done, by a button and a photo",
        (lamp_done,),
        (taps(f"not-done::{LAMP}"), f"command button {LAMP}", "+giveverdict"),
        (photo(), f"reply state {LAMP}", "added-verdict +addto"),
    ),
    thread(
        "not done, in a sentence",
        (lamp_done,),
        ("belum pak masih gelap gulita", f"reply wording {LAMP}", "+addto +giveverdict"),
    ),
    thread(
        "done, in a sentence, is asked",
        (lamp_done,),
        ("sudah diperbaiki makasih banyak pak", f"reply wording {LAMP}", "added-verdict +addto"),
    ),
    thread(
        "done, but which",
        (trash_done, lamp_done),
        ("sudah beres", "unsure none", "which-report"),
        (taps(f"done::{TRASH}"), f"command button {TRASH}", "+giveverdict"),
    ),
    thread(
        "a verdict nobody asks for",
        (lamp,),
        (taps(f"done::{LAMP}"), f"command button {LAMP}", "+status"),
    ),
    thread(
        "a verdict given twice",
        (lamp_closed,),
        (taps(f"done::{LAMP}"), f"command button {LAMP}", "+status"),
    ),
    thread(
        "about a closed one",
        (lamp_closed,),
        (
            quotes(says("mati lagi pak lampunya"), 1),
            f"addition quote {LAMP}",
            "added-closed +addto",
        ),
    ),
    thread(
        "what was asked for is told",
        (lamp_waits,),
        (
            quotes(says("nomor tiangnya 12 dekat pos ronda"), 1),
            f"addition quote {LAMP}",
            "added +addto",
        ),
    ),
    # ---- what else is wanted of a report
    thread("anonim afterwards", (lamp,), ("anonim", f"command state {LAMP}", "+setsecrecy")),
    thread(
        "anonim afterwards, but which",
        (trash, lamp),
        ("anonim", "unsure none", "which-report"),
        ("2", f"command button {LAMP}", "+setsecrecy"),
    ),
    thread(
        "rahasia with the ticket",
        (trash, lamp),
        (f"rahasia {LAMP}", f"command ticket {LAMP}", "+setsecrecy"),
    ),
    thread("the name again", (lamp,), ("pakai nama", f"command state {LAMP}", "+setsecrecy")),
    thread(
        "taken back, twice asked",
        (lamp,),
        ("batal", f"command state {LAMP}", "take-back-sure"),
        (taps(f"cancel:sure:{LAMP}"), f"command button {LAMP}", "+cancelreport"),
    ),
    thread("nothing to take back", NONE, ("batal", "command wording", "nothing-open")),
    thread("following another's", NONE, (f"ikuti {OTHERS}", f"command ticket {OTHERS}", "+follow")),
    thread("following, but which", NONE, ("ikuti", "command wording", "follow-how")),
    thread(
        "cancelling another's",
        (lamp,),
        (f"batal {OTHERS}", f"command ticket {OTHERS}", "not-yours"),
    ),
    thread(
        "hiding another's by a made-up button",
        NONE,
        (taps(f"anonim::{OTHERS}"), f"command button {OTHERS}", "not-yours"),
    ),
    thread(
        "a linked channel",
        (lamp_there,),
        ("kok belum dikerjakan juga ya pak", f"addition wording {LAMP}", "+addto +status"),
    ),
    # ---- what is kept of me
    thread("stop", (lamp,), ("stop", "command wording", "notices-off +setnotices")),
    thread("show me", NONE, ("lihat data saya", "command wording", "+telldata")),
    thread(
        "erase me",
        (lamp,),
        ("hapus data saya", "command wording", "erase-sure"),
        (taps("erase-data:sure:"), "command button", "+erasedata"),
    ),
    thread("link", NONE, ("hubungkan akun", "command wording", "+makelinkcode")),
    thread("the code", NONE, ("hubungkan 12345678", "command wording", "+uselinkcode")),
    thread("a human", (lamp,), ("mau bicara dengan petugas", "command wording", "+callhuman")),
    thread(
        "an officer talks here",
        (lamp,),
        (HumanSays("nomor tiangnya 12 pak"), "human none", ""),
        (HumanSays("2"), "human none", ""),
        (HumanSays("anonim"), f"command state {LAMP}", "+setsecrecy"),
        (HumanSays("kebakaran di sebelah pak!"), "human none", "emergency-api"),
        (HumanSays("selesai"), "command wording", "+handback"),
    ),
    # ---- not polite, and in danger
    thread(
        "abuse", NONE, ("dasar goblok semua", "new none", "abuse"), ("tolol kalian", "new none", "")
    ),
    thread(
        "a swear word in a complaint",
        NONE,
        (
            "jalan bangsat di Jl. Durian bolong terus ga pernah diperbaiki",
            "new none",
            "ask-evidence",
        ),
    ),
    thread(
        "fire",
        NONE,
        ("tolong kebakaran rumah di Jl. Durian!!", "new none", "emergency-api +open"),
    ),
    thread(
        "fire, and nothing else",
        NONE,
        ("kebakaran!!", "new none", "emergency-api ask-place +open"),
    ),
    thread(
        "corruption",
        NONE,
        (
            "ada korupsi dana bansos oleh oknum pejabat di kantor camat Rawa",
            "new none",
            "scope-corruption ask-place",
        ),
    ),
]
