"""Sessions of a course that the practice has just moved together, and the way back."""

from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response

from services.common.clock import utc_now
from services.common.errors import DifferentContent, InvalidInput
from services.contracts.booking.refusals import (
    ClientElsewhere,
    NotBookable,
    NotReschedulable,
    SeriesChanged,
    SlotTaken,
)
from services.contracts.booking.series import MovedSeries
from services.gateway.asking import Asked, count_change, limit_bookings
from services.gateway.forms.reading import STALE, Flawed, Sent, parsed
from services.gateway.forms.series import UndoForm
from services.gateway.forms.weeks import Telling
from services.gateway.web import labels, sides
from services.gateway.web.access import Granted, booking_of
from services.gateway.web.ids import new_form_id
from services.gateway.web.page import page, redirect
from services.gateway.web.series_words import back_notice, listed, moved_heading
from services.gateway.web.treating import client_names
from services.gateway.web.week_context import week_of_session

pages = APIRouter(prefix="/series")
Context = dict[str, Any]
STAYS = "Nothing was moved back: the sessions are where you moved them."
REFUSED: dict[type[Exception], str] = {
    NotReschedulable: f"The session cannot be moved any more. {STAYS}",
    SeriesChanged: f"A session was moved or cancelled in the meantime. {STAYS}",
    SlotTaken: f"One of the times from before is taken by now. {STAYS}",
    ClientElsewhere: f"The client has another session at one of the times from before. {STAYS}",
    NotBookable: f"One of the times from before has passed or is closed. {STAYS}",
    InvalidInput: STALE,
    DifferentContent: STALE,
}


@pages.get("/moved")
async def moved_page(request: Request, backend: Asked, access: Granted) -> Response:
    """How many have moved, and the way back to where they were."""
    booking = await booking_of(backend, access)
    try:
        told = parsed(UndoForm, dict(request.query_params))
    except Flawed:
        return redirect(request, access.base)
    zone, now = ZoneInfo(booking.time_zone), utc_now()
    names = await client_names(backend, access.actor, [booking.client_id])
    can_go_back = sides.may_be_moved_by_staff(booking) and all(
        min(one.from_at, one.starts_at) > now for one in told.moves
    )
    name = names.get(booking.client_id, "The client")
    first_at = min(one.from_at for one in told.moves)
    context = {
        "heading": moved_heading(len(told.moves)),
        "client_name": f"{name}, the first of them" if len(told.moves) > 1 else name,
        "when_label": labels.moment_label(first_at, zone, now),
        "starts_at": labels.instant(first_at),
        "is_told": told.tell is Telling.YES,
        "url": access.base,
        "back_url": told.back or week_of_session(booking),
        "back_label": "Back to where you were" if told.back else "To the calendar",
        "undo": {
            "action": f"{access.base}/series/undo",
            "form_id": new_form_id(),
            "fields": {
                "moves": listed(told.moves),
                "tell": told.tell.value,
                "back": told.back,
            },
        }
        if can_go_back
        else None,
    }
    return await page(request, "moved.html", context, active="calendar")


@pages.post("/undo", dependencies=[Depends(limit_bookings)])
async def undo(request: Request, sent: Sent, backend: Asked, access: Granted) -> Response:
    """Move them back, all or none; who cannot is told why."""
    booking = await booking_of(backend, access)
    try:
        form = parsed(UndoForm, sent)
        await count_change(request, access.actor, booking.id)
        moved = await backend.ask(access.actor, form.command(booking.id), MovedSeries)
    except Flawed:
        return redirect(request, access.base, notice=STALE, kind="warn")
    except tuple(REFUSED) as refusal:
        return redirect(request, access.base, notice=REFUSED[type(refusal)], kind="warn")
    notice = back_notice(len(moved.bookings), is_told=form.tell is Telling.YES)
    return redirect(request, form.back or access.base, notice=notice)
