"""Prices and payments."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.contracts.billing import GetPayment, GetPrices, PaymentView, PricesView
from services.contracts.booking.bookings import BookingView, GetBooking
from services.gateway import wishes
from services.gateway.api.problems import FOR_ANYBODY, responses
from services.gateway.asking import ApiVisitor, Asked

router = APIRouter(tags=["payments"], prefix="/api/v1")


@router.get("/prices", responses=responses(401), openapi_extra=FOR_ANYBODY)
async def get_prices(
    price_ids: Annotated[list[UUID], Query(max_length=100)], backend: Asked, visitor: ApiVisitor
) -> PricesView:
    """Prices by id; unknown ids are left out."""
    return await backend.ask(visitor.actor(), GetPrices(price_ids=price_ids), PricesView)


@router.get("/bookings/{booking_id}/payment", responses=responses(401, 404))
async def get_payment(booking_id: UUID, backend: Asked, visitor: ApiVisitor) -> PaymentView:
    """A booking's payment; with an open page's address, the booking has a client's record."""
    actor = visitor.actor_of_booking(booking_id)
    payment = await backend.ask(actor, GetPayment(booking_id=booking_id), PaymentView)
    if payment.checkout_url is not None:
        booking = await backend.ask(actor, GetBooking(booking_id=booking_id), BookingView)
        await wishes.name_client(backend, visitor, booking)
    return payment
