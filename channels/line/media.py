"""Files that citizens sent: where they are to be had."""

from channels.line.api import LineApi, LineError, Refused
from core.channel import Download
from core.errors import MediaAway, MediaRefused

_CONVERTED = frozenset({"video", "audio"})  # LINE prepares these before it gives them out
_PLAIN = frozenset({"image", "file"})
_ABSENT = frozenset({404, 410})


def locate(api: LineApi, origin: str, token: str, ref: str) -> Download:
    """Return where the file `ref` of `messages.py` is, at `origin` or at another company.

    Raises MediaRefused `gone` for what LINE does not have (a sticker's picture too) and MediaAway
    while it prepares a film or a voice.
    """
    kind, _, rest = ref.partition(":")
    if kind == "url":
        return Download(rest)  # the token is for LINE alone
    if kind in _CONVERTED:
        _require_converted(api, rest)
    elif kind not in _PLAIN:
        raise MediaRefused("gone")
    address = f"{origin}/v2/bot/message/{rest}/content"
    return Download(address, {"Authorization": f"Bearer {token}"})


def _require_converted(api: LineApi, message_id: str) -> None:
    """Raise MediaAway or MediaRefused unless the file of this message is ready."""
    try:
        status = api.call(
            lambda: api.files.get_message_content_transcoding_by_message_id(message_id).status
        )
    except LineError as error:
        if isinstance(error, Refused) and error.status in _ABSENT:
            raise MediaRefused("gone") from None
        raise MediaAway(type(error).__name__) from None
    if status == "failed":
        raise MediaRefused("gone")
    if status != "succeeded":
        raise MediaAway("not converted yet")
