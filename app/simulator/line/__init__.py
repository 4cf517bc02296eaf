"""Simulated LINE: the Messaging API on one side, citizens' phones on the other."""

from app.simulator.line.platform import Line
from app.simulator.line.routes import messaging_api

__all__ = ["Line", "messaging_api"]
