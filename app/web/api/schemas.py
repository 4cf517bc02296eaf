"""What the API takes and gives, with made-up examples."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from app.web.api.suggestion_schemas import Suggestion, SuggestionLine, UrusanCode
from core.agencies import SLUG
from core.blocks import LONGEST
from core.text import clean
from core.triage import Position
from core.workflow import ReportState

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, tzinfo=UTC)

LARGEST_INTEGER = 2**31 - 1

NO_ZONES = {"localtime", "Factory"}  # the machine's own, and the one that says "not set"


def _cursor(written: str) -> str:
    Position.read(written)
    return written


def _ahead(moment: datetime) -> datetime:
    if not timedelta() < moment - datetime.now(UTC) <= LONGEST:
        raise ValueError(f"not in the future, within {LONGEST.days} days")
    return moment


def _zone(name: str) -> str:
    if name not in available_timezones() - NO_ZONES:
        raise ValueError("not the name of an IANA time zone")
    return name


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


class ReportsWanted(Sent):
    """Which reports, and which page of them."""

    state: list[ReportState] = Field(
        default=[], description="One of these states; may be given several times."
    )
    agency: Slug | None = Field(default=None, description="Slug of the OPD they are assigned to.")
    channel: ChannelName | None = Field(default=None, description="Channel they came by.")
    created_from: Moment | None = Field(
        default=None, description="Not before this moment: RFC 3339 with zone."
    )
    created_to: Moment | None = Field(
        default=None, description="Before this moment: RFC 3339 with zone."
    )
    limit: int = Field(default=50, ge=1, le=200, description="Reports on one page.")
    cursor: Annotated[str, AfterValidator(_cursor)] | None = Field(
        default=None, description="`next_cursor` of the page before; keep the filters the same."
    )


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


class Assignment(Sent):
    """Disposisi: to which OPD."""

    agency: Slug = Field(description="Slug of the OPD.", examples=["dinas-pupr"])
    urusan: UrusanCode | None = Field(
        default=None,
        description="Code of the function it is about, to learn from; without it the suggested one "
        "that leads to this OPD.",
        examples=["PUPR"],
    )


class Move(Sent):
    """A new state; `reason` is shown to the citizen."""

    state: ReportState = Field(examples=["tunda"])
    reason: Words = Field(
        default="",
        max_length=1000,
        description="Needed for tunda, arsip and belum_terverifikasi (bukan wewenang).",
        examples=["Mohon sebutkan nama jalannya."],
    )


class Answer(Sent):
    """The OPD's answer, which the citizen gets word by word."""

    text: Words = Field(
        min_length=1, max_length=4000, examples=["Lubang sudah ditambal. Terima kasih."]
    )
    done: bool = Field(
        default=False, description="The matter is settled: selesai; else it is in proses."
    )


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


class ReportLine(Given):
    """A report as the list shows it."""

    ticket: str = Field(examples=["7KQ2M-X9PAT"])
    version: int = Field(description="Counts the office's changes; the ETag.", examples=[3])
    state: ReportState = Field(examples=["proses"])
    channel: str = Field(examples=["telegram"])
    agency: AgencyName | None
    excerpt: str = Field(
        description="The first 280 characters of the text.", examples=["Jalan berlubang."]
    )
    place: str = Field(examples=["Jl. Contoh, depan sekolah"])
    latitude: float | None = Field(description="Degrees, WGS 84.", examples=[0.5])
    longitude: float | None = Field(description="Degrees, WGS 84.", examples=[117.5])
    created_at: datetime = Field(examples=["2026-03-02T01:15:00Z"])
    answered_at: datetime | None = Field(
        description="When the first answer was given.", examples=["2026-03-03T02:00:00Z"]
    )
    suggestion: SuggestionLine | None = Field(description="None until the report is read.")


class ReportPage(Given):
    """Reports, newest first."""

    reports: list[ReportLine]
    next_cursor: str | None = Field(description="None on the last page.", examples=[None])


class HistoryEvent(Given):
    """One step in the history, which is only ever added to."""

    at: datetime = Field(examples=["2026-03-02T01:15:00Z"])
    actor: str = Field(description="warga, kanal or a token's name.", examples=["diskominfo"])
    kind: str = Field(examples=["assigned"])
    detail: dict[str, Any] = Field(examples=[{"agency": "dinas-pupr"}])


class Written(Given):
    """What the citizen wrote; an empty text that was edited has been withdrawn."""

    direction: Literal["in"] = "in"
    at: datetime = Field(examples=["2026-03-02T01:14:00Z"])
    text: str = Field(examples=["Jalan berlubang."])
    edited_at: datetime | None = Field(examples=[None])


class Told(Given):
    """A part of a message to the citizen, and whether it has arrived at the platform."""

    direction: Literal["out"] = "out"
    at: datetime = Field(examples=["2026-03-02T01:15:01Z"])
    text: str = Field(examples=["Terima kasih, laporan Anda sudah kami terima."])
    part: int = Field(description="Counted from 1.", examples=[1])
    parts: int = Field(description="Into how many parts the message was cut.", examples=[1])
    delivery: Literal["open", "sent", "failed", "parked"] = Field(
        description="parked: kept until the citizen can be reached again.", examples=["sent"]
    )
    code: str = Field(description="Why it has not arrived, else empty.", examples=[""])
    attempts: int = Field(examples=[1])
    due_at: datetime | None = Field(
        description="When it goes out at the earliest; None when it is sent or failed, or waits "
        "for the citizen.",
        examples=[None],
    )
    sent_at: datetime | None = Field(examples=["2026-03-02T01:15:02Z"])


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


class ReportFile(Given):
    """A file that the citizen sent."""

    id: int = Field(examples=[12])
    media: str = Field(examples=["photo"])
    state: Literal["waiting", "stored", "refused", "failed", "withdrawn"] = Field(
        description="withdrawn: the citizen took it back.", examples=["stored"]
    )
    code: str = Field(
        description="Why it is not stored or cannot be read, else empty: too_large, type_refused, "
        "gone, address_refused, not_viewable ...",
        examples=[""],
    )
    viewable: bool = Field(
        description="Whether it can be read. A stored picture of which no copy without metadata "
        "could be made cannot.",
        examples=[True],
    )
    size: int = Field(description="Bytes of the original; 0 until stored.", examples=[48213])
    mime: str = Field(
        description="What is read, found in the bytes; empty until stored.",
        examples=["image/jpeg"],
    )
    created_at: datetime = Field(examples=["2026-03-02T01:14:30Z"])


class ReportDetail(ReportLine):
    """One report with all that happened to it, oldest first."""

    suggestion: Suggestion | None = Field(description="None until the report is read.")
    text: str = Field(examples=["Jalan berlubang."])
    history: list[HistoryEvent]
    messages: list[Annotated[Written | Told, Field(discriminator="direction")]]
    files: list[ReportFile]
    complete: bool = Field(
        description="False when of events, messages or files only the newest 500 are shown.",
        examples=[True],
    )


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
