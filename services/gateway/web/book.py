"""Book a session: one page, a held seat, and on to the hosted payment page."""

from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from services.common.clock import utc_now
from services.common.errors import InvalidInput
from services.contracts.booking.bookings import BookingView, ExtendHold
from services.contracts.booking.refusals import (
    AlreadyExtended,
    ClientElsewhere,
    HoldExpired,
    NotBookable,
    PriceChanged,
    SlotTaken,
    TooManyHolds,
)
from services.gateway.asking import Asked, Door, Settings, WebVisitor, limit_bookings
from services.gateway.errors import headers_of
from services.gateway.forms.booking import BookForm, HeldForm
from services.gateway.forms.reading import Flawed, Sent, parsed
from services.gateway.web import checkout
from services.gateway.web.access import booking_of, of_visitor
from services.gateway.web.checkout import entered
from services.gateway.web.desk import GONE, LAPSED, TAKEN, Desk
from services.gateway.web.ids import new_form_id
from services.gateway.web.own_bookings import to_own
from services.gateway.web.returning import known_client, with_consent

router = APIRouter()
PRICE_CHANGED = (
    "The price has changed since you saw it. Nothing was booked or charged: please look at the "
    "new price below, and press Pay again if it suits you."
)


@router.get("/book")
async def checkout_page(request: Request, backend: Asked, visitor: WebVisitor) -> Response:
    """The page of one start. A link to a start that is gone leads to the nearest ones; staff
    who may not book here are told so at once."""
    now, choice = utc_now(), checkout.choice_of(request.query_params)
    offered = await checkout.offer(backend, visitor, choice)
    if not offered.may_book:
        return await checkout.closed_page(request)
    shown = checkout.shown_for(request, visitor, "", offered.offering.time_zone)
    if offered.is_free:
        kept = entered(visitor, offered, {})
        return await checkout.checkout_page(request, visitor, offered, shown, kept, now=now)
    if own := await to_own(request, backend, visitor, offered):
        return own
    return await checkout.lost_page(request, offered, shown, {}, GONE, now=now)


@router.post("/book/choose")
async def choose(request: Request, sent: Sent, backend: Asked, visitor: WebVisitor) -> Response:
    """The page of another start, with what was typed for the one that was lost; saves nothing."""
    offered = await checkout.offer(backend, visitor, checkout.choice_of(sent))
    if not offered.may_book:
        return await checkout.closed_page(request)
    shown = checkout.shown_for(request, visitor, sent.get("zone", ""), offered.offering.time_zone)
    now, kept = utc_now(), entered(visitor, offered, sent)
    if not offered.is_free:
        own = await to_own(request, backend, visitor, offered)
        return own or await checkout.lost_page(request, offered, shown, sent, TAKEN, now=now)
    return await checkout.checkout_page(request, visitor, offered, shown, kept, now=now)


@router.post("/book", dependencies=[Depends(limit_bookings)])
async def book(
    request: Request,
    sent: Sent,
    backend: Asked,
    visitor: WebVisitor,
    door: Door,
    settings: Settings,
) -> Response:
    """Hold the seat, then on to the payment page; the same form twice leads to the same page."""
    desk = Desk(request, sent, backend, visitor, door, settings)
    try:
        known = await known_client(backend, visitor, sent)
        form = parsed(BookForm, with_consent(sent, known))
    except Flawed as flawed:
        return await desk.again(status=422, errors=flawed.errors)
    try:
        return await desk.go_on(form, await desk.hold(form, known))
    except (SlotTaken, NotBookable) as lost:
        return await desk.lost(lost)
    except PriceChanged:
        told = [{"kind": "warn", "text": PRICE_CHANGED}]
        return await desk.again(status=409, notices=told)
    except ClientElsewhere:
        return await desk.elsewhere()
    except TooManyHolds as many:
        response = await desk.again(status=429, errors={"form": many.message})
        response.headers.update(headers_of(many))
        return response
    except InvalidInput as flaws:
        return await desk.again(status=422, errors=_at_fields(flaws))


@router.post("/book/extend", dependencies=[Depends(limit_bookings)])
async def extend(
    request: Request,
    sent: Sent,
    backend: Asked,
    visitor: WebVisitor,
    door: Door,
    settings: Settings,
) -> Response:
    """Ten more minutes for a held time, once; the page comes back with what was typed."""
    desk = Desk(request, sent, backend, visitor, door, settings)
    held = of_visitor(visitor, _form_id(sent))
    try:
        command = ExtendHold(booking_id=held.booking_id)
        longer = await backend.ask(held.actor, command, BookingView)
    except AlreadyExtended:
        return await desk.again(status=409, held=await booking_of(backend, held))
    except HoldExpired:
        return await desk.again(status=409, errors={"form": LAPSED}, form_id=new_form_id())
    return await desk.again(status=200, held=longer)


def _form_id(sent: dict[str, str]) -> UUID:
    try:
        return parsed(HeldForm, sent).form_id
    except Flawed as flawed:
        raise InvalidInput("This page is out of date.", flawed.errors) from None


def _at_fields(flaws: InvalidInput) -> dict[str, str]:
    """A service's refusal of a field, at the field if the page has it."""
    known = {name: text for name, text in BookForm.words.items() if name in flaws.detail}
    return known or {"form": flaws.message}
