"""Where practice staff and operators begin: a practitioner's day, or what one may do here."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response

from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.errors import Forbidden
from services.common.messages import FIRST_YEAR, LAST_YEAR
from services.contracts.billing import ListPayments, PaymentsView
from services.contracts.booking.bookings import BookingState, BookingView
from services.contracts.booking.hours import TouchedSession
from services.contracts.booking.today import DayView, Gap, ListDay
from services.contracts.plans.notes import NoteToDo
from services.contracts.plans.views import PlanLine
from services.contracts.profiles.accounts import Membership
from services.contracts.profiles.clients import ClientsView, ListClients
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.visitors import Visitor
from services.gateway.web import (
    intake_marks,
    labels,
    links,
    marks,
    note_to_dos,
    plan_to_dos,
    sessions,
)
from services.gateway.web.accounts import practices_of
from services.gateway.web.day_desk import (
    DayDesk,
    kept_for,
    notes_to_write,
    plans_to_look_at,
    seeing_days,
)
from services.gateway.web.ids import new_form_id
from services.gateway.web.page import page
from services.gateway.web.treating import MOST_NAMES, names_of
from services.gateway.web.zones import ShownZone, shown_zone

router = APIRouter()
Context = dict[str, Any]
Names = dict[UUID, str]
Named = BookingView | TouchedSession | PlanLine | NoteToDo
"""What names a client."""
DAY = timedelta(days=1)
FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1) + DAY, date(LAST_YEAR, 12, 31) - DAY
"""A day within for all zones: midnights in the first and last year can be another year in UTC."""
MARKED = frozenset({BookingState.ATTENDED, BookingState.NO_SHOW})
GOING_ON = frozenset({BookingState.CONFIRMED, BookingState.ATTENDED})
ShownDay = Annotated[date, Query(ge=FIRST_DAY, le=LAST_DAY)]
MOST_TO_DOS = 5
"""The earliest of them; the page of notes has all."""
MOST_AT_ONCE = 100
"""As many ids as a list of payments takes, and as many sessions of a day as booking tells."""


@router.get("/today")
async def today_page(
    request: Request,
    backend: Asked,
    visitor: WebVisitor,
    day: ShownDay | None = None,
    whose: Literal["", "practice"] = "",
    practice: UUID | None = None,
) -> Response:
    """The sessions of one day, one's own or the practice's; others see where they work."""
    account = visitor.require_login().account
    if found := seeing_days(account, practice):
        desk = DayDesk(request, backend, visitor, found[0], whose, found[1:])
        return await _day_page(desk, day)
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
        "keeps": [line for one in memberships for line in kept_for(one)],
    }
    return await page(request, "staff_home.html", context, active="today")


async def _day_page(desk: DayDesk, day: date | None) -> Response:
    now, shown = utc_now(), shown_zone(desk.request, desk.visitor)
    zone = shown.info
    today = now.astimezone(zone).date()
    shown_day = day or today
    listed = await _sessions(desk, shown_day, zone)
    bookings = listed.bookings[:MOST_AT_ONCE]
    plans, wanting, intakes, paid = await asyncio.gather(
        plans_to_look_at(desk),
        notes_to_write(desk),
        intake_marks.states(desk.backend, desk.actor, (one.client_id for one in bookings)),
        payments_of(desk.backend, desk.actor, bookings),
    )
    to_dos = wanting and wanting[:MOST_TO_DOS]
    everybody: list[Named] = [*bookings, *listed.waiting]
    everybody += [*(plans or []), *(to_dos or [])]
    names, colleagues = await _names(desk, everybody)
    payments = {one.booking_id: one for one in paid.payments}
    owing = {one.booking_id: one for one in paid.receivables}
    back = desk.url(shown_day)
    context = {
        "day": shown_day.isoformat(),
        "day_label": labels.date_label(shown_day, today),
        "prev_url": desk.url(shown_day - DAY),
        "next_url": desk.url(shown_day + DAY),
        "whose_label": desk.here.practice_name if desk.is_whole or desk.others else "",
        "is_whole": desk.is_whole,
        "tabs": _tabs(desk, shown_day),
        "practices": desk.practices(shown_day),
        "zone_label": shown.name,
        "asks": plan_to_dos.of_practitioner(plans or [], names, shown, now),
        "has_plans": plans is not None,
        "counts": {"sessions_label": _sessions_label(listed, bookings)},
        "is_cut": listed.is_cut,
        "gap_label": _gap_label(listed.next_gap, shown, now),
        "waiting": [
            _waiting(one, names.get(one.client_id, ""), back, shown, now)
            for one in listed.waiting
            if one.id not in {it.id for it in bookings}
        ],
        "more_waiting": listed.more_waiting,
        "sessions": [
            _hour(one, names.get(one.client_id, ""), shown, now)
            | {
                "whom": colleagues.get(one.practitioner_id, ""),
                "client_url": desk.client_url(one.client_id),
                "payment": sessions.payment_of_session(
                    one, payments.get(one.id), owing.get(one.id)
                ),
                "effects": marks.effects(one, payments.get(one.id), owing.get(one.id)),
                "is_in_time_off": one.id in listed.in_time_off,
                "attendance": attendance(one, back),
                "intake": intake_marks.mark(
                    one,
                    intakes.get(one.client_id),
                    is_own=one.practitioner_id == desk.here.practitioner_id,
                ),
            }
            for one in bookings
        ],
        "to_dos": note_to_dos.to_do_context(to_dos, names, shown, now),
        "more_to_dos": max(0, len(wanting or []) - MOST_TO_DOS),
        "keeps": kept_for(desk.here),
    }
    return await page(desk.request, "for_staff.html", context, active="today")


async def _sessions(desk: DayDesk, day: date, zone: ZoneInfo) -> DayView:
    asked = ListDay(
        from_at=datetime.combine(day, time(), zone),
        until_at=datetime.combine(day + DAY, time(), zone),
        is_whole=desk.is_whole,
    )
    return await desk.backend.ask(desk.actor, asked, DayView)


async def _names(desk: DayDesk, listed: Sequence[Named]) -> tuple[Names, Names]:
    """Whose these are; and, where the day is not one practitioner's own, with whom. One call, and
    one for each further practice in which the person treats."""
    if not listed:
        return {}, {}
    ids = list({one.client_id for one in listed})[:MOST_NAMES]
    asked = ListClients(client_ids=ids, is_with_practitioners=desk.is_whole)
    others = [] if desk.is_whole else [one for one in desk.treating if one != desk.actor]
    found, elsewhere = await asyncio.gather(
        desk.backend.ask(desk.actor, asked, ClientsView), names_of(desk.backend, others, ids)
    )
    clients = {one.id: one.name for one in found.clients}
    return elsewhere | clients, {one.id: one.name for one in found.practitioners}


def _tabs(desk: DayDesk, day: date) -> list[Context]:
    """One's own day and the practice's, for who has both."""
    if not (desk.has_own and desk.may_see_all):
        return []
    return [
        {
            "label": label,
            "url": desk.url(day, is_whole=is_whole),
            "is_selected": is_whole == desk.is_whole,
        }
        for label, is_whole in (("Your day", False), (desk.here.practice_name, True))
    ]


def _gap_label(gap: Gap | None, shown: ShownZone, now: datetime) -> str:
    if gap is None:
        return ""
    ends = labels.time_label(gap.ends_at, shown.info)
    if gap.starts_at <= now:
        return f"Free now, until {ends}"
    return f"Next free time: {labels.time_label(gap.starts_at, shown.info)}–{ends}"


def _waiting(
    booking: BookingView, name: str, back: str, shown: ShownZone, now: datetime
) -> Context:
    """A past session of which it was not said who came."""
    return {
        "client_name": name or "Client",
        "starts_at": labels.instant(booking.starts_at),
        "when_label": labels.moment_label(booking.starts_at, shown.info, now),
        "url": links.staff_booking_url(booking.practice_id, booking.id),
        "attendance": attendance(booking, back),
    }


async def payments_of(
    backend: Backend, actor: Actor, bookings: Sequence[BookingView]
) -> PaymentsView:
    """What was paid for these bookings, and what is owed."""
    if not bookings:
        return PaymentsView(payments=[])
    asked = ListPayments(booking_ids=[one.id for one in bookings])
    return await backend.ask(actor, asked, PaymentsView)


def _hour(booking: BookingView, name: str, shown: ShownZone, now: datetime) -> Context:
    begins = labels.time_label(booking.starts_at, shown.info)
    minutes = int((booking.ends_at - booking.starts_at).total_seconds() // 60)
    return {
        "starts_at": labels.instant(booking.starts_at),
        "time_label": f"{begins}–{labels.time_label(booking.ends_at, shown.info)}",
        "client_name": name or "Client",
        "is_given_up": booking.state in sessions.GIVEN_UP,
        "offering_label": sessions.offering_label(booking.offering_name, minutes),
        "where_label": labels.format_label(booking.format),
        "status": sessions.status(booking),
        "is_of_course": booking.course_id is not None,
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


def _sessions_label(listed: DayView, bookings: Sequence[BookingView]) -> str:
    """How many take place; of a day that is cut, how many of it are shown."""
    if listed.is_cut:
        return f"The first {len(bookings)} of more sessions"
    number = sum(one.state not in sessions.GIVEN_UP for one in bookings)
    if number == 0:
        return "No sessions"
    return "1 session" if number == 1 else f"{number} sessions"
