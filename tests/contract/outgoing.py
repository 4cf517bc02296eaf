"""What goes out in the contract suite: parts, the ways of all channels, and what must not show."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from core.message import Choice, Outbound
from tests.contract.case import ChannelCase, Way
from tests.contract.channels import CHANNELS
from tests.contract.stub import Answer, Stub

TEXT = "teks warga yang tidak boleh bocor"
WAYS = [
    pytest.param(case, way, id=f"{case.name}-{way.name}") for case in CHANNELS for way in case.ways
]
BUTTONED = [
    pytest.param(case, way, id=f"{case.name}-{way.name}")
    for case in CHANNELS
    for way in case.ways
    if way.buttons
]
YES = (Choice("Kirim", "kirim"),)


def part(
    way: Way, number: int = 1, *texts: str, choices: tuple[Choice, ...] = YES, heard: bool = True
) -> Outbound:
    """Return part `number`, to somebody who wrote just now, or never unless he was `heard`."""
    now = datetime.now(UTC)
    return Outbound(
        UUID(int=number),
        way.address,
        texts or (TEXT,),
        choices,
        reply_token=way.reply_token,
        token_at=now if way.reply_token else None,
        heard_at=now if heard else None,
    )


def answering(api: Stub, way: Way, *answers: Answer) -> None:
    """Let the platform say `answers` to the calls of `way`."""
    for path in set(way.paths):
        api.answer(path, *answers)


def called(api: Stub, way: Way) -> list[str]:
    """Return the names of the calls that can have sent something on `way`, in order."""
    return [call.name for call in api.calls if call.name in way.paths]


def assert_discreet(case: ChannelCase, *texts: str) -> None:
    """Assert that none of `texts` holds a secret, the words of a message, or an address."""
    hidden = {*case.secrets, TEXT, *(way.address for way in case.ways)}
    hidden |= {way.reply_token for way in case.ways if way.reply_token}
    for text in texts:
        for secret in hidden:
            assert secret not in text
