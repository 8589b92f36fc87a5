"""Courses for the practice's staff: dates proposed from one session on, booked all or none."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response

from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.errors import InvalidInput, NotFound
from services.contracts.billing import GetPrices, PricesView
from services.contracts.booking.bookings import BookingView, GetBooking
from services.contracts.booking.courses import BookCourse, CoursePreview, CourseView
from services.contracts.booking.refusals import (
    ClientElsewhere,
    NotBookable,
    PriceChanged,
    SlotTaken,
)
from services.contracts.profiles.clients import ClientsView, ListClients
from services.gateway.asking import Asked, WebVisitor, limit_bookings
from services.gateway.backend import Backend
from services.gateway.forms.courses import NAMES, AgreedForm, CourseForm, usual
from services.gateway.forms.reading import Flawed, Sent, parsed
from services.gateway.visitors import Visitor
from services.gateway.web import course_words, labels
from services.gateway.web.day_desk import today_url
from services.gateway.web.ids import corrected_id, kept_form_id
from services.gateway.web.page import page, redirect

router = APIRouter()
Context = dict[str, Any]
HERE = "/practices/{practice_id}/bookings/{booking_id}/course"
PRICE_CHANGED = "The price has changed since you saw it. Nothing was booked: please look once more."
ELSEWHERE = "The client has another session of this practice at one of these times."
GONE = "A date has just changed and cannot be booked any more. Nothing was booked; look once more."


@dataclass(frozen=True, slots=True)
class Desk:
    """Who asks for a course, after which session, and where their day is."""

    request: Request
    backend: Backend
    actor: Actor
    practice_id: UUID
    booking_id: UUID
    back_url: str

    @property
    def url(self) -> str:
        return HERE.format(practice_id=self.practice_id, booking_id=self.booking_id)


async def _desk(
    request: Request, practice_id: UUID, booking_id: UUID, backend: Asked, visitor: WebVisitor
) -> Desk:
    actor, back_url = staff_of(visitor, practice_id), today_url(visitor, practice_id)
    return Desk(request, backend, actor, practice_id, booking_id, back_url)


Asking = Annotated[Desk, Depends(_desk)]


@router.get(HERE)
async def course_page(desk: Asking) -> Response:
    """The dates of a course as it is asked for in the address; without, of twelve weeks."""
    query = desk.request.query_params
    asked = {name: text for name, text in query.items() if name in NAMES}
    try:
        form = parsed(CourseForm, asked) if asked else await _usual(desk)
        return await _proposal(desk, form)
    except Flawed as flawed:
        return await _unasked(desk, asked, flawed.errors)
    except InvalidInput as flaws:
        return await _unasked(desk, asked, course_words.at_fields(flaws))
    except NotBookable as refusal:
        notice = course_words.why_not(refusal)
        return redirect(desk.request, desk.back_url, notice=notice, kind="warn")


@router.post(HERE, dependencies=[Depends(limit_bookings)])
async def book(sent: Sent, desk: Asking) -> Response:
    """Book all dates that were shown, or none; other dates are proposed for those that went."""
    try:
        form = parsed(AgreedForm, sent)
    except Flawed as flawed:
        return await _unasked(desk, sent, flawed.errors)
    command = _command(desk, form)
    try:
        booked = await desk.backend.ask(desk.actor, command, CourseView)
    except SlotTaken as taken:
        return await _proposal(desk, form, status=409, taken=_instants(taken.detail.get("taken")))
    except PriceChanged:
        return await _proposal(desk, form, status=409, warning=PRICE_CHANGED)
    except ClientElsewhere:
        return await _proposal(desk, form, status=409, warning=ELSEWHERE)
    except (NotBookable, InvalidInput):
        return await _proposal(desk, form, status=409, warning=GONE)
    url = f"/practices/{desk.practice_id}/courses/{booked.id}"
    return redirect(desk.request, url, notice=course_words.done(len(booked.bookings)))


def _command(desk: Desk, form: AgreedForm) -> BookCourse:
    """The same form with other dates is another course: Back must not refuse what it shows."""
    agreed = (desk.booking_id, form.price_id, *form.starts)
    return BookCourse(
        id=corrected_id(form.form_id, *map(str, agreed)),
        follows_booking_id=desk.booking_id,
        price_id=form.price_id,
        starts=form.starts,
    )


def staff_of(visitor: Visitor, practice_id: UUID) -> Actor:
    """Who is signed in, with their part in the practice; to all others nothing is there. Whether
    the part is enough booking decides."""
    visitor.require_login()
    actor = visitor.actor(practice_id)
    if not actor.roles:
        raise NotFound("There is no such booking.")
    return actor


async def _usual(desk: Desk) -> CourseForm:
    asked = GetBooking(booking_id=desk.booking_id)
    return usual(await desk.backend.ask(desk.actor, asked, BookingView), utc_now())


async def _proposal(
    desk: Desk,
    form: CourseForm,
    *,
    status: int = 200,
    warning: str = "",
    taken: Sequence[datetime] = (),
) -> Response:
    """The dates for a pattern, to be booked where they are whole."""
    found = await desk.backend.ask(desk.actor, form.asked(desk.booking_id), CoursePreview)
    name, price = await asyncio.gather(
        client_name(desk.backend, desk.actor, found.follows.client_id), _price(desk, found)
    )
    zone, now = ZoneInfo(found.offering.time_zone), utc_now()
    starts = [labels.instant(one.starts_at) for one in found.dates if one.starts_at]
    context = _frame(desk, form.sent) | {
        "client_name": name,
        "offering_label": course_words.offering_of(found.follows),
        "zone_label": labels.zone_name(zone),
        "price_label": price,
        "warning": warning or course_words.went(taken, zone, now),
        "dates": [course_words.date_line(one, zone, now) for one in found.dates],
        "count_label": course_words.sessions_label(len(found.dates)),
        "open_count": sum(one.starts_at is None for one in found.dates),
        "moved_count": sum(bool(one.starts_at and one.reason) for one in found.dates),
        "agreed": form.sent
        | {"starts": ",".join(starts), "price_id": str(found.offering.price_id)},
        "form_id": kept_form_id(""),
    }
    return await page(desk.request, "course_new.html", context, status=status, active="today")


async def _unasked(desk: Desk, sent: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    """The form with what is wrong in it, and no dates."""
    found = await desk.backend.ask(desk.actor, GetBooking(booking_id=desk.booking_id), BookingView)
    typed = {name: text for name, text in sent.items() if name in NAMES}
    context = _frame(desk, usual(found, utc_now()).sent | typed) | {
        "client_name": await client_name(desk.backend, desk.actor, found.client_id),
        "offering_label": course_words.offering_of(found),
        "zone_label": labels.zone_name(ZoneInfo(found.time_zone)),
        "errors": dict(errors),
        "dates": [],
    }
    return await page(desk.request, "course_new.html", context, status=422, active="today")


def _frame(desk: Desk, values: Mapping[str, str]) -> Context:
    """What the form needs, with dates or without."""
    return {
        "back_url": desk.back_url,
        "action": desk.url,
        "values": dict(values),
        "errors": {},
        "warning": "",
    } | course_words.choices()


def _instants(listed: str | None) -> list[datetime]:
    return [datetime.fromisoformat(one) for one in (listed or "").split(",") if one]


async def client_name(backend: Backend, actor: Actor, client_id: UUID) -> str:
    """Whom a course is for."""
    found = await backend.ask(actor, ListClients(client_ids=[client_id]), ClientsView)
    return next((one.name for one in found.clients), "the client")


async def _price(desk: Desk, found: CoursePreview) -> str:
    asked = GetPrices(price_ids=[found.offering.price_id])
    prices = (await desk.backend.ask(Actor(), asked, PricesView)).prices
    return labels.money_label(prices[0].money) if prices else ""
