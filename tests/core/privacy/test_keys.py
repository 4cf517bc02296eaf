"""Keys: what they seal, who may open it, and what is said when they are wrong."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ConfigurationError, SealBroken
from core.privacy.keys import BLIND, KeyRing, key_id, new_index_key, new_key, secrets_of
from core.settings import CoreSettings

INDEX = b64encode(b"i" * 32).decode()
OLD, NEW = (f"{name}:{b64encode(name.encode() * 32).decode()}" for name in "ab")
RING = KeyRing.read([NEW, OLD], INDEX)
PLACE = "inbox.address"


@given(st.binary())
def test_what_is_sealed_opens_for_its_column_alone(plain: bytes) -> None:
    sealed = RING.seal(plain, PLACE)
    assert RING.open(sealed, PLACE) == plain
    if plain:
        assert sealed != RING.seal(plain, PLACE)  # equal values look different
        assert len(sealed) == len(plain) + 30
        with pytest.raises(SealBroken, match=r"outbox\.address"):
            RING.open(sealed, "outbox.address")
    else:
        assert sealed == b""


@given(st.binary(min_size=1, max_size=40), st.data())
def test_one_changed_bit_is_noticed_and_named_without_content(
    plain: bytes, data: st.DataObject
) -> None:
    sealed = bytearray(RING.seal(plain, PLACE))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((SealBroken, ConfigurationError), match=r"inbox\.address") as caught:
        RING.open(bytes(sealed), PLACE)
    assert "\n" not in str(caught.value)


@given(st.binary(min_size=1, max_size=60))
def test_rubbish_is_no_sealed_value(rubbish: bytes) -> None:
    with pytest.raises((SealBroken, ConfigurationError), match=r"inbox\.address"):
        RING.open(rubbish, PLACE)


def test_the_first_key_seals_and_all_open() -> None:
    before = KeyRing.read([OLD], INDEX)
    sealed = before.seal(b"warga", PLACE)
    assert (key_id(sealed), key_id(RING.seal(b"warga", PLACE)), key_id(b"")) == ("a", "b", "")
    assert RING.open(sealed, PLACE) == b"warga"
    with pytest.raises(ConfigurationError, match="lacks key b, which sealed a value of inbox"):
        before.open(RING.seal(b"warga", PLACE), PLACE)
    with pytest.raises(SealBroken, match="another key"):
        KeyRing.read([f"a:{INDEX}"], INDEX).open(sealed, PLACE)


def test_a_blind_index_is_the_same_under_its_key_alone() -> None:
    other = KeyRing.read([NEW, OLD], new_index_key())
    again = KeyRing.read([OLD], INDEX)
    assert RING.blind("5012345678") == again.blind("5012345678") != other.blind("5012345678")
    assert RING.blind("5012345678") != RING.blind("5012345679")
    assert (len(RING.blind("x")), RING.blind("")) == (BLIND, b"")


@pytest.mark.parametrize(
    ("keys", "index", "says"),
    [
        ([], INDEX, "KANAL_IDENTITY_KEYS is missing: `kanal key new`"),
        ([OLD], "", "KANAL_INDEX_KEY is missing: `kanal key new`"),
        ([OLD, OLD], INDEX, "two keys of one id"),
        ([INDEX], INDEX, "id:base64"),
        ([f":{INDEX}"], INDEX, "id:base64"),
        ([f"abcde:{INDEX}"], INDEX, "id:base64"),
        ([f"a b:{INDEX}"], INDEX, "id:base64"),
        ([f"é:{INDEX}"], INDEX, "id:base64"),
        (["a:rahasia"], INDEX, "key a: not the base64 of 32 bytes"),
        ([f"a:{INDEX[:-4]}"], INDEX, "key a: not the base64 of 32 bytes"),
        ([OLD], "rahasia", "KANAL_INDEX_KEY: not the base64 of 32 bytes"),
    ],
)
def test_wrong_settings_are_named_in_one_line_without_a_key(
    keys: list[str], index: str, says: str
) -> None:
    with pytest.raises(ConfigurationError, match=says) as caught:
        KeyRing.read(keys, index)
    said = str(caught.value)
    assert "\n" not in said
    assert "rahasia" not in said
    assert INDEX[:-4] not in said


def test_new_keys_are_taken_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    keys, index = [new_key(), new_key()], new_index_key()
    monkeypatch.setenv("KANAL_IDENTITY_KEYS", ", ".join(keys))
    monkeypatch.setenv("KANAL_INDEX_KEY", index)
    settings = CoreSettings()
    ring = KeyRing.of(settings)
    assert list(ring.ids) == [key.partition(":")[0] for key in keys]
    assert ring.newest == ring.ids[0]
    secrets = [key.partition(":")[2] for key in keys] + [index]
    assert secrets_of(settings) == secrets
    shown = f"{ring!r} {settings!r} {settings}"
    assert not [secret for secret in secrets if secret in shown]
