"""Refunds that the practice made in Stripe's own dashboard: taken over as if made here.

Where one does not belong to a payment clearly, or more would go back than is left, it stays a
difference that reconciliation finds and a person settles.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from services.billing.adapters.stripe_refunds import refunds_of
from services.billing.domain import ledger
from services.billing.domain.accounts import Kind
from services.billing.domain.facts import RefundFacts, ToldRefund
from services.billing.domain.refunds import beyond, is_foreign
from services.billing.domain.settling_differences import from_funds
from services.billing.models import Payment, Refund
from services.billing.operations import work
from services.billing.operations.posting import post
from services.billing.operations.refund_failures import LOOK_AGAIN, UNDER_WAY
from services.billing.operations.refunds import record_refund
from services.billing.operations.surroundings import Surroundings, itself
from services.billing.queries import payments, refunds
from services.common.logging import get_logger
from services.common.money import Money
from services.contracts.billing.reconciliation import NotThisWay

log = get_logger(__name__)
TOO_MUCH = "With what is already promised, more would go back than was paid."
OF_PACKAGE = "This paid for a package: end the package, and explain the difference by that."


def settle_refunds(
    around: Surroundings, practice_id: UUID, payment_id: UUID, now: datetime
) -> timedelta | None:
    """Fetch a payment's refunds and take over those that were made at Stripe itself."""
    us = itself(practice_id, f"settle_refunds:{payment_id}")
    with around.database.transaction(us) as tx:
        payment = payments.lock_payment(tx, payment_id)
        if payment is None or payment.payment_intent_id is None:
            return None
        account, intent_id = payment.stripe_account_id, payment.payment_intent_id
    if account is None:
        return None
    told = refunds_of(around.stripe, account, intent_id)
    with around.database.transaction(us) as tx:
        return _take_over_all(tx, payment_id, told, now)


def _take_over_all(
    tx: Session, payment_id: UUID, told: Sequence[ToldRefund], now: datetime
) -> timedelta | None:
    """Once each; one that has no room yet is looked at again once ours are no more under way."""
    payment = payments.lock_payment(tx, payment_id)
    if payment is None:
        return None
    known = refunds.known_at_stripe(tx, payment) | refunds.decided_at_stripe(tx, payment)
    again_after = None
    for one in told:
        if not is_foreign(one, known):
            continue
        try:
            take_over_refund(tx, payment, one.money, one.facts, now)
        except NotThisWay:
            log.warning("a refund at Stripe waits for a person", payment_id=str(payment.id))
            if refunds.sent_since(tx, payment, now - UNDER_WAY):
                again_after = LOOK_AGAIN
    return again_after


def take_over_refund(
    tx: Session, payment: Payment, money: Money, facts: RefundFacts, now: datetime
) -> None:
    """Book a refund that was made at Stripe as one of the locked payment.

    What is not left unpromised comes out of a promise that Stripe has not been asked for: it can
    only send so much less. Raises NotThisWay, with nothing written, where that is not so.
    """
    if payment.sale_id is not None:
        raise NotThisWay(OF_PACKAGE, {"way": "import"})
    if money.currency != payment.currency or payment.captured_at is None:
        raise NotThisWay(TOO_MUCH, {"way": "import"})
    promised = payments.promised_refunds(tx, payment)
    left = payment.captured_money - promised - Money(payment.disputed, payment.currency)
    owed_before = beyond(money, left)
    refund = _out_of_promise(tx, payment, money, owed_before, now)
    funds = left if payment.ended_at is None else Money(0, payment.currency)
    fresh = money - owed_before
    entries = ledger.ended(from_funds(fresh, funds), fresh)
    post(tx, Kind.ENDED, payment, uuid5(payment.id, facts.id), entries, now)
    record_refund(tx, refund.id, facts, now)


def _out_of_promise(
    tx: Session, payment: Payment, money: Money, owed_before: Money, now: datetime
) -> Refund:
    """Its row, and a promise less by what it has fulfilled; one that it fulfils becomes it."""
    if owed_before.amount == 0:
        return _new(tx, payment, money, now)
    ours = refunds.unsent(tx, payment, owed_before)
    if ours is None:
        raise NotThisWay(TOO_MUCH, {"way": "import"})
    work.ask(tx, work.MAKE_REFUND, payment.practice_id, ours.id, now)
    if ours.money == owed_before:
        ours.amount = money.amount
        tx.flush()
        return ours
    ours.amount -= owed_before.amount
    tx.flush()
    return _new(tx, payment, money, now)


def _new(tx: Session, payment: Payment, money: Money, now: datetime) -> Refund:
    id_ = uuid7()
    refund = Refund(
        id=id_,
        practice_id=payment.practice_id,
        payment_id=payment.id,
        amount=money.amount,
        currency=money.currency,
        reason="at_stripe",
        state="promised",
        idempotency_key=f"refund-{id_}-1",
        created_at=now,
    )
    tx.add(refund)
    tx.flush()
    return refund
