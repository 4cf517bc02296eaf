"""Who may come in: bearer tokens and their roles."""

from collections.abc import Callable
from typing import Annotated, Protocol

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.web.api.errors import Forbidden, Unauthorized
from core import tokens
from core.db.session import Sessions, transaction
from core.tokens import Caller, Role

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="A token made by `kanal token create`; roles are admin, opd and analyst.",
)


class Waker(Protocol):
    """Whoever wakes the workers; returns at once and never raises."""

    def wake_deliver(self, channel: str) -> None:
        """Have what waits for `channel` delivered soon."""
        ...


def sessions(request: Request) -> Sessions:
    """Return the application's maker of sessions."""
    make: Sessions = request.app.state.make
    return make


def known(
    request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> Caller:
    """Return who asks; raises Unauthorized."""
    if given is None:
        raise Unauthorized
    with transaction(sessions(request)) as session:
        caller = tokens.authenticate(session, given.credentials)
    if caller is None:
        raise Unauthorized
    return caller


def only(*roles: Role) -> Callable[[Caller], Caller]:
    """Return the dependency that lets these roles in, and raises Forbidden for all others."""

    def allowed(caller: Annotated[Caller, Depends(known)]) -> Caller:
        if caller.role not in roles:
            raise Forbidden(f"the role {caller.role} may not do this")
        return caller

    return allowed


Anybody = Annotated[Caller, Depends(only(*Role))]
Diskominfo = Annotated[Caller, Depends(only(Role.ADMIN))]
Office = Annotated[Caller, Depends(only(Role.ADMIN, Role.OPD))]
Counter = Annotated[Caller, Depends(only(Role.ADMIN, Role.ANALYST))]
