"""`kanal set-webhook`: tells the platforms where this server is."""

from typing import Annotated

import typer

from app import wiring
from app.settings import AppSettings
from core.channel import Channel, TakesWebhook
from core.errors import ConfigurationError


def set_webhook(
    channel: Annotated[
        str | None, typer.Argument(help="One channel; default: all that are on.")
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="Take the webhook away, for polling.")] = False,
) -> None:
    """Register KANAL_PUBLIC_URL/webhooks/CHANNEL with the platforms that take it by a call."""
    settings = AppSettings()
    if settings.public_url is None and not off:
        raise ConfigurationError("KANAL_PUBLIC_URL is missing: https://lapor.example.go.id")
    channels = wiring.channels(settings)
    if channel is not None and channel not in channels:
        raise ConfigurationError(f"{channel} is not one of KANAL_CHANNELS: {', '.join(channels)}")
    for name in [channel] if channel else channels:
        url = "" if off else f"{str(settings.public_url).rstrip('/')}/webhooks/{name}"
        typer.echo(f"{name}: {_register(channels[name], url)}")


def _register(channel: Channel, url: str) -> str:
    if not isinstance(channel, TakesWebhook):
        return f"set the webhook in the platform's own console to {url or 'nothing'}"
    channel.set_webhook(url)
    return f"webhook set to {url}" if url else "webhook taken away"
