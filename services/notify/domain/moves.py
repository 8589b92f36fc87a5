"""From where an appointment moved, as far as who is told knows: quick moves are told as one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Move:
    """A move of a booking from one start to another; instants are aware UTC."""

    previous_starts_at: datetime
    starts_at: datetime


def last_told(moved: Move, untold: Iterable[Move]) -> datetime | None:
    """The start that they were told of last; None where it is the very one that it moved to.

    `untold` are the earlier moves that they got no mail of, the latest first.
    """
    known = moved.previous_starts_at
    for earlier in untold:
        if earlier.starts_at == known:
            known = earlier.previous_starts_at
    return known if known != moved.starts_at else None
