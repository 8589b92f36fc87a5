"""What is sealed opens in its own place under its own key, and nowhere else."""

from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.plans.operations.sealing import KeyRing, Place, Unreadable, new_data_key, seal, unseal

KEY = bytes(range(32))
PLACE = Place(uuid4(), uuid4(), "version", uuid4(), 3)
ELSEWHERE = {
    "tenant": replace(PLACE, practice_id=uuid4()),
    "chart": replace(PLACE, chart_id=uuid4()),
    "kind": replace(PLACE, kind="wish"),
    "record": replace(PLACE, record_id=uuid4()),
    "version": replace(PLACE, version=4),
}


@given(st.binary(max_size=200))
def test_what_was_sealed_opens_in_its_place(plain: bytes) -> None:
    """And looks different every time."""
    sealed = seal(KEY, plain, PLACE)
    assert unseal(KEY, sealed, PLACE) == plain
    assert seal(KEY, plain, PLACE) != sealed


@pytest.mark.parametrize("moved", ELSEWHERE)
def test_a_row_that_was_moved_does_not_open(moved: str) -> None:
    """To another tenant, chart, kind, record or version."""
    sealed = seal(KEY, b"words", PLACE)
    with pytest.raises(Unreadable):
        unseal(KEY, sealed, ELSEWHERE[moved])


@given(st.data())
def test_a_changed_byte_is_found(data: st.DataObject) -> None:
    """Anywhere in nonce, ciphertext or tag; and so is a piece that is missing."""
    sealed = bytearray(seal(KEY, b"some words", PLACE))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Unreadable):
        unseal(KEY, bytes(sealed), PLACE)
    with pytest.raises(Unreadable):
        unseal(KEY, bytes(sealed[:at]), PLACE)


def test_fields_beside_each_other_cannot_be_read_as_others() -> None:
    """The kind tells its length, so no two places are bound alike."""
    bound = {place.bound() for place in (PLACE, *ELSEWHERE.values())}
    assert len(bound) == len(ELSEWHERE) + 1


def test_a_data_key_opens_under_its_key_version_only() -> None:
    """And for its own chart only; an unknown version is no key."""
    old, both = KeyRing({1: KEY}, 1), KeyRing({1: KEY, 2: new_data_key()}, 2)
    practice, chart, key = uuid4(), uuid4(), new_data_key()
    wrapped = old.wrap(key, practice, chart)
    assert both.unwrap(1, wrapped, practice, chart) == key
    for version, whose in ((2, chart), (1, uuid4()), (3, chart)):
        with pytest.raises(Unreadable):
            both.unwrap(version, wrapped, practice, whose)


def test_a_ring_does_not_show_its_keys() -> None:
    """Neither in its text nor in its fingerprints."""
    ring = KeyRing({1: KEY}, 1)
    told = f"{ring!r}{ring.fingerprints()}"
    assert str(KEY) not in told
    assert KEY.hex() not in told
