"""The sessions of a plan as its pages list them: those that count, in order, and beside them those
that were cancelled alone.

Booking tells how each stands now, plans which of them count; while booking cannot be asked, what
plans last heard is shown.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.contracts.booking.bookings import BookingState, BookingView
from services.contracts.booking.planned import PlannedCourseView
from services.contracts.plans.content import Party, PlanState
from services.contracts.plans.courses import PlanCourse, PlanCourses
from services.contracts.plans.sessions import PlanSession
from services.contracts.plans.views import PhaseSpan, PlanView, VersionView
from services.gateway.web import labels, links, sessions
from services.gateway.web.zones import ShownZone

Context = dict[str, Any]
TAKEN_PLACE = sessions.FIRM
GIVEN_BACK = frozenset({BookingState.CANCELLED, BookingState.LATE_CANCELLED})
NO_PLACE = "Not counted"
NOTES: dict[tuple[BookingState, bool], str] = {
    (BookingState.CANCELLED, False): "{} cancelled without a charge: not counted.",
    (BookingState.LATE_CANCELLED, True): "{} cancelled late: counted as used.",
    (BookingState.NO_SHOW, True): "{} missed: counted as used.",
    (BookingState.NO_SHOW, False): "{} missed without a charge: not counted.",
}
"""What became of sessions, and whether they count."""


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """A session of a plan; `can_move`: it is still to come and may be moved or given back."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    state: BookingState
    counts: bool
    can_move: bool = False

    def is_used(self, now: datetime) -> bool:
        """Whether it counts and is over, or was given back too late."""
        return self.counts and (self.state not in TAKEN_PLACE or self.ends_at <= now)

    def is_next(self, now: datetime) -> bool:
        """Whether it goes on, or is to come."""
        return self.state in TAKEN_PLACE and self.ends_at > now


def planned_sessions(dates: PlanCourses, course: PlannedCourseView | None) -> list[PlannedSession]:
    """The sessions that are shown, by start."""
    if course is None:
        return [_as_heard(one) for one in dates.sessions]
    known = {one.booking_id: one for one in dates.sessions}
    found = (_as_it_stands(one, known.get(one.id)) for one in course.bookings)
    return [one for one in found if one is not None]


def _as_heard(one: PlanSession) -> PlannedSession:
    return PlannedSession(one.booking_id, one.starts_at, one.starts_at, one.state, one.counts)


def _as_it_stands(booking: BookingView, known: PlanSession | None) -> PlannedSession | None:
    """None for one that plans does not tell of and that does not take place."""
    if known is None and booking.state not in TAKEN_PLACE:
        return None
    return PlannedSession(
        id=booking.id,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        state=booking.state,
        counts=known is None or known.counts,
        can_move=booking.can_cancel,
    )


def given_back(
    course: PlannedCourseView | None, current: PlanCourse, end: datetime
) -> list[datetime]:
    """Where the sessions of the current dates were that were given back from a moment on; none
    while booking cannot be asked."""
    return [
        one.starts_at
        for one in (course.bookings if course else [])
        if one.course_id == current.course_id and one.starts_at >= end and one.state in GIVEN_BACK
    ]


def lines(
    plan: PlanView,
    version: VersionView | None,
    listed: Sequence[PlannedSession],
    shown: ShownZone,
    now: datetime,
) -> list[Context]:
    """Each with its number and phase, or without one where it does not count."""
    told, number = [], 0
    for one in listed:
        number += one.counts
        told.append(
            moment(one.starts_at, shown, now)
            | {
                "name": session_name(version, number) if one.counts else NO_PLACE,
                "status": sessions.state_badge(one.state),
                "url": url_of(plan, one.id),
                "is_past": one.ends_at <= now,
            }
        )
    return told


def progress(
    plan: PlanView,
    version: VersionView | None,
    listed: Sequence[PlannedSession],
    shown: ShownZone,
    now: datetime,
) -> Context | None:
    """Sessions used, and left where it goes on, what was cancelled, and the next one; None while
    none is booked. Without an end none are left: so many are booked, of no `total`."""
    counted = [one for one in listed if one.counts]
    if not listed:
        return None
    used = sum(one.is_used(now) for one in counted)
    total = version.content.shape.sessions if version else None
    if plan.state is PlanState.ENDED:
        told = {"used": used, "total": max(used, 1), "label": f"{count_label(used)} used"}
        return told | {"notes": _notes(listed), "next": None}
    left = max((total or len(counted)) - used, 0)
    return {
        "used": used,
        "total": max(used + left, 1) if total else None,
        "label": f"{count_label(used)} used, {left} {'left' if total else 'booked'}",
        "notes": _notes(listed),
        "next": next(
            (
                moment(one.starts_at, shown, now) | {"name": session_name(version, number)}
                for number, one in enumerate(counted, 1)
                if one.is_next(now)
            ),
            None,
        ),
    }


def _notes(listed: Sequence[PlannedSession]) -> list[str]:
    """What became of sessions that did not take place, and whether they count."""
    told = Counter((one.state, one.counts) for one in listed)
    return [NOTES[what].format(count_label(told[what])) for what in NOTES if told[what]]


def moment(at: datetime, shown: ShownZone, now: datetime) -> Context:
    """When it is."""
    return {"starts_at": labels.instant(at), "label": labels.moment_label(at, shown.info, now)}


def url_of(plan: PlanView, booking_id: UUID) -> str:
    """The page of a session, for the plan's reader."""
    if plan.party is Party.CLIENT:
        return f"/bookings/{booking_id}"
    return links.staff_booking_url(plan.practice_id, booking_id)


def session_name(version: VersionView | None, number: int) -> str:
    """ "Session 3 of 12, Opening"; one beyond the plan's number has none to be told of."""
    if version is None:
        return f"Session {number}"
    total = version.content.shape.sessions
    of = f" of {total}" if total and number <= total else ""
    phase = next((one.name for one in version.phases if _holds(one, number)), "")
    return f"Session {number}{of}" + (f", {phase}" if phase else "")


def _holds(span: PhaseSpan, number: int) -> bool:
    return span.first <= number and (span.last is None or number <= span.last)


def count_label(number: int) -> str:
    """ "1 session", "12 sessions"."""
    return "1 session" if number == 1 else f"{number} sessions"
