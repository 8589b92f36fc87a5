"""Refunds that the bank sent back: owed again, until they are sent once more or paid elsewhere."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from services.billing.domain import ledger, lifecycle
from services.billing.domain.accounts import Kind
from services.billing.domain.facts import RefundFacts
from services.billing.models import Payment, Refund
from services.billing.operations import refund_list, work
from services.billing.operations.keepers import practice_of_keeper
from services.billing.operations.posting import post
from services.billing.operations.surroundings import Surroundings, itself
from services.billing.queries import payments
from services.common.auth import Actor
from services.common.errors import NotFound
from services.common.money import Money
from services.contracts.billing.refunds import (
    NotePaidElsewhere,
    NotRetryable,
    PracticeRefund,
    RetryRefund,
)

#: While a refund is under way its own call tells what became of it, and this look waits for it.
UNDER_WAY = timedelta(minutes=10)
LOOK_AGAIN = timedelta(seconds=5)


def check_refund(
    around: Surroundings, practice_id: UUID, refund_id: UUID, now: datetime
) -> timedelta | None:
    """Ask Stripe how a refund stands, because it said that something changed."""
    us = itself(practice_id, f"check_refund:{refund_id}")
    with around.database.transaction(us) as tx:
        found = payments.lock_refund(tx, refund_id)
        if found is None or found[1].state not in ("promised", "made"):
            return None
        payment, refund = found
        account, known = payment.stripe_account_id or "", refund.stripe_refund_id
        is_fresh = refund.sent_at is not None and now - refund.sent_at < UNDER_WAY
    if known is None:
        return LOOK_AGAIN if is_fresh else None
    facts = around.stripe.known_refund(account, known)
    if facts.is_failed:
        with around.database.transaction(us) as tx:
            record_failure(tx, refund_id, facts, now)
    return None


def record_failure(tx: Session, refund_id: UUID, facts: RefundFacts, now: datetime) -> None:
    """The money is owed again; what had left the balance is back on it."""
    found = payments.lock_refund(tx, refund_id)
    if found is None or found[1].state not in ("promised", "made"):
        return
    payment, refund = found
    if refund.state == "made":
        if refund.stripe_refund_id != facts.id:
            return
        _take_back(tx, payment, refund, facts, now)
    refund.state, refund.made_at = "failed", None
    refund.failed_at, refund.failure = now, facts.failure[:80]
    tx.flush()


def _take_back(
    tx: Session, payment: Payment, refund: Refund, facts: RefundFacts, now: datetime
) -> None:
    settled = facts.returned.money if facts.returned else refund.money
    entries = ledger.refunded(-refund.money, -settled, 0)
    post(tx, Kind.REFUND_FAILED, payment, uuid5(refund.id, facts.id), entries, now)
    count_as_back(payment, -refund.money)


def count_as_back(payment: Payment, money: Money) -> None:
    """Let so much more (or less) of the payment have gone back."""
    total = Money(payment.refunded, payment.currency) + money
    payment.refunded = total.amount
    payment.state = lifecycle.after_refund(payment.captured_money, total)


def retry_refund(
    tx: Session, command: RetryRefund, *, actor: Actor, now: datetime
) -> PracticeRefund:
    """Owe the call to Stripe once more; the same again changes nothing.

    Raises Forbidden, NotFound, NotRetryable.
    """
    payment, refund = _found(tx, command.refund_id, actor)
    if refund.attempt == command.attempt and refund.state == "failed":
        if not refund_list.is_sendable(payment):
            raise NotRetryable("This cannot be sent back through Stripe.")
        refund.state, refund.sent_at, refund.stripe_refund_id = "promised", None, None
        refund.attempt += 1
        refund.idempotency_key = f"refund-{refund.id}-{refund.attempt}"
        tx.flush()
        work.ask(tx, work.MAKE_REFUND, payment.practice_id, refund.id, now)
    elif refund.attempt == command.attempt:
        raise NotRetryable("This refund has not failed.")
    return refund_list.view_of(tx, payment.practice_id, refund.id)


def note_paid_elsewhere(
    tx: Session, command: NotePaidElsewhere, *, actor: Actor, now: datetime
) -> PracticeRefund:
    """The practice paid it back itself, outside Stripe; the same again changes nothing.

    Raises Forbidden, NotFound, NotRetryable.
    """
    payment, refund = _found(tx, command.refund_id, actor)
    if refund.state != "elsewhere" or refund.elsewhere_words != command.words:
        if refund.state != "failed" or refund.attempt != command.attempt:
            raise NotRetryable("This refund has not failed.")
        refund.state, refund.made_at = "elsewhere", now
        refund.elsewhere_words, refund.elsewhere_by = command.words, actor.account_id
        count_as_back(payment, refund.money)
        tx.flush()
        entries = ledger.paid_elsewhere(refund.money)
        post(tx, Kind.PAID_ELSEWHERE, payment, refund.id, entries, now)
    return refund_list.view_of(tx, payment.practice_id, refund.id)


def _found(tx: Session, refund_id: UUID, actor: Actor) -> tuple[Payment, Refund]:
    practice_id = practice_of_keeper(actor)
    found = payments.lock_refund(tx, refund_id)
    if found is None or found[0].practice_id != practice_id:
        raise NotFound("There is no such refund.")
    return found
