"""Sessions of a course moved together by the practice: asked, shown date by date, done."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response

from services.common.clock import utc_now
from services.common.errors import DifferentContent, InvalidInput
from services.contracts.booking.bookings import BookingView
from services.contracts.booking.refusals import (
    ClientElsewhere,
    NotBookable,
    NotReschedulable,
    SeriesBroken,
    SeriesChanged,
    SlotTaken,
)
from services.contracts.booking.series import MovedSeries, SeriesPreview
from services.gateway.asking import Asked, count_change, limit_bookings
from services.gateway.backend import Backend
from services.gateway.forms.accounts import own_path
from services.gateway.forms.reading import STALE, Flawed, Sent, parsed
from services.gateway.forms.series import NAMES, MovesForm, SeriesForm, usual
from services.gateway.web import course_words, labels, links, sides
from services.gateway.web.access import Access, Granted, booking_of
from services.gateway.web.ids import new_form_id
from services.gateway.web.page import page, redirect
from services.gateway.web.series_words import break_label, moved_line, moves_field, way_back
from services.gateway.web.treating import client_names

pages = APIRouter()
Context = dict[str, Any]
CANNOT_MOVE = "This session is none of a course that can be moved."
MEANWHILE = (
    "A session was moved, cancelled or added in the meantime. Nothing was moved; please look at "
    "the dates once more."
)
NOT_FREE = "A date has just been taken. Nothing was moved; below are the dates as they can be now."
SAY_YES = "Tick that you want this all the same, or choose another date."
ALL_STAY = "All of these sessions are where you want them already."
REFUSED: dict[type[Exception], dict[str, str]] = {
    SeriesChanged: {"form": MEANWHILE},
    SeriesBroken: {"accept": SAY_YES},
    SlotTaken: {"form": NOT_FREE},
    ClientElsewhere: {"form": NOT_FREE},
    NotBookable: {"form": NOT_FREE},
    InvalidInput: {"form": STALE},
    DifferentContent: {"form": STALE},
}


@pages.get("/series")
async def series_page(request: Request, backend: Asked, access: Granted) -> Response:
    """The question where to; with an answer in the address, every date and why it is there."""
    booking = await booking_of(backend, access)
    sent = {name: text for name, text in request.query_params.items() if name in NAMES}
    return await _asking(request, backend, access, booking, sent, {}, 200)


@pages.post("/series", dependencies=[Depends(limit_bookings)])
async def move(request: Request, sent: Sent, backend: Asked, access: Granted) -> Response:
    """Move them to the dates that were shown; what is refused is shown anew, with the reason."""
    booking = await booking_of(backend, access)
    try:
        form = parsed(MovesForm, sent)
        await count_change(request, access.actor, booking.id)
        await backend.ask(access.actor, form.command(booking.id), MovedSeries)
    except NotReschedulable:
        return redirect(request, access.base, notice=CANNOT_MOVE, kind="warn")
    except Flawed as flawed:
        return await _asking(request, backend, access, booking, sent, flawed.errors, 422)
    except tuple(REFUSED) as refusal:
        errors = REFUSED[type(refusal)]
        return await _asking(request, backend, access, booking, sent, errors, 409)
    moves = way_back(form.moves)
    if not moves:
        return redirect(request, form.back or access.base, notice=ALL_STAY)
    query = {"moves": moves, "tell": form.tell.value, "back": form.back}
    return redirect(request, links.with_query(f"{access.base}/series/moved", query))


def may_move_series(booking: BookingView) -> bool:
    """Of a course, firm, and still to begin."""
    return booking.course_id is not None and sides.may_be_moved_by_staff(booking)


async def _asking(
    request: Request,
    backend: Backend,
    access: Access,
    booking: BookingView,
    sent: Mapping[str, str],
    errors: Mapping[str, str],
    status: int,
) -> Response:
    """The wish, and what comes of it; where it does not fit, what was typed and what is wrong."""
    if not may_move_series(booking):
        return redirect(request, access.base, notice=CANNOT_MOVE, kind="warn")
    zone, now, flaws = ZoneInfo(booking.time_zone), utc_now(), dict(errors)
    found = None
    if "scope" in sent:
        try:
            asked = parsed(SeriesForm, sent).asked(booking.id)
            found = await backend.ask(access.actor, asked, SeriesPreview)
        except Flawed as flawed:
            flaws |= flawed.errors
        except InvalidInput as flaw:
            flaws |= _at_fields(flaw)
    names = await client_names(backend, access.actor, [booking.client_id])
    values = usual(booking) | {"tell": "yes", "accept": ""} | dict(sent)
    values["back"] = own_path(values["back"])
    context = {
        "client_name": names.get(booking.client_id, "The client"),
        "offering_label": course_words.offering_of(booking),
        "when_label": labels.when_label(booking.starts_at, booking.ends_at, zone, now),
        "starts_at": labels.instant(booking.starts_at),
        "zone_label": labels.zone_name(zone),
        "action": f"{access.base}/series",
        "back_url": values["back"] or access.base,
        "values": values,
        "errors": flaws,
        "wish": {name: values[name] for name in sorted(NAMES)},
        **course_words.choices(),
        **_shown(found, zone, now),
    }
    code = status if status != 200 or not flaws else 422
    return await page(request, "series.html", context, status=code, active="calendar")


def _shown(found: SeriesPreview | None, zone: ZoneInfo, now: datetime) -> Context:
    """Every date, what is broken, and what the button sends."""
    dates = found.dates if found else []
    breaks = found.breaks if found else []
    return {
        "dates": [moved_line(one, zone, now) for one in dates],
        "breaks": [break_label(one, zone, now) for one in breaks],
        "count_label": course_words.sessions_label(len(dates)),
        "open_count": sum(one.to.starts_at is None for one in dates),
        "moved_count": sum(bool(one.to.starts_at and one.to.reason) for one in dates),
        "moves": moves_field(dates),
        "form_id": new_form_id(),
    }


def _at_fields(flaw: InvalidInput) -> dict[str, str]:
    fields = {"at": "at", "on": "day"}
    named = {fields[name] for name in flaw.detail if name in fields}
    return {name: SeriesForm.words[name] for name in named} or {"form": flaw.message}
