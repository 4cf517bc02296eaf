"""What the API takes and gives of reports, with made-up examples."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from app.web.api.schemas import AgencyName, ChannelName, Given, Moment, Sent, Slug, Words
from app.web.api.suggestion_schemas import Suggestion, SuggestionLine, UrusanCode
from core.guard import Kind
from core.triage import Position
from core.understanding import Klasifikasi, Urgency
from core.workflow import ReportState

Verdict = Literal["sudah", "belum", "diam"]


def _cursor(written: str) -> str:
    Position.read(written)
    return written


Cursor = Annotated[str, AfterValidator(_cursor)]


class ReportsWanted(Sent):
    """Which reports, and which page of them."""

    state: list[ReportState] = Field(
        default=[], description="One of these states; may be given several times."
    )
    agency: Slug | None = Field(default=None, description="Slug of the OPD they are assigned to.")
    channel: ChannelName | None = Field(default=None, description="Channel they came by.")
    urgency: Urgency | None = Field(default=None, description="This urgent.")
    overdue: bool = Field(
        default=False,
        description="Only those that wait for the office although a promised date was missed; as "
        "soon as the citizen is told of it.",
    )
    verdict: Verdict | None = Field(
        default=None,
        description="What the citizen said when it was done; belum: it was reopened by that.",
    )
    created_from: Moment | None = Field(
        default=None, description="Not before this moment: RFC 3339 with zone."
    )
    created_to: Moment | None = Field(
        default=None, description="Before this moment: RFC 3339 with zone."
    )
    limit: int = Field(default=50, ge=1, le=200, description="Reports on one page.")
    cursor: Cursor | None = Field(
        default=None, description="`next_cursor` of the page before; keep the filters the same."
    )


class Assignment(Sent):
    """Disposisi: to which OPD."""

    agency: Slug = Field(
        description="Slug of the OPD. Where it has the report already, nobody is told again.",
        examples=["dinas-pupr"],
    )
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
    klasifikasi: Klasifikasi | None = Field(
        description="Its class; None while that is unclear.",
        examples=["pengaduan_tidak_berkadar_pengawasan"],
    )
    urgency: Urgency = Field(
        description="How soon somebody must look, by the citizen's words and the model.",
        examples=["biasa"],
    )
    anonim: bool = Field(description="Nobody sees who told it, an admin neither.", examples=[False])
    rahasia: bool = Field(description="It is not shown in public.", examples=[False])
    happened: str = Field(
        description="When it happened, as it was told; empty where it was not.",
        examples=["kemarin sore (2026-03-01)"],
    )
    place: str = Field(examples=["Jl. Contoh, depan sekolah"])
    latitude: float | None = Field(description="Degrees, WGS 84.", examples=[0.5])
    longitude: float | None = Field(description="Degrees, WGS 84.", examples=[117.5])
    created_at: datetime = Field(examples=["2026-03-02T01:15:00Z"])
    answered_at: datetime | None = Field(
        description="When the first answer was given.", examples=["2026-03-03T02:00:00Z"]
    )
    verify_by: datetime | None = Field(
        description="By when it was promised to be checked.", examples=["2026-03-05T15:59:59Z"]
    )
    answer_by: datetime | None = Field(
        description="By when it was promised to be settled.", examples=["2026-03-30T15:59:59Z"]
    )
    promise_at: datetime | None = Field(
        description="The promise that is open now ends then; None where the clock stands still or "
        "no date is promised any more.",
        examples=["2026-03-05T15:59:59Z"],
    )
    missed: int = Field(
        description="How many promised dates passed, and the citizen was told.", examples=[0]
    )
    verdict: Verdict | None = Field(
        description="What the citizen said when it was done; belum reopens it, diam: nothing in "
        "time. None so far.",
        examples=[None],
    )
    verdict_at: datetime | None = Field(examples=[None])
    suggestion: SuggestionLine | None = Field(description="None until the report is read.")


class ToldLine(ReportLine):
    """A report whose citizen was just written to."""

    warnings: list[Kind] = Field(
        description="Kinds of personal data in the words that he was sent, which are not hidden; "
        "empty for none.",
        examples=[["nik"]],
    )


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
    decision: str = Field(
        description="What it was taken for: new, draft, addition, reply, command, talk ...",
        examples=["new"],
    )
    reason: str = Field(
        description="By which evidence: button, quote, ticket, state, wording or none.",
        examples=["none"],
    )


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
    human: bool = Field(description="Whether these are an officer's own words.", examples=[False])


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
    human_until: datetime | None = Field(
        description="Until then an officer talks to the citizen, and the program is silent.",
        examples=[None],
    )
