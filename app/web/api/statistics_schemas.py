"""What the API takes and gives of figures, with made-up examples."""

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field

from app.web.api.schemas import Day, Given, Sent

NO_ZONES = {"localtime", "Factory"}  # the machine's own, and the one that says "not set"


def _zone(name: str) -> str:
    if name not in available_timezones() - NO_ZONES:
        raise ValueError("not the name of an IANA time zone")
    return name


class DaysWanted(Sent):
    """Which days, in which time zone."""

    first: Day | None = Field(
        default=None, alias="from", description="First day; without it 29 days before the last."
    )
    last: Day | None = Field(
        default=None, alias="to", description="Last day, counted in; without it today in `tz`."
    )
    tz: Annotated[str, AfterValidator(_zone)] = Field(
        default="Asia/Makassar", description="IANA time zone whose days are meant."
    )

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone."""
        return ZoneInfo(self.tz)


class Counted(Given):
    """What came in, and how it was answered."""

    reports: int = Field(description="Reports that were opened.", examples=[12])
    answered: int = Field(description="Of these, with an answer by now.", examples=[9])
    median_seconds_to_first_answer: float | None = Field(
        description="Of the answered ones; None when there are none.", examples=[86400.0]
    )
    waiting: int = Field(
        description="Of these, without an answer and neither selesai nor arsip.", examples=[2]
    )
    failed_deliveries: int = Field(
        description="Parts of messages written then that no platform took.", examples=[0]
    )


class CountedDay(Counted):
    """The figures of the reports of one day."""

    day: date = Field(examples=["2026-03-02"])


class ChannelFigures(Given):
    """One channel: the whole range, then each of its days, those with nothing too."""

    channel: str = Field(examples=["telegram"])
    total: Counted
    days: list[CountedDay]


class ChannelStatistics(Given):
    """The figures of every channel that is on or that brought something."""

    first: date = Field(serialization_alias="from", examples=["2026-03-02"])
    last: date = Field(serialization_alias="to", examples=["2026-03-02"])
    tz: str = Field(examples=["Asia/Makassar"])
    channels: list[ChannelFigures]
