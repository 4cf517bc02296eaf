"""Telegram: the bot's webhook or polling, messages, buttons and media."""

from channels.telegram.channel import TelegramChannel
from channels.telegram.settings import TelegramSettings

__all__ = ["TelegramChannel", "TelegramSettings"]
