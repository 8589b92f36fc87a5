"""Payments and refunds: found, or locked for a move of money."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, bindparam, false, func, select
from sqlalchemy.orm import Session

from services.billing.models import Payment, Refund
from services.common.auth import Actor
from services.common.money import Money

READERS = frozenset({"owner", "admin", "billing"})
LIST_READERS = READERS | {"front_desk", "practitioner"}
"""Beside a day's list stands what was paid, also for who receives the clients of that day."""


def visible_payments(
    tx: Session, booking_ids: Sequence[UUID], actor: Actor, readers: frozenset[str] = READERS
) -> list[Payment]:
    """Those payments that the actor may see by what billing itself knows.

    `readers` are the roles that see every payment of their practice.
    """
    may_see = _is_visible(actor, readers)
    wanted = select(Payment).where(Payment.booking_id.in_(booking_ids), may_see)
    return list(tx.scalars(wanted.order_by(Payment.created_at, Payment.id)))


def lock_payment(tx: Session, payment_id: UUID) -> Payment | None:
    """The payment, kept from everybody else until the transaction ends."""
    return tx.scalar(_ONE, {"id": payment_id})


def lock_payment_of_booking(tx: Session, booking_id: UUID) -> Payment | None:
    """The booking's payment, kept from everybody else until the transaction ends."""
    return tx.scalar(_OF_BOOKING, {"id": booking_id})


def is_known(tx: Session, booking_id: UUID) -> bool:
    """Whether the booking has its payment."""
    return tx.scalar(_IS_KNOWN, {"id": booking_id}) is not None


def lock_refund(tx: Session, refund_id: UUID) -> tuple[Payment, Refund] | None:
    """A refund with its payment, the payment locked first."""
    payment_id = tx.scalar(select(Refund.payment_id).where(Refund.id == refund_id))
    payment = lock_payment(tx, payment_id) if payment_id else None
    refund = tx.get(Refund, refund_id, populate_existing=True)
    return (payment, refund) if payment and refund else None


def payment_for_object(
    tx: Session, payment_id: UUID | None, object_id: str | None, parent_id: str | None = None
) -> UUID | None:
    """Our payment that one of Stripe's objects is about, by itself or by its PaymentIntent."""
    by_id = Payment.id == payment_id if payment_id else false()
    by_session = Payment.checkout_session_id == object_id if object_id else false()
    by_intent = Payment.payment_intent_id == parent_id if parent_id else false()
    return tx.scalar(select(Payment.id).where(by_id | by_session | by_intent))


def promised_refunds(tx: Session, payment: Payment) -> Money:
    """What has been promised back so far, made or not."""
    total = select(func.coalesce(func.sum(Refund.amount), 0))
    amount = tx.scalar(total.where(Refund.payment_id == payment.id))
    return Money(int(amount or 0), payment.currency)


def _is_visible(actor: Actor, readers: frozenset[str]) -> ColumnElement[bool]:
    in_practice = Payment.practice_id == actor.practice_id
    is_own = Payment.account_id == actor.account_id
    if actor.is_service:
        return in_practice
    if actor.kind == "link":
        return in_practice & (Payment.booking_id == actor.booking_id)
    if actor.kind == "person":
        return is_own | in_practice if actor.roles & readers else is_own
    return false()


# Built once, because building them costs as much as running them.
_ID = bindparam("id", type_=Uuid)
_LOCKED = select(Payment).with_for_update(key_share=True).execution_options(populate_existing=True)
_ONE, _OF_BOOKING = _LOCKED.where(Payment.id == _ID), _LOCKED.where(Payment.booking_id == _ID)
_IS_KNOWN = select(Payment.id).where(Payment.booking_id == _ID)
