"""Where the files that citizens sent are to be had.

The address of a file holds the bot's token: it is neither stored nor logged, but made anew from
the file's id at every fetch.
"""

import re

from channels.telegram.api import BotApi
from channels.telegram.refusals import BadRequest, TelegramError
from core.channel import Download
from core.errors import MediaAway, MediaRefused

_PATH = re.compile(r"[\w-][\w.-]*(?:/[\w-][\w.-]*)*", re.ASCII)


def locate(api: BotApi, ref: str, max_bytes: int) -> Download:
    """Return where the file `ref` is, for an hour at least.

    Raises MediaRefused `too_large` (over `max_bytes`, or over Telegram's own 20 MiB) or `gone`,
    and MediaAway when a later attempt may succeed.
    """
    try:
        found = api.ask("getFile", {"file_id": ref})
    except TelegramError as error:
        raise _refusal(error) from None
    file = found if isinstance(found, dict) else {}
    path, size = file.get("file_path"), file.get("file_size")
    if not isinstance(path, str) or not _PATH.fullmatch(path):
        raise MediaAway("no usable file_path")
    if isinstance(size, int) and size > max_bytes:
        raise MediaRefused("too_large")
    return Download(api.files + path)


def _refusal(error: TelegramError) -> MediaRefused | MediaAway:
    words = error.message.lower()
    if not isinstance(error, BadRequest) or "temporarily unavailable" in words:
        return MediaAway(type(error).__name__)
    return MediaRefused("too_large" if "too big" in words else "gone")
