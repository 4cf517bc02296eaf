"""A database in which time passes as the tests of the pages want it."""

from collections.abc import Iterator
from datetime import datetime
from os import getpid

import pytest

from core.privacy.keys import KeyRing
from core.zones import WITA
from tests.timemachine import TimeMachine, time_machine


@pytest.fixture(scope="module")
def machine(server_url: str, ring: KeyRing) -> Iterator[TimeMachine]:
    """An empty database at the beginning of 2026."""
    began = datetime(2026, 1, 1, tzinfo=WITA)
    with time_machine(server_url, f"kanal_time_{getpid()}", ring, began) as machine:
        yield machine
