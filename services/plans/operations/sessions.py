"""What booking tells of each session: kept, and followed by its plan, by what is due, by rolling.

Facts come twice, late and in any order; each says by a number which of them holds. Whoever hears of
a session locks its course, then its plan, then its client.
"""

from sqlalchemy.orm import Session

from services.contracts.booking.bookings import Attendance
from services.contracts.booking.events import AttendanceRecorded, BookingCancelled, BookingEvent
from services.plans.models import Plan
from services.plans.operations import rolling
from services.plans.operations.rounds import recount
from services.plans.queries import courses, measures, plans, sessions

WHOLE = 100


def hear(tx: Session, fact: BookingEvent) -> None:
    """Keep where a session is and whether it takes place, unless something later is known of it.

    A plan without an end whose last session this was, or is by now, is added to in time.
    """
    plan = _locked_plan(tx, fact)
    before = rolling.last_taking_place(tx, plan) if plan else None
    measures.lock_client(tx, fact.practice_id, fact.client_id)
    _keep(tx, fact)
    recount(tx, fact.practice_id, fact.client_id, fact.practitioner_id)
    if plan is not None and rolling.last_taking_place(tx, plan) != before:
        rolling.look_again(tx, plan)


def hear_who_came(tx: Session, fact: AttendanceRecorded) -> None:
    """Keep who came, unless something later was said of it. It says too that the session took its
    place, where that was not heard yet."""
    hear(tx, fact)
    is_missed = fact.attendance is Attendance.NO_SHOW
    sessions.keep_attendance(
        tx,
        fact.practice_id,
        fact.booking_id,
        fact.attendance,
        fact.number,
        is_forgiven=is_missed and fact.refund_percent == WHOLE,
    )


def _locked_plan(tx: Session, fact: BookingEvent) -> Plan | None:
    """The plan that the session is of, for this transaction alone; None where it is of none, or of
    one that has not heard of its course yet."""
    if fact.course_id is None:
        return None
    courses.lock_course(tx, fact.practice_id, fact.course_id)
    plan_id = courses.plan_of(tx, fact.practice_id, fact.course_id)
    return None if plan_id is None else plans.lock_plan(tx, fact.practice_id, plan_id)


def _keep(tx: Session, fact: BookingEvent) -> None:
    is_given_up = isinstance(fact, BookingCancelled)
    sessions.keep_session(
        tx,
        practice_id=fact.practice_id,
        booking_id=fact.booking_id,
        client_id=fact.client_id,
        practitioner_id=fact.practitioner_id,
        course_id=fact.course_id,
        starts_at=fact.starts_at,
        is_given_up=is_given_up,
        is_late=isinstance(fact, BookingCancelled) and fact.is_late,
        sequence=fact.sequence,
        told_at=fact.occurred_at,
    )
    sessions.keep_booked(tx, fact.practice_id, fact.booking_id, fact.occurred_at)
