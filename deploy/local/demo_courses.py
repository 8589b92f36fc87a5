"""The demo's courses: booked once in booking, and told of to who goes by them."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from deploy.local.demo import DemoData, DemoOffering, DemoSession
from deploy.local.demo.sessions import plan_id_of
from services.booking.operations.history import KnownCourse
from services.contracts.booking.bookings import Attendance
from services.contracts.booking.events import AttendanceRecorded, BookingConfirmed

Told = BookingConfirmed | AttendanceRecorded


def courses_of(data: DemoData, sessions: list[DemoSession]) -> Iterator[KnownCourse]:
    """Each goes on from the latest session of the same two; `sessions` by start."""
    booked = sorted((one for one in sessions if one.course_id), key=attrgetter("client"))
    for slug, group in groupby(booked, key=attrgetter("client")):
        its = list(group)
        course_id, first = its[0].course_id, its[0]
        assert course_id is not None
        yield KnownCourse(
            id=course_id,
            practitioner_id=data.practitioner(first.practitioner).id,
            client_id=data.client(slug).id,
            follows_booking_id=_before(sessions, first).booking_id,
            sessions=len(its),
            booked_at=first.booked_at,
            plan_id=plan_id_of(slug),
        )


def _before(sessions: list[DemoSession], first: DemoSession) -> DemoSession:
    of_the_two = (
        one
        for one in sessions
        if (one.client, one.practitioner) == (first.client, first.practitioner)
        and one.starts_at < first.starts_at
    )
    return max(of_the_two, key=attrgetter("starts_at"))


def told_of(data: DemoData, session: DemoSession) -> Iterator[tuple[Told, datetime]]:
    """What booking says of a session of a course, and when: it was booked, and who came."""
    facts = {
        "practice_id": data.practice(session.practice).id,
        "booking_id": session.booking_id,
        "practitioner_id": data.practitioner(session.practitioner).id,
        "client_id": data.client(session.client).id,
        "starts_at": session.starts_at,
        "course_id": session.course_id,
        "price_id": offering_of(data, session).price_id,
        "is_on_account": True,
    }
    at = session.booked_at
    yield BookingConfirmed.model_validate(facts | {"occurred_at": at}), at
    if session.state != "confirmed":
        said = {"attendance": Attendance(session.state), "number": 1, "refund_percent": 0}
        at = session.ends_at
        yield AttendanceRecorded.model_validate(facts | said | {"occurred_at": at}), at


def offering_of(data: DemoData, session: DemoSession) -> DemoOffering:
    """What was booked."""
    person = data.practitioner(session.practitioner)
    return next(one for one in person.offerings if one.slug == session.offering)
