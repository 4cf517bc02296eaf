"""What all parts of the API take and give: shapes of values, of bodies, of an OPD's name."""

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from core.agencies import SLUG
from core.text import clean

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, tzinfo=UTC)

LARGEST_INTEGER = 2**31 - 1


def _clean(value: object) -> object:
    """Drop what PostgreSQL and phones cannot take, before anything is measured."""
    return clean(value).strip() if isinstance(value, str) else value


Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=64)]
ChannelName = Annotated[str, StringConstraints(pattern=r"^[a-z]{1,32}$")]
Words = Annotated[str, BeforeValidator(_clean)]
Moment = Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)]
Day = Annotated[date, Field(ge=EARLIEST.date(), le=LATEST.date())]


class Sent(BaseModel):
    """What a caller sends; an unknown field is refused rather than overlooked."""

    model_config = ConfigDict(extra="forbid")


class Given(BaseModel):
    """What the API gives, read from rows."""

    model_config = ConfigDict(from_attributes=True)


class AgencyName(Given):
    """An OPD."""

    slug: str = Field(examples=["dinas-pupr"])
    name: str = Field(examples=["Dinas Pekerjaan Umum dan Penataan Ruang"])


class AgencyLine(AgencyName):
    """An OPD as the list shows it."""

    region: str = Field(
        description="Kemendagri's code of its government; empty for a national body.",
        examples=["64.74"],
    )
    kind: str = Field(description="Such as dinas, kecamatan, bumn.", examples=["dinas"])
    verified: bool = Field(
        description="Whether its name was read at a named source; otherwise it is the usual one.",
        examples=[True],
    )


class Agencies(Given):
    """The OPD that reports can be assigned to, by name."""

    agencies: list[AgencyLine]
