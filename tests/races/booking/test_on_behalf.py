"""Staff and clients race for the same hours: one wins each, and a repeated form books once."""

from random import Random

from deploy.local.stack import Stack
from tests.integration.booking.behalf import book_for, wish_for
from tests.integration.booking.owner import slow_to_write, without_constraints, without_locks
from tests.integration.booking.practice import Practice, at
from tests.races.booking.racing import overlaps, race

HOURS = 4
EACH = 12


def test_staff_and_clients_never_share_an_hour(practice: Practice) -> None:
    """Twelve tries for each of four hours, by both: four winners."""
    chance, tries = Random(7), []
    for hour in range(HOURS):
        for number in range(EACH):
            starts_at = at(9 + hour)
            if number % 2:
                tries.append(lambda at_=starts_at: practice.book(at_))
            else:
                asked = wish_for(practice, starts_at)
                tries.append(lambda asked_=asked: book_for(practice, asked_))
    chance.shuffle(tries)
    assert race(tries) == {"won": HOURS, "SlotTaken": HOURS * (EACH - 1)}
    assert overlaps(practice) == 0


def test_without_locks_and_constraints_they_would(practice: Practice, servers: Stack) -> None:
    """The twin: a look at the calendar alone lets several in."""
    asked = [wish_for(practice) for _ in range(EACH * 2)]
    with (
        without_locks(servers),
        without_constraints(servers, practice.id),
        slow_to_write(servers),
    ):
        ended = race([lambda one=one: book_for(practice, one) for one in asked])  # type: ignore[misc]
        assert overlaps(practice) > 0
    assert ended["won"] > 1


def test_one_form_sent_many_times_at_once_books_once(practice: Practice) -> None:
    """Every copy is answered with the same booking."""
    asked = wish_for(practice)
    assert race([lambda: book_for(practice, asked)] * 32) == {"won": 32}
    assert len(practice.events("booking_confirmed")) == 1
