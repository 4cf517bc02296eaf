"""Connections to a platform's API: kept open, through the office's proxy where it has one."""

from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from urllib3 import PoolManager, ProxyManager
from urllib3.exceptions import HTTPError, ProxySchemeUnknown

from core.errors import ConfigurationError

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def on_loopback(origin: str) -> bool:
    """Tell whether `origin` is a stand-in on this machine, which no proxy could reach."""
    return (urlsplit(origin).hostname or "") in _LOOPBACK


def pool(origin: str, size: int) -> PoolManager:
    """Return a pool that waits for a free connection, repeats nothing and follows no redirect.

    A proxy is taken from the environment (https_proxy, no_proxy) as everywhere. Raises
    ConfigurationError for an unknown kind of proxy.
    """
    parts = urlsplit(origin)
    options: dict[str, Any] = {"maxsize": size, "block": True, "retries": False}
    proxy = getproxies().get(parts.scheme)
    if not proxy or on_loopback(origin) or proxy_bypass(parts.hostname or ""):
        return PoolManager(**options)
    try:
        return ProxyManager(proxy, **options)
    except (ProxySchemeUnknown, HTTPError):
        raise ConfigurationError(f"{parts.scheme}_proxy names a kind of proxy not known") from None
