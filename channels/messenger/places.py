"""Map links: Messenger has no pins, so a place that a citizen shares is a link to a map.

Only what stands in the link is read; no map is asked, short links stay links.
"""

import re
from urllib.parse import SplitResult, parse_qs, urlsplit

from core.message import Place

_LONGEST = 4096
_DEGREE = r"-?\d{1,3}\.\d{1,20}"
_PAIR = re.compile(rf"(?:loc:)?({_DEGREE})\s*[,~]\s*({_DEGREE})")
_MAPS = re.compile(
    r"(?:.+\.)?(?:google\.[a-z]{2,3}(?:\.[a-z]{2})?|bing\.com|openstreetmap\.org|waze\.com"
    r"|facebook\.com)|maps\.apple\.com"
)
# In the order of trust: a pin before the middle of what was on the screen.
_IN_PATH = (
    re.compile(rf"!3d({_DEGREE})!4d({_DEGREE})"),
    re.compile(rf"/(?:place|search|dir)/({_DEGREE}),[+\s]?({_DEGREE})"),
    re.compile(rf"/@({_DEGREE}),({_DEGREE})"),
)
_IN_FRAGMENT = re.compile(rf"map=\d{{1,2}}(?:\.\d+)?/({_DEGREE})/({_DEGREE})")
_NAMES = ("q", "query", "ll", "where1", "coordinate", "destination", "daddr", "center", "cp")


def unwrapped(url: str) -> str:
    """Return where `url` leads to, without the detour over Facebook's own redirector."""
    parts = _parts(url)
    if parts is None or parts.path != "/l.php" or not _host(parts).endswith("facebook.com"):
        return url
    return _query(parts).get("u", url)


def place(url: str, label: str = "") -> Place | None:
    """Return the point that a map's `url` names, None for any other."""
    parts = _parts(url)
    if parts is None or not _MAPS.fullmatch(_host(parts)):
        return None
    query = _query(parts)
    found = [pattern.search(parts.path) for pattern in _IN_PATH[:1]]
    found += [_PAIR.fullmatch(query[name].strip()) for name in _NAMES if name in query]
    found += [pattern.search(parts.path) for pattern in _IN_PATH[1:]]
    found += [_PAIR.fullmatch(f"{query.get('mlat')},{query.get('mlon')}")]
    found += [_IN_FRAGMENT.search(parts.fragment)]
    points = (_point(float(it[1]), float(it[2]), label) for it in found if it)
    return next(filter(None, points), None)


def _point(latitude: float, longitude: float, label: str) -> Place | None:
    """Return the place, None for numbers that are none on this earth."""
    inside = abs(latitude) <= 90 and abs(longitude) <= 180  # noqa: PLR2004  # degrees
    return Place(latitude, longitude, label) if inside else None


def _parts(url: str) -> SplitResult | None:
    """Return the parts of a web address, None for what is none."""
    try:
        parts = urlsplit(url[:_LONGEST])
    except ValueError:
        return None
    return parts if parts.scheme in {"http", "https"} else None


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").lower()


def _query(parts: SplitResult) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(parts.query).items()}
