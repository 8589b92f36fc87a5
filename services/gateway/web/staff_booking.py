"""A session as the practice's staff see it, and the ways to move and to cancel it."""

import asyncio
from datetime import timedelta

from fastapi import APIRouter, Depends, Request, Response

from services.common.clock import utc_now
from services.common.errors import DifferentContent
from services.contracts.booking.bookings import (
    Attendance,
    BookingView,
    ListSessions,
    RecordAttendance,
    SessionsView,
)
from services.contracts.booking.refusals import AttendanceNotDue
from services.gateway.asking import Asked, WebVisitor, limit_bookings
from services.gateway.backend import Backend
from services.gateway.forms.booking import AttendanceForm
from services.gateway.forms.reading import STALE, Flawed, Sent, parsed
from services.gateway.web import intake_marks, labels, links, sessions, sides
from services.gateway.web.access import Access, Granted, booking_of, see
from services.gateway.web.page import page, redirect
from services.gateway.web.staff import attendance, course_url

pages = APIRouter()
NOT_DUE = "The session has not begun yet, or did not take place."
DONE = {
    Attendance.ATTENDED: "Marked as attended.",
    Attendance.NO_SHOW: "Marked as missed.",
    Attendance.UNMARKED: "The mark is withdrawn.",
}
A_MOMENT = timedelta(minutes=1)


@pages.get("")
async def staff_booking_page(
    request: Request, backend: Asked, access: Granted, visitor: WebVisitor
) -> Response:
    """How it stands, and what can be done with it."""
    seen = await see(backend, access, with_page=True)
    booking = seen.booking
    whom, is_in_time_off, intakes = await asyncio.gather(
        sides.whom(backend, access, seen),
        _is_in_time_off(backend, access, booking),
        intake_marks.states(backend, access.actor, [booking.client_id]),
    )
    now, shown = utc_now(), sides.zone_of(request, visitor, access, booking)
    day = booking.starts_at.astimezone(shown.info).date()
    is_own = _is_own(access, booking)
    context = {
        "session": sessions.session(seen, shown, now),
        "client_name": whom[:1].upper() + whom[1:],
        "status": sessions.status(booking),
        "payment": sessions.payment_of_session(booking, seen.payment),
        "is_in_time_off": is_in_time_off,
        "join": sessions.join(booking, shown, now),
        "attendance": attendance(booking, access.base),
        "intake": intake_marks.mark(booking, intakes.get(booking.client_id), is_own=is_own),
        "intake_url": intake_marks.client_intake_url(booking.practice_id, booking.client_id)
        if is_own
        else None,
        "move_url": f"{access.base}/reschedule" if sides.may_move(access, booking) else None,
        "cancel_url": f"{access.base}/cancel" if booking.can_cancel else None,
        "is_of_course": booking.course_id is not None,
        "course_url": course_url(booking),
        "links_url": links.private_links_url(booking.practice_id, booking.id),
        "day": {"url": f"/today?day={day}", "label": labels.date_label(day, day)}
        if is_own
        else None,
        "hours_url": links.calendar_url(booking.practice_id, booking.practitioner_id),
    }
    return await page(request, "staff_booking.html", context, active="today")


@pages.post("/attendance", dependencies=[Depends(limit_bookings)])
async def record_attendance(
    request: Request, sent: Sent, backend: Asked, access: Granted
) -> Response:
    """Say whether the client came, or withdraw it; then back to where it was said."""
    try:
        form = parsed(AttendanceForm, sent)
        command = RecordAttendance(
            id=form.form_id, booking_id=access.booking_id, attendance=form.attendance
        )
        await backend.ask(access.actor, command, BookingView)
    except AttendanceNotDue:
        return redirect(request, access.base, notice=NOT_DUE, kind="warn")
    except (Flawed, DifferentContent):
        # Booking says first whether there is such a session for who asks.
        await booking_of(backend, access)
        return redirect(request, access.base, notice=STALE, kind="warn")
    return redirect(request, form.back or access.base, notice=DONE[form.attendance])


async def _is_in_time_off(backend: Backend, access: Access, booking: BookingView) -> bool:
    asked = ListSessions(
        practitioner_id=booking.practitioner_id,
        from_at=booking.starts_at,
        until_at=booking.starts_at + A_MOMENT,
    )
    found = await backend.ask(access.actor, asked, SessionsView)
    return booking.id in found.in_time_off


def _is_own(access: Access, booking: BookingView) -> bool:
    memberships = access.visitor.require_login().account.memberships
    return any(one.practitioner_id == booking.practitioner_id for one in memberships)
