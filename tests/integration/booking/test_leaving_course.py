"""A session of a course moved alone: what it breaks is told, and needs a yes of its own."""

from datetime import datetime
from uuid import UUID, uuid4

import pytest
from uuid_utils.compat import uuid7

from services.booking.operations import leaving_course, reschedule
from services.common.auth import Actor
from services.common.errors import NotFound
from services.contracts.booking.bookings import RescheduleBooking
from services.contracts.booking.refusals import SeriesBroken
from services.contracts.booking.series import BreakKind, PreviewReschedule
from tests.integration.booking.course_practice import book, weekly, wish
from tests.integration.booking.practice import NOW, Practice, at
from tests.integration.booking.test_series import Moved, stands

OVER_THE_NEXT, DAY_BEFORE_THE_NEXT = at(11, days=23), at(11, days=20)


@pytest.fixture
def course(practice: Practice) -> Moved:
    """Three Tuesdays at nine after a paid session."""
    return book(practice, wish(practice, practice.book_and_pay(), weekly(3)))[1]


def move(
    practice: Practice, id_: UUID, to: datetime, actor: Actor | None = None, **said: bool
) -> None:
    who = actor or practice.admin
    with practice.transaction(who) as tx:
        command = RescheduleBooking(id=uuid7(), booking_id=id_, starts_at=to, **said)
        reschedule.reschedule_booking(tx, command, actor=who, now=NOW)


def broken(practice: Practice, id_: UUID, to: datetime, actor: Actor) -> list[BreakKind]:
    with practice.transaction(actor) as tx:
        asked = PreviewReschedule(booking_id=id_, starts_at=to)
        found = leaving_course.preview_reschedule(tx, asked, actor=actor, now=NOW)
        return [one.kind for one in found]


@pytest.mark.parametrize("is_staff", [True, False])
def test_nobody_leaves_order_or_spacing_without_a_yes(
    practice: Practice, course: Moved, is_staff: bool
) -> None:
    """Neither the practice nor the client, whatever sends the act; with a yes it moves."""
    who = practice.admin if is_staff else practice.link(course[1].id)
    for to in (OVER_THE_NEXT, DAY_BEFORE_THE_NEXT):
        with pytest.raises(SeriesBroken):
            move(practice, course[1].id, to, who)
    assert stands(practice, course) == weekly(3)
    assert practice.events("booking_rescheduled") == []
    move(practice, course[1].id, DAY_BEFORE_THE_NEXT, who, accepts_breaks=True)
    assert stands(practice, course)[1] == DAY_BEFORE_THE_NEXT


def test_what_it_would_break_is_told_to_who_sees_the_session(
    practice: Practice, course: Moved
) -> None:
    """Order and nearness by name; nothing where it stays near its day or is of no course."""
    for who in (practice.admin, practice.link(course[1].id)):
        over, near = (
            broken(practice, course[1].id, to, who) for to in (OVER_THE_NEXT, DAY_BEFORE_THE_NEXT)
        )
        assert BreakKind.ORDER in over
        assert BreakKind.TOO_NEAR in near
    assert broken(practice, course[1].id, at(11, days=15), practice.admin) == []
    lone = practice.book_and_pay(at(15), client_id=uuid4())
    assert broken(practice, lone.id, OVER_THE_NEXT, practice.admin) == []
    with pytest.raises(NotFound):
        broken(practice, course[1].id, OVER_THE_NEXT, practice.link(lone.id))


def test_what_stays_near_its_day_asks_nothing(practice: Practice, course: Moved) -> None:
    """A day later at another hour is within the rhythm."""
    move(practice, course[1].id, at(11, days=15))
    assert stands(practice, course)[1] == at(11, days=15)
