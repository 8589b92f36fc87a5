"""The practice's refunds, told to who answers for its money."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.billing.domain.cursors import Position, decode, part_of
from services.billing.models import Payment, Refund
from services.billing.operations.keepers import practice_of_keeper
from services.billing.queries import refunds
from services.common.auth import Actor
from services.common.errors import NotFound
from services.contracts.billing.refunds import (
    GetRefund,
    ListRefunds,
    PracticeRefund,
    RefundReason,
    RefundsPage,
    RefundState,
)


def list_refunds(tx: Session, command: ListRefunds, *, actor: Actor) -> RefundsPage:
    """A part of them, the latest first. Raises Forbidden, BadCursor."""
    practice_id = practice_of_keeper(actor)
    position = decode(command.cursor) if command.cursor else None
    found = refunds.refunds(
        tx,
        practice_id,
        state=command.state,
        payment_id=command.payment_id,
        after=(position.at, position.id) if position else None,
        limit=command.limit + 1,
    )
    part = part_of(found, command.limit, position, _place)
    return RefundsPage(refunds=[_view(row) for row in part.rows], next_cursor=part.next_cursor)


def get_refund(tx: Session, command: GetRefund, *, actor: Actor) -> PracticeRefund:
    """One of them. Raises Forbidden, NotFound."""
    return view_of(tx, practice_of_keeper(actor), command.refund_id)


def view_of(tx: Session, practice_id: UUID, refund_id: UUID) -> PracticeRefund:
    """A refund for the wire; raises NotFound where the practice has none of this id."""
    found = refunds.refund(tx, practice_id, refund_id)
    if found is None:
        raise NotFound("There is no such refund.")
    return _view(found)


def _place(row: Row[*tuple[Any, ...]]) -> Position:
    refund: Refund = row[0]
    return Position(refund.created_at, refund.id)


def _view(row: Row[*tuple[Any, ...]]) -> PracticeRefund:
    refund: Refund = row[0]
    payment: Payment = row[1]
    return PracticeRefund(
        id=refund.id,
        payment_id=payment.id,
        booking_id=payment.booking_id,
        client_id=payment.client_id,
        money=refund.money,
        percent=refund.percent,
        reason=RefundReason(refund.reason),
        words=refund.words,
        state=RefundState(refund.state),
        attempt=refund.attempt,
        created_at=refund.created_at,
        made_at=refund.made_at,
        failed_at=refund.failed_at,
        failure=refund.failure,
        elsewhere_words=refund.elsewhere_words,
        can_retry=refund.state == "failed" and is_sendable(payment),
    )


def is_sendable(payment: Payment) -> bool:
    """Whether Stripe knows the charge, and no bank has the money."""
    is_known = payment.payment_intent_id is not None and payment.stripe_account_id is not None
    return is_known and not payment.disputed
