"""Simulated Telegram: the Bot API on one side, citizens' phones on the other."""

from app.simulator.telegram.platform import Telegram
from app.simulator.telegram.routes import bot_api

__all__ = ["Telegram", "bot_api"]
