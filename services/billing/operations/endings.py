"""What a booking's end does to its money: the page closes, money goes back or is retained."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from services.billing.domain import ledger
from services.billing.domain.accounts import Kind
from services.billing.domain.lifecycle import UNPAID
from services.billing.domain.refunds import due_back
from services.billing.models import Payment, Refund
from services.billing.operations import work
from services.billing.operations.posting import post
from services.billing.operations.preparing import prepare_payment
from services.billing.queries import payments, refunds
from services.common.money import Money
from services.contracts.booking.events import (
    BookingCancelled,
    BookingExpired,
    BookingHeld,
    BookingRefused,
)


def prepare_for_hold(tx: Session, event: BookingHeld, now: datetime) -> None:
    """A seat is held: its payment is made ready. Raises NoSuchPrice."""
    prepare_payment(
        tx,
        practice_id=event.practice_id,
        booking_id=event.booking_id,
        client_id=event.client_id,
        price_id=event.price_id,
        now=now,
    )


def close_expired(tx: Session, event: BookingExpired, now: datetime) -> None:
    """The deadline passed: end the page; what was paid after all stays paid."""
    payment = payments.lock_payment_of_booking(tx, event.booking_id)
    if payment:
        close_page(tx, payment, now)


def refund_refused(tx: Session, event: BookingRefused, now: datetime) -> None:
    """The seat was gone: all of it goes back."""
    payment = payments.lock_payment_of_booking(tx, event.booking_id)
    if payment:
        end_booking(tx, payment, 100, "refused", now)


def refund_cancelled(tx: Session, event: BookingCancelled, now: datetime) -> None:
    """The seat was given back: so many percent go back, the rest is retained."""
    payment = payments.lock_payment_of_booking(tx, event.booking_id)
    if payment:
        end_booking(tx, payment, event.refund_percent, "cancelled", now)


def refund_no_show(tx: Session, booking_id: UUID, percent: int, now: datetime) -> None:
    """The client stayed away: so many percent go back by the policy, the rest stays the booking's.

    What went back stays with the client when it is said later that they came after all.
    """
    payment = payments.lock_payment_of_booking(tx, booking_id)
    if payment is None or payment.captured_at is None or payment.ended_at is not None:
        return
    if payment.disputed:
        payment.refund_percent = max(percent, payment.refund_percent or 0)
        return
    _promise_for_no_show(tx, payment, percent, now)


def catch_up(tx: Session, payment: Payment, now: datetime) -> None:
    """Money that a bank had taken is back: what the booking's end owed meanwhile is promised."""
    if payment.refund_percent is None:
        return
    if payment.ended_at is None:
        _promise_for_no_show(tx, payment, payment.refund_percent, now)
    else:
        apply_ending(tx, payment, payment.refund_percent, "cancelled", now)


def _promise_for_no_show(tx: Session, payment: Payment, percent: int, now: datetime) -> None:
    disputed = Money(payment.disputed, payment.currency)
    owed = due_back(payment.captured_money, percent, refunds.back(tx, payment), disputed)
    if owed.amount:
        refund = promise_refund(tx, payment, owed, percent, "no_show", now)
        post(tx, Kind.ENDED, payment, refund.id, ledger.ended(owed, owed), now)


def end_booking(tx: Session, payment: Payment, percent: int, reason: str, now: datetime) -> None:
    """Owe the client `percent` of what was captured, now or once it is; never less than before.

    The payment is locked. A second end of the same booking only ever adds to the first.
    """
    payment.refund_percent = max(percent, payment.refund_percent or 0)
    if payment.captured_at is None:
        close_page(tx, payment, now)
    else:
        apply_ending(tx, payment, payment.refund_percent, reason, now)


def apply_ending(tx: Session, payment: Payment, percent: int, reason: str, now: datetime) -> None:
    """Promise what is still owed and post what becomes of the booking's funds.

    What a bank has taken back is left out; once it is reinstated the rest is owed. So is what was
    given back at Stripe itself and is not in the books yet.
    """
    captured, disputed = payment.captured_money, Money(payment.disputed, payment.currency)
    there = captured - payments.promised_refunds(tx, payment) - disputed
    owed = due_back(captured, percent, refunds.back(tx, payment), disputed)
    # What a missed session gave back has left the funds already.
    funds = there if payment.ended_at is None else Money(0, payment.currency)
    payment.ended_at = payment.ended_at or now
    source = payment.id
    if owed.amount:
        source = promise_refund(tx, payment, owed, percent, reason, now).id
    post(tx, Kind.ENDED, payment, source, ledger.ended(funds, owed), now)


@dataclass(frozen=True, slots=True)
class NewRefund:
    """A refund to be promised: by a policy's `percent`, or by the practice's will and `words`."""

    id: UUID
    money: Money
    percent: int | None
    reason: str
    words: str = ""
    asked_by: UUID | None = None


def promise_refund(
    tx: Session, payment: Payment, money: Money, percent: int, reason: str, now: datetime
) -> Refund:
    """Promise what a booking's end owes."""
    return promise(tx, payment, NewRefund(uuid7(), money, percent, reason), now)


def promise(tx: Session, payment: Payment, new: NewRefund, now: datetime) -> Refund:
    """Write down a refund and owe its call to Stripe.

    The database refuses (`refunds_within_captured`) what exceeds the captured amount.
    """
    refund = Refund(
        id=new.id,
        practice_id=payment.practice_id,
        payment_id=payment.id,
        percent=new.percent,
        amount=new.money.amount,
        currency=new.money.currency,
        reason=new.reason,
        words=new.words,
        asked_by=new.asked_by,
        state="promised",
        idempotency_key=f"refund-{new.id}-1",
        created_at=now,
    )
    tx.add(refund)
    tx.flush()
    work.ask(tx, work.MAKE_REFUND, payment.practice_id, refund.id, now)
    return refund


def close_page(tx: Session, payment: Payment, now: datetime) -> None:
    """It is not to be paid any more: end its page, unless it is paid already."""
    if payment.captured_at is None and payment.state in UNPAID:
        payment.close_asked_at = payment.close_asked_at or now
        tx.flush()
        work.ask(tx, work.SETTLE_PAYMENT, payment.practice_id, payment.id, now)
