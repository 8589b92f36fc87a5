"""Where practice staff and operators begin: a practitioner's day, or what one may do here."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response

from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.errors import Busy, Forbidden
from services.common.messages import FIRST_YEAR, LAST_YEAR
from services.contracts.billing import ListPayments, PaymentsView, PaymentView
from services.contracts.booking.bookings import (
    BookingState,
    BookingView,
    ListSessions,
    SessionsView,
)
from services.contracts.booking.hours import TouchedSession
from services.contracts.plans.commands import ListPlans
from services.contracts.plans.notes import NoteToDo
from services.contracts.plans.views import PlanLine, PlansView
from services.contracts.profiles.accounts import Membership, Role
from services.contracts.profiles.clients import ClientsView, ListClients
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.visitors import Visitor
from services.gateway.web import intake_marks, labels, links, note_to_dos, plan_to_dos, sessions
from services.gateway.web.accounts import practices_of
from services.gateway.web.ids import new_form_id
from services.gateway.web.page import page
from services.gateway.web.zones import ShownZone, shown_zone

router = APIRouter()
Context = dict[str, Any]
DAY = timedelta(days=1)
FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1) + DAY, date(LAST_YEAR, 12, 31) - DAY
"""A day within for all zones: midnights in the first and last year can be another year in UTC."""
MARKED = frozenset({BookingState.ATTENDED, BookingState.NO_SHOW})
GIVEN_UP = frozenset({BookingState.CANCELLED, BookingState.LATE_CANCELLED})
GOING_ON = frozenset({BookingState.CONFIRMED, BookingState.ATTENDED})
KEEP_CALENDARS = frozenset({Role.OWNER, Role.ADMIN, Role.FRONT_DESK})
ShownDay = Annotated[date, Query(ge=FIRST_DAY, le=LAST_DAY)]
MOST_NAMES = 200
MOST_TO_DOS = 20
"""The earliest of them; the page of notes has all."""
MOST_AT_ONCE = 100
"""As many ids as a list of payments takes; nobody has as many sessions in a day."""


@router.get("/today")
async def today_page(
    request: Request, backend: Asked, visitor: WebVisitor, day: ShownDay | None = None
) -> Response:
    """A practitioner's sessions of one day; others of the staff see where they work."""
    account = visitor.require_login().account
    treating = next((one for one in account.memberships if one.practitioner_id), None)
    if treating is not None and treating.practitioner_id is not None:
        actor = visitor.actor(treating.practice_id)
        shown = shown_zone(request, visitor)
        return await _day_page(request, backend, actor, treating.practitioner_id, shown, day)
    if not account.memberships and not account.is_operator:
        raise Forbidden("This page is for practices.")
    return await _staff_home(request, visitor, account.memberships)


async def _staff_home(
    request: Request, visitor: Visitor, memberships: list[Membership]
) -> Response:
    account = visitor.require_login().account
    context = {
        "heading": f"Hello {account.name}",
        "practices": practices_of(account) if memberships else [],
        "is_operator": account.is_operator,
        "own_url": "/appointments",
        "supervises": any(Role.SUPERVISOR in one.roles for one in memberships),
        "intakes": intake_marks.kept(memberships),
        "keeps_calendars": any(KEEP_CALENDARS.intersection(one.roles) for one in memberships),
    }
    return await page(request, "staff_home.html", context, active="today")


async def _day_page(
    request: Request,
    backend: Backend,
    actor: Actor,
    practitioner_id: UUID,
    shown: ShownZone,
    day: date | None,
) -> Response:
    now, zone = utc_now(), shown.info
    shown_day = day or now.astimezone(zone).date()
    listed, plans, wanting = await asyncio.gather(
        _sessions(backend, actor, practitioner_id, shown_day, zone),
        _plans(backend, actor),
        note_to_dos.to_dos_of(backend, actor),
    )
    bookings, to_dos = listed.bookings[:MOST_AT_ONCE], wanting[:MOST_TO_DOS]
    names, payments, intakes = await asyncio.gather(
        client_names(backend, actor, [*bookings, *(plans or []), *to_dos]),
        payments_of(backend, actor, bookings),
        intake_marks.states(backend, actor, (one.client_id for one in bookings)),
    )
    context = {
        "day": shown_day.isoformat(),
        "day_label": labels.date_label(shown_day, now.astimezone(zone).date()),
        "prev_url": f"/today?day={shown_day - DAY}",
        "next_url": f"/today?day={shown_day + DAY}",
        "zone_label": shown.name,
        "asks": plan_to_dos.of_practitioner(plans or [], names),
        "has_plans": plans is not None,
        "counts": {"sessions_label": _count(sum(one.state not in GIVEN_UP for one in bookings))},
        "sessions": [
            _hour(one, names.get(one.client_id, ""), payments.get(one.id), shown, now)
            | {
                "is_in_time_off": one.id in listed.in_time_off,
                "attendance": attendance(one, f"/today?day={shown_day}"),
                "intake": intake_marks.mark(one, intakes.get(one.client_id), is_own=True),
            }
            for one in bookings
        ],
        "to_dos": note_to_dos.to_do_context(to_dos, names, shown, now),
    }
    return await page(request, "for_staff.html", context, active="today")


async def _sessions(
    backend: Backend, actor: Actor, practitioner_id: UUID, day: date, zone: ZoneInfo
) -> SessionsView:
    asked = ListSessions(
        practitioner_id=practitioner_id,
        from_at=datetime.combine(day, time(), zone),
        until_at=datetime.combine(day + DAY, time(), zone),
    )
    return await backend.ask(actor, asked, SessionsView)


async def _plans(backend: Backend, actor: Actor) -> list[PlanLine] | None:
    """The plans that ask something of the practitioner; None while plans is away."""
    try:
        found = await backend.ask(actor, ListPlans(), PlansView)
    except Busy:
        return None
    return [one for one in found.plans if plan_to_dos.asks_practitioner(one)]


async def client_names(
    backend: Backend,
    actor: Actor,
    bookings: Sequence[BookingView | TouchedSession | PlanLine | NoteToDo],
) -> dict[UUID, str]:
    """Whose these bookings and plans of the actor's practice are, by client."""
    if not bookings:
        return {}
    asked = ListClients(client_ids=list({one.client_id for one in bookings})[:MOST_NAMES])
    return {one.id: one.name for one in (await backend.ask(actor, asked, ClientsView)).clients}


async def payments_of(
    backend: Backend, actor: Actor, bookings: Sequence[BookingView]
) -> dict[UUID, PaymentView]:
    """What the actor may know of the payments of these bookings, by booking."""
    if not bookings:
        return {}
    asked = ListPayments(booking_ids=[one.id for one in bookings])
    found = await backend.ask(actor, asked, PaymentsView)
    return {one.booking_id: one for one in found.payments}


def _hour(
    booking: BookingView, name: str, payment: PaymentView | None, shown: ShownZone, now: datetime
) -> Context:
    begins = labels.time_label(booking.starts_at, shown.info)
    minutes = int((booking.ends_at - booking.starts_at).total_seconds() // 60)
    return {
        "starts_at": labels.instant(booking.starts_at),
        "time_label": f"{begins}–{labels.time_label(booking.ends_at, shown.info)}",
        "client_name": name or "Client",
        "is_given_up": booking.state in GIVEN_UP,
        "offering_label": sessions.offering_label(booking.offering_name, minutes),
        "where_label": labels.format_label(booking.format),
        "status": sessions.status(booking),
        "is_of_course": booking.course_id is not None,
        "payment": sessions.payment_of_session(booking, payment),
        "join": sessions.join(booking, shown, now),
        "url": links.staff_booking_url(booking.practice_id, booking.id),
        "links_url": links.private_links_url(booking.practice_id, booking.id),
        "course_url": course_url(booking),
    }


def course_url(booking: BookingView) -> str | None:
    """Where further sessions are booked, or those that were booked with this one."""
    if booking.course_id is not None:
        return f"/practices/{booking.practice_id}/courses/{booking.course_id}"
    if booking.state not in GOING_ON:
        return None
    return f"/practices/{booking.practice_id}/bookings/{booking.id}/course"


def attendance(booking: BookingView, back: str) -> Context | None:
    """The question whether the client came; None while it is too early, or there was no session."""
    if not booking.can_record_attendance:
        return None
    url = links.staff_booking_url(booking.practice_id, booking.id)
    return {
        "action": f"{url}/attendance",
        "form_id": new_form_id(),
        "is_marked": booking.state in MARKED,
        "back": back,
    }


def _count(number: int) -> str:
    if number == 0:
        return "No sessions"
    return "1 session" if number == 1 else f"{number} sessions"
