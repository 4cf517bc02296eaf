"""Conversations as tables, and the rules that hold for every one of them."""

from collections.abc import Iterable

import pytest

from core.draft import Stage
from core.message import Attachment, Inbound, Kind, Media
from tests.core.citizen import (
    Chat,
    does,
    edits,
    photo,
    pin,
    says,
    sticker,
    summary,
    taps,
    withdraws,
)

TICKET = "3QSKV-PA71K"
WRONG = TICKET[:-1] + ("3" if TICKET[-1] != "3" else "4")

HOLE = "jalan depan balai desa Suka Maju bolong besar, motor sering jatuh"
NOWHERE = "lampu penerangan padam semua sejak minggu lalu"
PLACE, EVIDENCE, PREVIEW, CHANGE = Stage.PLACE, Stage.EVIDENCE, Stage.PREVIEW, Stage.CHANGE
TEXT, IDLE = Stage.TEXT, Stage.IDLE

OTHER = Attachment(Media.PHOTO, "file-3")

Scene = tuple[Inbound, str, Stage]

TOLD: list[Scene] = [(says(HOLE), "ask-evidence", EVIDENCE)]
SEEN: list[Scene] = [*TOLD, (says("lewati"), "preview", PREVIEW)]
UNPLACED: list[Scene] = [(says(NOWHERE), "ask-place", PLACE)]
CHANGING: list[Scene] = [*SEEN, (taps("change:1"), "ask-change", CHANGE)]

# What the citizen does, what he is answered (and `+effects`), and what is asked afterwards.
# The n-th event of a conversation is the message "mn".
CONVERSATIONS: dict[str, list[Scene]] = {
    "greeting": [
        (says("Assalamu'alaikum"), "greeting", IDLE),
        (says("Halo 👋"), "go-ahead", IDLE),
        (does(Kind.START), "greeting", IDLE),
    ],
    "help": [(says("/help"), "help", IDLE), (says("cara lapor?"), "help", IDLE)],
    "start": [(does(Kind.START), "greeting", IDLE)],
    "start asks again": [*UNPLACED, (does(Kind.START), "ask-place", PLACE)],
    "a word too few": [(says("jalan"), "greeting", IDLE)],
    "emoji tell nothing": [
        (says("🙏"), "greeting", IDLE),
        (says("🙏 🙏"), "go-ahead", IDLE),
        (says("🚧" * 300), "go-ahead", IDLE),
        *TOLD,
        (says("👍"), "ask-evidence-again", EVIDENCE),
    ],
    "no empty report": [(says(" \n "), "greeting", IDLE), (sticker(), "go-ahead", IDLE)],
    "contact": [(says(""), "greeting", IDLE), *UNPLACED, (says(""), "ask-place", PLACE)],
    "a number stands for a choice": [
        (says("2"), "greeting", IDLE),
        *TOLD,
        (says("2"), "ask-evidence-again", EVIDENCE),
        (says("1."), "preview", PREVIEW),
        (says(" (1) "), "+open", IDLE),
        (says("1"), "go-ahead", IDLE),
    ],
    "a number is answered by the choices seen last": [
        *SEEN,
        (says("2"), "ask-change", CHANGE),
        (says("2"), "ask-place", PLACE),
        (says("2"), "preview", PREVIEW),
    ],
    "place is told": [*SEEN, (taps("send:1"), "+open", IDLE)],
    "place is asked": [*UNPLACED, (says("gang Mawar belakang musala"), "ask-evidence", EVIDENCE)],
    "pin answers the place": [*UNPLACED, (pin(), "ask-evidence", EVIDENCE)],
    "photo answers no place": [
        *UNPLACED,
        (photo(), "ask-place", PLACE),
        (pin(), "preview", PREVIEW),
    ],
    "no place in blanks or emoji": [
        *UNPLACED,
        (says("   "), "ask-place", PLACE),
        (says("📍🙏"), "ask-place", PLACE),
        (sticker(), "ask-place", PLACE),
    ],
    "a word is no place": [
        *UNPLACED,
        (says("ya"), "ask-place", PLACE),
        (says("lokasi"), "ask-place", PLACE),
        (says("siang"), "ask-place", PLACE),
    ],
    "photo first": [
        (photo(), "ask-text", TEXT),
        (says(NOWHERE), "ask-place", PLACE),
        (says("RT 3 Kampung Baru"), "preview", PREVIEW),
    ],
    "pin first": [
        (pin("Warung Tiga"), "ask-text", TEXT),
        (says(NOWHERE), "ask-evidence", EVIDENCE),
    ],
    "a word is no text": [(photo(), "ask-text", TEXT), (says("kirim"), "ask-text", TEXT)],
    "photo with words": [(photo(HOLE), "preview", PREVIEW)],
    "a caption is no word": [*TOLD, (photo("ok"), "preview", PREVIEW), (says("ok"), "+open", IDLE)],
    "a captioned greeting is a report": [(photo("halo"), "ask-place", PLACE)],
    "album": [(photo(HOLE, "a1"), "preview", PREVIEW), (photo("", "a1"), "preview", PREVIEW)],
    **{
        f"no photo: {word}": [*TOLD, (says(word), "preview", PREVIEW)]
        for word in ("gak ada", "Tidak ada foto.", "lewati", "1", "belum", "tidak", "sudah", "skip")
    },
    "skip button": [*TOLD, (taps("skip:1"), "preview", PREVIEW)],
    "number means nothing without buttons": [
        (says("1"), "greeting", IDLE),
        *UNPLACED,
        (says("1"), "ask-evidence", EVIDENCE),  # it is the house number
    ],
    **{
        f"sent by {word}": [*SEEN, (says(word), "+open", IDLE)]
        for word in ("kirim", "Ya!", "sudah", "1", "sudah benar", "OK 👍")
    },
    **{
        f"changed by {word}": [*SEEN, (says(word), "ask-change", CHANGE)]
        for word in ("ubah", "belum", "2", "tidak", "salah")
    },
    **{
        f"dropped by {word}": [*SEEN, (says(word), "cancelled", IDLE)]
        for word in ("batal", "3", "gak jadi")
    },
    "change the text": [
        *CHANGING,
        (says("isi"), "ask-text-again", TEXT),
        (says("jembatan bambu patah"), "preview", PREVIEW),
    ],
    "change the place": [
        *CHANGING,
        (says("2"), "ask-place", PLACE),
        (says("gang Mawar"), "preview", PREVIEW),
    ],
    "change without the detour": [
        *SEEN,
        (says("lokasi"), "ask-place", PLACE),
        (says("gang Mawar"), "preview", PREVIEW),
        (taps("text:1"), "ask-text-again", TEXT),
    ],
    "double tap on Ubah": [*CHANGING, (taps("change:1"), "ask-change", CHANGE)],
    "back from changing": [
        *CHANGING,
        (says("kirim"), "preview", PREVIEW),
        (says("1"), "+open", IDLE),
    ],
    "text at the preview is added": [*SEEN, (says("mohon segera"), "preview", PREVIEW)],
    "pin at the preview is added": [*SEEN, (pin(), "preview", PREVIEW)],
    "double tap on Kirim": [
        *SEEN,
        (taps("send:1"), "+open", IDLE),
        (taps("send:1"), "stale-button", IDLE),
        (says("kirim laporan"), "greeting", IDLE),
        (says("tidak ada foto"), "go-ahead", IDLE),
    ],
    "stale button": [
        *SEEN,
        (says("batal"), "cancelled", IDLE),
        (says(HOLE), "ask-evidence", EVIDENCE),
        (taps("send:1"), "stale-button", EVIDENCE),
        (taps("skip:2"), "preview", PREVIEW),
    ],
    "button of nobody": [
        (taps("kat:jalan|t:1"), "stale-button", IDLE),
        (taps("?"), "greeting", IDLE),
    ],
    "a story is no place": [
        *UNPLACED,
        (says("airnya bau busuk sekali dan anak anak pada sakit semua"), "ask-place", PLACE),
        (says("lokasinya di Jl. Mawar 5 depan masjid ya pak bu"), "ask-evidence", EVIDENCE),
    ],
    "the second long answer is the place": [
        *UNPLACED,
        (says("pokoknya ke sana lagi terus ke kiri sedikit"), "ask-place", PLACE),
        (says("itu lho pak yang catnya warna hijau besar"), "ask-evidence", EVIDENCE),
    ],
    "nobody knows the place": [
        *UNPLACED,
        (says("gak tau kak"), "ask-place-help", PLACE),
        (says("gang Mawar"), "ask-evidence", EVIDENCE),
    ],
    "more than a day": [
        *SEEN,
        (taps("time:1"), "ask-time", Stage.TIME),
        (says("kemarin malam, lupa bilang ada anak jatuh di situ"), "preview", PREVIEW),
    ],
    "do not name me": [
        (says(HOLE + ", tolong jangan sebut nama saya"), "ask-evidence", EVIDENCE),
    ],
    "cancel nothing": [(says("batal"), "nothing-open", IDLE)],
    "status in between": [
        *UNPLACED,
        (says(f"status {TICKET}"), "+status", PLACE),
        (says(f"mana kabar {TICKET.lower()}?"), "+status", PLACE),
        (says("cek status"), "status-how", PLACE),
        (says("gang Mawar"), "ask-evidence", EVIDENCE),
    ],
    "status of a mistyped ticket": [
        (says(f"status {WRONG}"), "status-unknown", IDLE),
        (says(f"Cek status {TICKET[:-1]}"), "status-unknown", IDLE),
        (says("status jalan provinsi"), "ask-evidence", EVIDENCE),
    ],
    "a ticket inside a complaint": [
        (says(f"{HOLE}, dulu sudah dilaporkan dengan nomor {TICKET}"), "ask-evidence", EVIDENCE)
    ],
    "a caption with a ticket is a report": [
        (photo(f"status {TICKET}"), "ask-place", PLACE),
        (photo(f"status {WRONG}"), "ask-place", PLACE),
        (says(f"status {TICKET}"), "+status", PLACE),
    ],
    "a photo with a ticket is a part of the draft": [
        *SEEN,
        (photo(TICKET), "preview", PREVIEW),
        (pin(TICKET), "preview", PREVIEW),
    ],
    "a ticket beside a place": [(says(TICKET, place=pin().place), "ask-evidence", EVIDENCE)],
    "a sticker hides no ticket": [(says(TICKET, *sticker().attachments), "+status", IDLE)],
    "thanks": [(says("Terima kasih 🙏"), "thanks", IDLE), (says("oke makasih"), "thanks", IDLE)],
    "thanks send nothing": [
        *UNPLACED,
        (says("terima kasih"), "thanks ask-place", PLACE),
        (says("gang Mawar"), "ask-evidence", EVIDENCE),
        (says("makasih"), "thanks ask-evidence-again", EVIDENCE),
        (says("lewati"), "preview", PREVIEW),
        (says("ok terima kasih"), "thanks preview", PREVIEW),
        (says("ubah"), "ask-change", CHANGE),
        (says("thanks"), "thanks preview", PREVIEW),
        (says("kirim"), "+open", IDLE),
        (says("terima kasih"), "thanks", IDLE),
    ],
    "thanks before a text": [
        (photo(), "ask-text", TEXT),
        (says("makasih"), "thanks ask-text", TEXT),
    ],
    "language": [
        *UNPLACED,
        (says("english"), "language", PLACE),
        (says("bahasa indonesia"), "language", PLACE),
    ],
    "help in between": [*SEEN, (says("bantuan"), "help", PREVIEW), (says("kirim"), "+open", IDLE)],
    "edit in the draft": [*SEEN, (edits("m1", HOLE + " tadi pagi"), "preview +edit", PREVIEW)],
    "edit that changes nothing": [*SEEN, (edits("m1", HOLE), "+edit", PREVIEW)],
    "edit to nothing": [*SEEN, (edits("m1", "🙏"), "ask-text-again +edit", TEXT)],
    "edit of the place": [
        *UNPLACED,
        (says("gang Mwar"), "ask-evidence", EVIDENCE),
        (edits("m2", "gang Mawar"), "ask-evidence-again +edit", EVIDENCE),
    ],
    "position moves on": [
        *UNPLACED,
        (pin(), "ask-evidence", EVIDENCE),
        (edits("m2", ""), "+edit", EVIDENCE),
    ],
    "edit that adds a photo": [*TOLD, (edits("m1", HOLE, OTHER), "preview +edit", PREVIEW)],
    "edit that swaps the photo": [
        (photo(HOLE), "preview", PREVIEW),
        (edits("m1", HOLE, OTHER), "preview +edit", PREVIEW),
    ],
    "edit of a message of no draft": [*TOLD, (edits("m9", HOLE, OTHER), "+edit", EVIDENCE)],
    "edit after sending": [*SEEN, (says("1"), "+open", IDLE), (edits("m1", "x"), "+edit", IDLE)],
    "withdrawn text": [*SEEN, (withdraws("m1"), "ask-text-again +withdrawn", TEXT)],
    "withdrawn place": [
        *UNPLACED,
        (says("gang Mawar"), "ask-evidence", EVIDENCE),
        (withdraws("m2"), "ask-place +withdrawn", PLACE),
    ],
    "withdrawn pin": [
        *UNPLACED,
        (pin("Warung Tiga"), "ask-evidence", EVIDENCE),
        (withdraws("m2"), "ask-place +withdrawn", PLACE),
    ],
    "withdrawn photo": [
        (photo(HOLE), "preview", PREVIEW),
        (withdraws("m1"), "ask-text-again +withdrawn", TEXT),
    ],
    "withdrawn, unknown": [*TOLD, (withdraws("m9"), "+withdrawn", EVIDENCE)],
    "withdrawn without id": [*TOLD, (withdraws(""), "+withdrawn", EVIDENCE)],
    "block and return": [
        *TOLD,
        (does(Kind.BLOCKED), "+blocked", EVIDENCE),
        (does(Kind.UNBLOCKED), "+back", EVIDENCE),
        (says("1"), "preview", PREVIEW),
    ],
    "group, told once": [(does(Kind.GROUP), "group", IDLE), (does(Kind.GROUP), "", IDLE)],
    "unknown": [*TOLD, (does(Kind.UNKNOWN), "", EVIDENCE)],
}


def play(scenes: Iterable[Scene]) -> Chat:
    chat = Chat()
    for number, (inbound, answer, stage) in enumerate(scenes, 1):
        outcome = chat.hear(inbound)
        assert (number, summary(outcome), outcome.state.stage) == (number, answer, stage)
    return chat


@pytest.mark.parametrize("scenes", CONVERSATIONS.values(), ids=CONVERSATIONS)
def test_conversation(scenes: list[Scene]) -> None:
    play(scenes)
