"""Samples with a field missing, or of another type: nothing is raised, and no event is lost."""

import json
import math
from collections.abc import Iterator
from copy import copy, deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BrokenPayload
from tests.contract.case import STEADY, ChannelCase, Where, get
from tests.contract.channels import CHANNELS
from tests.contract.test_inbound import JSON, MADE, NOWHERE, agree

SAMPLES = [
    pytest.param(case, path, id=f"{case.name}-{path.stem}")
    for case in CHANNELS
    for path in sorted(case.samples.glob("[!_]*.json"))
]


def without(sample: object, where: Where) -> bytes:
    """Return the sample without one of its fields."""
    body = deepcopy(sample)
    del get(body, where[:-1])[where[-1]]
    return json.dumps(body).encode()


@pytest.mark.parametrize(("case", "path"), SAMPLES)
def test_without_any_one_field_no_event_is_lost(case: ChannelCase, path: Path) -> None:
    channel = case.make(NOWHERE)
    sample = json.loads(path.read_bytes())
    usual = channel.parse(path.read_bytes())
    fields = [where for where in _paths(sample) if where and isinstance(where[-1], str)]
    assert fields
    for where in fields:
        found = channel.parse(without(sample, where))
        agree(channel, found)
        assert found, where
        if where[-1] not in case.envelope:
            assert len(found) == len(usual), where
        assert len({event.external_id for event in found}) == len(found), where


def _paths(value: object, path: Where = ()) -> Iterator[Where]:
    """The ways to every part of a JSON value, the value itself first."""
    yield path
    if isinstance(value, list):
        value = dict(enumerate(value))
    for key, item in value.items() if isinstance(value, dict) else ():
        yield from _paths(item, (*path, key))


def _replaced(value: object, path: Where, new: object) -> object:
    if not path:
        return new
    copied: Any = copy(value)
    copied[path[0]] = _replaced(copied[path[0]], path[1:], new)
    return copied


ODD: st.SearchStrategy[object] = st.sampled_from(
    [
        *(None, True, False, -1, 0, 2**63, -(2**63), 10**30, 1.5, 1e308, math.nan, math.inf),
        *("", "1", "\x00", "\ud800", "x" * 5000, [], {}, [1], [[]], {"id": []}),
    ]
)


@STEADY
@given(data=st.data())
def test_a_sample_with_one_field_of_another_type_raises_nothing_else(data: st.DataObject) -> None:
    for case, channel in MADE:
        path = data.draw(st.sampled_from(sorted(case.samples.glob("[!_]*.json"))))
        sample = json.loads(path.read_bytes())
        where = data.draw(st.sampled_from(list(_paths(sample))))
        body = json.dumps(_replaced(sample, where, data.draw(ODD | JSON))).encode()
        try:
            events = channel.parse(body)
        except BrokenPayload:
            assert not where
            continue
        agree(channel, events)
