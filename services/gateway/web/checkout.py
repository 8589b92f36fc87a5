"""What the checkout pages show: one start of one offering, its price, its terms, who comes."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from fastapi import Request, Response

from services.common.auth import Actor
from services.common.errors import InvalidInput, NotFound
from services.common.money import Money
from services.contracts.base import Format
from services.contracts.billing import GetPrices, PaymentsUnavailable, PricesView
from services.contracts.billing.credits import CreditView
from services.contracts.booking.bookings import HOLD_FOR, BookingView
from services.contracts.booking.offerings import ListSlots, OfferingView, SlotsView
from services.contracts.profiles.clients import OwnClientView
from services.contracts.profiles.directory import GetPractitioner, PractitionerView
from services.gateway.backend import Backend
from services.gateway.forms.booking import ChoiceForm
from services.gateway.forms.reading import Flawed, parsed
from services.gateway.visitors import Visitor
from services.gateway.web import credits_to_use, labels, links, people, sessions
from services.gateway.web.ids import new_form_id
from services.gateway.web.page import page
from services.gateway.web.terms import terms_at
from services.gateway.web.words import NOT_YOUR_CALENDAR
from services.gateway.web.zones import COOKIE, QUERY, ShownZone, first_known
from services.gateway.wishes import agreed_at, has_own_record, own_client

Context = dict[str, Any]
LOOK_BACK, LOOK_AHEAD = timedelta(days=3), timedelta(days=14)
NEAREST = 3
#: What comes back after an error: no password.
TYPED = ("comes", "another_name", "name", "email", "phone", "consent")


@dataclass(frozen=True, slots=True)
class Offer:
    """A start as it can be booked now: with whom, what, at which price; the free starts near.

    `known` is what the practice knows of the visitor from earlier bookings; `may_book` is false
    for those of its staff who book nobody into this calendar. `credits`: the visitor's packages
    of which a session may be used instead of paying.
    """

    choice: ChoiceForm
    person: PractitionerView
    offering: OfferingView
    price: Money
    starts: Sequence[datetime]
    known: OwnClientView | None = None
    may_book: bool = True
    credits: Sequence[CreditView] = ()

    @property
    def is_free(self) -> bool:
        return self.choice.start in self.starts

    @property
    def nearest(self) -> list[datetime]:
        """Up to three free starts around the one that was chosen, in their order."""
        by_distance = sorted(self.starts, key=lambda at: abs(at - self.choice.start))
        return sorted(by_distance[:NEAREST])

    @property
    def times_url(self) -> str:
        return links.times_url(
            self.person.slug, offering=self.offering.id, format_=self.choice.format
        )

    @property
    def here_url(self) -> str:
        return self.book_url(self.choice.start)

    def book_url(self, starts_at: datetime) -> str:
        return links.book_url(
            slug=self.person.slug,
            practice_id=self.offering.practice_id,
            offering_id=self.offering.id,
            starts_at=starts_at,
            format_=self.choice.format,
        )


def choice_of(sent: Mapping[str, str]) -> ChoiceForm:
    """The start that a link or a form names; raises InvalidInput."""
    try:
        return parsed(ChoiceForm, sent)
    except Flawed as flawed:
        raise InvalidInput("This link to a time is incomplete.", flawed.errors) from None


async def offer(backend: Backend, visitor: Visitor, choice: ChoiceForm) -> Offer:
    """Asks profiles and booking at once, then billing. Raises NotFound for what fits not."""
    actor = visitor.actor(choice.practice)
    person, slots, known = await asyncio.gather(
        backend.ask(actor, GetPractitioner(slug=choice.slug), PractitionerView),
        backend.ask(actor, _slots_around(choice), SlotsView),
        own_client(backend, visitor, choice.practice),
    )
    offering = slots.offering
    if offering.practitioner_id != person.practitioner_id or not offering.formats:
        raise NotFound("There is no such offering.")
    format_ = choice.format or slots.format or offering.formats[0]
    kept = choice.model_copy(update={"format": format_})
    asked, credits = await asyncio.gather(
        price(backend, offering), credits_to_use.usable(backend, visitor, offering)
    )
    return Offer(kept, person, offering, asked, slots.starts, known, slots.may_book, credits)


async def price(backend: Backend, offering: OfferingView) -> Money:
    """The offering's price of today; raises NotFound where it has none."""
    found = await backend.ask(Actor(), GetPrices(price_ids=[offering.price_id]), PricesView)
    if not found.prices:
        raise NotFound("There is no price for this yet.")
    return found.prices[0].money


def _slots_around(choice: ChoiceForm) -> ListSlots:
    day = choice.start.date()
    return ListSlots(
        offering_id=choice.offering,
        from_on=day - LOOK_BACK,
        until_on=day + LOOK_AHEAD,
        time_zone="UTC",
        format=choice.format,
    )


def payment_page(url: str | None, allowed: Sequence[str]) -> str:
    """The address of the hosted page; raises PaymentsUnavailable for what is not Checkout's."""
    parts = urlsplit(url or "")
    if not url or f"{parts.scheme}://{parts.netloc}" not in allowed:
        raise PaymentsUnavailable("The payment page cannot be opened right now.")
    return url


def shown_for(request: Request, visitor: Visitor, posted: str, there: str) -> ShownZone:
    """The zone of a checkout page; a form carries the one in which its page was shown."""
    return first_known(
        chosen=posted or request.query_params.get(QUERY, ""),
        cookie=unquote(request.cookies.get(COOKIE, "")),
        account=visitor.login.account.time_zone if visitor.login else "",
        practitioner=there,
    )


def session(offered: Offer, shown: ShownZone, now: datetime) -> Context:
    """The session that would be booked."""
    offering, starts_at = offered.offering, offered.choice.start
    ends_at = starts_at + timedelta(minutes=offering.minutes)
    in_person = offered.choice.format is Format.IN_PERSON
    return {
        "practitioner": people.person(offered.person, shown.in_links),
        "offering_label": sessions.offering_label(offering.name, offering.minutes),
        "when_label": labels.when_label(starts_at, ends_at, shown.info, now),
        "starts_at": labels.instant(starts_at),
        "zone_label": shown.name,
        "there_label": labels.there_label(starts_at, ZoneInfo(offering.time_zone), shown.info),
        "where_label": sessions.where_label(
            offered.choice.format or Format.ONLINE, offered.person.city
        ),
        "where_detail": (offered.person.address or None) if in_person else None,
        "price_label": labels.money_label(offered.price),
    }


def fields(offered: Offer, shown: ShownZone, *, with_start: bool = True) -> dict[str, str]:
    """The hidden fields that carry the choice along."""
    choice = offered.choice
    carried = {
        "with": offered.person.slug,
        "practice": str(offered.offering.practice_id),
        "offering": str(offered.offering.id),
        "format": choice.format.value if choice.format else "",
        "price_id": str(offered.offering.price_id),
        "zone": shown.id,
    }
    return carried | ({"start": labels.instant(choice.start)} if with_start else {})


@dataclass(frozen=True, slots=True)
class Entered:
    """What the page of a start keeps: its form id, what was typed, what is wrong with it."""

    form_id: str
    values: Mapping[str, str]
    errors: Mapping[str, str]
    held: BookingView | None = None


def entered(visitor: Visitor, offered: Offer, sent: Mapping[str, str], **changes: Any) -> Entered:
    """What was typed so far; what is known of a signed-in person stands there already."""
    known: dict[str, str] = {}
    if before := offered.known:
        known = {"name": before.name, "email": before.email, "phone": before.phone or ""}
    elif visitor.login is not None:
        account = visitor.login.account
        known = {"name": account.name, "email": account.email, "phone": ""}
    typed = {name: sent[name] for name in TYPED if name in sent}
    kept = {"form_id": new_form_id(), "values": known | typed, "errors": {}} | changes
    return Entered(**kept)


async def checkout_page(
    request: Request,
    visitor: Visitor,
    offered: Offer,
    shown: ShownZone,
    kept: Entered,
    *,
    now: datetime,
    status: int = 200,
    notices: list[Context] | None = None,
) -> Response:
    """The one page between a slot and paying."""
    held = sessions.hold(kept.held, "/book/extend", shown, now) if kept.held else None
    context = _agreement(offered, shown) | {
        "session": session(offered, shown, now),
        "back_url": offered.times_url,
        "sign_in_url": links.with_query("/sign-in", {"next": offered.here_url}),
        "action": "/book",
        "form_id": kept.form_id,
        "fields": fields(offered, shown),
        "values": dict(kept.values),
        "errors": dict(kept.errors),
        "hold": held,
        "kept_for_label": labels.minutes_label(HOLD_FOR // timedelta(minutes=1)),
        "policy_lines": terms_at(offered.offering.policy, offered.choice.start, shown.info, now),
        "is_guest": visitor.login is None,
        "credits": [credits_to_use.choice(one, shown) for one in offered.credits],
        "asks_who_comes": has_own_record(visitor, offered.offering.practice_id),
    }
    return await page(request, "checkout.html", context, status=status, notices=notices)


def _agreement(offered: Offer, shown: ShownZone) -> Context:
    """To whom the client agrees, and when they did before, if these words were the same."""
    at = agreed_at(offered.known)
    day = at.astimezone(shown.info).date() if at else None
    return {
        "practice_name": offered.person.practice_name,
        "agreed_label": labels.full_date_label(day) if day else None,
    }


async def closed_page(request: Request) -> Response:
    """403, before anything is typed: booking would refuse what the visitor sends."""
    told = NOT_YOUR_CALENDAR._asdict() | {"status": 403, "reference": None}
    return await page(request, "error.html", told, status=403)


class Lost(NamedTuple):
    """Why a start cannot be had, in words."""

    heading: str
    reason: str


async def lost_page(
    request: Request,
    offered: Offer,
    shown: ShownZone,
    sent: Mapping[str, str],
    lost: Lost,
    *,
    now: datetime,
    nearest: Sequence[datetime] | None = None,
) -> Response:
    """409: the start cannot be had. Three near it are one press away, with what was typed."""
    there = ZoneInfo(offered.offering.time_zone)
    starts = offered.nearest if nearest is None else nearest
    slots = [
        people.slot(at, shown, there, now, offered.book_url(at)) | {"form_id": new_form_id()}
        for at in starts
    ]
    context = {
        "session": session(offered, shown, now),
        "heading": lost.heading,
        "reason": lost.reason,
        "action": "/book/choose",
        "fields": fields(offered, shown, with_start=False),
        "kept": {name: sent[name] for name in TYPED[:-1] if sent.get(name)},
        "slots": slots,
        "all_url": offered.times_url,
        "zone_label": shown.name,
    }
    return await page(request, "slot_taken.html", context, status=409)
