"""Updates as Telegram posts them, each with an id of its own, made before the clock runs."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

CHATS = 5000
FIRST_CHAT = 5_100_000_000
FIRST_UPDATE = 910_000_000

TEXTS = (
    "jalan depan SDN 3 Sangatta Utara berlubang, sudah dua bulan",
    "Selamat pagi pak, lampu jalan di Gg. Mawar RT 05 mati sudah seminggu, gelap sekali 🙏",
    "air PDAM di perumahan kami keruh dan berbau sejak hari Senin, mohon dicek",
    "sampah di dekat pasar menumpuk, sudah empat hari tidak diangkut dan baunya sampai ke rumah",
    "Got depan rumah mampet, tiap hujan air masuk ke teras. Jl. Kenanga No. 12 RT 02/RW 04",
    "pohon besar di tepi jalan miring ke arah kabel listrik, takut roboh saat angin kencang",
    "Pak/Bu, di puskesmas antre dari jam 6 tapi loket baru buka jam 9. Apakah memang begitu?",
    "lampu merah di simpang empat mati total, tadi hampir tabrakan 😰",
    "jembatan kayu menuju sekolah sudah lapuk di tengahnya, anak-anak lewat situ tiap hari",
    "Mohon ditertibkan parkir liar di trotoar depan terminal, pejalan kaki turun ke jalan",
    "tiang listrik keropos",
    (
        "Pelayanan KTP saya sudah tiga minggu belum selesai. Waktu itu dijanjikan lima hari kerja. "
        "Saya sudah dua kali datang ke kantor kecamatan dan selalu diminta kembali minggu depan. "
        "Mohon penjelasan, karena KTP itu saya perlukan untuk mendaftar sekolah anak saya."
    ),
)


def templates(now: int) -> list[bytes]:
    """Return one update for each text, with %d where ids stand: update, message, chat, chat."""
    return [_template(text, now) for text in TEXTS]


def _template(text: str, now: int) -> bytes:
    person = {"id": "<>", "first_name": "Warga", "language_code": "id"}
    update = {
        "update_id": "<>",
        "message": {
            "message_id": "<>",
            "from": {**person, "is_bot": False},
            "chat": {**person, "type": "private"},
            "date": now,
            "text": text,
        },
    }
    return json.dumps(update).replace("%", "%%").replace('"<>"', "%d").encode()


def updates(first: int, count: int) -> Iterator[bytes]:
    """Yield `count` updates; the first has the id FIRST_UPDATE + `first`."""
    made = templates(int(time.time()))
    for number in range(first, first + count):
        chat = FIRST_CHAT + number % CHATS
        yield made[number % len(made)] % (FIRST_UPDATE + number, number, chat, chat)


@dataclass(frozen=True, slots=True)
class Address:
    """Where the requests of a file go."""

    host: str
    port: int
    path: str
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Supply:
    """A file of `count` whole HTTP requests, each behind its length in eight digits.

    The first holds the update with the id FIRST_UPDATE + `first`.
    """

    path: Path
    address: Address
    first: int
    count: int

    def write(self) -> None:
        """Write the file."""
        address = self.address
        lines = [
            f"POST {address.path} HTTP/1.1",
            f"Host: {address.host}:{address.port}",
            "Content-Type: application/json",
            f"X-Telegram-Bot-Api-Secret-Token: {address.secret}",
        ]
        head = ("\r\n".join(lines) + "\r\nContent-Length: ").encode()
        with self.path.open("wb") as file:
            for body in updates(self.first, self.count):
                request = b"%b%d\r\n\r\n%b" % (head, len(body), body)
                file.write(b"%08d%b" % (len(request), request))

    def ids(self, numbers: Iterable[int]) -> set[int]:
        """Return the ids of the updates that stand at these places, counted from 0."""
        return {FIRST_UPDATE + self.first + number for number in numbers}


def read_requests(path: Path) -> list[bytes]:
    """Return the requests of a file that `Supply.write` wrote."""
    content = path.read_bytes()
    requests, at = [], 0
    while at < len(content):
        end = at + 8 + int(content[at : at + 8])
        requests.append(content[at + 8 : end])
        at = end
    return requests
