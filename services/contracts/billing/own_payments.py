"""What somebody paid, for themselves to see."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.common.messages import Command, Instant, View
from services.common.money import Money
from services.contracts.base import Page


class ListOwnPayments(Command):
    """What the actor's account paid in all practices, the latest first."""

    cursor: Annotated[str, StringConstraints(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 25


class OwnPayment(View):
    """A payment that was captured, and what went back of it; a package's names its sale."""

    booking_id: UUID
    practice_id: UUID
    paid: Money
    refunded: Money
    paid_at: Instant
    sale_id: UUID | None = None


class OwnPaymentsPage(Page):
    """A part of the payments."""

    payments: list[OwnPayment]
