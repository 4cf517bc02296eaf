from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from core.db.session import Sessions, transaction

OpenReport = Callable[..., str]
Bearer = Callable[..., dict[str, str]]
ZEROS = {
    "reports": 0,
    "answered": 0,
    "median_seconds_to_first_answer": None,
    "waiting": 0,
    "failed_deliveries": 0,
}


def test_channels_days_and_totals(
    client: httpx.Client, make: Sessions, open_report: OpenReport, bearer: Bearer
) -> None:
    late = datetime(2026, 3, 1, 17, tzinfo=UTC)  # 2 March in Makassar, 1 March in London
    with transaction(make) as session:
        open_report(session, created_at=late, answered_at=late + timedelta(seconds=90))
        open_report(session, created_at=late)
    query = "from=2026-03-01&to=2026-03-02"
    answer = client.get(f"/statistics/channels?{query}", headers=bearer("analyst"))
    counted = ZEROS | {
        "reports": 2,
        "answered": 1,
        "median_seconds_to_first_answer": 90.0,
        "waiting": 1,
    }
    assert answer.json() == {
        "from": "2026-03-01",
        "to": "2026-03-02",
        "tz": "Asia/Makassar",
        "channels": [
            {
                "channel": "telegram",
                "total": counted,
                "days": [ZEROS | {"day": "2026-03-01"}, counted | {"day": "2026-03-02"}],
            }
        ],
    }
    there = client.get(
        f"/statistics/channels?{query}&tz=Europe/London", headers=bearer("admin")
    ).json()
    assert [day["reports"] for day in there["channels"][0]["days"]] == [2, 0]


@pytest.mark.parametrize("tz", ["Asia/Jayapura", "Pacific/Kiritimati", "Etc/GMT+12"])
def test_without_dates_the_last_thirty_days_of_the_zone(
    client: httpx.Client, bearer: Bearer, tz: str
) -> None:
    before = datetime.now(ZoneInfo(tz)).date()
    answer = client.get("/statistics/channels", params={"tz": tz}, headers=bearer("admin")).json()
    after = datetime.now(ZoneInfo(tz)).date()
    assert answer["to"] in {before.isoformat(), after.isoformat()}
    assert len(answer["channels"][0]["days"]) == 30
    assert answer["channels"][0]["days"][0]["day"] == answer["from"]
    assert answer["channels"][0]["days"][-1]["day"] == answer["to"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("from=2024-01-01&to=2024-12-31", 200),
        ("from=2024-01-01&to=2025-01-01", 422),
        ("from=2026-03-02&to=2026-03-01", 422),
        ("from=2026-03-02&to=2026-03-02", 200),
        ("to=2000-01-01", 200),
        ("from=1999-12-31&to=2000-01-01", 422),
        ("from=2199-12-31&to=2199-12-31", 200),
        ("to=9999-12-31", 422),
        ("from=0001-01-01&to=0001-01-01", 422),
        ("from=8731-x", 422),
        ("tz=8731", 422),
        ("tz=../../etc/passwd", 422),
        ("tz=%00", 422),
        ("tz=", 422),
        ("tz=localtime", 422),
        ("days=8731", 422),
        ("first=2026-03-01", 422),
    ],
)
def test_what_can_be_asked(client: httpx.Client, bearer: Bearer, query: str, status: int) -> None:
    answer = client.get(f"/statistics/channels?{query}", headers=bearer("admin"))
    assert answer.status_code == status, answer.text
    if status == 422:
        assert answer.json()["error"]["code"] == "invalid"
        assert "8731" not in answer.text
