"""Whom somebody may want to see again."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from services.booking.domain.again import MOST_PEOPLE, last_with_each


@dataclass(frozen=True)
class Booked:
    """A booking, as far as it counts."""

    practitioner_id: UUID
    state: str = "attended"
    id: UUID = field(default_factory=uuid4)


def test_the_last_kept_session_with_each_person_counts() -> None:
    """Latest first; what was cancelled or never paid is no reason to ask again."""
    one, two, three = uuid4(), uuid4(), uuid4()
    latest, other = Booked(one), Booked(two, "confirmed")
    given_back = Booked(three, "cancelled")
    assert last_with_each([given_back, latest, other, Booked(one)]) == [latest, other]


def test_no_more_than_three_people_are_named() -> None:
    """Those of the latest sessions."""
    many = [Booked(uuid4()) for _ in range(MOST_PEOPLE + 2)]
    assert last_with_each(many) == many[:MOST_PEOPLE]
