import re
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import agencies, tokens
from core.db.session import Sessions, transaction
from core.db.tables import ApiToken
from core.errors import ConfigurationError, KanalError, NotFound
from core.tokens import Caller, Role


@pytest.fixture
def ready(make: Sessions) -> Sessions:
    with transaction(make) as session:
        agencies.load(session, {"dlh": "Dinas Lingkungan Hidup"})
    return make


@pytest.mark.parametrize(
    ("role", "slug"), [(Role.ADMIN, None), (Role.ANALYST, None), (Role.OPD, "dlh")]
)
def test_a_token_opens_for_whom_it_was_made(ready: Sessions, role: Role, slug: str | None) -> None:
    with transaction(ready) as session:
        secret = tokens.create(session, "petugas", role, slug)
    with transaction(ready) as session:
        agency_id = agencies.find(session, slug).id if slug else None
        assert tokens.authenticate(session, secret) == Caller("petugas", role, agency_id)


def test_a_secret_has_256_bits_and_is_stored_nowhere(ready: Sessions) -> None:
    with transaction(ready) as session:
        secrets = {tokens.create(session, f"t{n}", Role.ADMIN) for n in range(20)}
        stored = repr([tuple(row) for row in session.execute(select(*ApiToken.__table__.columns))])
    assert len(secrets) == 20
    assert all(re.fullmatch(r"kanal_[A-Za-z0-9_-]{43}", secret) for secret in secrets)
    assert not any(secret.removeprefix("kanal_") in stored for secret in secrets)


def changed(secret: str) -> str:
    return secret[:-5] + ("A" if secret[-5] != "A" else "B") + secret[-4:]


@pytest.mark.parametrize(
    "spoil",
    [
        changed,
        str.swapcase,
        lambda secret: secret[:-1],
        lambda secret: secret + "A",
        lambda secret: secret + "\n",
        lambda secret: "",
        lambda secret: "\x00" * 49,
        lambda secret: "\ud800",
    ],
)
def test_anything_else_opens_nothing(ready: Sessions, spoil: Callable[[str], str]) -> None:
    with transaction(ready) as session:
        secret = tokens.create(session, "petugas", Role.ADMIN)
        assert tokens.authenticate(session, spoil(secret)) is None


def test_the_stored_digest_is_no_key(ready: Sessions) -> None:
    with transaction(ready) as session:
        tokens.create(session, "petugas", Role.ADMIN)
        digest = session.scalars(select(ApiToken.digest)).one()
        assert tokens.authenticate(session, digest) is None
        assert tokens.authenticate(session, "kanal_" + digest[:43]) is None


def test_a_revoked_token_opens_nothing_and_stays_listed(ready: Sessions) -> None:
    with transaction(ready) as session:
        first = tokens.create(session, "pertama", Role.ADMIN)
        second = tokens.create(session, "kedua", Role.OPD, "dlh")
        tokens.revoke(session, "pertama")
    with transaction(ready) as session:
        assert tokens.authenticate(session, first) is None
        assert tokens.authenticate(session, second) is not None
        lines = [(x.name, x.role, x.agency, x.revoked_at is None) for x in tokens.listed(session)]
    assert lines == [("kedua", Role.OPD, "dlh", True), ("pertama", Role.ADMIN, "", False)]


def create_twice(session: Session) -> None:
    tokens.create(session, "petugas", Role.ADMIN)
    tokens.create(session, "petugas", Role.ANALYST)


def create_after_revoking(session: Session) -> None:
    tokens.create(session, "petugas", Role.ADMIN)
    tokens.revoke(session, "petugas")
    tokens.create(session, "petugas", Role.ADMIN)


def revoke_twice(session: Session) -> None:
    tokens.create(session, "petugas", Role.ADMIN)
    tokens.revoke(session, "petugas")
    tokens.revoke(session, "petugas")


@pytest.mark.parametrize(
    ("act", "error", "said"),
    [
        (create_twice, ConfigurationError, "already"),
        (create_after_revoking, ConfigurationError, "already"),
        (revoke_twice, NotFound, "no valid token"),
        (lambda s: tokens.revoke(s, "siapa"), NotFound, "no valid token"),
        (lambda s: tokens.create(s, "a", Role.OPD), ConfigurationError, "needs an agency"),
        (lambda s: tokens.create(s, "a", Role.OPD, "tak-ada"), NotFound, "tak-ada"),
        (lambda s: tokens.create(s, "a", Role.ADMIN, "dlh"), ConfigurationError, "no other role"),
        (lambda s: tokens.create(s, " ", Role.ADMIN), ConfigurationError, "name"),
        (lambda s: tokens.create(s, "a\nb", Role.ADMIN), ConfigurationError, "name"),
        (lambda s: tokens.create(s, "warga", Role.ADMIN), ConfigurationError, "name"),
        (lambda s: tokens.create(s, "\udcff", Role.ADMIN), ConfigurationError, "name"),
    ],
)
def test_what_cannot_be_is_refused(
    ready: Sessions, act: Callable[[Session], object], error: type[KanalError], said: str
) -> None:
    with pytest.raises(error, match=said), transaction(ready) as session:
        act(session)
