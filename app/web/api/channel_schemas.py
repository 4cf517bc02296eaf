"""What the API gives of the channels, with made-up examples."""

from datetime import datetime

from pydantic import Field

from app.web.api.schemas import Given


class ChannelHealth(Given):
    """How a channel fares: what must be mended, and what waits."""

    channel: str = Field(examples=["telegram"])
    alarm: str = Field(
        description="Code of what an operator must mend, else empty: credentials, quota ...",
        examples=[""],
    )
    alarm_at: datetime | None = Field(description="Since when.", examples=[None])
    paused_until: datetime | None = Field(
        description="Nothing is sent until then; None when it does not rest.", examples=[None]
    )
    waiting: int = Field(description="Parts of messages that are to be sent.", examples=[3])
    next_due_at: datetime | None = Field(
        description="When the next of them goes out at the earliest.",
        examples=["2026-03-02T01:15:00Z"],
    )
    parked: dict[str, int] = Field(
        description="Parts that wait for something else, by code: blocked, window_closed, quota.",
        examples=[{"window_closed": 1}],
    )
    failed: int = Field(description="Parts of the last 7 days given up for good.", examples=[0])


class Channels(Given):
    """The channels that are on, or of which something waits, by name."""

    channels: list[ChannelHealth]
