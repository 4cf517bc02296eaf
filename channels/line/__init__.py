"""LINE: an official account's webhook, replies and pushes, and the files that citizens sent."""

from channels.line.channel import LineChannel
from channels.line.settings import LineSettings

__all__ = ["LineChannel", "LineSettings"]
