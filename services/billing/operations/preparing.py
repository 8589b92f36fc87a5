"""Making the one payment of a booking, and telling about it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from services.billing.domain.lifecycle import is_page_open
from services.billing.models import Payment
from services.billing.queries import payments, register
from services.common.money import Money
from services.contracts.billing import NoSuchPrice, PaymentState, PaymentView

_ONCE = (
    insert(Payment).on_conflict_do_nothing(constraint="payments_one_per_booking").returning(Payment)
)


def prepare_payment(
    tx: Session,
    *,
    practice_id: UUID,
    booking_id: UUID,
    client_id: UUID,
    price_id: UUID,
    now: datetime,
) -> Payment:
    """The booking's payment, made if it is missing, and locked. Raises NoSuchPrice."""
    price = register.price_of_practice(tx, price_id, practice_id)
    if price is None:
        raise NoSuchPrice("This price is unknown.", {"price_id": "unknown"})
    told = {
        "id": uuid7(),
        "practice_id": practice_id,
        "booking_id": booking_id,
        "client_id": client_id,
        "price_id": price.id,
        "amount": price.amount,
        "currency": price.currency,
        "state": PaymentState.PREPARED,
        "created_at": now,
    }
    # What we make ourselves nobody else sees before we commit: it need not be locked.
    made = tx.scalar(_ONCE, told)
    payment = made or payments.lock_payment_of_booking(tx, booking_id)
    if payment is None:
        raise NoSuchPrice("This price is not the booking's practice's.", {"price_id": "unknown"})
    return payment


def view(payment: Payment, now: datetime) -> PaymentView:
    """The payment for the wire; its page only while it can still be paid."""
    is_open = is_page_open(payment.state, payment.expires_at, now)
    can_pay = is_open and payment.close_asked_at is None
    return PaymentView(
        id=payment.id,
        booking_id=payment.booking_id,
        practice_id=payment.practice_id,
        state=payment.state,
        price=payment.price,
        captured=payment.captured_money,
        refunded=Money(payment.refunded, payment.currency),
        checkout_url=payment.checkout_url if can_pay else None,
        expires_at=payment.expires_at if can_pay else None,
    )
