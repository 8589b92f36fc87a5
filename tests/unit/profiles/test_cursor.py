"""Cursors of the directory."""

import base64
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.base import BadCursor
from services.contracts.profiles.directory import SearchDirectory
from services.profiles.domain.cursor import Position, decode, encode

SEARCH = SearchDirectory(topic="grief-and-loss", language="de")
INSTANTS = st.datetimes(
    min_value=datetime(1971, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(9000, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(INSTANTS, st.uuids())
def test_a_cursor_leads_back_to_its_place(at: datetime, practitioner: UUID) -> None:
    """Every instant, to the microsecond, and every id."""
    place = Position(at, practitioner)
    cursor = encode(place, SEARCH)
    assert decode(cursor, SEARCH) == place
    assert len(cursor) <= 200
    assert SEARCH.model_copy(update={"cursor": cursor, "limit": 50}).cursor == cursor


@given(st.text(max_size=60))
def test_any_other_text_is_refused_by_name(cursor: str) -> None:
    """Nothing but a refusal, whatever somebody types into the address."""
    with pytest.raises(BadCursor) as refused:
        decode(cursor, SEARCH)
    assert set(refused.value.detail) == {"cursor"}


def test_a_cursor_belongs_to_one_search() -> None:
    """Another filter is another listing; another page size is not."""
    place = Position(datetime(2026, 11, 23, 9, tzinfo=UTC), UUID(int=7))
    cursor = encode(place, SEARCH)
    assert decode(cursor, SEARCH.model_copy(update={"limit": 3})) == place
    with pytest.raises(BadCursor):
        decode(cursor, SEARCH.model_copy(update={"language": "en"}))


@pytest.mark.parametrize("micros", [b"\xff" * 8, b"\x7f" + b"\xff" * 7])
def test_a_cursor_with_an_impossible_time_is_refused(micros: bytes) -> None:
    """Before 1970 or beyond the calendar."""
    place = Position(datetime(2026, 11, 23, 9, tzinfo=UTC), UUID(int=7))
    packed = base64.urlsafe_b64decode(encode(place, SEARCH) + "===")
    with pytest.raises(BadCursor):
        decode(base64.urlsafe_b64encode(packed[:8] + micros + packed[16:]).decode(), SEARCH)
