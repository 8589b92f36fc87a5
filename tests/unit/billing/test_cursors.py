"""Parts of a listing: what is cut off is what a cursor leads to."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.billing.domain.cursors import Part, Position, decode, encode, part_of
from services.contracts.base import BadCursor

FIRST = datetime(2026, 11, 30, tzinfo=UTC)
LAST = 11


def place(row: int) -> Position:
    """Rows are numbers; some stand at the same instant."""
    return Position(FIRST + timedelta(hours=row // 3), UUID(int=row))


def read(at: Position | None, limit: int) -> Sequence[int]:
    """What a query gives for a part of 0 to 11, in the order of its listing."""
    rows = range(LAST + 1)
    if at is None:
        return rows[:limit]
    if at.is_back:
        return [row for row in rows if row < at.id.int][-limit:]
    return [row for row in rows if row > at.id.int][:limit]


@pytest.mark.parametrize("limit", [1, 4, 5, 12, 20])
def test_a_walk_on_and_back_sees_each_row_once(limit: int) -> None:
    """In order both ways, whether or not the last part is full."""
    walked = list[int]()
    at: Position | None = None
    while True:
        part: Part[int] = part_of(read(at, limit + 1), limit, at, place)
        walked += part.rows
        if part.next_cursor is None:
            break
        at = decode(part.next_cursor)
    assert walked == list(range(LAST + 1))
    back = list(part.rows)
    while part.previous_cursor:
        at = decode(part.previous_cursor)
        part = part_of(read(at, limit + 1), limit, at, place)
        back = [*part.rows, *back]
        assert part.next_cursor is not None
    assert back == walked


def test_an_empty_part_leads_nowhere() -> None:
    """There is no row to go on from."""
    part: Part[int] = part_of([], 5, None, place)
    assert (list(part.rows), part.previous_cursor, part.next_cursor) == ([], None, None)


@pytest.mark.parametrize("cursor", ["", "x", "b24gMjAyNi0xMS0zMA", encode(place(1))[:-3]])
def test_a_text_that_is_no_cursor_is_refused_by_name(cursor: str) -> None:
    """Whatever stands in the address."""
    with pytest.raises(BadCursor) as refused:
        decode(cursor)
    assert refused.value.detail == {"cursor": "is not known"}
