"""Prices and payments."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.contracts.billing import GetPayment, GetPrices, PaymentView, PricesView
from services.gateway.api.problems import responses
from services.gateway.asking import ApiVisitor, Asked

router = APIRouter(tags=["payments"])


@router.get("/prices", responses=responses(401))
async def get_prices(
    price_ids: Annotated[list[UUID], Query(max_length=100)], backend: Asked, visitor: ApiVisitor
) -> PricesView:
    """Prices by id; unknown ids are left out."""
    return await backend.ask(visitor.actor(), GetPrices(price_ids=price_ids), PricesView)


@router.get("/bookings/{booking_id}/payment", responses=responses(401, 404))
async def get_payment(booking_id: UUID, backend: Asked, visitor: ApiVisitor) -> PaymentView:
    """A booking's payment."""
    actor = visitor.actor_of_booking(booking_id)
    return await backend.ask(actor, GetPayment(booking_id=booking_id), PaymentView)
