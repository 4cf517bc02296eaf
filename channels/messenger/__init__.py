"""Facebook Messenger: a page's webhook, messages, buttons, the 24-hour window and media."""

from channels.messenger.channel import MessengerChannel
from channels.messenger.settings import MessengerSettings

__all__ = ["MessengerChannel", "MessengerSettings"]
