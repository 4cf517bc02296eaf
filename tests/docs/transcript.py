"""What was said becomes the page: one block of text for each journey, as it went."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from textwrap import fill, wrap

from core.replies import render
from core.replies.dates import say_date
from tests.docs.journeys import Journey
from tests.docs.stage import TITLES, Bubble

WIDTH = 80
NO_BREAK = "\u00a0"
NAMES = len("Petugas: ")
PAUSE = timedelta(hours=1)

INTRO = """\
# Percakapan

Sepuluh percakapan antara warga dan Kanal, dari kata pertama sampai laporannya beres. Jawaban Kanal
di sini tidak ditulis tangan: sebuah tes memainkan kesepuluhnya pada sistem yang berjalan, lewat
kotak masuk, model bahasa dan kotak keluar yang sama seperti di kantor, lalu menulis halaman ini.
Hanya platform pesan dan waktunya yang ditirukan; nama tempat, nomor dan ceritanya rekaan.

Yang tampil adalah layar warga. Kata dalam kurung siku adalah tombol; di X, yang tidak punya tombol,
pilihannya bernomor. Waktu dalam WITA. Bila kalimat atau perilakunya berubah, tes
`tests/docs/test_transcripts.py` gagal sampai halaman ini diperbarui:

```sh
KANAL_RENEW=1 pytest tests/docs/test_transcripts.py
```
"""


def page(played: Sequence[tuple[Journey, Sequence[Bubble]]]) -> str:
    """Return the whole page."""
    parts = [_part(number, *one) for number, one in enumerate(played, start=1)]
    return "\n".join([INTRO, *parts])


def _part(number: int, journey: Journey, bubbles: Sequence[Bubble]) -> str:
    channels = " dan ".join(dict.fromkeys(TITLES[it.channel] for it in bubbles))
    lines = "\n\n".join(_lines(bubbles))
    about = f"{journey.about} Kanal: {channels}."
    heading = f"## {number}. {journey.title}"
    return f"{heading}\n\n{fill(about, 100)}\n\n```text\n{lines}\n```\n"


def _lines(bubbles: Sequence[Bubble]) -> Iterator[str]:
    several = len({_place(it) for it in bubbles}) > 1
    before: Bubble | None = None
    for bubble in bubbles:
        if jump := _jump(before, bubble):
            yield f"— {jump} —"
        if several and (before is None or _place(before) != _place(bubble)):
            yield f"— {_place(bubble)} —"
        yield _said(bubble)
        before = bubble


def _place(bubble: Bubble) -> str:
    if bubble.channel == "twitter":
        return "di X, terbaca semua orang" if bubble.public else "di X, lewat DM"
    return f"di {TITLES[bubble.channel]}"


def _jump(before: Bubble | None, bubble: Bubble) -> str:
    """Return how much time passed before a message, "" for a moment."""
    weekday = render("id", f"weekday-{bubble.at.isoweekday()}")
    day = f"{weekday}, {say_date('id', bubble.at)}, pukul {bubble.at:%H.%M}"
    if before is None:
        return day
    if bubble.at - before.at < PAUSE:
        return ""
    days = (bubble.at.date() - before.at.date()).days
    if not days:
        return f"pukul {bubble.at:%H.%M}"
    return f"{'keesokan harinya' if days == 1 else f'{days} hari kemudian'}: {day}"


def _said(bubble: Bubble) -> str:
    """Return a message with its buttons below it, all of it behind the name of who wrote it."""
    texts = [line for one in bubble.text.split("\n") for line in _wrapped(one) or [""]]
    labels = (f"[{label}]".replace(" ", NO_BREAK) for label in bubble.buttons)
    buttons = _wrapped(" ".join(labels))
    first, *others = [*texts, *(one.replace(NO_BREAK, " ") for one in buttons)]
    name = f"{bubble.who}:".ljust(NAMES)
    indented = (f"{' ' * NAMES}{one}".rstrip() for one in others)
    return "\n".join([f"{name}{first}", *indented])


def _wrapped(line: str) -> list[str]:
    return wrap(line, WIDTH - NAMES, break_on_hyphens=False)
