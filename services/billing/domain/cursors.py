"""Where a listing by time goes on: after a row, or before it on the way back."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from services.contracts.base import BadCursor

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Position:
    """A row's place in a listing; `is_back`: the part that ends right before it is wanted."""

    at: datetime
    id: UUID
    is_back: bool = False


def encode(position: Position) -> str:
    """The position as an opaque text for an address."""
    way = "back" if position.is_back else "on"
    text = f"{way} {position.at.isoformat()} {position.id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str) -> Position:
    """The position that the text stands for; raises BadCursor."""
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
        way, at, id_ = packed.decode().split(" ")
        position = Position(datetime.fromisoformat(at), UUID(id_), way == "back")
    except (ValueError, binascii.Error):
        raise _unknown() from None
    if way not in ("on", "back") or position.at.utcoffset() is None:
        raise _unknown()
    return position


@dataclass(frozen=True, slots=True)
class Part(Generic[Row]):
    """The rows of one part of a listing, and the texts that lead to the parts beside it."""

    rows: Sequence[Row]
    previous_cursor: str | None
    next_cursor: str | None


def part_of(
    found: Sequence[Row], limit: int, at: Position | None, place: Callable[[Row], Position]
) -> Part[Row]:
    """Cut what was read from `at` on, one row more than the limit, down to its part."""
    is_cut, is_back = len(found) > limit, at is not None and at.is_back
    rows = found[-limit:] if is_back else found[:limit]
    has_before, has_after = (is_cut, True) if is_back else (at is not None, is_cut)
    first = replace(place(rows[0]), is_back=True) if rows and has_before else None
    last = place(rows[-1]) if rows and has_after else None
    return Part(rows, encode(first) if first else None, encode(last) if last else None)


def _unknown() -> BadCursor:
    return BadCursor("This page does not exist.", {"cursor": "is not known"})
