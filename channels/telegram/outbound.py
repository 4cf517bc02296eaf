"""One part of a reply becomes one message in Telegram; what goes wrong becomes a value."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from channels.telegram.api import BotApi
from channels.telegram.refusals import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    OddAnswer,
    Outage,
    TelegramError,
    Throttled,
    Unreachable,
)
from core.errors import SendCode, SendError, Sent
from core.message import Choice, Outbound
from core.text import clean

if TYPE_CHECKING:
    from telegram import InlineKeyboardMarkup

_ROW_BUTTONS = 3
_ROW_CHARACTERS = 30

# The first row that fits counts, so a class stands before its parents. Second column: how we call
# it; third: may the same part go out later?
_ERRORS: tuple[tuple[type[TelegramError], SendCode, bool], ...] = (
    (Throttled, SendCode.THROTTLED, True),
    (ChatMigrated, SendCode.MOVED, True),
    (Forbidden, SendCode.BLOCKED, False),
    (InvalidToken, SendCode.CREDENTIALS, True),
    (Conflict, SendCode.CONFLICT, True),
    (BadRequest, SendCode.REJECTED, False),
    (Unreachable, SendCode.UNREACHABLE, True),
    (Outage, SendCode.OUTAGE, True),
    (TelegramError, SendCode.UNCERTAIN, True),
)
_NO_CHAT = re.compile(
    r"chat not found|user not found|chat_id is empty|peer_id_invalid", re.IGNORECASE
)
# Telegram's words may quote a text, an address or a token; only these are passed on.
_SAFE_WORDS = re.compile(
    _NO_CHAT.pattern + r"|bot was blocked by the user|user is deactivated|bot was kicked"
    r"|bot can't initiate conversation|bot can't send messages to bots|not enough rights"
    r"|message is too long|message text is empty|text must be non-empty|button_data_invalid"
    r"|file is too big|wrong file_id|invalid file_id|file is temporarily unavailable"
    r"|unauthorized|terminated by other getupdates|while webhook is active"
    r"|upgraded to a supergroup|bad gateway|internal server error|restart",
    re.IGNORECASE,
)


def send(api: BotApi, part: Outbound) -> Sent | SendError:
    """Send `part`; then tells Telegram that the pressed button was noticed, if there was one."""
    from telegram import LinkPreviewOptions  # noqa: PLC0415  # heavy, see api.py

    try:
        message = api.call(
            api.bot.send_message(
                chat_id=part.address,
                text=clean(part.text),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                reply_markup=keyboard(part.choices),
            )
        )
    except TelegramError as error:
        return failure(error)
    if part.reply_token:
        _stop_waiting(api, part.reply_token)
    return Sent(str(message.message_id))


def failure(error: TelegramError) -> SendError:
    """Return what `error` means, by the table of errors."""
    code, retryable = next(row[1:] for row in _ERRORS if isinstance(error, row[0]))
    if code is SendCode.REJECTED and _NO_CHAT.search(error.message):
        code = SendCode.NO_CHAT
    return SendError(
        code=code,
        retryable=retryable,
        retry_after=error.pause if isinstance(error, Throttled) else None,
        detail=_detail(error),
        moved_to=str(error.new_chat_id) if isinstance(error, ChatMigrated) else "",
    )


def keyboard(choices: Sequence[Choice]) -> "InlineKeyboardMarkup | None":
    """Return the buttons, short ones up to three in a row; None where there are none."""
    from telegram import InlineKeyboardButton, InlineKeyboardMarkup  # noqa: PLC0415  # as above

    rows: list[list[Choice]] = []
    for choice in choices:
        if rows and _fits([*rows[-1], choice]):
            rows[-1].append(choice)
        else:
            rows.append([choice])
    buttons = [
        [InlineKeyboardButton(clean(it.label), callback_data=it.value) for it in row]
        for row in rows
    ]
    return InlineKeyboardMarkup(buttons) if rows else None


def _fits(row: Sequence[Choice]) -> bool:
    # All buttons of a row are drawn as wide as its widest.
    widest = max(len(choice.label) for choice in row)
    return len(row) <= _ROW_BUTTONS and widest * len(row) <= _ROW_CHARACTERS


def _stop_waiting(api: BotApi, query_id: str) -> None:
    """Stop the button's spinner. An old query is refused, and no failure here is worth a reply."""
    try:
        api.call(api.bot.answer_callback_query(query_id))
    except TelegramError:
        return


def _detail(error: TelegramError) -> str:
    name = type(error).__name__
    if isinstance(error, Unreachable | OddAnswer):
        return f"{name}: {error.message}"
    if words := _SAFE_WORDS.search(error.message):
        return f"{name}: {words[0].lower()}"
    return f"{name} from {type(error.__cause__).__name__}" if error.__cause__ else name
