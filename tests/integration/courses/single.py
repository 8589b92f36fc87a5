"""What becomes of one session of a plan's course, and how plans hears of it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from uuid_utils.compat import uuid7

from services.booking.models import Booking
from services.booking.operations import attendance, cancel, reschedule
from services.common.auth import Actor, service_actor
from services.contracts.booking.bookings import (
    Attendance,
    CancelBooking,
    RecordAttendance,
    RescheduleBooking,
)
from services.contracts.booking.events import (
    AttendanceRecorded,
    BookingCancelled,
    BookingConfirmed,
    BookingEvent,
    BookingRescheduled,
)
from services.contracts.plans.courses import PlanCourses
from services.contracts.plans.views import PlanView
from services.plans.domain.course import count
from services.plans.operations import sessions
from tests.integration.booking.practice import NOW
from tests.integration.courses.pair import Pair

BACKWARDS: Sequence[type[BookingEvent]] = (
    AttendanceRecorded,
    BookingCancelled,
    BookingRescheduled,
    BookingConfirmed,
)


def hear(pair: Pair, fact: BookingEvent, practice_id: UUID | None = None) -> None:
    """In a transaction of its own, in the practice that the fact names."""
    actor = service_actor("plans", practice_id or fact.practice_id, "test")
    with pair.desk.database.transaction(actor) as tx:
        if isinstance(fact, AttendanceRecorded):
            sessions.hear_who_came(tx, fact)
        else:
            sessions.hear(tx, fact)


def tell(pair: Pair, kinds: Sequence[type[BookingEvent]] = BACKWARDS) -> None:
    """All that booking ever said of the practice's sessions, the last facts first: also what was
    heard before."""
    for kind in kinds:
        for body in reversed(pair.practice.events(kind.type)):
            hear(pair, kind.model_validate(body))


def at_(pair: Pair, starts_at: datetime) -> UUID:
    """The booking at that time."""
    query = select(Booking.id).where(
        Booking.practice_id == pair.practice.id,
        Booking.client_id == pair.desk.client_id,
        Booking.starts_at == starts_at,
    )
    with pair.practice.transaction() as tx:
        return tx.scalars(query).one()


def client(pair: Pair) -> Actor:
    account_id = pair.desk.client_account
    assert account_id is not None
    return pair.practice.person(account_id)


def give_back(
    pair: Pair, starts_at: datetime, *, percent: int = 100, actor: Actor | None = None
) -> None:
    """One session alone, by its client or by somebody else."""
    who = actor or client(pair)
    command = CancelBooking(
        id=uuid7(), booking_id=at_(pair, starts_at), expected_refund_percent=percent
    )
    with pair.practice.transaction(who) as tx:
        cancel.cancel_booking(tx, command, actor=who, now=NOW)


def move(pair: Pair, from_at: datetime, to_at: datetime, now: datetime = NOW) -> None:
    """One session alone, by the practice."""
    who = pair.practice.admin
    command = RescheduleBooking(
        id=uuid7(), booking_id=at_(pair, from_at), starts_at=to_at, accepts_breaks=True
    )
    with pair.practice.transaction(who) as tx:
        reschedule.reschedule_booking(tx, command, actor=who, now=now)


def mark(pair: Pair, starts_at: datetime, told: Attendance) -> None:
    """Who came, as the practice says on the session's day."""
    who = pair.practice.person(uuid4(), "admin")
    command = RecordAttendance(id=uuid7(), booking_id=at_(pair, starts_at), attendance=told)
    with pair.practice.transaction(who) as tx:
        attendance.record_attendance(tx, command, actor=who, now=starts_at)


def dates(pair: Pair, plan: PlanView) -> PlanCourses:
    """As the practitioner reads them."""
    return pair.desk.read(plan.id, pair.desk.practitioner).dates


def placed_and_left(pair: Pair, plan: PlanView) -> tuple[int, int]:
    """How many sessions have their date, and how many have none."""
    told = dates(pair, plan)
    return told.placed, count(told.to_place)
