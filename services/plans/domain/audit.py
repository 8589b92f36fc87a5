"""The chain of who looked: each seal covers some rows, and the seal before it.

Whoever changes, adds or takes away a row of a seal, or a whole seal, would have to make every later
one anew. `queries/invariants.py` works the same out once more, in SQL.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

GENESIS = bytes(32)
"""What the first seal of a practice follows."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Value = UUID | str | bool | datetime | None


def line(values: Sequence[Value]) -> str:
    """A row as its seal covers it: its values by bars, instants in microseconds since 1970."""
    return "|".join(_word(value) for value in values)


def digest(previous: bytes, practice_id: UUID, number: int, lines: Sequence[str]) -> bytes:
    """The SHA-256 of a seal: of the one before, of whose and which it is, and of its rows."""
    head = f"{practice_id}|{number}|{len(lines)}"
    return hashlib.sha256(previous + "\n".join([head, *lines]).encode()).digest()


def _word(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return str((value - _EPOCH) // _MICROSECOND)
    return str(value)
