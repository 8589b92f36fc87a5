"""Bookings: hold and pay, look, move, give back."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request
from pydantic import UUID7, Field, ValidationError

from services.common.errors import InvalidInput
from services.common.messages import Command, Instant, View
from services.contracts.base import Format, MailAddress, Percent, PersonName, Slug, Zone
from services.contracts.billing import PaymentView, PreviewRefund, RefundPreview
from services.contracts.booking.bookings import (
    Attendance,
    BookingsPage,
    BookingView,
    CancelBooking,
    CancellationPreview,
    ExtendHold,
    GetBooking,
    ListBookings,
    PreviewCancellation,
    RecordAttendance,
    RescheduleBooking,
)
from services.contracts.notify import LinksRevoked, RevokeLinks
from services.contracts.profiles.clients import BOOKING_WORDS, Phone
from services.gateway import flows, wishes
from services.gateway.api.problems import FOR_ANYBODY, responses
from services.gateway.asking import (
    ApiVisitor,
    Asked,
    Counted,
    Door,
    Settings,
    count_change,
    limit_bookings,
)
from services.gateway.visitors import GuestBooking, with_new

router = APIRouter(tags=["bookings"], prefix="/api/v1")
IdempotencyKey = Annotated[
    UUID7, Header(alias="Idempotency-Key", description="A UUIDv7, minted once per intention")
]


class NewBooking(Command):
    """What to book, at the price that was shown, and who comes.

    Who is signed in comes themselves, whatever name is given, unless `is_for_another` says that
    they book for somebody else. For guests and for a practice's staff it makes no difference.

    `agreed_to` is the version of the words to which whoever books has agreed, as a person at the
    booking page does: the cancellation terms, and that the practice may use what is entered here
    to prepare the sessions. Who is signed in and comes themselves may leave it out once they have
    agreed to this version at the practice.
    """

    practice_id: UUID
    offering_id: UUID
    starts_at: Instant
    format: Format
    price_id: UUID
    name: PersonName
    email: MailAddress
    phone: Phone | None = None
    time_zone: Zone = "UTC"
    is_for_another: bool = False
    agreed_to: Annotated[Slug | None, Field(examples=[BOOKING_WORDS])] = None


class Booked(View):
    """A held booking with its payment page.

    `token` gives a guest access to it as a bearer, until 30 days after the session; moving the
    booking answers another one.
    """

    booking: BookingView
    payment: PaymentView
    token: str


class Cancellation(Command):
    """The refund that was shown."""

    expected_refund_percent: Percent


class CancellationTerms(View):
    """What cancelling now gives back, in percent and in money."""

    terms: CancellationPreview
    money: RefundPreview


class Moved(BookingView):
    """A booking at its new time.

    `token` takes the place of the guest's, until 30 days after the session as it is now; null
    for who is signed in.
    """

    token: str | None = None


class Coming(Command):
    """Whether the client came; `unmarked` withdraws what was said."""

    attendance: Attendance


class Rescheduling(Command):
    """The new start. `accepts_breaks`: what it breaks of its course is meant."""

    starts_at: Instant
    accepts_breaks: bool = False


@router.post(
    "/bookings",
    status_code=201,
    responses=responses(400, 401, 403, 404, 409, 429),
    openapi_extra=FOR_ANYBODY,
    dependencies=[Depends(limit_bookings)],
)
async def book(
    body: NewBooking,
    booking_id: IdempotencyKey,
    backend: Asked,
    visitor: ApiVisitor,
    door: Door,
    settings: Settings,
    tally: Counted,
) -> Booked:
    """Hold a seat and open its payment page; repeat with the same key after any trouble."""
    wanted = await wishes.of_visitor(backend, visitor, _wish(body, booking_id))
    booking, payment = await flows.hold_and_pay(backend, visitor, wanted, settings.origin, tally)
    token = door.guest_token((GuestBooking.of(booking),))
    return Booked(booking=booking, payment=payment, token=token)


@router.get("/bookings", responses=responses(401))
async def list_bookings(
    query: Annotated[ListBookings, Query()], backend: Asked, visitor: ApiVisitor
) -> BookingsPage:
    """The account's bookings over all practices."""
    visitor.require_login()
    return await backend.ask(visitor.actor(), query, BookingsPage)


@router.get("/bookings/{booking_id}", responses=responses(401, 404))
async def get_booking(booking_id: UUID, backend: Asked, visitor: ApiVisitor) -> BookingView:
    """One booking."""
    actor = visitor.actor_of_booking(booking_id)
    return await backend.ask(actor, GetBooking(booking_id=booking_id), BookingView)


@router.post(
    "/bookings/{booking_id}/hold-extension",
    responses=responses(401, 404, 409, 429),
    dependencies=[Depends(limit_bookings)],
)
async def extend_hold(booking_id: UUID, backend: Asked, visitor: ApiVisitor) -> BookingView:
    """Ten more minutes, once."""
    actor = visitor.actor_of_booking(booking_id)
    return await backend.ask(actor, ExtendHold(booking_id=booking_id), BookingView)


@router.get("/bookings/{booking_id}/cancellation", responses=responses(401, 404, 409))
async def preview_cancellation(
    booking_id: UUID, backend: Asked, visitor: ApiVisitor
) -> CancellationTerms:
    """What cancelling now would give back."""
    actor = visitor.actor_of_booking(booking_id)
    asked = PreviewCancellation(booking_id=booking_id)
    terms = await backend.ask(actor, asked, CancellationPreview)
    refund = PreviewRefund(booking_id=booking_id, percent=terms.refund_percent)
    money = await backend.ask(flows.payer(visitor, terms.booking), refund, RefundPreview)
    return CancellationTerms(terms=terms, money=money)


@router.post(
    "/bookings/{booking_id}/cancellation",
    responses=responses(400, 401, 404, 409, 429),
    dependencies=[Depends(limit_bookings)],
)
async def cancel(
    booking_id: UUID,
    body: Cancellation,
    act_id: IdempotencyKey,
    backend: Asked,
    visitor: ApiVisitor,
) -> BookingView:
    """Give the seat back on the terms that were shown."""
    command = CancelBooking(
        id=act_id,
        booking_id=booking_id,
        expected_refund_percent=body.expected_refund_percent,
    )
    return await backend.ask(visitor.actor_of_booking(booking_id), command, BookingView)


@router.post(
    "/bookings/{booking_id}/rescheduling",
    responses=responses(400, 401, 404, 409, 429),
    dependencies=[Depends(limit_bookings)],
)
async def reschedule(
    booking_id: UUID,
    body: Rescheduling,
    act_id: IdempotencyKey,
    request: Request,
    backend: Asked,
    visitor: ApiVisitor,
    door: Door,
) -> Moved:
    """Move the booking to another start. A guest goes on with the token of the answer."""
    actor = visitor.actor_of_booking(booking_id)
    await count_change(request, actor, booking_id)
    command = RescheduleBooking(id=act_id, booking_id=booking_id, **dict(body))
    moved = await backend.ask(actor, command, BookingView)
    is_guest = visitor.is_guest_of(moved.id)
    held = with_new(visitor, GuestBooking.of(moved)) if is_guest else ()
    return Moved(**dict(moved), token=door.guest_token(held) if is_guest else None)


@router.put(
    "/practices/{practice_id}/bookings/{booking_id}/attendance",
    responses=responses(400, 401, 403, 404, 409, 429),
    dependencies=[Depends(limit_bookings)],
)
async def record_attendance(
    practice_id: UUID,
    booking_id: UUID,
    body: Coming,
    act_id: IdempotencyKey,
    backend: Asked,
    visitor: ApiVisitor,
) -> BookingView:
    """Say whether the client came, from the session's start on; for the practice's staff."""
    visitor.require_login()
    command = RecordAttendance(id=act_id, booking_id=booking_id, attendance=body.attendance)
    return await backend.ask(visitor.actor(practice_id), command, BookingView)


@router.delete(
    "/practices/{practice_id}/bookings/{booking_id}/links",
    responses=responses(401, 403, 404, 429),
    dependencies=[Depends(limit_bookings)],
)
async def revoke_links(
    practice_id: UUID, booking_id: UUID, backend: Asked, visitor: ApiVisitor
) -> LinksRevoked:
    """End every private link to a booking, as when a mail went astray; for the practice's staff.

    Later mails bring new ones.
    """
    visitor.require_login()
    actor = visitor.actor(practice_id)
    # Booking knows whose calendar it is in; to everybody else it does not exist.
    await backend.ask(actor, GetBooking(booking_id=booking_id), BookingView)
    return await backend.ask(actor, RevokeLinks(booking_id=booking_id), LinksRevoked)


def _wish(body: NewBooking, booking_id: UUID) -> wishes.Wish:
    try:
        return wishes.wish(
            booking_id=booking_id,
            practice_id=body.practice_id,
            offering_id=body.offering_id,
            starts_at=body.starts_at,
            format_=body.format,
            price_id=body.price_id,
            name=body.name,
            email=body.email,
            phone=body.phone,
            time_zone=body.time_zone,
            agreed_to=body.agreed_to,
            is_for_another=body.is_for_another,
        )
    except ValidationError as flaws:
        fields = {str(flaw["loc"][-1]): flaw["msg"] for flaw in flaws.errors()}
        raise InvalidInput("Some fields need another look.", fields) from None
