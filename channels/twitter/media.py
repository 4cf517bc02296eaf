"""Where the files are that citizens sent.

Those of posts are public. Those of direct messages are given to the account alone; the request
for one is signed with the account's OAuth 1.0a token rather than sent with a bearer token, so that
what leaves this room is good for one file and a few minutes.
https://docs.x.com/x-api/direct-messages/download-dm-media (not tried against X itself)
"""

import re
from urllib.parse import urlsplit

from channels.twitter.settings import TwitterSettings
from core.channel import Download
from core.errors import MediaRefused

_MEDIA_HOSTS = frozenset({"pbs.twimg.com", "video.twimg.com"})
_DM_HOSTS = frozenset({"ton.twitter.com", "ton.x.com"})
_DM_FILE = re.compile(r".*/dm/(\d+/\d+/[\w.-]+)", re.ASCII)
_DM_MEDIA = "/2/dm_conversations/media/"


def locate(settings: TwitterSettings, ref: str) -> Download:
    """Return where the file of an attachment is; raises MediaRefused for an address not X's."""
    try:
        parts = urlsplit(ref)
        host = parts.hostname or ""
    except ValueError:
        raise MediaRefused("gone") from None
    private = _DM_FILE.fullmatch(parts.path) if host in _DM_HOSTS else None
    if private:
        url = f"{settings.origin}{_DM_MEDIA}{private[1]}"
        return Download(url, {"Authorization": _signature(settings, url)})
    ours = urlsplit(settings.origin)
    if host in _MEDIA_HOSTS and parts.scheme == "https":
        return Download(ref)
    if (parts.scheme, parts.netloc) == (ours.scheme, ours.netloc):
        return Download(ref)
    raise MediaRefused("gone")


def _signature(settings: TwitterSettings, url: str) -> str:
    from oauthlib.oauth1 import Client  # noqa: PLC0415  # loaded with tweepy, by who fetches

    client = Client(
        settings.consumer_key.get_secret_value(),
        settings.consumer_secrets[0].get_secret_value(),
        settings.access_token.get_secret_value(),
        settings.access_token_secret.get_secret_value(),
    )
    _, headers, _ = client.sign(url)
    signature: str = headers["Authorization"]
    return signature
