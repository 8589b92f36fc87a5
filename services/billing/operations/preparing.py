"""Making the one payment of a booking, and telling about it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from services.billing.domain.lifecycle import is_page_open
from services.billing.models import Payment
from services.billing.queries import payments, register
from services.common.money import Money
from services.contracts.billing import NoSuchPrice, PaymentState, PaymentView

# Of the table: an insertion of the mapped class would read the row back, and make an object of it.
_PAYMENT: Any = Payment.__table__
_ONCE = (
    insert(_PAYMENT)
    .on_conflict_do_nothing(constraint="payments_one_per_booking")
    .returning(Payment.id)
)


def prepare_payment(
    tx: Session,
    *,
    practice_id: UUID,
    booking_id: UUID,
    client_id: UUID,
    price_id: UUID,
    now: datetime,
) -> None:
    """Make the booking's payment, if it is missing. Raises NoSuchPrice."""
    if payments.is_known(tx, booking_id):
        return
    price = register.price_of_practice(tx, price_id, practice_id)
    if price is None:
        raise no_such_price()
    make_payment(tx, fresh(practice_id, booking_id, client_id, price.id, price.money, now))


def fresh(
    practice_id: UUID,
    booking_id: UUID,
    client_id: UUID,
    price_id: UUID,
    price: Money,
    now: datetime,
) -> dict[str, Any]:
    """The row of a booking's new payment."""
    return {
        "id": uuid7(),
        "practice_id": practice_id,
        "booking_id": booking_id,
        "client_id": client_id,
        "price_id": price_id,
        "amount": price.amount,
        "currency": price.currency,
        "state": PaymentState.PREPARED,
        "created_at": now,
    }


def make_payment(tx: Session, row: dict[str, Any]) -> bool:
    """Write it; False where the booking has one.

    What we make ourselves nobody else sees before we commit: it need not be locked.
    """
    return tx.scalar(_ONCE, row) is not None


def found_payment(tx: Session, booking_id: UUID) -> Payment:
    """The payment that the booking has, locked. Raises NoSuchPrice where it is hidden from us."""
    payment = payments.lock_payment_of_booking(tx, booking_id)
    if payment is None:
        raise no_such_price()
    return payment


def no_such_price() -> NoSuchPrice:
    """There is no such price, or it is another practice's."""
    return NoSuchPrice("This price is unknown.", {"price_id": "unknown"})


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
