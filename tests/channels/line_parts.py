"""Parts of a reply for LINE, and what LINE says to them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from core.message import Choice, Outbound
from tests.contract.stub import Answer, Stub

KEY = UUID(int=7)
CITIZEN = "U8189cf6745fc0d808977bdb0b9f22995"
SENT = "461230966842064897"
ACCEPTED = Answer(body={"sentMessages": [{"id": SENT, "quoteToken": "q"}]})
USED_UP = Answer(400, {"message": "Invalid reply token"})
LOST = Answer(hang=True)


def part(
    *texts: str, age: float | None = None, memo: str = "", after: str = "", **choices: str
) -> Outbound:
    """A part; `age` is that of its reply token in seconds, None for none."""
    return Outbound(
        key=KEY,
        address=CITIZEN,
        texts=texts or ("Terima kasih",),
        choices=tuple(Choice(label, value) for value, label in choices.items()),
        reply_token="" if age is None else "token-1",
        token_at=None if age is None else datetime.now(UTC) - timedelta(seconds=age),
        memo=memo,
        after=after,
    )


def paths(api: Stub) -> list[str]:
    return [call.path.rsplit("/", 1)[-1] for call in api.calls]
