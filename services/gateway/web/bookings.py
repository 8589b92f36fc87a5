"""A booking's own pages: how it stands, paying, the way back from the payment page, its file."""

import asyncio
from datetime import UTC, datetime
from time import time
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.common.clock import utc_now
from services.common.messages import LAST_YEAR
from services.contracts.billing import PaymentsUnavailable
from services.contracts.booking.bookings import (
    DOOR_OPENS_BEFORE,
    UNPAID,
    BookingState,
    BookingView,
    ExtendHold,
)
from services.contracts.booking.refusals import AlreadyExtended, HoldExpired
from services.gateway import flows, wishes
from services.gateway.asking import Asked, Door, Settings, WebVisitor, limit_bookings
from services.gateway.backend import Backend
from services.gateway.changes import Changes
from services.gateway.forms.reading import Sent
from services.gateway.visitors import GuestBooking, Visitor
from services.gateway.web import calendar_file, labels, registrant, sent_to, sessions
from services.gateway.web.access import Access, Granted, Seen, address_of, booking_of, see
from services.gateway.web.checkout import payment_page
from services.gateway.web.forgetting import forget_url
from services.gateway.web.intake_links import intake_panel, intake_state, intake_url
from services.gateway.web.page import lead_on, page, redirect
from services.gateway.web.private_links import links_url
from services.gateway.web.terms import terms_at
from services.gateway.web.zones import ShownZone, shown_zone

pages = APIRouter()
SLOW_AFTER_SECONDS = 30
WAIT_SECONDS = 3.0
LATEST = int(datetime(LAST_YEAR, 12, 31, tzinfo=UTC).timestamp())
FIRM = frozenset({BookingState.CONFIRMED, BookingState.ATTENDED, BookingState.AWAITING_APPROVAL})
NOT_HELD = "The time is no longer held. You can choose it again if nobody else took it."
LONGER = "You have ten more minutes."
ONCE = "A time can be held longer only once."
MAIL_COMES = (
    "The mail comes within a few minutes. If you cannot find it, look among the unwanted mail"
)
HERE_AGAIN = "in this browser you can also come back here."
IN_APPOINTMENTS = "you find this session under Appointments too."
NO_PAGE = "The payment page does not open right now. Please try again in a moment."


def zone_of(request: Request, visitor: Visitor, booking: BookingView) -> ShownZone:
    """The zone of a booking's pages: the viewer's, else the one in which it was booked."""
    return shown_zone(request, visitor, booking.client_time_zone)


def _looks_url(access: Access, visitor: Visitor, booking: BookingView) -> str | None:
    """Where a client with an account reads who looked at their record; None for guests and for the
    practice's staff."""
    actor = visitor.actor(booking.practice_id)
    is_client = actor.account_id is not None and not actor.roles and not access.is_guest
    return f"{access.base}/intake/looks" if is_client else None


@pages.get("")
async def booking_page(
    request: Request, backend: Asked, access: Granted, visitor: WebVisitor
) -> Response:
    """How the booking stands, and what can be done with it."""
    seen, asked = await asyncio.gather(see(backend, access), intake_state(backend, access))
    now, booking, shown = utc_now(), seen.booking, zone_of(request, visitor, seen.booking)
    is_firm = booking.state in sessions.FIRM
    is_unpaid = booking.state in UNPAID
    context = {
        "session": sessions.session(seen, shown, now),
        "status": sessions.status_of(seen),
        "intake": intake_panel(access, asked),
        "looks_url": _looks_url(access, visitor, booking),
        "is_unpaid": is_unpaid,
        "join": sessions.join(booking, shown, now),
        "ics_url": f"{access.base}/calendar.ics" if is_firm and booking.ends_at > now else None,
        "reschedule_url": f"{access.base}/reschedule" if booking.can_reschedule else None,
        "cancel_url": f"{access.base}/cancel" if booking.can_cancel else None,
        "pay_url": f"{access.base}/unpaid" if is_unpaid else None,
        "policy_lines": terms_at(
            *(booking.policy, booking.starts_at, shown.info, now),
            is_on_account=booking.is_on_account,
        ),
        "refund": sessions.refund(booking, seen.payment),
        "history": [],
        "book_again_url": sessions.book_again_url(booking, seen.card),
        "forget_url": forget_url(visitor, booking),
        "links_url": links_url(visitor, booking),
    }
    return await page(request, "booking.html", context)


@pages.get("/paid")
async def paid_page(
    request: Request,
    backend: Asked,
    access: Granted,
    visitor: WebVisitor,
    since: Annotated[int | None, Query(ge=0, le=LATEST)] = None,
) -> Response:
    """Where the payment page returns to: waits until booking has heard of the payment. Who has just
    come waits in the answer at first: most payments have arrived before the page would be drawn."""
    changes: Changes = request.app.state.changes
    booking = await _settled(backend, access, changes, 0 if since is not None else WAIT_SECONDS)
    seen, now = await see(backend, access, known=booking), utc_now()
    if seen.booking.state in FIRM:
        return lead_on(request, f"{access.base}/confirmation")
    began = since if since is not None else int(time())
    is_slow = time() - began >= SLOW_AFTER_SECONDS
    if not _may_still_come(seen, is_slow=is_slow):
        return lead_on(request, access.base)
    context = {
        "session": sessions.session(seen, zone_of(request, visitor, seen.booking), now),
        "refresh_url": f"{access.base}/paid?since={began}",
        "reference": str(access.booking_id)[-8:],
        "is_slow": is_slow,
    }
    return await page(request, "payment_pending.html", context)


async def _settled(
    backend: Backend, access: Access, changes: Changes, seconds: float
) -> BookingView:
    """The booking; while its payment is still to come, as it is once something becomes of it, some
    seconds later at most."""
    with changes.following(access.booking_id) as news:
        booking = await booking_of(backend, access)
        if booking.state in UNPAID and seconds and await news.has_news(seconds):
            return await booking_of(backend, access)
        return booking


def _may_still_come(seen: Seen, *, is_slow: bool) -> bool:
    """Whether a confirmation can still come: a lapsed hold is confirmed if its time is free."""
    if sessions.was_refused(seen.booking, seen.payment):
        return False
    is_lapsed = seen.booking.state is BookingState.EXPIRED
    return seen.booking.state in UNPAID or (is_lapsed and not is_slow)


@pages.get("/confirmation")
async def confirmation_page(
    request: Request,
    backend: Asked,
    access: Granted,
    visitor: WebVisitor,
    settings: Settings,
) -> Response:
    """Booked: how to join, what happens next. Anything else has its page one step up."""
    seen, asked = await asyncio.gather(see(backend, access), intake_state(backend, access))
    now, booking, shown = utc_now(), seen.booking, zone_of(request, visitor, seen.booking)
    if booking.state is not BookingState.CONFIRMED or booking.is_on_account:
        return redirect(request, access.base)
    door = sessions.join(booking, shown, now)
    context = {
        "session": sessions.session(seen, shown, now),
        "email": sent_to.recall(settings, request, booking.id),
        "join": door and door | {"url": settings.origin + booking.join_path},
        "ics_url": f"{access.base}/calendar.ics",
        "manage_url": access.base,
        "intake_url": intake_url(access, asked),
        "next_steps": _next_steps(access, seen, shown, has_door=door is not None),
        "policy_lines": terms_at(booking.policy, booking.starts_at, shown.info, now),
        "is_guest": visitor.login is None,
        "is_registering": registrant.recall(request) is not None,
        "register_url": "/register",
    }
    return await page(request, "confirmation.html", context)


def _next_steps(access: Access, seen: Seen, shown: ShownZone, *, has_door: bool) -> list[str]:
    booking, found = seen.booking, HERE_AGAIN if access.is_guest else IN_APPOINTMENTS
    steps = [f"{MAIL_COMES}; {found}", "We remind you by mail before the session."]
    if has_door:
        opens_at = booking.starts_at - DOOR_OPENS_BEFORE
        opens = labels.time_label(opens_at, shown.info)
        steps.append(f"From {opens} {shown.name} on that day you can enter by the link.")
    elif seen.address:
        begins = labels.time_label(booking.starts_at, shown.info)
        steps.append(f"You meet at {begins} {shown.name}: {seen.address}.")
    return steps


@pages.get("/unpaid")
async def unpaid_page(
    request: Request, backend: Asked, access: Granted, visitor: WebVisitor
) -> Response:
    """Back from the payment page unpaid: the time is held still, for so long."""
    seen, now = await see(backend, access), utc_now()
    booking, shown = seen.booking, zone_of(request, visitor, seen.booking)
    held = sessions.hold(booking, f"{access.base}/hold-extension", shown, now)
    if held is None:
        is_lapsed = booking.state is BookingState.EXPIRED
        return redirect(request, access.base, notice=NOT_HELD if is_lapsed else "", kind="warn")
    context = {
        "session": sessions.session(seen, shown, now),
        "hold": held,
        "pay_action": f"{access.base}/pay",
        "times_url": sessions.book_again_url(booking, seen.card),
        "release_url": f"{access.base}/cancel",
    }
    return await page(request, "unpaid.html", context)


@pages.post("/pay", dependencies=[Depends(limit_bookings)])
async def pay(
    request: Request,
    sent: Sent,
    backend: Asked,
    access: Granted,
    visitor: WebVisitor,
    door: Door,
    settings: Settings,
) -> Response:
    """To the payment page of a held time.

    The ways back from there name the booking and never a mail's link, so that the link stays
    with us: its holder's browser is remembered as the booking's guest.
    """
    booking = await booking_of(backend, access)
    if booking.state not in UNPAID:
        return redirect(request, access.base)
    await wishes.name_client(backend, access.visitor, booking)
    try:
        payment = await flows.start_payment(backend, access.visitor, booking, settings.origin)
        response = redirect(request, payment_page(payment.checkout_url, settings.checkout_origins))
    except PaymentsUnavailable:
        return redirect(request, f"{access.base}/unpaid", notice=NO_PAGE, kind="warn")
    if access.guest:
        door.remember_guest(response, visitor, GuestBooking.of(booking))
    return response


@pages.post("/hold-extension", dependencies=[Depends(limit_bookings)])
async def extend_hold(request: Request, sent: Sent, backend: Asked, access: Granted) -> Response:
    """Ten more minutes, once."""
    back = f"{access.base}/unpaid"
    try:
        command = ExtendHold(booking_id=access.booking_id)
        await backend.ask(access.actor, command, BookingView)
    except AlreadyExtended:
        return redirect(request, back, notice=ONCE, kind="info")
    except HoldExpired:
        return redirect(request, access.base, notice=NOT_HELD, kind="warn")
    return redirect(request, back, notice=LONGER)


@pages.get("/calendar.ics")
async def calendar(backend: Asked, access: Granted, settings: Settings) -> Response:
    """The appointment for the client's own calendar; the mail's file has the same UID.

    Calendars are shared and copied: the file leads to the session's door, not to the private
    link by which it was asked for.
    """
    booking = await booking_of(backend, access)
    url, place = settings.origin + booking.join_path, await address_of(backend, booking)
    return Response(
        calendar_file.appointment(booking, url=url, place=place, now=utc_now()),
        media_type="text/calendar",
        headers={"content-disposition": 'attachment; filename="appointment.ics"'},
    )
