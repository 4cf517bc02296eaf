"""The tables of routing: areas, OPD, rules, what was suggested and what a human chose."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    func,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from core.db.tables.base import Table, one_of

RULE_STATES = ("draft", "live", "off")
SUGGESTION_ROLES = ("live", "shadow")


class Region(Table):
    """An area with its Kemendagri code, such as 64.74.01; a code holds those it begins.

    `aliases` are other names in use (Bpp, Kutim); the point is its middle, where it is known, and
    `boundary` a GeoJSON geometry that the operator has loaded.
    """

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    aliases: Mapped[list[Any]] = mapped_column(server_default=sql("'[]'"))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    boundary: Mapped[dict[str, Any] | None]


class Agency(Table):
    """An OPD that reports are handed to; `slug` survives renames.

    `region` is the code of its government, "" for a national body; `source` says where its name
    was read, and `verified` whether that is an official place.
    """

    __tablename__ = "agency"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    active: Mapped[bool] = mapped_column(server_default=sql("true"))
    region: Mapped[str] = mapped_column(server_default="")
    kind: Mapped[str] = mapped_column(server_default="")
    verified: Mapped[bool] = mapped_column(server_default=sql("false"))
    source: Mapped[str] = mapped_column(server_default="")


class Route(Table):
    """Which OPD is responsible for an urusan in a region, "" for the whole country."""

    __tablename__ = "route"
    __table_args__ = (Index("ix_route_agency", "agency_id"),)

    region: Mapped[str] = mapped_column(primary_key=True)
    urusan: Mapped[str] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))


class RegistryLoad(Table):
    """That the registry was changed: the newest id tells workers whether to read it again.

    `what` names what was loaded, such as "64.74, 33.24" or "villages".
    """

    __tablename__ = "registry_load"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    what: Mapped[str]


class Rule(Table):
    """A rule that routes reports before the model is asked; lower `position` goes first.

    `conditions` and `outcome` are those of `core.rules`. A `draft` is only tried; `off` is kept for
    the suggestions that name it.
    """

    __tablename__ = "rule"
    __table_args__ = (
        one_of("state", RULE_STATES),
        Index("ix_rule_live", "position", postgresql_where=sql("state = 'live'")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int]
    state: Mapped[str] = mapped_column(server_default="draft")
    conditions: Mapped[dict[str, Any]]
    outcome: Mapped[dict[str, Any]]
    actor: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Suggestion(Table):
    """What was suggested for a report, and by what; rows are only ever added.

    `ranking` lists urusan, OPD (slug), probability and deciding words, the likeliest first.
    `decided_by` is the model's version or "rule:<id>", "" for none; when not `sure`, a human sorts
    the report, for the `reason` of `core.routing.Manual`; `note` is what a rule says. `digest` is
    the SHA-256 of what was read; `similar` the ids of past reports like it. A `shadow` model is
    only compared. When a citizen takes a message back, words and digest are forgotten.
    """

    __tablename__ = "suggestion"
    __table_args__ = (
        one_of("role", SUGGESTION_ROLES),
        Index("ix_suggestion_report", "report_id", "id"),
        Index("ix_suggestion_at", "role", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"))
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    role: Mapped[str] = mapped_column(server_default="live")
    model: Mapped[str]
    digest: Mapped[str]
    decided_by: Mapped[str]
    sure: Mapped[bool]
    reason: Mapped[str] = mapped_column(server_default="")
    note: Mapped[str] = mapped_column(server_default="")
    confidence: Mapped[float]
    urusan: Mapped[str]
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    ranking: Mapped[list[Any]]
    region: Mapped[str]
    klasifikasi: Mapped[str]
    urgency: Mapped[str]
    category: Mapped[str]
    similar: Mapped[list[Any]] = mapped_column(server_default=sql("'[]'"))


class Choice(Table):
    """What a human chose for a report, beside what had been suggested; the newest counts.

    `agreed` tells whether the suggested OPD was chosen, None where none was suggested.
    """

    __tablename__ = "choice"
    __table_args__ = (
        Index("ix_choice_report", "report_id", "id"),
        Index("ix_choice_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"))
    suggestion_id: Mapped[int | None] = mapped_column(ForeignKey("suggestion.id"))
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    actor: Mapped[str]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    urusan: Mapped[str]
    agreed: Mapped[bool | None]
