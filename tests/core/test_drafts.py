"""What a draft holds after a conversation, and what becomes of it."""

import pytest

from core.draft import DRAFT_PLACE, DRAFT_TEXT
from core.message import Place
from tests.core.citizen import (
    Chat,
    edits,
    photo,
    pin,
    says,
)
from tests.core.test_conversation import (
    CONVERSATIONS,
    EVIDENCE,
    HOLE,
    NOWHERE,
    PLACE,
    PREVIEW,
    SEEN,
    TICKET,
    UNPLACED,
    WRONG,
    Scene,
    play,
)

STREET: Scene = (says("gang Mawar"), "ask-evidence-again", EVIDENCE)
HOME: list[Scene] = [(says("di rumah saya"), "ask-place-help", PLACE)]

DRAFTS: dict[str, tuple[list[Scene], dict[str, object]]] = {
    "place found in the text": (SEEN, {"text": HOLE, "place": "jalan depan balai desa Suka Maju"}),
    "lines in order": (
        CONVERSATIONS["text at the preview is added"],
        {"text": f"{HOLE}\nmohon segera"},
    ),
    "answered place is not text": (
        CONVERSATIONS["place is asked"],
        {"text": NOWHERE, "place": "gang Mawar belakang musala"},
    ),
    "a story stays in the text": (
        CONVERSATIONS["a story is no place"],
        {
            "text": f"{NOWHERE}\nairnya bau busuk sekali dan anak anak pada sakit semua\n"
            "lokasinya di Jl. Mawar 5 depan masjid ya pak bu",
            "place": "Jl. Mawar 5 depan masjid",
        },
    ),
    "what else is told with the day": (
        CONVERSATIONS["more than a day"],
        {"text": f"{HOLE}\nkemarin malam, lupa bilang ada anak jatuh di situ"},
    ),
    "asked inside a text": (CONVERSATIONS["do not name me"], {"anonim": True}),
    "photos are counted": (CONVERSATIONS["album"], {"files": ("m1", "m2"), "text": HOLE}),
    "venue": (
        CONVERSATIONS["pin first"],
        {"place": "Warung Tiga", "pin": Place(0.5071, 117.5345, "Warung Tiga")},
    ),
    "pin keeps the words": (CONVERSATIONS["pin at the preview is added"], {"pin": pin().place}),
    "caption": (CONVERSATIONS["photo with words"], {"text": HOLE, "files": ("m1",)}),
    "new text, old place": (
        CONVERSATIONS["change the text"],
        {"text": "jembatan bambu patah", "place": "jalan depan balai desa Suka Maju"},
    ),
    "new place, old text": (
        CONVERSATIONS["change the place"],
        {"text": HOLE, "place": "gang Mawar", "pin": None},
    ),
    "a caption's ticket": (
        CONVERSATIONS["a caption with a ticket is a report"],
        {"text": f"status {TICKET}\nstatus {WRONG}", "files": ("m1", "m2")},
    ),
    "thanks are no text": (CONVERSATIONS["thanks before a text"], {"text": "", "files": ("m1",)}),
    "photo of an edit": (CONVERSATIONS["edit that adds a photo"], {"files": ("m1",), "text": HOLE}),
    "swapped photo": (CONVERSATIONS["edit that swaps the photo"], {"files": ("m1",), "text": HOLE}),
    "photo of another message": (
        CONVERSATIONS["edit of a message of no draft"],
        {"files": (), "evidence_settled": False},
    ),
    "edited": (CONVERSATIONS["edit in the draft"], {"text": HOLE + " tadi pagi"}),
    "edited place": (CONVERSATIONS["edit of the place"], {"text": NOWHERE, "place": "gang Mawar"}),
    "a street in the area told before": (
        [*UNPLACED, (says("Loktuan"), "ask-evidence", EVIDENCE), STREET],
        {"place": "gang Mawar, Loktuan"},
    ),
    "a street in place of what is none": (
        [*UNPLACED, *HOME, (says("di rumah"), "ask-evidence", EVIDENCE), STREET],
        {"place": "gang Mawar"},
    ),
    "a street beside another": (
        [*UNPLACED, (says("gang Melati"), "ask-evidence", EVIDENCE), STREET],
        {"place": "gang Melati"},
    ),
    "withdrawn place": (CONVERSATIONS["withdrawn place"], {"text": NOWHERE, "place": ""}),
    "withdrawn pin": (CONVERSATIONS["withdrawn pin"], {"pin": None, "place": ""}),
    "withdrawn photo": (CONVERSATIONS["withdrawn photo"], {"files": (), "text": "", "place": ""}),
    "contacts and stickers leave no trace": (UNPLACED, {"files": ()}),
}


@pytest.mark.parametrize(("scenes", "holds"), DRAFTS.values(), ids=DRAFTS)
def test_draft_holds(scenes: list[Scene], holds: dict[str, object]) -> None:
    draft = play(scenes).state.draft
    assert draft is not None
    assert {name: getattr(draft, name) for name in holds} == holds


def test_a_report_is_what_the_preview_showed() -> None:
    chat = Chat()
    chat.hear(says(HOLE))
    chat.hear(photo("ini fotonya"))
    shown = chat.hear(pin("Warung Tiga"))
    chat.hear(says("kirim"))
    (draft,) = chat.opened
    reply = shown.replies[0]
    assert reply.args == {
        "text": draft.text,
        "place": "Warung Tiga",
        "private": "",
        "where": "both",
        "files": "1",
        "when": "none",
        "day": "",
        "secrecy": "named",
        "class": "pengaduan_tidak_berkadar_pengawasan",
    }
    assert [f"{word}:{reply.serial}" for word in reply.choices] == [
        "send:1",
        "change:1",
        "cancel:1",
        "anonim:1",
        "rahasia:1",
    ]


@pytest.mark.parametrize("length", [DRAFT_PLACE, DRAFT_PLACE + 1, DRAFT_TEXT, 2**20])
@pytest.mark.parametrize("stage", ["IDLE", "PLACE", "PREVIEW"])
def test_however_long_the_text_the_draft_is_bounded(length: int, stage: str) -> None:
    before = {"IDLE": [], "PLACE": UNPLACED, "PREVIEW": SEEN}
    chat = play(before[stage])
    long = ("kata " * (length // 5 + 1))[:length]
    for text in (long, "jalan Melati", long):
        chat.hear(says(text))
    draft = chat.state.draft
    assert draft is not None
    assert len(draft.text) <= DRAFT_TEXT
    assert len(draft.place) <= DRAFT_PLACE
    assert long[: DRAFT_TEXT // 2] in f"{draft.text}\n{draft.place}"


def test_long_label_of_a_venue_is_bounded() -> None:
    draft = play(
        [(says(NOWHERE), "ask-place", PLACE), (pin("w" * 2**20), "ask-evidence", EVIDENCE)]
    )
    assert draft.state.draft
    assert len(draft.state.draft.place) == DRAFT_PLACE


def test_an_edit_keeps_the_order_of_lines() -> None:
    chat = play(
        [*SEEN, (says("baris dua"), "preview", PREVIEW), (says("baris tiga"), "preview", PREVIEW)]
    )
    chat.hear(edits("m3", "baris kedua"))
    assert chat.state.draft
    assert chat.state.draft.text == f"{HOLE}\nbaris kedua\nbaris tiga"
