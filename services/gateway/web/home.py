"""A client's own pages: the next session, what is to do, all appointments."""

import asyncio
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from services.common.clock import utc_now
from services.common.errors import Busy
from services.contracts.booking.bookings import UNPAID, BookingsPage, BookingView, ListBookings
from services.contracts.booking.home import ClientHomeView, GetClientHome
from services.contracts.plans.commands import ListOwnPlans
from services.contracts.plans.views import PlanLine, PlansView
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.visitors import Visitor
from services.gateway.web import again, plan_progress, plan_to_dos, roster, sessions
from services.gateway.web.intake_links import intake_to_dos, open_intakes, own_ids
from services.gateway.web.links import with_query
from services.gateway.web.page import home_url, page, redirect, role_of
from services.gateway.web.paging import Trail
from services.gateway.web.roster import Roster
from services.gateway.web.zones import ShownZone, shown_zone, zone_context

router = APIRouter()
Context = dict[str, Any]
PER_PAGE = 20
SHOWN_AT_HOME = 10


@router.get("/home")
async def home_page(request: Request, backend: Asked, visitor: WebVisitor) -> Response:
    """The next session and what waits to be done; staff begin elsewhere."""
    role = role_of(visitor.require_login().account)
    if role != "client":
        return redirect(request, home_url(role))
    told = await backend.ask(visitor.actor(), GetClientHome(limit=SHOWN_AT_HOME), ClientHomeView)
    upcoming, last = told.upcoming, told.last
    plans, intakes = await asyncio.gather(
        _plans(backend, visitor), open_intakes(backend, visitor, upcoming)
    )
    going_on = plan_progress.under_way(plans)
    who = [one.practitioner_id for one in (*upcoming, *last)]
    who += [one.practitioner_id for one in going_on]
    cards, own = await asyncio.gather(
        roster.of_ids(backend, who), own_ids(backend, visitor, intakes)
    )
    now, shown = utc_now(), shown_zone(request, visitor)
    asked = [one for one in intakes if one.client_id in own]
    firm = [one for one in upcoming if one.state in sessions.FIRM]
    context = {
        "next": _next(firm[0], cards, shown, now) if firm else None,
        "to_dos": [
            *_to_dos(upcoming, cards, shown, now),
            *intake_to_dos(asked, cards, shown, now),
            *plan_to_dos.of_client(plans),
        ],
        "plans": plan_progress.of_client(going_on, cards, shown, now),
        "again": again.people_again(last, told.next_times, cards, shown, now),
        "zone": zone_context(shown, "/home", {}, now),
    }
    return await page(request, "home.html", context, active="home")


async def _plans(backend: Backend, visitor: Visitor) -> list[PlanLine]:
    """The client's plans; none while plans is away, for home has other news."""
    try:
        return (await backend.ask(visitor.actor(), ListOwnPlans(), PlansView)).plans
    except Busy:
        return []


def _next(booking: BookingView, cards: Roster, shown: ShownZone, now: datetime) -> Context:
    card = cards.get(booking.practitioner_id)
    return sessions.listed_session(booking, card, shown, now) | {
        "manage_url": f"/bookings/{booking.id}",
        "in_label": in_label(booking.starts_at - now),
        "join": sessions.join(booking, shown, now),
    }


def in_label(left: timedelta) -> str:
    """ "in 2 days", "in 3 hours", "in 20 minutes", "now"."""
    minutes = int(left.total_seconds() // 60)
    if minutes < 1:
        return "now"
    for size, word in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes >= 2 * size or (size == 1 and minutes):
            count = minutes // size
            return f"in {count} {word}{'' if count == 1 else 's'}"
    return "now"


def _to_dos(
    bookings: list[BookingView], cards: Roster, shown: ShownZone, now: datetime
) -> list[Context]:
    """What is held and not paid yet."""
    waiting = [one for one in bookings if one.state in UNPAID]
    return [_payment_to_do(one, cards, shown, now) for one in waiting]


def _payment_to_do(booking: BookingView, cards: Roster, shown: ShownZone, now: datetime) -> Context:
    told = sessions.listed_session(booking, cards.get(booking.practitioner_id), shown, now)
    held = sessions.hold(booking, "", shown, now)
    until = f"We hold it until {held['ends_label']}. " if held else ""
    return {
        "label": f"Pay for {told['when_label']}",
        "detail": f"{until}{told['offering_label']} with {told['practitioner']['name']}.",
        "url": f"/bookings/{booking.id}/unpaid",
        "action_label": "Go on to pay",
    }


@router.get("/appointments")
async def appointments_page(
    request: Request,
    backend: Asked,
    visitor: WebVisitor,
    tab: Literal["upcoming", "past"] = "upcoming",
    turned: Annotated[str, Query(alias="page", max_length=2000)] = "",
) -> Response:
    """All appointments: upcoming soonest first, past latest first, page by page."""
    visitor.require_login()
    trail = Trail.parse(turned)
    asked = ListBookings(is_past=tab == "past", cursor=trail.here or None, limit=PER_PAGE)
    found = await backend.ask(visitor.actor(), asked, BookingsPage)
    cards = await roster.of_bookings(backend, found.bookings)
    now, shown = utc_now(), shown_zone(request, visitor)
    context = {
        "tab": tab,
        "upcoming_url": "/appointments",
        "past_url": "/appointments?tab=past",
        "zone_label": shown.name,
        "sessions": [_line(one, cards, shown, now) for one in found.bookings],
        "pages": _pages(tab, trail, found.next_cursor),
    }
    return await page(request, "appointments.html", context, active="appointments")


def _line(booking: BookingView, cards: Roster, shown: ShownZone, now: datetime) -> Context:
    card = cards.get(booking.practitioner_id)
    return sessions.listed_session(booking, card, shown, now) | {
        "manage_url": f"/bookings/{booking.id}",
        "status": sessions.status(booking),
        "join": sessions.join(booking, shown, now),
        "again_url": sessions.book_again_url(booking, card) if card else None,
    }


def _pages(tab: str, trail: Trail, next_cursor: str | None) -> Context:
    query = {"tab": tab if tab == "past" else ""}

    def url(turned: str) -> str:
        return with_query("/appointments", query | {"page": turned})

    return trail.pages(url, next_cursor)
