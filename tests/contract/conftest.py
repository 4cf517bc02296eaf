"""Fixtures of the contract suite: each channel against a stub of its platform's API."""

from collections.abc import Iterator

import pytest

from core.channel import Channel
from core.db.session import Sessions
from tests.contract.case import ChannelCase
from tests.contract.channels import CHANNELS
from tests.contract.road import Road, open_road
from tests.contract.stub import Stub, stub_api


@pytest.fixture(params=CHANNELS, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> ChannelCase:
    """One channel after the other."""
    found: ChannelCase = request.param
    return found


@pytest.fixture
def api() -> Iterator[Stub]:
    """The platform's API, to be told what to answer."""
    with stub_api() as stub:
        yield stub


@pytest.fixture
def channel(case: ChannelCase, api: Stub) -> Channel:
    """The channel, speaking to the stub."""
    return case.make(api.origin)


@pytest.fixture
def road(case: ChannelCase, make: Sessions, api: Stub) -> Iterator[Road]:
    """The whole road of the channel, on tables that are empty."""
    with open_road(case, make, api.origin) as road:
        yield road
