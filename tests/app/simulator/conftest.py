"""A running simulator."""

from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from app.simulator.background import running
from app.simulator.settings import SimulatorSettings
from tests.app.simulator.hands import Hands, Simulate
from tests.tls import TLS


@pytest.fixture(scope="session")
def shared_origin() -> Iterator[str]:
    settings = SimulatorSettings(telegram_limits=False, time_scale=0.01)
    with running(settings) as origin:
        yield origin


@pytest.fixture(scope="session")
def shared_client(shared_origin: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=shared_origin, timeout=20, verify=TLS) as http:
        yield http


@pytest.fixture
def hands(shared_origin: str, shared_client: httpx.Client) -> Hands:
    """The shared simulator, empty: without rate limits, waits shortened to a hundredth."""
    hands = Hands(shared_origin, shared_client)
    hands.api("deleteWebhook")
    hands.api("getUpdates", allowed_updates=[])
    hands.http.post("/simulator/reset", json={}).raise_for_status()
    return hands


@pytest.fixture
def simulate() -> Iterator[Simulate]:
    """Starts a simulator of its own with the given settings."""
    with ExitStack() as stack:

        def start(**settings: object) -> Hands:
            checked = SimulatorSettings.model_validate(settings)
            origin = stack.enter_context(running(checked))
            return Hands(
                origin, stack.enter_context(httpx.Client(base_url=origin, timeout=20, verify=TLS))
            )

        yield start
