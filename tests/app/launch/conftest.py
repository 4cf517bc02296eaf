import threading
import time
from collections.abc import Callable

import pytest

Eventually = Callable[[Callable[[], object]], None]


@pytest.fixture
def eventually() -> Eventually:
    """Wait until a condition holds; fails after half a minute."""

    def wait(condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < deadline, "waited half a minute in vain"
            threading.Event().wait(0.02)

    return wait
