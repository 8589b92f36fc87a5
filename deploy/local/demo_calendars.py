"""The demo in booking: calendars, offerings, a year of sessions and two weeks to come."""

from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from deploy.local.demo import (
    DemoData,
    DemoOffering,
    DemoPractice,
    DemoPractitioner,
    DemoSession,
    demo_id,
)
from deploy.local.demo_courses import courses_of, offering_of
from services.booking.domain.schedule import WeeklyHours, Window
from services.booking.operations import history, setup


def load_calendars(
    tx: Session,
    data: DemoData,
    practice: DemoPractice,
    sessions: list[DemoSession],
    now: datetime,
) -> None:
    """One practice: its calendars, offerings and closures, then its sessions."""
    rooms = {name: demo_id("room", f"{practice.slug}/{name}") for name in practice.rooms}
    for name, room_id in rooms.items():
        setup.add_room(tx, setup.NewRoom(practice.id, room_id, name))
    for person in data.practitioners_of(practice.slug):
        _load_schedule(tx, practice, person, now)
        for position, offering in enumerate(person.offerings):
            _load_offering(tx, practice, person, offering, position, now)
    for closure in practice.closures:
        day = setup.NewClosure(
            practice.id, demo_id("closure", f"{practice.slug}/{closure.on}"), closure.on, closure.on
        )
        setup.add_closure(tx, day, now=now)
    in_rooms = rooms_of(sessions, list(rooms.values()))
    known = [_known(data, session, in_rooms.get(session.id)) for session in sessions]
    alone = [one for one in known if one.course_id is None]
    history.take_over_sessions(tx, practice.id, alone, now=now)
    history.take_over_courses(tx, practice.id, list(courses_of(data, sessions)))
    of_courses = [one for one in known if one.course_id is not None]
    history.take_over_sessions(tx, practice.id, of_courses, now=now)


def _load_schedule(
    tx: Session, practice: DemoPractice, person: DemoPractitioner, now: datetime
) -> None:
    schedule = setup.NewSchedule(practice.id, person.id, practice.zone, person.account_id)
    setup.open_schedule(tx, schedule, now=now)
    hours = [WeeklyHours(one.weekday, _window(one.starts, one.ends)) for one in person.hours]
    setup.set_weekly_hours(tx, practice.id, person.id, hours, now=now)
    for away in person.time_off:
        off = setup.NewTimeOff(
            practice.id,
            demo_id("time_off", f"{person.slug}/{away.starts_on}"),
            person.id,
            away.starts_on,
            away.ends_on - timedelta(days=1),
        )
        setup.add_time_off(tx, off, now=now)


def _window(starts: time, ends: time) -> Window:
    """Midnight as an end is 24:00."""
    minutes = [at.hour * 60 + at.minute for at in (starts, ends)]
    return Window(minutes[0], minutes[1] or 24 * 60)


def _load_offering(
    tx: Session,
    practice: DemoPractice,
    person: DemoPractitioner,
    offering: DemoOffering,
    position: int,
    now: datetime,
) -> None:
    policy_id = demo_id("policy", f"{practice.slug}/{offering.policy}")
    tiers = tuple((tier.hours_before, tier.refund_percent) for tier in offering.cancellation)
    setup.add_policy(tx, setup.NewPolicy(practice.id, policy_id, tiers))
    new = setup.NewOffering(
        practice_id=practice.id,
        id=offering.id,
        practitioner_id=person.id,
        name=offering.name,
        minutes=offering.minutes,
        price_id=offering.price_id,
        policy_id=policy_id,
        formats=person.formats,
        position=position,
        before_minutes=offering.before_minutes,
        after_minutes=offering.after_minutes,
        notice_minutes=offering.notice_hours * 60,
        window_days=offering.window_days,
        increment_minutes=offering.increment_minutes,
        needs_room=bool(practice.rooms),
    )
    setup.add_offering(tx, new, now=now)


def rooms_of(sessions: list[DemoSession], rooms: list[UUID]) -> dict[UUID, UUID]:
    """By session, the first room that is free for it; `sessions` by start.

    Who finds none went for a walk with the client.
    """
    free_from: dict[UUID, datetime] = {}
    found: dict[UUID, UUID] = {}
    for one in sessions:
        if one.format != "in_person" or one.cancelled_at:
            continue
        free = (id_ for id_ in rooms if id_ not in free_from or free_from[id_] <= one.starts_at)
        if room_id := next(free, None):
            free_from[room_id], found[one.id] = one.ends_at, room_id
    return found


def _known(data: DemoData, session: DemoSession, room_id: UUID | None) -> history.KnownSession:
    client = data.client(session.client)
    return history.KnownSession(
        id=session.id,
        booking_id=session.booking_id,
        offering_id=offering_of(data, session).id,
        practitioner_id=data.practitioner(session.practitioner).id,
        client_id=client.id,
        starts_at=session.starts_at,
        format=session.format,
        state=session.state,
        booked_at=session.booked_at,
        account_id=client.account_id,
        cancelled_at=session.cancelled_at,
        room_id=room_id,
        course_id=session.course_id,
    )
