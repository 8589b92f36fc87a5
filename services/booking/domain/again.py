"""Whom somebody may want to see again."""

from collections.abc import Iterable
from typing import Protocol, TypeVar
from uuid import UUID

from services.contracts.booking.bookings import BookingState

MOST_PEOPLE = 3
TOOK_PLACE = frozenset({BookingState.CONFIRMED.value, BookingState.ATTENDED.value})


class Kept(Protocol):
    """What counts of a booking."""

    @property
    def practitioner_id(self) -> UUID: ...

    @property
    def state(self) -> str: ...


Booked = TypeVar("Booked", bound=Kept)


def last_with_each(bookings: Iterable[Booked]) -> list[Booked]:
    """Of bookings that are latest first, the last kept one with each of up to three people."""
    found: dict[UUID, Booked] = {}
    for one in bookings:
        if one.state in TOOK_PLACE:
            found.setdefault(one.practitioner_id, one)
    return list(found.values())[:MOST_PEOPLE]
