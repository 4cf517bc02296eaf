"""The demo's own accounts at the simulated platforms: made-up secrets, never real ones."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from app.launch.prepare import write_private
from core.privacy.keys import new_index_key, new_key

#: The demo's channels, as KANAL_CHANNELS names them.
CHANNELS = ("telegram", "line", "twitter", "messenger")
#: How variables begin that speak of real accounts: the demo takes over none of them.
PREFIXES = (*(f"{name.upper()}_" for name in CHANNELS), "SIMULATOR_", "KANAL_S3_")

TWITTER_USER = "1500000000000000001"
TWITTER_NAME = "kanal_simulasi"
PAGE = "100000000000001"


def _word() -> str:
    return secrets.token_urlsafe(32)


def _bot_token() -> str:
    return f"{secrets.randbelow(9 * 10**8) + 10**8}:{secrets.token_urlsafe(26)}"


_MAKERS: Mapping[str, Callable[[], str]] = {
    "token": _bot_token,
    "webhook": _word,
    "line_token": _word,
    "line_secret": lambda: secrets.token_hex(16),
    "twitter_key": _word,
    "twitter_secret": _word,
    "twitter_token": lambda: f"{TWITTER_USER}-{secrets.token_urlsafe(30)}",
    "twitter_token_secret": _word,
    "twitter_bearer": _word,
    "twitter_oauth2": _word,
    "messenger_secret": lambda: secrets.token_hex(16),
    "messenger_token": _word,
    "messenger_verify": _word,
    "identity_key": new_key,
    "index_key": new_index_key,
}


def demo_secrets(var: Path) -> dict[str, str]:
    """Return the accounts' secrets, made up once per `var` (mode 0600); what lacks is added."""
    path = var / "demo.json"
    found: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    if not found.keys() >= _MAKERS.keys():
        found = {name: make() for name, make in _MAKERS.items()} | found
        write_private(path, found)
    return found


def accounts(kept: Mapping[str, str], simulator: str) -> dict[str, str]:
    """Return the variables of both sides, channels and simulator; `simulator` is its origin."""
    return {
        "KANAL_CHANNELS": ",".join(CHANNELS),
        "KANAL_MEDIA_ORIGINS": simulator,
        **keys(kept),
        **_telegram(kept, simulator),
        **_line(kept, simulator),
        **_twitter(kept, simulator),
        **_messenger(kept, simulator),
    }


def keys(kept: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of the keys that seal who citizens are."""
    return {"KANAL_IDENTITY_KEYS": kept["identity_key"], "KANAL_INDEX_KEY": kept["index_key"]}


def _telegram(kept: Mapping[str, str], simulator: str) -> dict[str, str]:
    return {
        "TELEGRAM_TOKEN": kept["token"],
        "TELEGRAM_WEBHOOK_SECRETS": kept["webhook"],
        "TELEGRAM_API_ORIGIN": simulator,
        "SIMULATOR_TELEGRAM_TOKEN": kept["token"],
    }


def _line(kept: Mapping[str, str], simulator: str) -> dict[str, str]:
    return {
        "LINE_CHANNEL_TOKEN": kept["line_token"],
        "LINE_CHANNEL_SECRETS": kept["line_secret"],
        "LINE_API_ORIGIN": simulator,
        "SIMULATOR_LINE_TOKEN": kept["line_token"],
        "SIMULATOR_LINE_CHANNEL_SECRET": kept["line_secret"],
    }


def _twitter(kept: Mapping[str, str], simulator: str) -> dict[str, str]:
    return {
        "TWITTER_CONSUMER_KEY": kept["twitter_key"],
        "TWITTER_CONSUMER_SECRETS": kept["twitter_secret"],
        "TWITTER_ACCESS_TOKEN": kept["twitter_token"],
        "TWITTER_ACCESS_TOKEN_SECRET": kept["twitter_token_secret"],
        "TWITTER_BEARER_TOKEN": kept["twitter_bearer"],
        "TWITTER_OAUTH2_TOKEN": kept["twitter_oauth2"],
        "TWITTER_USER_ID": TWITTER_USER,
        "TWITTER_USERNAME": TWITTER_NAME,
        "TWITTER_API_ORIGIN": simulator,
        "SIMULATOR_TWITTER_TOKEN": kept["twitter_token"],
        "SIMULATOR_TWITTER_CONSUMER_SECRET": kept["twitter_secret"],
    }


def _messenger(kept: Mapping[str, str], simulator: str) -> dict[str, str]:
    return {
        "MESSENGER_PAGE_ID": PAGE,
        "MESSENGER_PAGE_TOKEN": kept["messenger_token"],
        "MESSENGER_APP_SECRETS": kept["messenger_secret"],
        "MESSENGER_VERIFY_TOKEN": kept["messenger_verify"],
        "MESSENGER_GRAPH_ORIGIN": simulator,
        "SIMULATOR_MESSENGER_PAGE_ID": PAGE,
        "SIMULATOR_MESSENGER_APP_SECRET": kept["messenger_secret"],
        "SIMULATOR_MESSENGER_PAGE_TOKEN": kept["messenger_token"],
    }
