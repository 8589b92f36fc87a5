"""The clients of a practice, for those who receive them: the list, and each one's record."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.common.clock import utc_now
from services.common.errors import Busy
from services.contracts.billing import ClientAccountView, GetClientAccount
from services.contracts.booking.caseload import (
    MOST_TREATED,
    CaseloadView,
    ClientBookingsPage,
    ClientSessions,
    ListCaseload,
    ListClientBookings,
)
from services.contracts.plans.commands import ListPlans
from services.contracts.plans.views import PlanLine, PlansView
from services.contracts.profiles.records import (
    ClientLine,
    ClientLinesPage,
    ClientRecordView,
    GetClientRecord,
    SearchClients,
)
from services.gateway.web import client_record, labels
from services.gateway.web.client_record import Seen
from services.gateway.web.page import page
from services.gateway.web.paging import Trail
from services.gateway.web.receiving import Desk, Receiving, ReceivingClient
from services.gateway.web.zones import ShownZone, shown_zone

router = APIRouter()
Context = dict[str, Any]
PER_PAGE = 20
Turned = Annotated[str, Query(alias="page", max_length=2000)]
Wanted = Annotated[str, Query(alias="q", max_length=200)]
Times = Mapping[UUID, ClientSessions]


@router.get("/clients")
async def clients_page(desk: Receiving, wanted: Wanted = "", turned: Turned = "") -> Response:
    """The clients by name, each with the last session and the next."""
    text, trail = wanted.strip(), Trail.parse(turned)
    found, times = await (_of_practice if desk.sees_all else _of_calendar)(desk, text, trail)
    now, shown = utc_now(), shown_zone(desk.request, desk.visitor)
    context = {
        "whose_label": desk.here.practice_name if desk.sees_all else _people_label(times),
        "practices": _practices(desk),
        "zone_label": shown.name,
        "text": text,
        "practice": str(desk.practice_id) if desk.others else "",
        "clear_url": desk.url("/clients"),
        "book_url": desk.url("/clients/book"),
        "clients": [_line(desk, one, times.get(one.id), shown, now) for one in found.clients],
        "pages": _pages(desk, text, trail, found.next_cursor),
    }
    return await page(desk.request, "clients.html", context, active="clients")


@router.get("/clients/{client_id}")
async def client_page(desk: ReceivingClient, client_id: UUID, turned: Turned = "") -> Response:
    """One client: how to reach them, what they booked, plans, money, and what can be done."""
    trail = Trail.parse(turned)
    asked = ListClientBookings(client_id=client_id, cursor=trail.here or None, limit=PER_PAGE)
    record, booked, plans = await asyncio.gather(
        desk.backend.ask(desk.actor, GetClientRecord(client_id=client_id), ClientRecordView),
        desk.backend.ask(desk.actor, asked, ClientBookingsPage),
        _plans(desk, client_id),
    )
    seen = Seen(record, booked, await _account(desk, booked, client_id), plans)
    shown = shown_zone(desk.request, desk.visitor)
    context = client_record.context(desk, seen, trail, shown, utc_now())
    return await page(desk.request, "client.html", context, active="clients")


async def _of_practice(desk: Desk, text: str, trail: Trail) -> tuple[ClientLinesPage, Times]:
    """All clients of the practice; then when those of the page were and will be there."""
    asked = SearchClients(text=text, cursor=trail.here or None, limit=PER_PAGE)
    found = await desk.backend.ask(desk.actor, asked, ClientLinesPage)
    ids = [one.id for one in found.clients]
    if not ids:
        return found, {}
    return found, await _times(desk, ListCaseload(client_ids=ids))


async def _of_calendar(desk: Desk, text: str, trail: Trail) -> tuple[ClientLinesPage, Times]:
    """Whom the calendar's bookings are of; then who they are."""
    times = await _times(desk, ListCaseload())
    asked = SearchClients(text=text, among=list(times), cursor=trail.here or None, limit=PER_PAGE)
    return await desk.backend.ask(desk.actor, asked, ClientLinesPage), times


async def _times(desk: Desk, asked: ListCaseload) -> Times:
    found = await desk.backend.ask(desk.actor, asked, CaseloadView)
    return {one.client_id: one for one in found.clients}


def _people_label(times: Times) -> str:
    """Who is listed for who treats; it says so where the list has its end before them all."""
    is_cut = len(times) >= MOST_TREATED
    return f"The {MOST_TREATED} people you saw last" if is_cut else "People you see"


async def _plans(desk: Desk, client_id: UUID) -> list[PlanLine] | None:
    """The plans that the practitioner keeps with the client; None while plans does not answer."""
    if desk.own_id is None:
        return []
    try:
        found = await desk.backend.ask(desk.actor, ListPlans(), PlansView)
    except Busy:
        return None
    return [one for one in found.plans if one.client_id == client_id]


async def _account(desk: Desk, booked: ClientBookingsPage, client_id: UUID) -> ClientAccountView:
    asked = GetClientAccount(
        client_id=client_id,
        booking_ids=[one.id for one in booked.bookings],
        practitioner_id=None if desk.sees_all else desk.own_id,
    )
    return await desk.backend.ask(desk.actor, asked, ClientAccountView)


def _practices(desk: Desk) -> Iterable[Context]:
    """The practices to choose from; nothing where there is one."""
    if not desk.others:
        return []
    every = sorted((desk.here, *desk.others), key=lambda one: one.practice_name)
    return [
        {
            "label": one.practice_name,
            "url": f"/clients?practice={one.practice_id}",
            "is_selected": one is desk.here,
        }
        for one in every
    ]


def _line(
    desk: Desk, client: ClientLine, times: ClientSessions | None, shown: ShownZone, now: datetime
) -> Context:
    return {
        "name": client.name,
        "email": client.email,
        "url": desk.url(f"/clients/{client.id}"),
        "last": _moment(times.last_at if times else None, shown, now),
        "next": _moment(times.next_at if times else None, shown, now),
    }


def _moment(at: datetime | None, shown: ShownZone, now: datetime) -> Context | None:
    if at is None:
        return None
    return {"at": labels.instant(at), "label": labels.moment_label(at, shown.info, now)}


def _pages(desk: Desk, text: str, trail: Trail, next_cursor: str | None) -> Context:
    def url(turned: str) -> str:
        return desk.url("/clients", q=text, page=turned)

    return trail.pages(url, next_cursor)
