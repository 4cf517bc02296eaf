from pathlib import Path

import pytest

from app.checks import edges


@pytest.mark.parametrize(
    ("place", "code", "complaints"),
    [
        ("core/reports.py", "def f(session):\n    session.commit()\n", 1),
        ("core/reports.py", "with transaction(make) as session:\n    pass\n", 1),
        ("core/sub/deep.py", "make.begin()\n", 1),
        ("channels/x/outbound.py", "session.rollback()\n", 1),
        ("core/reports.py", "def f(session):\n    session.execute(1)\n", 0),
        ("core/delivery.py", "with transaction(make) as session:\n    pass\n", 0),
        ("app/work.py", "with transaction(make) as session:\n    pass\n", 0),
    ],
)
def test_only_edges_open_transactions(
    tmp_path: Path, place: str, code: str, complaints: int
) -> None:
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.write_text(code)
    assert len(edges.check(tmp_path)) == complaints
