"""Simulated Messenger: the Graph API on one side, citizens' phones on the other."""

from app.simulator.messenger.platform import Messenger
from app.simulator.messenger.routes import graph_api

__all__ = ["Messenger", "graph_api"]
