"""The OPD that reports are handed to."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.db.tables import Agency
from core.errors import NotFound
from core.registry import government, stored

SLUG = government.SLUG  # of at most 64 signs
_OWN_LIST = "daftar operator"


def find(session: Session, slug: str) -> Agency:
    """Return the active agency `slug`; raises NotFound."""
    agency = session.scalar(select(Agency).where(Agency.slug == slug, Agency.active))
    if agency is None:
        raise NotFound(f"no active agency {slug!r}")
    return agency


def listed(session: Session) -> list[Agency]:
    """Return the active agencies by name."""
    return list(session.scalars(select(Agency).where(Agency.active).order_by(Agency.name)))


def load(session: Session, names: Mapping[str, str]) -> int:
    """Write the agencies `slug -> name`, renaming those that are there; return how many.

    The office that loads its own list vouches for the names: they count as verified. Government
    and routes of an OPD that a registry file knows stay.
    """
    if not names:
        return 0
    own = {"verified": True, "source": _OWN_LIST}
    rows = [{"slug": slug, "name": name} | own for slug, name in names.items()]
    statement = insert(Agency).values(rows)
    statement = statement.on_conflict_do_update(
        index_elements=[Agency.slug],
        set_={"name": statement.excluded.name, "active": True} | own,
    )
    session.execute(statement)
    stored.note(session, "agencies")
    return len(rows)
