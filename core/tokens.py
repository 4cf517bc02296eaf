"""Keys to the API: shown once, stored as digests, revoked but never forgotten."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core import agencies
from core.db.tables import Agency, ApiToken
from core.errors import ConfigurationError, NotFound


class Role(StrEnum):
    """What the bearer of a token may do."""

    ADMIN = "admin"  #: Diskominfo: every report, every action
    OPD = "opd"  #: one agency: its own reports, answers and their progress
    ANALYST = "analyst"  #: figures only, no report


PREFIX = "kanal_"
NO_NAMES = frozenset({"warga", "kanal"})  # the other actors in the history of reports
_BYTES = 32  # 256 bits, 43 signs
_SECRET = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who uses the API; `agency_id` is set for the role opd alone."""

    name: str
    role: Role
    agency_id: int | None = None


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token as it is listed, without its secret."""

    name: str
    role: Role
    agency: str
    created_at: datetime
    revoked_at: datetime | None


def create(session: Session, name: str, role: Role, agency_slug: str | None = None) -> str:
    """Return the secret of a new token; it is stored nowhere.

    Raises ConfigurationError for a name that is empty, reserved or taken (by a revoked token too:
    the history of reports names it), and for a role opd without agency or the reverse; NotFound
    for an unknown agency.
    """
    if not name.strip() or not name.isprintable() or name in NO_NAMES:
        raise ConfigurationError("a token's name is one line, and neither warga nor kanal")
    if (role is Role.OPD) != (agency_slug is not None):
        raise ConfigurationError("the role opd needs an agency, and no other role has one")
    agency_id = agencies.find(session, agency_slug).id if agency_slug is not None else None
    secret = PREFIX + secrets.token_urlsafe(_BYTES)
    row = {"name": name, "role": role, "agency_id": agency_id, "digest": _digest(secret)}
    statement = insert(ApiToken).values(row).on_conflict_do_nothing(index_elements=[ApiToken.name])
    if session.scalar(statement.returning(ApiToken.id)) is None:
        raise ConfigurationError(f"there is a token {name!r} already; take another name")
    return secret


def authenticate(session: Session, secret: str) -> Caller | None:
    """Return who holds `secret`, None for an unknown or revoked one.

    The row is looked up by the secret's SHA-256, so that how long a comparison takes tells at
    most of the digest of a guess, from which no secret can be approached. With 256 random bits
    a slow hash would add nothing.
    """
    if not _SECRET.fullmatch(secret):
        return None
    statement = select(ApiToken.name, ApiToken.role, ApiToken.agency_id).where(
        ApiToken.digest == _digest(secret), ApiToken.revoked_at.is_(None)
    )
    row = session.execute(statement).one_or_none()
    return Caller(row.name, Role(row.role), row.agency_id) if row else None


def revoke(session: Session, name: str) -> None:
    """Refuse the token from now on; raises NotFound when no valid token has that name."""
    statement = (
        update(ApiToken)
        .where(ApiToken.name == name, ApiToken.revoked_at.is_(None))
        .values(revoked_at=func.now())
        .returning(ApiToken.id)
    )
    if session.scalar(statement) is None:
        raise NotFound(f"no valid token {name!r}")


def listed(session: Session) -> list[TokenLine]:
    """Return all tokens by name, revoked ones too."""
    statement = (
        select(ApiToken.name, ApiToken.role, Agency.slug, ApiToken.created_at, ApiToken.revoked_at)
        .outerjoin(Agency, Agency.id == ApiToken.agency_id)
        .order_by(ApiToken.name)
    )
    return [
        TokenLine(row.name, Role(row.role), row.slug or "", row.created_at, row.revoked_at)
        for row in session.execute(statement)
    ]


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
