"""What the API takes and gives of senders who are blocked, with made-up examples."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from app.web.api.schemas import LARGEST_INTEGER, Given, Moment, Sent, Words
from core.blocks import LONGEST


def _ahead(moment: datetime) -> datetime:
    if not timedelta() < moment - datetime.now(UTC) <= LONGEST:
        raise ValueError(f"not in the future, within {LONGEST.days} days")
    return moment


class BlockOrder(Sent):
    """Who wrote this report shall not be listened to for a while."""

    reason: Words = Field(
        min_length=1,
        max_length=500,
        description="For the office; the citizen is told the end only.",
        examples=["Ancaman terhadap petugas."],
    )
    until: Annotated[Moment, AfterValidator(_ahead)] = Field(
        description="End of the block, within 366 days: RFC 3339 with zone.",
        examples=["2199-01-02T00:00:00Z"],
    )


class BlocksWanted(Sent):
    """Which blocks, and which page of them."""

    in_force: bool = Field(default=True, description="Leave out those that ended or were lifted.")
    limit: int = Field(default=50, ge=1, le=200, description="Blocks on one page.")
    cursor: Annotated[int, Field(ge=1, le=LARGEST_INTEGER)] | None = Field(
        default=None, description="`next_cursor` of the page before."
    )


class BlockLine(Given):
    """A sender who is, or was, not listened to; named by the report he was blocked for."""

    id: int = Field(examples=[7])
    ticket: str = Field(examples=["7KQ2M-X9PAT"])
    channel: str = Field(examples=["telegram"])
    reason: str = Field(examples=["Ancaman terhadap petugas."])
    actor: str = Field(description="The token's name.", examples=["diskominfo"])
    until: datetime = Field(examples=["2026-04-02T00:00:00Z"])
    created_at: datetime = Field(examples=["2026-03-02T01:15:00Z"])
    lifted_at: datetime | None = Field(examples=[None])
    lifted_by: str = Field(description="Empty unless lifted.", examples=[""])
    in_force: bool = Field(description="Neither lifted nor at its end.", examples=[True])


class BlockPage(Given):
    """Blocks, newest first."""

    blocks: list[BlockLine]
    next_cursor: int | None = Field(description="None on the last page.", examples=[None])
