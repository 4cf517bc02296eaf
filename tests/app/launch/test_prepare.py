import stat
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from app.launch.prepare import AGENCIES, prepare_demo
from core import agencies, tokens
from core.db.session import Sessions
from core.tokens import Role


def test_agencies_and_a_token_of_each_role(engine: Engine, make: Sessions, tmp_path: Path) -> None:
    secrets = prepare_demo(engine, tmp_path)
    assert stat.S_IMODE((tmp_path / "tokens.json").stat().st_mode) == 0o600
    with make() as session:
        assert {agency.slug for agency in agencies.listed(session)} == set(AGENCIES)
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
