"""Files that citizens sent, fetched from Telegram.

The address of a file holds the bot's token: it is neither stored nor logged, but made anew from
the file's id at every fetch.
"""

import re
from collections.abc import Iterator

from telegram.error import BadRequest, TelegramError

from channels.telegram.api import BotApi, FileAbsent
from core.errors import MediaAway, MediaRefused

_PATH = re.compile(r"[\w-][\w.-]*(?:/[\w-][\w.-]*)*", re.ASCII)


def fetch(api: BotApi, ref: str, max_bytes: int) -> Iterator[bytes]:
    """Yield the bytes of the file `ref` in chunks.

    Raises MediaRefused `too_large` (over `max_bytes`, or over Telegram's own 20 MiB) or `gone`,
    and MediaAway when a later attempt may succeed.
    """
    size = 0
    try:
        for chunk in api.download(_path(api, ref)):
            size += len(chunk)
            if size > max_bytes:
                raise MediaRefused("too_large")
            yield chunk
    except FileAbsent:
        raise MediaRefused("gone") from None
    except TelegramError as error:
        raise _refusal(error) from None


def _path(api: BotApi, ref: str) -> str:
    file = api.ask("getFile", {"file_id": ref})
    path = file.get("file_path") if isinstance(file, dict) else None
    if not isinstance(path, str) or not _PATH.fullmatch(path):
        raise MediaAway("no usable file_path")
    return path


def _refusal(error: TelegramError) -> MediaRefused | MediaAway:
    words = error.message.lower()
    if not isinstance(error, BadRequest) or "temporarily unavailable" in words:
        return MediaAway(type(error).__name__)
    return MediaRefused("too_large" if "too big" in words else "gone")
