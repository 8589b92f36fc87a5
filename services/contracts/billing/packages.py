"""Packages: sessions that are paid for beforehand, offered by a practice and sold to a client."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.common.errors import Refusal
from services.common.messages import Command, Instant, View
from services.common.money import Money
from services.contracts.base import Line, Page
from services.contracts.billing import PaymentState, Url
from services.contracts.billing.refunds import Agreed

MOST_SESSIONS = 100
MOST_MONTHS = 60
MOST_OFFERINGS = 20
PackageName = Annotated[Line, StringConstraints(max_length=80)]
Sessions = Annotated[int, Field(ge=2, le=MOST_SESSIONS)]
Months = Annotated[int, Field(ge=1, le=MOST_MONTHS)]
Cursor = Annotated[str, StringConstraints(max_length=200)]


class RefundRule(StrEnum):
    """What a used session counts when the rest of a package goes back: its part of the package's
    price, or the price of a session that is paid singly."""

    PACKAGE_PRICE = "package_price"
    SINGLE_PRICE = "single_price"


class SaleState(StrEnum):
    """Not paid yet; sold; ended, and the rest refunded; lapsed, its time being over."""

    PENDING = "pending"
    ACTIVE = "active"
    ENDED = "ended"
    LAPSED = "lapsed"


class PackageView(View):
    """A package in its present version, which never changes; a change is a new version.

    `sessions` of any of `offering_ids`, all of one practitioner, for `price`, to be booked within
    `valid_months` of buying it. `singles` is what its sessions cost when they are paid singly: as
    many of the dearest, and of the cheapest offering.
    """

    id: UUID
    version_id: UUID
    version: int
    practice_id: UUID
    practitioner_id: UUID
    offering_ids: list[UUID]
    name: str
    sessions: int
    price: Money
    singles_from: Money
    singles_to: Money
    valid_months: int
    refund_rule: RefundRule
    is_active: bool


class ListPackages(Command):
    """The packages of the actor's practice, for who answers for its money; retired ones, too."""


class PackagesView(View):
    """Packages, by name."""

    packages: list[PackageView]


class ListPackageOffers(Command):
    """The packages of a practitioner that can be bought now; for everybody."""

    practitioner_id: UUID


class SavePackage(Command):
    """Publish a package's next version, or its first one: `id` names the version, and is minted
    by the caller. `after_version` is the one that was changed, 0 for a new package.

    Raises PackageChanged where another version came between.
    """

    id: UUID
    package_id: UUID
    after_version: Annotated[int, Field(ge=0)]
    practitioner_id: UUID
    offering_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_OFFERINGS)]
    name: PackageName
    sessions: Sessions
    price: Money
    valid_months: Months
    refund_rule: RefundRule


class SetPackageActive(Command):
    """Offer a package, or retire it: what is sold of it stays."""

    package_id: UUID
    is_active: bool


class BuyPackage(Command):
    """Open the hosted payment page for a package, or tell the one that is open.

    `id` names the sale and is minted by the caller; the same again leads to the same page.
    `client_id` is the buyer's record in the practice.
    """

    id: UUID
    version_id: UUID
    client_id: UUID
    success_url: Url
    cancel_url: Url


class SaleView(View):
    """A package that was sold, or is about to be. `checkout_url` while its page is open.

    `owed` is deferred revenue: what was paid for sessions that were not used yet.
    """

    id: UUID
    practice_id: UUID
    practitioner_id: UUID
    client_id: UUID
    payment_id: UUID
    package_id: UUID
    offering_ids: list[UUID]
    name: str
    state: SaleState
    payment_state: PaymentState
    sessions: int
    used: int
    left: int
    price: Money
    refunded: Money
    owed: Money
    refund_rule: RefundRule
    created_at: Instant
    bought_at: Instant | None
    expires_at: Instant | None
    ended_at: Instant | None
    checkout_url: str | None = None


class ListSales(Command):
    """What the actor's practice sold, the latest first; of one state where one is named."""

    state: SaleState | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 25


class SalesSum(View):
    """All sales of a state in one currency: how many, what was paid, and what is owed of it."""

    count: int
    sold: Money
    owed: Money


class SalesPage(Page):
    """A part of the sales, with the sums of all of them by currency."""

    sales: list[SaleView]
    sums: list[SalesSum]
    previous_cursor: str | None = None


class GetSale(Command):
    """One sale, for who answers for the practice's money and for who bought it."""

    sale_id: UUID


class ListOwnSales(Command):
    """What the actor's account bought in all practices, the latest first; 100 at most."""


class SalesView(View):
    """Sales, the latest first."""

    sales: list[SaleView]


class PackageChanged(Refusal):
    """The package is another one by now, or is not on offer any more; nothing was written."""


class ProposeEnd(Command):
    """What ending a package now would give back, line by line; nothing is done."""

    sale_id: UUID


class EndLine(View):
    """A used session: when it takes or took place, where booking knows it, and what it counts.

    `is_kept`: cancelled too late, or missed, so it stays used. `is_to_come`: its booking stands.
    """

    booking_id: UUID
    used_at: Instant
    starts_at: Instant | None
    is_kept: bool
    is_to_come: bool
    counts: Money
    single: Money


class EndProposal(View):
    """The rest of a package: what was paid, what each used session counts by the rule, and what
    goes back. The lines and what goes back add up to the price.

    `stripe_fee` is what Stripe kept of the payment and does not give back, None until it has told
    it; `commission_back` what comes back of the platform's. Where the payment is not
    `is_at_stripe` the practice has to pay it back itself. `agreed` names these figures.
    """

    sale_id: UUID
    client_id: UUID
    name: str
    sessions: int
    left: int
    rule: RefundRule
    price: Money
    lines: list[EndLine]
    counted: Money
    refund: Money
    stripe_fee: Money | None
    commission_back: Money
    is_at_stripe: bool
    agreed: Agreed


class EndPackage(Command):
    """End a package and give its rest back as it was shown. `id` is minted by the caller and names
    the refund. From the same moment on no session of it can be used.

    Other figures by now are refused as RefundChanged, and nothing is written.
    """

    id: UUID
    sale_id: UUID
    agreed: Agreed


class PackageOver(Refusal):
    """The package is not in use: not paid, ended before, or lapsed; or a bank has the money."""
