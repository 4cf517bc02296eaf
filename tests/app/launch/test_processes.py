"""The processes' command lines: threads for every channel."""

from itertools import pairwise

import pytest

from app.launch.processes import Queue, tasks_at_once, worker_command
from app.workplace import shift_connections


@pytest.mark.parametrize("channels", [1, 2, 4, 9])
def test_no_channel_waits_for_another(channels: int) -> None:
    polling, sweep, fetch = channels, 1, 1
    assert tasks_at_once(Queue.DELIVER, channels) > channels
    assert tasks_at_once(Queue.SIDE, channels) > polling + sweep + fetch
    everybody = sum(tasks_at_once(queue, channels) for queue in Queue)
    assert shift_connections(channels) >= everybody


@pytest.mark.parametrize("queues", [[Queue.WORK], [Queue.DELIVER, Queue.SIDE], list(Queue)])
def test_a_worker_serves_its_queues_with_threads_for_each(queues: list[Queue]) -> None:
    command = worker_command(queues, 4)
    said = dict(pairwise(command))
    assert said["--queues"] == ",".join(queues)
    assert ("--include" in command) == (Queue.WORK in queues)  # the model
    assert int(said["--concurrency"]) == sum(tasks_at_once(queue, 4) for queue in queues)
