"""What billing tells: prices to everybody, payments to those who may see the booking."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.billing.domain.refunds import due_back
from services.billing.models import Payment
from services.billing.operations.credit_views import credits_of, with_credits
from services.billing.operations.preparing import view
from services.billing.operations.receivables import view as view_receivable
from services.billing.operations.surroundings import Surroundings, itself
from services.billing.queries import payments, receivables, refunds, register
from services.common.auth import Actor
from services.common.errors import NotFound
from services.common.money import Money
from services.contracts.billing import (
    GetPayment,
    GetPrices,
    ListPayments,
    PaymentsView,
    PaymentView,
    PreviewRefund,
    PricesView,
    PriceView,
    RefundPreview,
)


def get_prices(tx: Session, command: GetPrices) -> PricesView:
    """The prices that there are."""
    found = register.prices(tx, command.price_ids)
    return PricesView(
        prices=[
            PriceView(
                id=price.id,
                practice_id=price.practice_id,
                offering_id=price.offering_id,
                version=price.version,
                money=price.money,
            )
            for price in found
        ]
    )


def list_payments(
    tx: Session, command: ListPayments, *, actor: Actor, now: datetime
) -> PaymentsView:
    """Those that the actor may see by what billing knows; others are left out."""
    readers = payments.LIST_READERS
    found = payments.visible_payments(tx, command.booking_ids, actor, readers)
    owing = receivables.visible(tx, command.booking_ids, actor, readers)
    return PaymentsView(
        payments=with_credits(tx, [view(payment, now) for payment in found]),
        receivables=[view_receivable(one) for one in owing],
    )


def get_payment(
    around: Surroundings, command: GetPayment, *, actor: Actor, now: datetime
) -> PaymentView:
    """The payment of a booking. Raises NotFound where there is none, or none for this actor."""
    payment = _visible_payment(around, command, actor)
    with around.database.reading(itself(payment.practice_id, "get_payment")) as tx:
        return with_credits(tx, [view(payment, now)])[0]


def preview_refund(around: Surroundings, command: PreviewRefund, *, actor: Actor) -> RefundPreview:
    """What a percentage of the captured amount is, rounded as the refund itself will be, less what
    went back before by whatever way."""
    of_booking = GetPayment(booking_id=command.booking_id)
    payment = _visible_payment(around, of_booking, actor)
    captured = payment.captured_money
    disputed = Money(payment.disputed, payment.currency)
    with around.database.reading(itself(payment.practice_id, "preview_refund")) as tx:
        credit = credits_of(tx, [payment.booking_id]).get(payment.booking_id)
        back = refunds.back(tx, payment)
    refund = due_back(captured, command.percent, back, disputed)
    return RefundPreview(
        captured=captured,
        back_before=back,
        refund=refund,
        kept=captured - back - refund,
        credit=credit,
    )


def _visible_payment(around: Surroundings, command: GetPayment, actor: Actor) -> Payment:
    with around.database.transaction(actor) as tx:
        known = payments.visible_payments(tx, [command.booking_id], actor)
    if known:
        return known[0]
    if actor.kind != "person":
        raise NotFound("There is no such payment.")
    return _shown_by_booking(around, command, actor)


def _shown_by_booking(around: Surroundings, command: GetPayment, actor: Actor) -> Payment:
    """Billing does not know the account: whoever may see the booking may see its payment."""
    booking = around.booking.booking(command.booking_id, actor)
    us = itself(booking.practice_id, f"get_payment:{booking.id}")
    with around.database.transaction(us) as tx:
        payment = payments.lock_payment_of_booking(tx, booking.id)
        if payment is None:
            raise NotFound("There is no such payment.")
        if not actor.roles and payment.account_id is None:
            payment.account_id = actor.account_id
        return payment
