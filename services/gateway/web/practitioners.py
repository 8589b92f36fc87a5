"""A practitioner's page and the slot picker."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.errors import InvalidInput, NotFound
from services.contracts.base import Format
from services.contracts.billing import GetPrices, PricesView
from services.contracts.billing.packages import ListPackageOffers, PackagesView
from services.contracts.booking.offerings import (
    ListNextSlots,
    ListOfferings,
    ListSlots,
    NextSlots,
    NextSlotsView,
    OfferingsView,
    OfferingView,
    SlotsView,
)
from services.contracts.profiles.directory import GetPractitioner, PractitionerView
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.web import links, profile, slot_calendar
from services.gateway.web.page import Context, page, redirect
from services.gateway.web.people import person, slot
from services.gateway.web.profile import Choice, Prices
from services.gateway.web.slot_calendar import AskedDays, Free, Makers, parse_wish
from services.gateway.web.slugs import KnownSlug
from services.gateway.web.zones import ShownZone, shown_zone, zone_context

router = APIRouter(prefix="/practitioners/{slug}")
NEXT_SLOTS = 6


@router.get("")
async def practitioner(
    slug: KnownSlug, request: Request, backend: Asked, visitor: WebVisitor
) -> Response:
    """Who they are, what can be booked at which price and terms, and the next free times."""
    now = utc_now()
    view = await backend.ask(visitor.actor(), GetPractitioner(slug=slug), PractitionerView)
    shown = shown_zone(request, visitor, view.time_zone)
    actor = visitor.actor(view.practice_id)
    next_asked = ListNextSlots(
        practitioner_ids=[view.practitioner_id], count=NEXT_SLOTS, is_spread=True
    )
    (offered, prices, has_packages), told = await asyncio.gather(
        _on_offer(backend, actor, view), backend.ask(actor, next_asked, NextSlotsView)
    )
    free = next((one for one in told.practitioners if one.starts), None)
    context = {
        "person": profile.profile(view, prices, shown.in_links),
        "offerings": profile.offerings(view, offered, prices, shown.in_links),
        "next_slots": _next_slots(view, free, shown, now),
        "zone": zone_context(shown, request.url.path, {}, now),
        "times_url": _all_times_url(view, free, shown),
        "policy_lines": profile.policy_lines(offered),
        "packages_url": links.packages_url(slug) if has_packages else None,
    }
    return await page(request, "practitioner.html", context, active="directory")


@router.get("/times")
async def times(
    slug: KnownSlug,
    request: Request,
    backend: Asked,
    visitor: WebVisitor,
    offering: str = "",
    day: str = "",
    month: str = "",
) -> Response:
    """The free times of one offering: a month, a week, a day; opens on the first free date."""
    view = await backend.ask(visitor.actor(), GetPractitioner(slug=slug), PractitionerView)
    looked = Look(
        view=view,
        shown=shown_zone(request, visitor, view.time_zone),
        actor=visitor.actor(view.practice_id),
        wish=parse_wish(day, month),
        now=utc_now(),
    )
    offering_id, format_ = _uuid(offering), _format(request.query_params.get("format", ""))
    if offering_id is None:
        return await _begin(request, backend, looked)
    try:
        (offered, prices), told = await asyncio.gather(
            _offered(backend, looked.actor, view), _slots(backend, looked, offering_id, format_)
        )
    except NotFound:
        # To the person and not to another offering's times: two services that disagree for a
        # moment on what is offered would send the visitor in circles.
        url = links.practitioner_url(slug, looked.shown.in_links)
        return redirect(request, url, notice="That is no longer offered.", kind="info")
    except InvalidInput as flaws:
        if "format" not in flaws.detail:
            raise
        url = links.times_url(slug, offering=offering_id, zone=looked.shown.in_links)
        return redirect(request, url, notice="It is not offered that way.", kind="info")
    choice = Choice.of(told.offering, told.format or request.query_params.get("format", ""))
    return await _picker(request, looked, choice, offered, prices, told)


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks for times of whom, in which zone, and where in the calendar."""

    view: PractitionerView
    shown: ShownZone
    actor: Actor
    wish: AskedDays
    now: datetime

    @property
    def there(self) -> ZoneInfo:
        return ZoneInfo(self.view.time_zone)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.shown.info).date()


async def _begin(request: Request, backend: Backend, looked: Look) -> Response:
    """On to the first offering; without any, back to the person's page."""
    asked = ListOfferings(practitioner_id=looked.view.practitioner_id)
    told = await backend.ask(looked.actor, asked, OfferingsView)
    slug, zone = looked.view.slug, looked.shown.in_links
    if told.offerings:
        first, query = told.offerings[0].id, request.query_params
        month, day = query.get("month", ""), query.get("day", "")
        url = links.times_url(slug, offering=first, month=month, day=day, zone=zone)
        return redirect(request, url)
    notice = f"{looked.view.name} offers nothing that can be booked at the moment."
    return redirect(request, links.practitioner_url(slug, zone), notice=notice, kind="info")


async def _offered(
    backend: Backend, actor: Actor, view: PractitionerView
) -> tuple[list[OfferingView], Prices]:
    """What they offer, then what it costs."""
    offered = await _offerings(backend, actor, view)
    return offered, await _prices(backend, actor, offered)


async def _on_offer(
    backend: Backend, actor: Actor, view: PractitionerView
) -> tuple[list[OfferingView], Prices, bool]:
    """The same, and whether there are packages of it."""
    offered = await _offerings(backend, actor, view)
    asked = ListPackageOffers(practitioner_id=view.practitioner_id)
    prices, told = await asyncio.gather(
        _prices(backend, actor, offered), backend.ask(actor, asked, PackagesView)
    )
    return offered, prices, bool(told.packages)


async def _offerings(backend: Backend, actor: Actor, view: PractitionerView) -> list[OfferingView]:
    asked = ListOfferings(practitioner_id=view.practitioner_id)
    return (await backend.ask(actor, asked, OfferingsView)).offerings


async def _prices(backend: Backend, actor: Actor, offered: list[OfferingView]) -> Prices:
    if not offered:
        return {}
    priced = GetPrices(price_ids=[one.price_id for one in offered])
    told = await backend.ask(actor, priced, PricesView)
    return {price.id: price.money for price in told.prices}


async def _slots(
    backend: Backend, looked: Look, offering_id: UUID, format_: Format | None
) -> SlotsView:
    from_on, until_on = slot_calendar.range_to_ask(looked.wish, looked.today)
    asked = ListSlots(
        offering_id=offering_id,
        from_on=from_on,
        until_on=until_on,
        time_zone=looked.shown.id,
        format=format_,
    )
    return await backend.ask(looked.actor, asked, SlotsView)


async def _picker(
    request: Request,
    looked: Look,
    choice: Choice,
    offered: list[OfferingView],
    prices: Prices,
    told: SlotsView,
) -> Response:
    view, shown = looked.view, looked.shown
    last_on = slot_calendar.last_date(told.last_bookable_on, looked.there, shown.info)
    free = Free(told.starts, told.next_free_at, last_on)
    make = _makers(looked, choice)
    if day := slot_calendar.jump_to(looked.wish, free, shown.info, looked.today):
        return redirect(request, make.day_url(day))
    kept = ("offering", "format", "month", "day")
    keep = {name: request.query_params.get(name, "") for name in kept}
    context = {
        "person": person(view, shown.in_links),
        "offering": profile.chosen_offering(view, choice, prices),
        "offerings": profile.other_choices(view, offered, choice, shown.in_links),
        "calendar": slot_calendar.calendar_context(looked.wish, free, shown.info, looked.now, make),
        "zone": zone_context(shown, request.url.path, keep, looked.now),
    }
    return await page(request, "slots.html", context, active="directory")


def _makers(looked: Look, choice: Choice) -> Makers:
    def url(**where: str) -> str:
        return links.times_url(
            looked.view.slug,
            offering=choice.offering.id,
            format_=choice.format,
            zone=looked.shown.in_links,
            **where,
        )

    def made(at: datetime) -> Context:
        book = _book_url(looked.view, choice.offering.id, at, looked.shown, choice.format)
        return slot(at, looked.shown, looked.there, looked.now, book)

    return Makers(
        day_url=lambda day: url(day=day.isoformat()),
        month_url=lambda month: url(month=f"{month:%Y-%m}"),
        slot=made,
    )


def _next_slots(
    view: PractitionerView, free: NextSlots | None, shown: ShownZone, now: datetime
) -> list[Context]:
    if free is None:
        return []
    there = ZoneInfo(view.time_zone)
    return [
        slot(at, shown, there, now, _book_url(view, free.offering_id, at, shown, free.format))
        for at in free.starts
    ]


def _all_times_url(view: PractitionerView, free: NextSlots | None, shown: ShownZone) -> str:
    offering = free.offering_id if free else ""
    return links.times_url(view.slug, offering=offering, zone=shown.in_links)


def _book_url(
    view: PractitionerView,
    offering_id: UUID,
    at: datetime,
    shown: ShownZone,
    format_: Format | None = None,
) -> str:
    return links.book_url(
        slug=view.slug,
        practice_id=view.practice_id,
        offering_id=offering_id,
        starts_at=at,
        format_=format_,
        zone=shown.in_links,
    )


def _format(text: str) -> Format | None:
    return next((one for one in Format if one.value == text), None)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
