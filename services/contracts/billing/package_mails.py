"""What is told of packages that were sold: that one was bought, and that one was ended."""

from typing import ClassVar
from uuid import UUID

from services.common.messages import Command, Event, Instant, View
from services.common.money import Money
from services.contracts.billing.packages import RefundRule, SaleState


class GetSaleForMail(Command):
    """How a sale stands, for a mail about it; for notify, at delivery."""

    sale_id: UUID


class SaleForMail(View):
    """A sale as its mails tell of it: no name is in it, not even the package's own.

    `left` are the sessions that were not used, also of one that is over; `is_usable` whether one
    of them can be used now. `goes_back` is what was promised back of the price so far; the rest
    is kept. Where the payment is not `is_at_stripe` the practice has to pay it back itself.
    """

    sale_id: UUID
    practitioner_id: UUID
    client_id: UUID
    state: SaleState
    sessions: int
    used: int
    left: int
    is_usable: bool
    price: Money
    goes_back: Money
    is_at_stripe: bool
    refund_rule: RefundRule
    expires_at: Instant | None


class PackageBought(Event):
    """A package was paid, and can be used until it lapses; notify says so."""

    publisher: ClassVar[str] = "billing"
    type: ClassVar[str] = "package_bought"

    sale_id: UUID
    client_id: UUID
    money: Money
    expires_at: Instant


class PackageEnded(Event):
    """A package was ended, and so much of it goes back; notify says so."""

    publisher: ClassVar[str] = "billing"
    type: ClassVar[str] = "package_ended"

    sale_id: UUID
    client_id: UUID
    money: Money
