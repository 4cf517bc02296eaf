"""CPU seconds and memory of the processes under measurement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process and its children took until now: CPU seconds, resident memory in bytes.

    `pss` counts memory shared between processes only in part; 0 where the system does not tell.
    """

    cpu: float
    rss: int
    pss: int


def cost(pid: int) -> Cost:
    """Return the cost of the process `pid`, with all its children, ended ones too."""
    top = psutil.Process(pid)
    ended = top.cpu_times()
    alive = _together([top, *top.children(recursive=True)])
    return replace(alive, cpu=alive.cpu + float(ended.children_user + ended.children_system))


def own_cost() -> Cost:
    """Return the cost of this process, without the processes that it started."""
    return _together([psutil.Process()])


def _together(processes: Sequence[psutil.Process]) -> Cost:
    cpu, rss, pss = 0.0, 0, 0
    for process in processes:
        try:
            times = process.cpu_times()
            cpu += float(times.user + times.system)
            rss += process.memory_info().rss
            pss += _pss(process.pid)
        except psutil.NoSuchProcess:  # a child that ended meanwhile
            continue
    return Cost(cpu, rss, pss)


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def costs(pids: Mapping[str, int]) -> dict[str, Cost]:
    """Return the cost of each process by name."""
    return {name: cost(pid) for name, pid in pids.items()}


def cpu_between(before: Mapping[str, Cost], after: Mapping[str, Cost]) -> dict[str, float]:
    """Return the CPU seconds of each process between two looks at it."""
    return {name: after[name].cpu - before[name].cpu for name in after if name in before}
