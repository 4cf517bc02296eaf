import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from os import getpid
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, inspect, make_url, text

from app.launch import LaunchError
from app.launch.prepare import OPD, prepare_demo, require_own
from core import agencies, tokens
from core.db.session import Sessions, connect
from core.registry import files, stored
from core.tokens import Role


def test_agencies_and_a_token_of_each_role(engine: Engine, make: Sessions, tmp_path: Path) -> None:
    secrets = prepare_demo(engine, tmp_path)
    assert stat.S_IMODE((tmp_path / "tokens.json").stat().st_mode) == 0o600
    with make() as session:
        assert stored.read(session) == files.packaged()
        assert agencies.find(session, OPD).verified
        for role in Role:
            caller = tokens.authenticate(session, secrets[role])
            assert caller is not None
            assert caller.role is role


def test_doing_it_again_keeps_the_tokens(engine: Engine, make: Sessions, tmp_path: Path) -> None:
    assert prepare_demo(engine, tmp_path) == prepare_demo(engine, tmp_path)
    with make() as session:
        assert len(tokens.listed(session)) == len(Role)


@pytest.mark.parametrize("lost", ["file", "database"])
def test_what_was_lost_is_made_again(
    engine: Engine, make: Sessions, tmp_path: Path, lost: str
) -> None:
    before = prepare_demo(engine, tmp_path)
    if lost == "file":
        (tmp_path / "tokens.json").unlink()
    else:
        with engine.begin() as connection:
            connection.execute(text("truncate api_token"))
    after = prepare_demo(engine, tmp_path)
    assert before.keys() == after.keys()
    assert not set(before.values()) & set(after.values())
    with make() as session:
        assert tokens.authenticate(session, after[Role.ADMIN])


ROOT = Path(__file__).parents[3]
TOKEN = "insert into api_token (name, role, digest) values ('{}', 'admin', '{}')"
STRANGE = {
    "token": TOKEN.format("kantor", "1"),
    "revoked token": TOKEN.format("lama", "2") + "; update api_token set revoked_at = now()",
    "conversation": "insert into conversation (id, channel, address, address_key)"
    f" values ('{uuid4()}', 'telegram', '1', '1')",
    "letter": "insert into inbox (channel, external_id, address, address_key, raw)"
    " values ('telegram', '1', '1', '1', '')",
    "agency": "insert into agency (slug, name) values ('pupr', 'Dinas')",
}


@pytest.mark.parametrize("what", STRANGE)
def test_a_database_in_use_is_refused(engine: Engine, make: Sessions, what: str) -> None:
    require_own(engine)
    with make.begin() as session:
        session.execute(text(STRANGE[what]))
    with pytest.raises(LaunchError, match="DATABASE_URL") as caught:
        require_own(engine)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("what", STRANGE)
def test_a_demos_database_is_its_own_until_the_office_has_a_token(
    engine: Engine, make: Sessions, tmp_path: Path, what: str
) -> None:
    prepare_demo(engine, tmp_path)
    require_own(engine)
    with make.begin() as session:
        session.execute(text(STRANGE[what].replace("'pupr'", "'lain'")))
    if "token" in what:
        with pytest.raises(LaunchError):
            require_own(engine)
    else:
        require_own(engine)


@pytest.fixture
def bare_url(server_url: str) -> Iterator[str]:
    """A database without tables."""
    name = f"kanal_bare_{getpid()}"
    admin = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"create database {name}"))
    yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"drop database {name} with (force)"))
    admin.dispose()


@pytest.mark.parametrize("table", ["", "wordpress", "conversation"])
def test_looking_at_a_database_changes_nothing(bare_url: str, table: str) -> None:
    engine = connect(bare_url)
    names = [table] if table else []
    with engine.begin() as connection:
        for name in names:
            connection.execute(text(f"create table {name} (id uuid)"))
    require_own(engine)
    assert inspect(engine).get_table_names() == names
    engine.dispose()


def test_a_demo_on_a_database_in_use_does_not_start(
    database_url: str, make: Sessions, tmp_path: Path
) -> None:
    with make.begin() as session:
        session.execute(text(STRANGE["conversation"]))
    command = [sys.executable, "-m", "app", "demo", "--var", str(tmp_path)]
    environment = os.environ | {"DATABASE_URL": database_url, "REDIS_URL": ""}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("kanal: DATABASE_URL names a database that is in use")
    assert done.stderr.count("\n") == 1
    assert {path.name for path in tmp_path.iterdir()} == {"run"}
    with make() as session:
        assert not tokens.listed(session)
        assert not agencies.listed(session)
