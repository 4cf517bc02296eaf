"""What the demo's database holds before its first report."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

from app.launch.child import LaunchError
from core import rule_files, rulebook, tokens
from core.db.session import sessions, transaction
from core.db.tables import Agency, ApiToken, Conversation, Inbox, Table
from core.registry import files, stored
from core.tokens import Role

#: The agency of the demo's token with the role opd.
OPD = "bontang-pupr"
#: How the names of the demo's tokens begin: the mark of a database that is a demo's.
MARK = "demo-"


def require_own(engine: Engine) -> None:
    """Raise LaunchError when the database holds somebody's work; changes nothing.

    The demo would put other OPD beside it and hand what waits there to the simulator. Its own
    database has tokens, all with the demo's mark; one without tokens must be empty altogether.
    """
    with transaction(sessions(engine)) as session:
        there = set(inspect(session.connection()).get_table_names())
        names = session.scalars(select(ApiToken.name)).all() if _is_in(there, ApiToken) else []
        strange = any(not name.startswith(MARK) for name in names)
        if strange or (not names and _holds_rows(session, there)):
            raise LaunchError(
                "DATABASE_URL names a database that is in use: unset it, or give the demo an "
                "empty one"
            )


def _holds_rows(session: Session, there: set[str]) -> bool:
    tables = [table for table in (Agency, Conversation, Inbox) if _is_in(there, table)]
    return any(session.scalar(select(table.id).limit(1)) is not None for table in tables)


def _is_in(there: set[str], table: type[Table]) -> bool:
    return table.__tablename__ in there


def prepare_demo(engine: Engine, var: Path) -> dict[Role, str]:
    """Write the packaged registry and rules, and a token for each role; returns the secrets.

    The secrets are kept in `var` (mode 0600) and used again while the database knows them.
    """
    kept = var / "tokens.json"
    with transaction(sessions(engine)) as session:
        stored.load(session, files.packaged_sources())
        rulebook.put(session, rule_files.packaged(), "kanal", replacing=False, state="live")
        before: dict[str, str] = json.loads(kept.read_text()) if kept.exists() else {}
        found = {role: _token(session, role, before.get(role, "")) for role in Role}
    write_private(kept, {str(role): secret for role, secret in found.items()})
    return found


def write_private(path: Path, content: Mapping[str, str]) -> None:
    """Write JSON that only this user may read, complete or not at all."""
    new = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(content, file)
    new.replace(path)


def _token(session: Session, role: Role, secret: str) -> str:
    """Return `secret` if it is a valid token of `role`, else a new one."""
    caller = tokens.authenticate(session, secret)
    if caller and caller.role is role:
        return secret
    name = f"{MARK}{role}-{secrets.token_hex(3)}"  # a name is never given twice
    return tokens.create(session, name, role, OPD if role is Role.OPD else None)
