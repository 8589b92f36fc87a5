"""Of which sessions one mail tells: its own, and those that the same act booked, moved or gave
back."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from services.common.auth import Actor
from services.common.errors import NotFound
from services.contracts.booking.bookings import BookingState, BookingView
from services.contracts.booking.courses import CourseView
from services.notify.adapters.booking import Bookings
from services.notify.domain.kinds import Template
from services.notify.domain.verdict import holds_as_further, still_holds
from services.notify.models import Message


@dataclass(frozen=True, slots=True)
class Told:
    """The session that leads, the others in their order, and whether they were added by
    themselves."""

    booking: BookingView
    others: tuple[BookingView, ...] = ()
    is_added: bool = False


def told_by(message: Message, bookings: Bookings, actor: Actor, now: datetime) -> Told | None:
    """How what the message tells of stands; None where nothing of it holds any more.

    Where its own session was moved once more since, the next of the same act leads. Raises what
    asking booking does, NotFound of its own session included.
    """
    template = Template(message.template)
    booking = bookings.get(message.booking_id, actor)
    holds = still_holds(template, message.starts_at, booking, now=now)
    if holds and template is Template.CONFIRMED and (course_id := booking.course_id):
        return _of_course(booking, bookings.course(course_id, actor), now)
    leading = [booking] if holds else []
    found = [*leading, *_further(message, template, bookings, actor, now)]
    return Told(found[0], tuple(found[1:])) if found else None


def _of_course(booking: BookingView, course: CourseView, now: datetime) -> Told:
    firm = [
        one
        for one in course.bookings
        if one.state is BookingState.CONFIRMED and one.starts_at > now and one.id != booking.id
    ]
    return Told(booking, tuple(firm), course.is_added)


def _further(
    message: Message, template: Template, bookings: Bookings, actor: Actor, now: datetime
) -> Iterator[BookingView]:
    for id_ in message.also:
        with suppress(NotFound):
            one = bookings.get(id_, actor)
            if holds_as_further(template, one, now=now):
                yield one
