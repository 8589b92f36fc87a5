"""What billing offers: prices, payments, refunds; the platform never holds clients' money."""

from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field, StringConstraints

from services.common.errors import InvalidInput, Refusal
from services.common.messages import Command, Event, Instant, View
from services.common.money import Money
from services.contracts.base import Ids, MailAddress, Percent

Url = Annotated[str, StringConstraints(max_length=2000, pattern=r"^https?://")]


class PaymentState(StrEnum):
    """The life of a payment for one booking."""

    PREPARED = "prepared"
    OPEN = "open"
    SUCCEEDED = "succeeded"
    EXPIRED = "expired"
    REFUNDED = "refunded"
    PARTLY_REFUNDED = "partly_refunded"


class GetPrices(Command):
    """Prices by id; unknown ids are left out."""

    price_ids: Ids


class PriceView(View):
    """One immutable version of a price."""

    id: UUID
    practice_id: UUID
    offering_id: UUID
    version: int
    money: Money


class PricesView(View):
    """Prices."""

    prices: list[PriceView]


class StartPayment(Command):
    """Open the hosted payment page for a held booking, or tell the one that is open.

    Repeatable: one booking has one payment. `success_url` and `cancel_url` are the gateway's.
    `voucher` is what booking gave along with the seat; without a good one billing asks booking.
    `customer_email` is handed on to the page, so that it need not be typed again, and kept
    nowhere; the page that is open already keeps the one it was opened with.
    """

    booking_id: UUID
    success_url: Url
    cancel_url: Url
    voucher: Annotated[str, StringConstraints(max_length=2000)] | None = None
    customer_email: MailAddress | None = None


class CreditState(StrEnum):
    """A session of a package: used for a booking, kept though it is over, or returned."""

    USED = "used"
    KEPT = "kept"
    RETURNED = "returned"


class PaidByCredit(View):
    """The package of which a booking used a session, by name, and what became of that session."""

    sale_id: UUID
    name: str
    state: CreditState


class PaymentView(View):
    """A booking's payment. `checkout_url` while it is open. With a `credit` it was not to be paid:
    a session of a package was used for it."""

    id: UUID
    booking_id: UUID
    practice_id: UUID
    state: PaymentState
    price: Money
    captured: Money
    refunded: Money
    checkout_url: str | None
    expires_at: Instant | None
    credit: PaidByCredit | None = None


class GetPayment(Command):
    """The payment of a booking that the actor may see."""

    booking_id: UUID


class ListPayments(Command):
    """Payments of bookings, for lists; those the actor may not see are left out."""

    booking_ids: Ids


class ReceivableView(View):
    """A booking on account: its price, and what is owed of it by now."""

    booking_id: UUID
    price: Money
    owed: Money


class PaymentsView(View):
    """Payments; and, for the practice's staff, what is owed for bookings that are not paid here."""

    payments: list[PaymentView]
    receivables: list[ReceivableView] = Field(default_factory=list)


class GetClientAccount(Command):
    """What a client of the actor's practice paid, in sum, and the payments of these bookings.

    With a `practitioner_id` only what is for that practitioner's sessions; who treats has to name
    one.
    """

    client_id: UUID
    booking_ids: Ids
    practitioner_id: UUID | None = None


class ClientSum(View):
    """All of a client's money in one currency: what came, what went back of it, what is owed."""

    paid: Money
    refunded: Money
    owed: Money | None = None


class ClientAccountView(View):
    """Sums by currency, none where nothing was ever paid or owed, payments and receivables."""

    sums: list[ClientSum]
    payments: list[PaymentView]
    receivables: list[ReceivableView] = Field(default_factory=list)


class PreviewRefund(Command):
    """What `percent` of the booking's captured amount would give back now, in money."""

    booking_id: UUID
    percent: Percent


class RefundPreview(View):
    """Captured, what would come back, and what the practice would keep.

    `back_before` is what went back already or is promised, by whatever way: it counts towards the
    percentage. With a `credit` a session of a package was used instead: it comes back where
    `percent` is all of it, and stays used otherwise.
    """

    captured: Money
    refund: Money
    kept: Money
    credit: PaidByCredit | None = None
    back_before: Money | None = None


class ReceiveWebhook(Command):
    """A webhook of Stripe, as it came: `payload` is the raw body (UTF-8), checked by signature."""

    payload: Annotated[str, StringConstraints(max_length=1_000_000)]
    signature: Annotated[str, StringConstraints(max_length=2000)]


class WebhookReceived(View):
    """Stored, or known from before."""

    is_new: bool


# --- refusals ------------------------------------------------------------------------------


class BadSignature(Refusal):
    """The webhook is not Stripe's, or is older than 300 s; nothing was written."""


class BadEvent(InvalidInput):
    """The webhook is signed, and no event that Stripe sends; nothing was written."""


class NotPayable(Refusal):
    """The booking is not held any more, or is paid already."""


class PaymentsUnavailable(Refusal):
    """Stripe did not answer, or the practice cannot take payments now; try again."""


class NoSuchPrice(Refusal):
    """The price is unknown."""


# --- events --------------------------------------------------------------------------------


class PaymentEvent(Event):
    """What every event of a payment tells; amounts in minor units."""

    publisher: ClassVar[str] = "billing"
    type: ClassVar[str] = ""

    payment_id: UUID
    booking_id: UUID


class PaymentStarted(PaymentEvent):
    """The client was led to the payment page; booking waits for the payment."""

    type: ClassVar[str] = "payment_started"


class PaymentSucceeded(PaymentEvent):
    """The money was captured; booking confirms or refuses."""

    type: ClassVar[str] = "payment_succeeded"

    money: Money


class RefundMade(PaymentEvent):
    """Money went back to the client; notify says so."""

    type: ClassVar[str] = "refund_made"

    refund_id: UUID
    money: Money


class PricePublished(Event):
    """A new version of an offering's price is asked from now on."""

    publisher: ClassVar[str] = "billing"
    type: ClassVar[str] = "price_published"

    price_id: UUID
    offering_id: UUID
    practitioner_id: UUID
    price_version: Annotated[int, Field(ge=1)]
    money: Money
