"""X (Twitter): mentions, replies and direct messages, posted to us or asked for."""

from channels.twitter.channel import TwitterChannel
from channels.twitter.settings import TwitterSettings

__all__ = ["TwitterChannel", "TwitterSettings"]
