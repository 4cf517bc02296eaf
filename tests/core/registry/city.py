"""A government that Kanal does not come with: one file for Kota Tarakan, with made-up OPD."""

from typing import Any

from core.registry.files import Source
from core.registry.government import Government
from core.urusan import URUSAN

CODE = "65.71"


def city(**changes: Any) -> dict[str, Any]:
    """Return the file's content, with `changes`."""
    return {
        "region": CODE,
        "name": "Kota Tarakan",
        "aliases": ["Trk"],
        "latitude": 3.3,
        "longitude": 117.6,
        "agencies": [
            {"slug": "tarakan-satu", "name": "Dinas Satu", "kind": "dinas", "source": "contoh"},
            {
                "slug": "tarakan-dua",
                "name": "Badan Dua",
                "kind": "badan",
                "verified": True,
                "source": "contoh",
                "by_hand": True,
            },
        ],
        "offices": [
            {
                "kind": "kecamatan",
                "slug": "tarakan-kec-{code}",
                "name": "Kecamatan {name}",
                "source": "contoh",
            }
        ],
        "routes": {one: "tarakan-satu" for one in URUSAN if one not in {"PDAM", "EKSTERNAL"}},
        "falls_up": ["PDAM", "EKSTERNAL"],
        "areas": [
            {"code": "65.71.01", "name": "Hulu", "aliases": ["Ulu"]},
            {"code": "65.71.02", "name": "Hilir", "latitude": 3.4, "longitude": 117.5},
            {"code": "65.71.01.1001", "name": "Contoh"},
        ],
    } | changes


def source(**changes: Any) -> Source:
    """Return the same as read from a file."""
    return Source("city.json", Government.model_validate(city(**changes)))
