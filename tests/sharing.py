"""Which tests run in one process side by side, and in which order."""

import pytest
from xdist.scheduler import LoadFileScheduling

#: What starts whole systems: their starts do not wait for each other's processors, the demo is
#: started once, and the other test processes have something to do until the end.
SYSTEMS = (
    "tests/browser/",
    "tests/docs/test_readme.py",
    "tests/docs/test_transcripts.py",
    "tests/faults/",
    "tests/benchmarks/test_smoke.py",
)


def scope(nodeid: str) -> str:
    """Return what stays in one process: a file, and all that start systems."""
    return "systems" if nodeid.startswith(SYSTEMS) else nodeid.split("::", 1)[0]


class SystemsTogether(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    """Gives out the tests by `scope`."""

    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid)


def systems_first(items: list[pytest.Item]) -> None:
    """Put first what takes longest, so that it does not run alone in the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(SYSTEMS))
