"""Courses racing for one calendar: whole or not at all, and who loses is told which dates went."""

from datetime import datetime
from random import Random

import pytest

from deploy.local.stack import Stack
from services.contracts.booking.courses import BookCourse
from services.contracts.booking.refusals import SlotTaken
from tests.integration.booking.course_practice import book, rows, wish
from tests.integration.booking.owner import slow_to_write, without_constraints, without_locks
from tests.integration.booking.practice import Practice, at
from tests.races.booking.racing import meetings, overlaps, race

COURSES = 50
SESSIONS = 12


def wishes(practice: Practice, seed: int) -> list[BookCourse]:
    """Fifty courses of twelve weeks at a few hours of a Tuesday: most want what others want."""
    chance = Random(seed)
    firsts = [practice.book_and_pay(at(9 + n % 8, days=n // 8)) for n in range(16)]
    hours = [9 + chance.randrange(6) for _ in range(COURSES)]
    return [
        wish(practice, firsts[number % 16], starts(hour, chance.randrange(3)))
        for number, hour in enumerate(hours)
    ]


def starts(hour: int, skipped: int) -> list[datetime]:
    return [at(hour, days=7 * (2 + skipped + week)) for week in range(SESSIONS)]


@pytest.mark.parametrize("seed", range(2))
def test_fifty_courses_for_one_practitioner_never_overlap(practice: Practice, seed: int) -> None:
    """Whoever wins has all sessions; each loser is told which dates went, and others for them."""
    asked, refusals = wishes(practice, seed), []
    before = rows(practice)

    def attempt(command: BookCourse) -> None:
        try:
            book(practice, command)
        except SlotTaken as taken:
            refusals.append((command, taken.detail))
            raise

    ended = race([lambda one=one: attempt(one) for one in asked])  # type: ignore[misc]
    after = rows(practice)
    assert set(ended) <= {"won", "SlotTaken"}
    assert ended["won"] == after["courses"] >= 6
    assert after["bookings"] - before["bookings"] == SESSIONS * ended["won"]
    assert (overlaps(practice), meetings(practice)) == (0, 0)
    for command, detail in refusals:
        went = [datetime.fromisoformat(one) for one in detail["taken"].split(",")]
        assert set(went) <= set(command.starts)
        assert len(detail["nearest"].split(",")) == len(went)


def test_without_locks_and_constraints_courses_overlap(practice: Practice, servers: Stack) -> None:
    """The twin: the domain's look alone is not enough, where writing takes its time."""
    asked = [one.model_copy(update={"starts": starts(9, 0)}) for one in wishes(practice, 0)]
    with (
        without_locks(servers),
        without_constraints(servers, practice.id),
        slow_to_write(servers),
    ):
        ended = race([lambda one=one: book(practice, one) for one in asked])  # type: ignore[misc]
        doubled = overlaps(practice)
    assert doubled > 0
    assert ended["won"] > 1


def test_one_course_sent_many_times_at_once_has_one_effect(practice: Practice) -> None:
    """Every copy is answered with the same sessions."""
    asked = wishes(practice, 0)[0]
    assert race([lambda: book(practice, asked)] * 32) == {"won": 32}
    assert rows(practice)["courses"] == 1
