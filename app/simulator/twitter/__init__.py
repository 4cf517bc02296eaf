"""Simulated X: the API on one side, citizens' posts and direct messages on the other."""

from app.simulator.twitter.platform import Twitter
from app.simulator.twitter.routes import twitter_api

__all__ = ["Twitter", "twitter_api"]
