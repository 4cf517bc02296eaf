"""Child processes: the embedded servers and the supervisor of the demo, tests and benchmarks."""

from app.launch.child import Child, ChildFailedError, LaunchError, Program
from app.launch.ports import free_port
from app.launch.postgres import EmbeddedPostgres
from app.launch.redis import EmbeddedRedis

__all__ = [
    "Child",
    "ChildFailedError",
    "EmbeddedPostgres",
    "EmbeddedRedis",
    "LaunchError",
    "Program",
    "free_port",
]
