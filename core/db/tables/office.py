"""The tables of the office: reports, their history, who may see them."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    UniqueConstraint,
    func,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from core.db.tables.base import Table, one_of

ROLES = ("admin", "opd", "analyst")


class Report(Table):
    """One complaint, made from draft number `draft` of its conversation.

    Messages and files of the same (conversation, draft) belong to it; one draft never becomes
    two reports. `region` is the code of the area it is about, "" when unknown; `suggestion_id`
    the latest suggestion, None until the classifier has read it. `version` counts the office's
    changes from 1, so that of two officers who change what they saw at the same time, the second
    is told.
    """

    __tablename__ = "report"
    __table_args__ = (
        Index("ix_report_listed", "created_at", "id"),
        Index("ix_report_state", "state", "created_at", "id"),
        Index("ix_report_agency", "agency_id", "created_at", "id"),
        Index("ix_report_channel", "channel", "created_at", "id"),
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
    place: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    version: Mapped[int] = mapped_column(server_default=sql("1"))
    region: Mapped[str] = mapped_column(server_default="")
    suggestion_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    answered_at: Mapped[datetime | None]


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
