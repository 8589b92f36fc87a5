"""A session moved by the practice to a time that it names: asked, done, and taken back."""

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request, Response

from services.common.clock import utc_now
from services.common.errors import DifferentContent, InvalidInput
from services.common.messages import Instant
from services.contracts.booking.bookings import BookingView, RescheduleBooking
from services.contracts.booking.refusals import (
    ClientElsewhere,
    NotBookable,
    NotReschedulable,
    SlotTaken,
)
from services.gateway.asking import Asked, count_change, limit_bookings
from services.gateway.backend import Backend
from services.gateway.forms.accounts import OwnPath
from services.gateway.forms.reading import STALE, Flawed, Sent, parsed
from services.gateway.forms.weeks import AskedDay, MoveToForm, Telling, WallTime
from services.gateway.web import labels, links, sides
from services.gateway.web.access import Access, Granted, booking_of
from services.gateway.web.ids import new_form_id
from services.gateway.web.page import page, redirect
from services.gateway.web.sessions import offering_label
from services.gateway.web.treating import client_names
from services.gateway.web.week_context import week_of_session

pages = APIRouter()
Context = dict[str, Any]
CANNOT_MOVE = "This session cannot be moved any more."
ALREADY_THERE = "The session takes place then already. Choose another time."
ELSEWHERE = "The client has another session with your practice at that time."
TAKEN = "That time is taken, or too close to another session."
Refused = Flawed | SlotTaken | NotBookable | ClientElsewhere | InvalidInput | DifferentContent


@pages.get("/move")
async def move_page(
    request: Request,
    backend: Asked,
    access: Granted,
    day: Annotated[AskedDay | None, Query()] = None,
    at: Annotated[WallTime | None, Query()] = None,
    back: OwnPath = "",
) -> Response:
    """The question where to, and whether the client is told; with `day` and `at` filled in."""
    booking = await booking_of(backend, access)
    if not sides.may_be_moved_by_staff(booking):
        return redirect(request, access.base, notice=CANNOT_MOVE, kind="warn")
    local = booking.starts_at.astimezone(ZoneInfo(booking.time_zone))
    values = {
        "day": str(day or local.date()),
        "at": f"{at or local.time():%H:%M}",
        "tell": Telling.YES.value,
        "back": back,
    }
    return await _asking(request, backend, access, booking, values, {}, 200)


@pages.post("/move", dependencies=[Depends(limit_bookings)])
async def move(request: Request, sent: Sent, backend: Asked, access: Granted) -> Response:
    """Move it; what is refused is asked again, with the reason, and the session stays."""
    booking = await booking_of(backend, access)
    try:
        form = parsed(MoveToForm, sent)
        command = RescheduleBooking(
            id=form.form_id,
            booking_id=booking.id,
            starts_at=form.starts_at(ZoneInfo(booking.time_zone)),
            is_client_told=form.tell is Telling.YES,
        )
        await count_change(request, access.actor, booking.id)
        await backend.ask(access.actor, command, BookingView)
    except NotReschedulable:
        return redirect(request, access.base, notice=CANNOT_MOVE, kind="warn")
    except (
        *(Flawed, SlotTaken, NotBookable, ClientElsewhere),
        *(InvalidInput, DifferentContent),
    ) as refusal:
        errors = errors_of(refusal, ZoneInfo(booking.time_zone))
        status = 422 if isinstance(refusal, (Flawed, InvalidInput, DifferentContent)) else 409
        return await _asking(request, backend, access, booking, sent, errors, status)
    query = {
        "start": labels.instant(booking.starts_at),
        "tell": form.tell.value,
        "back": form.back,
    }
    return redirect(request, links.with_query(f"{access.base}/moved", query))


@pages.get("/moved")
async def moved_page(
    request: Request,
    backend: Asked,
    access: Granted,
    start: Annotated[Instant, Query()],
    tell: Telling = Telling.YES,
    back: OwnPath = "",
) -> Response:
    """Where the session is now, and the way back to where it was."""
    booking = await booking_of(backend, access)
    zone, now = ZoneInfo(booking.time_zone), utc_now()
    is_movable = sides.may_be_moved_by_staff(booking) and start > now
    context = {
        "heading": "The session has moved",
        "client_name": await _whom(backend, access, booking),
        "when_label": labels.moment_label(booking.starts_at, zone, now),
        "starts_at": labels.instant(booking.starts_at),
        "is_told": tell is Telling.YES,
        "url": access.base,
        "back_url": back or week_of_session(booking),
        "back_label": "To the calendar",
        "undo": {
            "action": f"{access.base}/move",
            "form_id": new_form_id(),
            "fields": {"start": labels.instant(start), "tell": tell.value, "back": back},
        }
        if is_movable and start != booking.starts_at
        else None,
    }
    return await page(request, "moved.html", context, active="calendar")


def errors_of(refusal: Refused, zone: ZoneInfo) -> dict[str, str]:
    """Why it cannot be moved there, in words, by field."""
    if isinstance(refusal, Flawed):
        return refusal.errors
    if isinstance(refusal, SlotTaken):
        return {"form": TAKEN + _nearest(refusal.detail.get("nearest", ""), zone)}
    if isinstance(refusal, ClientElsewhere):
        return {"form": ELSEWHERE}
    if isinstance(refusal, NotBookable):
        return {"form": f"That time {refusal.detail.get('starts_at', 'cannot be booked')}."}
    if isinstance(refusal, InvalidInput) and "starts_at" in refusal.detail:
        return {"at": ALREADY_THERE}
    return {"form": STALE}


def _nearest(told: str, zone: ZoneInfo) -> str:
    """ " Free near it: Tue 24 Nov, 10:00; …"."""
    starts = [datetime.fromisoformat(at).astimezone(zone) for at in told.split(",") if at]
    listed = (f"{labels.short_date_label(at.date(), at.date())}, {at:%H:%M}" for at in starts)
    return f" Free near it: {'; '.join(listed)}." if starts else ""


async def _asking(
    request: Request,
    backend: Backend,
    access: Access,
    booking: BookingView,
    values: dict[str, str],
    errors: dict[str, str],
    status: int,
) -> Response:
    zone, now = ZoneInfo(booking.time_zone), utc_now()
    minutes = int((booking.ends_at - booking.starts_at).total_seconds() // 60)
    context = {
        "client_name": await _whom(backend, access, booking),
        "offering_label": offering_label(booking.offering_name, minutes),
        "when_label": labels.when_label(booking.starts_at, booking.ends_at, zone, now),
        "starts_at": labels.instant(booking.starts_at),
        "zone_label": labels.zone_name(zone),
        "action": f"{access.base}/move",
        "form_id": new_form_id(),
        "back_url": access.base,
        "slots_url": f"{access.base}/reschedule",
        "values": {"tell": Telling.YES.value, "back": ""} | values,
        "errors": errors,
    }
    return await page(request, "move.html", context, status=status, active="calendar")


async def _whom(backend: Backend, access: Access, booking: BookingView) -> str:
    names = await client_names(backend, access.actor, [booking.client_id])
    return names.get(booking.client_id, "The client")
