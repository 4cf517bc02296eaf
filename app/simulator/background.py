"""A simulator in a thread of this process, for tests and small tools."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from app.simulator.asgi import Server, create_app
from app.simulator.settings import SimulatorSettings


@contextmanager
def running(settings: SimulatorSettings | None = None) -> Iterator[str]:
    """Runs a simulator on a free port of loopback and gives its origin, `http://127.0.0.1:N`."""
    settings = settings or SimulatorSettings()
    server = Server(create_app(settings), settings)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],), name="simulator")
        thread.start()
        try:
            _await_start(server, thread)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def _await_start(server: Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + 10
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("the simulator did not start")
        time.sleep(0.01)
