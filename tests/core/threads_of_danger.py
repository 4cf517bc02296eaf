"""What people in danger write, and how they say in their own words that it is done, or is not."""

from tests.core.citizen import edits, photo, says, withdraws
from tests.core.threads import (
    HOLE,
    LAMP,
    NONE,
    OPENED,
    TRASH,
    Later,
    lamp,
    lamp_closed,
    lamp_done,
    quotes,
    thread,
    trash,
)

ADDED = "added +addto"

DANGER = [
    # ---- in danger: the report is sent at once
    thread(
        "fire, and what he sees of it",
        NONE,
        ("tolong kebakaran rumah di Jl. Durian!!", "new none", "emergency-api +open"),
        ("apinya makin besar", f"addition state {OPENED}", ADDED),
        (photo(), f"addition state {OPENED}", ADDED),
        ("udah sy telp 113, mobilnya udah datang", f"addition state {OPENED}", ADDED),
        ("batal", f"command state {OPENED}", "take-back-sure"),
    ),
    thread(
        "fire, and where",
        NONE,
        ("kebakaran!!", "new none", "emergency-api ask-place +open"),
        (
            "Jl. Durian depan pasar",
            f"addition state {OPENED}",
            "supplement-thanks +supplement +addto",
        ),
        ("makasih", "command wording", "thanks"),
    ),
    thread(
        "fire, and half an hour later a lamp",
        NONE,
        ("kebakaran rumah di Jl. Durian!!", "new none", "emergency-api +open"),
        (Later("lampu jalan mati di Jl. Melati", 31), "new none", "ask-evidence"),
    ),
    thread(
        "fire, and then refuse elsewhere",
        NONE,
        ("kebakaran!!", "new none", "emergency-api ask-place +open"),
        ("sampah menumpuk di pasar Rawa, bau busuk sekali", "new none", "ask-evidence"),
    ),
    thread(
        "fire in the middle of a draft",
        NONE,
        ("lampu jalan mati di Jl. Melati", "new none", "ask-evidence"),
        ("TOLONG KEBAKARAN di pasar Rawa!!", "draft state", "emergency-api +open"),
    ),
    # ---- done or not, in his own words
    thread(
        "not done, in his own words",
        (lamp_done,),
        ("belum pak masih mati", f"reply wording {LAMP}", "+addto +giveverdict"),
    ),
    thread(
        "still the same, in his own words",
        (lamp_done,),
        ("masih gelap pak jalannya", f"reply wording {LAMP}", "+addto +giveverdict"),
    ),
    thread(
        "done, in his own words",
        (lamp_done,),
        ("udah nyala makasih pak", f"reply wording {LAMP}", "+addto +giveverdict"),
    ),
    thread(
        "done, but",
        (lamp_done,),
        ("sudah tapi yang satunya belum", f"reply wording {LAMP}", "added-verdict +addto"),
    ),
    thread(
        "seen is not done",
        (lamp_done,),
        ("sudah saya cek pak", f"reply wording {LAMP}", "added-verdict +addto"),
    ),
    thread(
        "not done, of something else",
        (lamp_done,),
        ("masih banyak sampah di pasar Rawa", "new none", "ask-evidence"),
    ),
    *(
        thread(
            f"no verdict: {said}",
            (lamp_done,),
            (said, f"reply wording {LAMP}", "added-verdict +addto"),
        )
        for said in (
            "katanya sudah diperbaiki",
            "kayaknya sudah nyala",
            "sudah diperbaiki pak?",
            "belum saya cek pak",
            "masih nyala kok pak",
            "masih di luar kota pak, nanti saya cek",
        )
    ),
    thread(
        "not done, and a fire",
        (lamp_done,),
        (
            "masih ada orang terjebak kebakaran di rumah saya!",
            "new none",
            "emergency-api ask-place +open",
        ),
    ),
    thread(
        "quoting another report than the one that is asked for",
        (lamp_done, trash),
        (quotes(says("belum"), 2), f"command wording {TRASH}", "+status"),
    ),
    # ---- another danger beside the one that is known
    thread(
        "fire, and then a life",
        NONE,
        ("kebakaran rumah di Jl. Durian!!", "new none", "emergency-api +open"),
        ("suami saya mau bunuh diri", f"addition state {OPENED}", "emergency-jiwa added +addto"),
        ("tolong", "command wording", "greeting"),
        ("apinya sudah ke rumah sebelah", f"addition state {OPENED}", ADDED),
    ),
    thread(
        "fire, and no place in what he says",
        NONE,
        ("kebakaran!!", "new none", "emergency-api ask-place +open"),
        ("cepat pak", f"addition state {OPENED}", ADDED),
        (
            "Jl. Durian depan pasar",
            f"addition state {OPENED}",
            "supplement-thanks +supplement +addto",
        ),
    ),
    # ---- who greets first
    thread(
        "a greeting, and what he wants",
        NONE,
        ("Selamat sore, saya mau lapor", "command wording", "new-report"),
        ("lampu jalan mati", "new state", "ask-place"),
        ("di jl bhayangkara depan masjid", "draft state", "ask-evidence"),
    ),
    thread("excuse me", NONE, ("permisi pak mau lapor", "command wording", "new-report")),
    thread("a human, please", NONE, ("mau ngomong sama orang", "command wording", "+callhuman")),
    thread("a program", NONE, ("ini bot atau orang?", "command wording", "who-we-are")),
    # ---- an edit, or a message taken back, after it was sent
    thread(
        "an edit of what was sent", (lamp,), (quotes(edits("m1", HOLE), 1), "", "edited-sent +edit")
    ),
    thread(
        "an unsent message", (lamp,), (quotes(withdraws("m1"), 1), "", "withdrawn-sent +withdrawn")
    ),
    thread(
        "an edit of what is closed", (lamp_closed,), (quotes(edits("m1", HOLE), 1), "", "+edit")
    ),
]
