"""What people say when nothing is asked, and what they notice when the report is already sent."""

from dataclasses import replace
from datetime import timedelta

from tests.core.citizen import photo, taps
from tests.core.threads import (
    LAMP,
    NONE,
    NOW,
    OPENED,
    Later,
    lamp,
    lamp_closed,
    lamp_just_now,
    lamp_waits,
    thread,
    trash,
)

ADDED = "added +addto"
STATE = f"addition state {LAMP}"
SAYS_DONE = replace(lamp_closed, answered_at=NOW - timedelta(hours=9))
lamp_settled = replace(SAYS_DONE, verdict_at=NOW - timedelta(hours=3))
lamp_long_settled = replace(
    lamp_closed,
    answered_at=NOW - timedelta(days=11),
    verdict_at=NOW - timedelta(days=10, minutes=1),
)

AFTERTHOUGHTS = [
    # ---- nothing in particular
    thread(
        "greeted once a day",
        NONE,
        ("halo", "command wording", "greeting"),
        ("min", "command wording", "go-ahead"),
        ("ok", "command wording", "go-ahead"),
        ("hmm", "talk none", "go-ahead"),
        (Later("halo min", 24 * 60), "command wording", "go-ahead"),
        (Later("halo min", 1), "command wording", "greeting"),
    ),
    thread("all right", (lamp,), ("siap pak", "command wording", "all-right")),
    thread("waiting", (lamp,), ("ok saya tunggu kabarnya", "command wording", "all-right")),
    thread("done, which nobody asked", (lamp,), ("sudah", "command wording", "all-right")),
    thread("waiting for nothing", (lamp_closed,), ("ditunggu", "command wording", "greeting")),
    thread(
        "waiting in the middle of a draft",
        NONE,
        ("lampu jalan mati di Jl. Melati", "new none", "ask-evidence"),
        ("ok saya tunggu", "command wording", "ask-evidence-again"),
    ),
    thread(
        "not yet, which nobody asked",
        (lamp,),
        ("belum", f"command wording {LAMP}", "+status"),
    ),
    thread("not yet, of several", (trash, lamp), ("belum", "command wording", "+tellreports")),
    thread("not yet, of none", NONE, ("belum", "command wording", "greeting")),
    # ---- what is no ticket, no place and no class
    thread("no ticket at all", NONE, ("status laporan", "command wording", "status-how")),
    thread(
        "no ticket is needed", (lamp,), ("status laporan", f"command wording {LAMP}", "+status")
    ),
    thread("a ticket of letters", NONE, ("status ABC", "command ticket", "status-how")),
    thread(
        "a ticket that is none is no place",
        NONE,
        ("lampu jalan mati", "new none", "ask-place"),
        ("status ABC", "command ticket", "status-how"),
        ("Jl. Melati", "draft state", "ask-evidence"),
    ),
    thread(
        "the same again is no place",
        NONE,
        ("jalan berlubang parah", "new none", "ask-place"),
        ("jalan berlubang", "draft state", "ask-place-help"),
        ("jalan berlubang", "draft state", "ask-evidence"),
    ),
    thread(
        "a word of it may be the place",
        NONE,
        ("sampah menumpuk sekitar pasar", "new none", "ask-place"),
        ("pasar", "draft state", "ask-evidence"),
    ),
    thread(
        "a day is no place",
        NONE,
        ("listrik padam", "new none", "ask-place"),
        ("dari tadi malam", "draft state", "ask-place"),
        ("kelurahan Rawa", "draft state", "ask-evidence"),
    ),
    thread(
        "what happened is no place",
        NONE,
        (photo(), "new none", "ask-text"),
        ("di sini sering macet", "draft state", "ask-place"),
        ("sampah menumpuk tidak pernah diangkut petugas", "draft state", "ask-place"),
        ("dekat pos ronda", "draft state", "preview"),
    ),
    thread(
        "in front of a house is no place",
        NONE,
        ("jalan di depan rumah saya rusak", "new none", "ask-place"),
        ("Gang Melati Raya nomor 4", "draft state", "ask-evidence"),
    ),
    thread(
        "only that there is something to tell",
        NONE,
        ("saya ingin mengadu", "command wording", "new-report"),
        ("sampah menumpuk di pasar Rawa", "new state", "ask-evidence"),
        ("nanti fotonya", "command wording", "preview"),
        ("gpp kirim aja", "command wording", "+open"),
    ),
    thread(
        "whom he told before is no place",
        NONE,
        ("lampu jalan gelap bgt, udah lapor ke rt gaada respon", "new none", "ask-place"),
        ("rt 12", "draft state", "ask-evidence"),
    ),
    thread(
        "only a cry, and then what it is",
        NONE,
        ("tolong min", "command wording", "greeting"),
        ("rumah saya kebanjiran", "new none", "ask-place"),
        ("Jl. Melati RT 20", "draft state", "ask-evidence"),
        ("udah sepinggang airnya", "draft state", "emergency-air +open"),
    ),
    thread(
        "his ticket's number",
        (lamp,),
        ("berapa nomor tiket saya?", "command wording", "+tellreports"),
    ),
    thread(
        "it is not finished, which nobody claimed",
        (lamp,),
        (
            "min ini belum selesai kok udah pergi tukangnya",
            f"addition wording {LAMP}",
            "+addto +status",
        ),
        ("ini nomor saya 081200000000 kalo mau dihubungi", STATE, ADDED),
    ),
    thread(
        "nobody can tell where",
        NONE,
        ("lampu jalan mati", "new none", "ask-place"),
        ("gak tau", "command wording", "ask-place-help"),
        ("gatau juga", "command wording", "ask-evidence"),
    ),
    thread("a code too short", NONE, ("hubungkan 123456", "command wording", "link-wrong")),
    thread(
        "the place is changed",
        NONE,
        ("sampah numpuk di gg Mawar RT 3", "new none", "ask-evidence"),
        ("lewati", "command wording", "preview"),
        ("lokasi", "command wording", "ask-place"),
        ("Jl. Durian no 4", "draft state", "preview"),
    ),
    thread(
        "in my house is no place either",
        NONE,
        ("bau got", "new none", "ask-place"),
        ("di rumah saya", "draft state", "ask-place-help"),
        ("di rumah saya", "draft state", "ask-evidence"),
        ("Gang Melati nomor 4", "draft state", "ask-evidence-again"),
        ("lewati", "command wording", "preview"),
    ),
    thread(
        "who sees it",
        NONE,
        ("aman gak lapor disini?", "command wording", "who-sees"),
        ("lampu jalan mati di Jl. Melati", "new none", "ask-evidence"),
        ("nama saya kelihatan gak min?", "command wording", "who-sees ask-evidence-again"),
        ("gausah sebut nama ya", "command wording", "secrecy ask-evidence-again"),
    ),
    thread(
        "thanks for the answer, in many words",
        (lamp_waits,),
        ("terima kasih atas responnya", "command wording", "thanks"),
    ),
    thread(
        "a moment, please",
        NONE,
        ("sampah menumpuk di pasar Rawa", "new none", "ask-evidence"),
        ("ntar ya", "command wording", "ask-evidence-again"),
        ("gajadi", "command wording", "cancelled"),
    ),
    thread(
        "who is in danger is asked for no class",
        NONE,
        (
            "tolong ada orang mau loncat dari jembatan",
            "new none",
            "emergency-jiwa ask-place-gently +open",
        ),
        ("jembatan Rawa", f"addition state {OPENED}", ADDED),
    ),
    thread(
        "kind of report: any",
        NONE,
        ("hello, about the street light", "new none", "ask-place"),
        ("in front of the mosque on Jl. Melati", "draft state", "ask-evidence"),
        ("no photo", "command wording", "ask-class"),
        ("don't know", "command wording", "preview"),
    ),
    # ---- while the office waits for him
    thread(
        "why it waits",
        (lamp_waits,),
        ("kok ditunda pak?", f"addition state {LAMP}", "+addto +status"),
    ),
    thread("another trouble, in a word", (lamp_waits,), ("banjir", "new none", "ask-place")),
    # ---- right after it was sent
    thread(
        "when will it be done",
        (lamp,),
        ("kapan selesainya?", f"addition wording {LAMP}", "+addto +status"),
    ),
    thread(
        "the exact place, right after",
        (lamp_just_now,),
        ("tepatnya di depan masjid Nurul Huda ya", STATE, ADDED),
    ),
    thread(
        "the exact place of another matter, right after",
        (lamp_just_now,),
        ("sampah numpuk di depan masjid Nurul Huda", "new none", "ask-evidence"),
    ),
    thread(
        "a correction, right after",
        (lamp_just_now,),
        ("eh salah, bukan gang Kenanga, maksudnya gang Melati", STATE, ADDED),
    ),
    thread(
        "a correction of nothing, right after",
        (lamp_just_now,),
        ("maaf salah kirim", "talk wording", "greeting"),
    ),
    thread(
        "the exact place, too late",
        (replace(lamp, opened_at=NOW - timedelta(minutes=31)),),
        ("tepatnya di depan masjid Nurul Huda ya", "new none", "ask-evidence"),
    ),
    thread(
        "anonim by the old button",
        (lamp,),
        (taps("anonim:1"), f"command button {LAMP}", "+setsecrecy"),
    ),
    thread(
        "named by the old button",
        (lamp,),
        (taps("named:1"), f"command button {LAMP}", "+setsecrecy"),
    ),
    thread("sent twice", (lamp,), (taps("send:1"), f"command button {LAMP}", "+status")),
    thread(
        "dropped too late", (lamp,), (taps("cancel:1"), f"command button {LAMP}", "take-back-sure")
    ),
    thread(
        "changed too late",
        (lamp,),
        (taps("change:1"), f"command button {LAMP}", "add-how"),
        (photo("yang ini"), STATE, ADDED),
    ),
    thread("skipped too late", (lamp,), (taps("skip:1"), "command button", "stale-button")),
    # ---- done, and not done after all
    thread(
        "dark again",
        (lamp_settled,),
        ("eh masih mati lampunya", f"reply wording {LAMP}", "added-undone +addto"),
        ("belum", f"command state {LAMP}", "+giveverdict"),
    ),
    thread(
        "dark again, and a word that is for nobody",
        (lamp_settled,),
        ("ternyata lampunya mati lagi", f"reply wording {LAMP}", "added-undone +addto"),
        ("LAPORAN BARU", "command wording", "new-report"),
    ),
    thread(
        "dark again, too late",
        (lamp_long_settled,),
        ("ternyata lampunya mati lagi", "new none", "ask-place"),
    ),
    thread(
        "dark again, elsewhere",
        (lamp_settled,),
        ("lampu di Jl. Durian mati lagi", "new none", "ask-evidence"),
    ),
    thread(
        "something else happens again",
        (replace(lamp_settled, urusan="perhubungan"),),
        ("sampah menumpuk lagi baunya busuk", "new none", "ask-place"),
    ),
]
