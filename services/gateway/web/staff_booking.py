"""A session as the practice's staff see it, and the ways to move and to cancel it."""

import asyncio

from fastapi import APIRouter, Depends, Request, Response

from services.common.clock import utc_now
from services.common.errors import Busy, DifferentContent, NotFound
from services.common.money import Money
from services.contracts.billing import ListPayments, PaymentsView, ReceivableView
from services.contracts.booking.bookings import (
    Attendance,
    BookingView,
    RecordAttendance,
)
from services.contracts.booking.refusals import AttendanceNotDue
from services.contracts.booking.staff import GetStaffBooking, StaffBookingView
from services.contracts.plans.commands import ListPlans
from services.contracts.plans.content import PlanState
from services.contracts.plans.views import PlansView
from services.gateway.asking import Asked, WebVisitor, limit_bookings
from services.gateway.backend import Backend
from services.gateway.forms.booking import AttendanceForm
from services.gateway.forms.reading import STALE, Flawed, Sent, parsed
from services.gateway.web import intake_marks, labels, links, marks, rehearsing, sessions, sides
from services.gateway.web.access import Access, Granted, booking_of, payment_of, see
from services.gateway.web.page import Context, page, redirect
from services.gateway.web.series import may_move_series
from services.gateway.web.staff import MARKED, attendance, course_url
from services.gateway.web.treating import client_names
from services.gateway.web.week_context import week_of_session

pages = APIRouter()
NOT_DUE = "The session has not begun yet, or did not take place."


@pages.get("")
async def staff_booking_page(
    request: Request, backend: Asked, access: Granted, visitor: WebVisitor
) -> Response:
    """How it stands, and what can be done with it."""
    asked = GetStaffBooking(booking_id=access.booking_id)
    booking = await backend.ask(access.actor, asked, StaffBookingView)
    is_own = _is_own(access, booking)
    seen, intakes, plan, exercises, owing = await asyncio.gather(
        see(backend, access, known=booking),
        intake_marks.states(backend, access.actor, [booking.client_id]),
        plan_with(backend, access, booking) if is_own else _nothing(),
        rehearsing.exercises_of(backend, [access.actor], booking.id) if is_own else _nothing(),
        _owing(backend, access, booking),
    )
    now, shown = utc_now(), sides.zone_of(request, visitor, access, booking)
    whom = sides.whom(access, seen)
    day = booking.starts_at.astimezone(shown.info).date()
    context = {
        "session": sessions.session(seen, shown, now),
        "client_name": whom[:1].upper() + whom[1:],
        "status": sessions.status(booking),
        "payment": sessions.payment_of_session(booking, seen.payment, owing),
        "is_in_time_off": booking.is_in_time_off,
        "join": sessions.join(booking, shown, now),
        "attendance": attendance(booking, access.base),
        "effects": marks.effects(booking, seen.payment, owing),
        "client_url": links.client_url(booking.practice_id, booking.client_id),
        "intake": intake_marks.mark(booking, intakes.get(booking.client_id), is_own=is_own),
        "intake_url": intake_marks.client_intake_url(booking.practice_id, booking.client_id)
        if is_own
        else None,
        "move_url": f"{access.base}/move" if sides.may_move(access, booking) else None,
        "cancel_url": f"{access.base}/cancel" if booking.can_cancel else None,
        "series_url": f"{access.base}/series" if may_move_series(booking) else None,
        "is_of_course": booking.course_id is not None,
        "course_url": course_url(booking),
        "note_url": _note_url(booking) if is_own else None,
        "links_url": links.private_links_url(booking.practice_id, booking.id),
        "plan": plan,
        "exercises": rehearsing.exercises_context(exercises, access.base, shown, now)
        if exercises
        else None,
        "week_url": week_of_session(booking),
        "day": {
            "url": links.day_url(booking.practice_id, day),
            "label": labels.date_label(day, day),
        }
        if is_own
        else None,
        "hours_url": links.calendar_url(booking.practice_id, booking.practitioner_id),
    }
    return await page(request, "staff_booking.html", context, active="today")


@pages.post("/attendance", dependencies=[Depends(limit_bookings)])
async def record_attendance(
    request: Request, sent: Sent, backend: Asked, access: Granted
) -> Response:
    """Say whether the client came, or withdraw it; then back to where it was said.

    Before money goes back the page asks once more: it does not come again.
    """
    try:
        form = parsed(AttendanceForm, sent)
        if form.attendance is Attendance.NO_SHOW and not form.is_sure:
            booking, payment = await asyncio.gather(
                booking_of(backend, access), payment_of(backend, access)
            )
            if payment and (back := marks.gives_back(booking, payment)):
                kept = payment.captured - payment.refunded - back
                return await _question(request, backend, access, booking, form, (back, kept))
        command = RecordAttendance(
            id=form.form_id, booking_id=access.booking_id, attendance=form.attendance
        )
        booking = await backend.ask(access.actor, command, BookingView)
    except AttendanceNotDue:
        return redirect(request, access.base, notice=NOT_DUE, kind="warn")
    except (Flawed, DifferentContent):
        # Booking says first whether there is such a session for who asks.
        await booking_of(backend, access)
        return redirect(request, access.base, notice=STALE, kind="warn")
    owing = await _owing(backend, access, booking)
    notice = marks.said(booking, form.attendance, owing)
    return redirect(request, form.back or access.base, notice=notice)


async def _question(
    request: Request,
    backend: Backend,
    access: Access,
    booking: BookingView,
    form: AttendanceForm,
    shares: tuple[Money, Money],
) -> Response:
    """What marking it as missed sends back and what is kept, before it is done."""
    names = await client_names(backend, access.actor, [booking.client_id])
    back, kept = map(labels.money_label, shares)
    context = {
        "client_name": names.get(booking.client_id, "The client"),
        "back_label": back,
        "kept_label": kept,
        "action": f"{access.base}/attendance",
        "form_id": str(form.form_id),
        "back": form.back,
        "back_url": form.back or access.base,
    }
    return await page(request, "missed.html", context, status=409, active="today")


async def _owing(backend: Backend, access: Access, booking: BookingView) -> ReceivableView | None:
    """What is owed for a session on account."""
    if not booking.is_on_account:
        return None
    asked = ListPayments(booking_ids=[booking.id])
    found = await backend.ask(access.actor, asked, PaymentsView)
    return next(iter(found.receivables), None)


async def plan_with(backend: Backend, access: Access, booking: BookingView) -> Context | None:
    """The plan that the practitioner keeps with the client, the client's record where several are
    under way, or the way to begin one; None while plans are away."""
    try:
        kept = (await backend.ask(access.actor, ListPlans(), PlansView)).plans
    except (Busy, NotFound):
        return None
    theirs = [one for one in kept if one.client_id == booking.client_id]
    under_way = [one for one in theirs if one.state not in (PlanState.ENDED, PlanState.DRAFT)]
    if len(under_way) > 1:
        return {"url": f"/clients/{booking.client_id}", "label": "The plans"}
    theirs.sort(key=lambda one: (one.state is PlanState.ENDED, one.state is PlanState.DRAFT))
    if theirs:
        return {"url": f"/plans/{theirs[0].id}", "label": "The plan"}
    return {"url": f"/plans/new?client={booking.client_id}", "label": "Begin a plan"}


async def _nothing() -> None:
    return None


def _note_url(booking: BookingView) -> str | None:
    """Where its practitioner writes on a session that was held, or was missed."""
    is_noted = booking.can_record_attendance or booking.state in MARKED
    return f"/notes/new?booking={booking.id}" if is_noted else None


def _is_own(access: Access, booking: BookingView) -> bool:
    memberships = access.visitor.require_login().account.memberships
    return any(one.practitioner_id == booking.practitioner_id for one in memberships)
