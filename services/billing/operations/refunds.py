"""Sending promised refunds back through Stripe: intent, call, result; each refund once."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from services.billing.adapters.stripe import StripeRefused, StripeUnclear
from services.billing.domain import ledger, lifecycle
from services.billing.domain.accounts import Kind
from services.billing.domain.facts import RefundFacts, RefundOrder, SettlementFacts
from services.billing.domain.refunds import commission_back
from services.billing.models import Payment, Refund, plumbing
from services.billing.operations import work
from services.billing.operations.posting import post
from services.billing.operations.refund_failures import count_as_back, record_failure
from services.billing.operations.surroundings import Surroundings, itself
from services.billing.operations.work import UnknownForGood
from services.billing.queries import payments
from services.common.outbox import emit
from services.contracts.billing import RefundMade

DISPUTED_CHARGE = "charge_disputed"
NOT_AT_STRIPE = "not_at_stripe"
# Stripe's answers where the money may have gone back already, under an earlier key.
_MAYBE_DONE = frozenset({"charge_already_refunded", "InvalidRequestError"})


@dataclass(frozen=True, slots=True)
class Intent:
    """A refund as it was committed before the call."""

    practice_id: UUID
    account: str
    sent_at: datetime | None
    order: RefundOrder


def make_refund(
    around: Surroundings, practice_id: UUID, refund_id: UUID, now: datetime
) -> timedelta | None:
    """Send one promised refund back; repeating it sends nothing twice.

    Raises StripeUnclear (try again), StripeRefused, UnknownForGood (a person has to look).
    """
    us = itself(practice_id, f"make_refund:{refund_id}")
    with around.database.transaction(us) as tx:
        intent = _record_intent(tx, refund_id, now)
    if intent is None:
        return None
    facts = _sent(around, intent, now)
    with around.database.transaction(us) as tx:
        if facts.is_failed:
            record_failure(tx, refund_id, facts, now)
        else:
            record_refund(tx, refund_id, facts, now)
    return None


def _sent(around: Surroundings, intent: Intent, now: datetime) -> RefundFacts:
    """What came of asking; a charge that the client's bank has taken back is a failure for good."""
    try:
        return _send(around, intent, now)
    except StripeRefused as refusal:
        if refusal.code != DISPUTED_CHARGE:
            raise
        return RefundFacts(id="", is_failed=True, settlement=None, failure=refusal.code)


def _record_intent(tx: Session, refund_id: UUID, now: datetime) -> Intent | None:
    found = payments.lock_refund(tx, refund_id)
    if found is None or found[1].state != "promised":
        return None
    payment, refund = found
    if payment.payment_intent_id is None or payment.stripe_account_id is None:
        facts = RefundFacts(id="", is_failed=True, settlement=None, failure=NOT_AT_STRIPE)
        record_failure(tx, refund_id, facts, now)
        return None
    sent_before = refund.sent_at
    refund.sent_at = refund.sent_at or now
    order = RefundOrder(
        idempotency_key=refund.idempotency_key,
        refund_id=refund.id,
        payment_id=payment.id,
        payment_intent_id=payment.payment_intent_id,
        money=refund.money,
        # What came back of it with a refund that failed afterwards stays back.
        with_commission=payment.application_fee > 0 and not refund.commission_back,
    )
    return Intent(payment.practice_id, payment.stripe_account_id, sent_before, order)


def _send(around: Surroundings, intent: Intent, now: datetime) -> RefundFacts:
    """Ask Stripe; where the key may have been forgotten, only look."""
    if not lifecycle.is_key_alive(intent.sent_at, now):
        found = _find(around, intent)
        if found is None:
            raise UnknownForGood("no answer for a day, and no such refund at Stripe")
        return found
    try:
        return around.stripe.refund(intent.account, intent.order)
    except StripeUnclear as unclear:
        if not unclear.is_over:
            raise
        return _found_or_next_key(around, intent, unclear, now)
    except StripeRefused as refusal:
        if refusal.code not in _MAYBE_DONE:
            _take_next_key(around, intent)
            raise
        return _found_or_next_key(around, intent, refusal, now)


def _found_or_next_key(
    around: Surroundings, intent: Intent, failure: Exception, now: datetime
) -> RefundFacts:
    """The call under this key is over: either its refund is there, or none was made."""
    found = _find(around, intent)
    if found is None:
        _take_next_key(around, intent)
        _look_for_others(around, intent, now)
        raise failure
    return found


def _look_for_others(around: Surroundings, intent: Intent, now: datetime) -> None:
    """Stripe may have refused because somebody gave the money back there."""
    payment_id = intent.order.payment_id
    with around.database.transaction(itself(intent.practice_id, "make_refund")) as tx:
        work.ask(tx, work.SETTLE_REFUNDS, intent.practice_id, payment_id, now)


def _find(around: Surroundings, intent: Intent) -> RefundFacts | None:
    order = intent.order
    return around.stripe.find_refund(intent.account, order.payment_intent_id, order.refund_id)


def _take_next_key(around: Surroundings, intent: Intent) -> None:
    """Stripe keeps an answer with its key, so another try needs another one."""
    with around.database.transaction(itself(intent.practice_id, "make_refund")) as tx:
        found = payments.lock_refund(tx, intent.order.refund_id)
        if found and found[1].idempotency_key == intent.order.idempotency_key:
            refund = found[1]
            refund.attempt += 1
            refund.idempotency_key = f"refund-{refund.id}-{refund.attempt}"
            refund.sent_at = None


def record_refund(tx: Session, refund_id: UUID, facts: RefundFacts, now: datetime) -> None:
    """Stripe has made it; what is known already changes nothing."""
    found = payments.lock_refund(tx, refund_id)
    if found is None or found[1].state != "promised":
        return
    payment, refund = found
    settled = _settled(payment, refund, facts.settlement)
    source = refund.id if refund.failed_at is None else uuid5(refund.id, facts.id)
    refund.state, refund.made_at, refund.stripe_refund_id = "made", now, facts.id
    refund.commission_back += settled.commission
    count_as_back(payment, refund.money)
    tx.flush()
    entries = ledger.refunded(refund.money, settled.money, settled.commission)
    post(tx, Kind.REFUNDED, payment, source, entries, now)
    if payment.sale_id is None:
        emit(tx, plumbing.outbox, _made(payment, refund, now))


def _settled(payment: Payment, refund: Refund, told: SettlementFacts | None) -> SettlementFacts:
    """What left the balance and what commission came back, as positive amounts."""
    if told is not None:
        return replace(told, money=-told.money, commission=-told.commission)
    fee = 0 if refund.commission_back else payment.application_fee
    back = commission_back(fee, refund.money, payment.captured_money)
    return SettlementFacts(refund.money, 0, back)


def _made(payment: Payment, refund: Refund, now: datetime) -> RefundMade:
    return RefundMade(
        occurred_at=now,
        practice_id=payment.practice_id,
        payment_id=payment.id,
        booking_id=payment.booking_id,
        refund_id=refund.id,
        money=refund.money,
    )
