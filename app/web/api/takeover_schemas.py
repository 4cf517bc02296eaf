"""What the API takes and gives about talks with citizens."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.web.api.report_schemas import Cursor, Told, Written
from app.web.api.schemas import Given, Sent, Words
from core.takeover import LONGEST

LONGEST_MINUTES = LONGEST // timedelta(minutes=1)


class Takeover(Sent):
    """For how long the program shall be silent."""

    minutes: int | None = Field(
        default=None,
        ge=1,
        le=LONGEST_MINUTES,
        description="Counted from now; without it KANAL_TAKEOVER_MINUTES. Writing extends it.",
        examples=[30],
    )


class OwnWords(Sent):
    """What an officer says himself; the citizen gets it word by word."""

    text: Words = Field(
        min_length=1, max_length=4000, examples=["Selamat siang, rumah Bapak nomor berapa?"]
    )


class Talk(Given):
    """Who talks to the citizen of a report now."""

    ticket: str = Field(examples=["7KQ2M-X9PAT"])
    version: int = Field(description="Counts the office's changes; the ETag.", examples=[3])
    human_until: datetime | None = Field(
        description="Until then an officer does, and the program is silent; None when the "
        "program answers.",
        examples=["2026-03-02T01:45:00Z"],
    )


class TalksWanted(Sent):
    """Which talks, and which page of them."""

    waiting: bool = Field(
        default=True,
        description="Those in which an officer is waited for; else those in which one talks now.",
    )
    limit: int = Field(default=50, ge=1, le=200, description="Talks on one page.")
    cursor: Cursor | None = Field(default=None, description="`next_cursor` of the page before.")


class TalkLine(Given):
    """A conversation in which an officer is waited for, or talks; it names nobody."""

    id: UUID = Field(examples=["6f1c2f0e-0000-4000-8000-000000000000"])
    channel: str = Field(examples=["telegram"])
    waiting_since: datetime | None = Field(
        description="When an officer was asked for; None once one has taken over.",
        examples=["2026-03-02T01:15:00Z"],
    )
    human_until: datetime | None = Field(
        description="Until then, if it is not past, an officer talks.", examples=[None]
    )
    ticket: str | None = Field(
        description="Of the citizen's newest open report; None without one.",
        examples=["7KQ2M-X9PAT"],
    )


class TalkPage(Given):
    """Talks, the longest waiting first."""

    talks: list[TalkLine]
    next_cursor: str | None = Field(description="None on the last page.", examples=[None])


class TalkDetail(TalkLine):
    """A talk with what was said in it of late, newest last."""

    messages: list[Annotated[Written | Told, Field(discriminator="direction")]]
