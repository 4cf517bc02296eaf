"""The tables of the office: reports, their history, who may see them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    UniqueConstraint,
    func,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from core.db.tables.base import Table, one_of
from core.privacy.columns import Sealed

ROLES = ("admin", "opd", "analyst")
VERDICTS = ("", "sudah", "belum", "diam")
# A report that waits for the office although a promised date was missed; a query says the same
# words, or its index does not serve it.
OVERDUE = "report.missed > 0 and report.state not in ('selesai', 'arsip', 'tunda')"


class Report(Table):
    """One complaint, made from draft number `draft` of its conversation.

    Messages and files of the same (conversation, draft) belong to it; one draft never becomes
    two reports. `region` is the code of the area it is about, "" when unknown; `suggestion_id`
    the latest suggestion, None until the classifier has read it. `version` counts the office's
    changes from 1, so that of two officers who change what they saw at the same time, the second
    is told.

    `klasifikasi` and `urgency` are words of `core.understanding`, `happened` the day it is about
    as told. Of an `anonim` report nobody sees who told it; a `rahasia` one is not public. Where
    `text` is masked, `sealed` holds what was written; `sources` tells which message brought which
    part (`core.sources`). `verify_by` and `answer_by` were promised;
    `promise_at` is the next moment at which a promise is looked at, `missed` how many were told as
    missed, and since `paused_at` the clock stands still. `done_at` is when the OPD said that it is
    done, `close_at` when silence closes it, and `verdict` what the citizen said: "sudah", "belum",
    "diam" when he said nothing, "" so far.
    """

    __tablename__ = "report"
    __table_args__ = (
        Index("ix_report_listed", "created_at", "id"),
        Index("ix_report_state", "state", "created_at", "id"),
        Index("ix_report_agency", "agency_id", "created_at", "id"),
        Index("ix_report_channel", "channel", "created_at", "id"),
        Index("ix_report_promise", "promise_at", postgresql_where=sql("promise_at is not null")),
        Index("ix_report_close", "close_at", postgresql_where=sql("close_at is not null")),
        Index(
            "ix_report_urgency",
            "urgency",
            "created_at",
            "id",
            postgresql_where=sql("urgency <> 'biasa'"),
        ),
        Index(
            "ix_report_verdict",
            "verdict",
            "created_at",
            "id",
            postgresql_where=sql("verdict <> ''"),
        ),
        Index("ix_report_overdue", "created_at", "id", postgresql_where=sql(OVERDUE)),
        one_of("verdict", VERDICTS),
        Index("ix_report_unread", "created_at", postgresql_where=sql("suggestion_id is null")),
        Index(
            "ix_report_words",
            sql("to_tsvector('indonesian', text)"),
            postgresql_using="gin",
            postgresql_where=sql("agency_id is not null"),
            postgresql_with={"fastupdate": "off"},
        ),
        UniqueConstraint("conversation_id", "draft"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    ticket: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    draft: Mapped[int]
    state: Mapped[str]
    text: Mapped[str]
    sealed: Mapped[str | None] = mapped_column(Sealed("report.sealed"))
    sources: Mapped[dict[str, Any]] = mapped_column(server_default=sql("'{}'"))
    place: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    version: Mapped[int] = mapped_column(server_default=sql("1"))
    region: Mapped[str] = mapped_column(server_default="")
    suggestion_id: Mapped[int | None] = mapped_column(BigInteger)
    klasifikasi: Mapped[str] = mapped_column(server_default="")
    urgency: Mapped[str] = mapped_column(server_default="biasa")
    happened: Mapped[str] = mapped_column(server_default="")
    anonim: Mapped[bool] = mapped_column(server_default=sql("false"))
    rahasia: Mapped[bool] = mapped_column(server_default=sql("false"))
    verify_by: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    promise_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    missed: Mapped[int] = mapped_column(SmallInteger, server_default=sql("0"))
    verified_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    close_at: Mapped[datetime | None]
    verdict: Mapped[str] = mapped_column(server_default="")
    verdict_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    answered_at: Mapped[datetime | None]


class Follower(Table):
    """A citizen who gets the news of another's report; he is told no more than its ticket tells."""

    __tablename__ = "follower"
    __table_args__ = (Index("ix_follower_conversation", "conversation_id"),)

    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"), primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class DayOff(Table):
    """A day that an administrator declared off, or, when `works`, a working day after all."""

    __tablename__ = "day_off"

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]
    works: Mapped[bool] = mapped_column(server_default=sql("false"))


class ReportEvent(Table):
    """The history of a report; rows are only ever added, a trigger refuses the rest."""

    __tablename__ = "report_event"
    __table_args__ = (Index("ix_report_event_report", "report_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"))
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    actor: Mapped[str]
    kind: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(server_default=sql("'{}'"))


class ApiToken(Table):
    """A key to the API, stored as the SHA-256 of its 256 random bits."""

    __tablename__ = "api_token"
    __table_args__ = (
        one_of("role", ROLES),
        CheckConstraint("(role = 'opd') = (agency_id is not null)", name="opd_has_agency"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    revoked_at: Mapped[datetime | None]
