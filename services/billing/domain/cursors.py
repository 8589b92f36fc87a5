"""Where a listing by time goes on: after a row, or before it on the way back."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.contracts.base import BadCursor


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


def _unknown() -> BadCursor:
    return BadCursor("This page does not exist.", {"cursor": "is not known"})
