"""Where a page of the directory ends, as an opaque text that only this search understands."""

import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.contracts.base import BadCursor
from services.contracts.profiles.directory import SearchDirectory

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FORM = struct.Struct(">8sq16s")
_LATEST = (datetime(9999, 1, 1, tzinfo=UTC) - _EPOCH) // _MICROSECOND


@dataclass(frozen=True, slots=True)
class Position:
    """The last row that was shown: its soonest free time (UTC) and its practitioner."""

    next_free_at: datetime
    practitioner_id: UUID


def encode(position: Position, search: SearchDirectory) -> str:
    """The position for the next page of the same search, URL-safe."""
    micros = (position.next_free_at - _EPOCH) // _MICROSECOND
    packed = _FORM.pack(_fingerprint(search), micros, position.practitioner_id.bytes)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode(cursor: str, search: SearchDirectory) -> Position:
    """The position; raises BadCursor, naming `cursor`, for one of another search or none at all."""
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
        fingerprint, micros, practitioner = _FORM.unpack(packed)
    except (binascii.Error, struct.error, ValueError):
        raise _bad() from None
    if fingerprint != _fingerprint(search) or not 0 <= micros < _LATEST:
        raise _bad()
    return Position(_EPOCH + micros * _MICROSECOND, UUID(bytes=practitioner))


def _bad() -> BadCursor:
    told = {"cursor": "It does not belong to this search. Begin at the first page."}
    return BadCursor("This page cannot be continued.", told)


def _fingerprint(search: SearchDirectory) -> bytes:
    filters = search.model_dump_json(exclude={"cursor", "limit"})
    return hashlib.sha256(filters.encode()).digest()[:8]
