"""The three times of Indonesia, by province, and the hours in which citizens are written to. Pure.

Keppres 41/1987: WIB is Sumatra, Java, West and Central Kalimantan; WITA the rest of Kalimantan,
Bali, Nusa Tenggara and Sulawesi; WIT Maluku and Papua. Provinces by Kemendagri's code.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

WIB, WITA, WIT = (ZoneInfo(f"Asia/{city}") for city in ("Jakarta", "Makassar", "Jayapura"))

_PROVINCES: dict[ZoneInfo, str] = {
    WIB: "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 61 62",
    WITA: "51 52 53 63 64 65 71 72 73 74 75 76",
    WIT: "81 82 91 92 93 94 95 96",
}
ZONES: dict[str, ZoneInfo] = {
    province: zone for zone, provinces in _PROVINCES.items() for province in provinces.split()
}
_PROVINCE = len("64")


def zone_of(region: str, home: ZoneInfo) -> ZoneInfo:
    """Return the time zone of the area `region`, `home` for an area that is not known ("")."""
    return ZONES.get(region[:_PROVINCE], home)


@dataclass(frozen=True, slots=True)
class Daytime:
    """The hours, by the clock on the wall, in which nobody is woken by a message of ours."""

    begins: time = time(8)
    ends: time = time(20)

    def __contains__(self, moment: datetime) -> bool:
        """Tell whether `moment` lies in daytime by its own clock; the end does not."""
        return self.begins <= moment.time() < self.ends


@dataclass(frozen=True, slots=True)
class Awake:
    """Where it is daytime now: in these of all known provinces, and at `home`, for the rest."""

    provinces: tuple[str, ...]
    home: bool

    @property
    def anywhere(self) -> bool:
        """Tell whether it is daytime anywhere at all."""
        return self.home or bool(self.provinces)


def awake(moment: datetime, home: ZoneInfo, hours: Daytime) -> Awake:
    """Return where it is daytime at `moment`."""
    now: Iterable[str] = (
        province for province, zone in ZONES.items() if moment.astimezone(zone) in hours
    )
    return Awake(tuple(now), moment.astimezone(home) in hours)
