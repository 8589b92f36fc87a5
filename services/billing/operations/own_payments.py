"""What somebody paid, for themselves to see."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.billing.models import Payment
from services.billing.operations.cursors import cursor_of, place_of
from services.billing.queries import own_payments
from services.common.auth import Actor
from services.common.errors import Forbidden
from services.common.money import Money
from services.contracts.billing.own_payments import ListOwnPayments, OwnPayment, OwnPaymentsPage


def list_own_payments(tx: Session, command: ListOwnPayments, *, actor: Actor) -> OwnPaymentsPage:
    """A part of what the actor's account paid; raises Forbidden, BadCursor."""
    if actor.kind != "person" or actor.account_id is None:
        raise Forbidden("Please sign in first.")
    after = place_of(command.cursor, datetime.fromisoformat, UUID)
    found = own_payments.of_account(tx, actor.account_id, after, command.limit + 1)
    part = found[: command.limit]
    is_more = len(found) > command.limit
    return OwnPaymentsPage(
        payments=[_view(one) for one in part],
        next_cursor=cursor_of(_paid_at(part[-1]).isoformat(), part[-1].id) if is_more else None,
    )


def _view(payment: Payment) -> OwnPayment:
    return OwnPayment(
        booking_id=payment.booking_id,
        practice_id=payment.practice_id,
        paid=payment.captured_money,
        refunded=Money(payment.refunded, payment.currency),
        paid_at=_paid_at(payment),
        sale_id=payment.sale_id,
    )


def _paid_at(payment: Payment) -> datetime:
    assert payment.captured_at is not None
    return payment.captured_at
