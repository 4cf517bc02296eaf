"""The phone page: one phone at a time, one tab for each platform."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse
from starlette.templating import Jinja2Templates

from app.simulator.looks import ATTACHMENTS, LOOKS
from app.simulator.world import World

HERE = Path(__file__).parent
CITIZEN = "Warga"
EXAMPLE = "jalan depan SDN 3 Tanjung Laut berlubang, sudah dua bulan"

#: What the page's fault panel offers: field of Faults, label, value while it is on.
SWITCHES = (
    ("latency_ms", "Jawaban lambat (2 detik)", 2000),
    ("error_next", "3 jawaban galat 500", 3),
    ("html_503_next", "3 halaman galat 503", 3),
    ("flood_next", "3 tolakan 429 (terlalu cepat)", 3),
    ("timeout_next", "1 pesan diterima tanpa jawaban", 1),
    ("wrong_json_next", "1 jawaban JSON rusak", 1),
    ("dropped_acks", "3 kiriman diputus sebelum dijawab", 3),
    ("duplicate", "Setiap kiriman dikirim 3 kali", 3),
)


def page(world: World) -> APIRouter:
    """The route of the page."""
    router = APIRouter()
    templates = Jinja2Templates(HERE / "templates")

    @router.get("/", response_class=HTMLResponse)
    async def phone(
        request: Request,
        platform: str = "telegram",
        chat: Annotated[int | None, Query(gt=0, lt=2**52)] = None,
    ) -> HTMLResponse:
        chosen = world.platforms.get(platform)
        if chosen is None:
            raise HTTPException(404, "no such platform")
        address, look = chat or chosen.first_address, LOOKS[platform]
        known = [phone.address for phone in world.phones.on(platform) if phone.address > 0]
        return templates.TemplateResponse(
            request,
            "phone.html",
            {
                "platforms": world.platforms.values(),
                "platform": chosen,
                "look": look,
                "attachments": {name: ATTACHMENTS[name] for name in look.attachments},
                "chat": address,
                "citizen": CITIZEN,
                "newcomer": max([address, chosen.first_address, *known]) + 1,
                "example": EXAMPLE,
                "switches": SWITCHES,
            },
        )

    return router
