"""Making what we know of a payment agree with Stripe, by fetching it anew.

Run because a webhook came, because a page has been open for a while (so that a lost webhook
costs a minute), and because a booking's end closes its page. Order and number do not matter.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from services.billing.domain import ledger, lifecycle
from services.billing.domain.accounts import Account, Kind
from services.billing.domain.facts import ChargeFacts, CheckoutFacts
from services.billing.models import Payment, plumbing
from services.billing.operations import credits, package_sales, work
from services.billing.operations.checkout import adopt_page
from services.billing.operations.endings import apply_ending
from services.billing.operations.posting import post
from services.billing.operations.surroundings import Surroundings, itself
from services.billing.queries import payments
from services.common.money import Money
from services.common.outbox import emit
from services.contracts.billing import PaymentState, PaymentSucceeded


def settle_payment(
    around: Surroundings, practice_id: UUID, payment_id: UUID, now: datetime
) -> timedelta | None:
    """Ask Stripe and record what is new; when to ask again, None once nothing can change."""
    us = itself(practice_id, f"settle_payment:{payment_id}")
    with around.database.transaction(us) as tx:
        payment = payments.lock_payment(tx, payment_id)
        if payment is None or _is_unbegun(payment, now):
            return None
        account = payment.stripe_account_id or ""
        session_id, since = payment.checkout_session_id, payment.attempted_at
        is_to_close = payment.close_asked_at is not None
    facts = _ask(around, account, session_id, payment_id, since)
    if facts and facts.is_open and is_to_close:
        around.stripe.expire_checkout(account, facts.id)
        facts = around.stripe.checkout(account, facts.id)
    with around.database.transaction(us) as tx:
        return _record(tx, payment_id, facts, around.poll_every, now)


def _is_unbegun(payment: Payment, now: datetime) -> bool:
    """Nothing was ever asked of Stripe; if the booking is over, so is the payment."""
    if payment.checkout_session_id or payment.is_attempt_pending:
        return False
    if payment.close_asked_at and payment.state is PaymentState.PREPARED:
        payment.state = PaymentState.EXPIRED
    return True


def _ask(
    around: Surroundings,
    account: str,
    session_id: str | None,
    payment_id: UUID,
    since: datetime | None,
) -> CheckoutFacts | None:
    if session_id:
        return around.stripe.checkout(account, session_id)
    return around.stripe.find_checkout(account, payment_id, since) if since else None


def _record(
    tx: Session,
    payment_id: UUID,
    facts: CheckoutFacts | None,
    poll_every: timedelta,
    now: datetime,
) -> timedelta | None:
    payment = payments.lock_payment(tx, payment_id)
    if payment is None:
        return None
    if facts is None:
        return _record_absence(payment, poll_every, now)
    if payment.checkout_session_id is None and adopt_page(tx, payment.id, facts, now):
        tx.refresh(payment)
    record_facts(tx, payment, facts, now)
    return None if _is_known(payment) else poll_every


def _record_absence(payment: Payment, poll_every: timedelta, now: datetime) -> timedelta | None:
    """No page was found: a call may still be on its way, until it may no longer be repeated."""
    if payment.attempted_at and lifecycle.is_repeatable(payment.attempted_at, now):
        return poll_every
    if payment.is_attempt_pending:
        payment.attempted_at = payment.expires_at = None
        if payment.close_asked_at:
            payment.state = PaymentState.EXPIRED
    return None


def record_facts(tx: Session, payment: Payment, facts: CheckoutFacts, now: datetime) -> None:
    """Take over what Stripe says; what is known already changes nothing."""
    if payment.checkout_session_id != facts.id:
        return
    if facts.charge:
        capture(tx, payment, facts.charge, now)
    elif facts.status == "expired" and payment.state in lifecycle.UNPAID:
        payment.state, payment.checkout_url = PaymentState.EXPIRED, None


def capture(tx: Session, payment: Payment, charge: ChargeFacts, now: datetime) -> None:
    """Take over a charge of the payment, which is locked; what is known already changes nothing."""
    if payment.captured_at is None:
        payment.captured, payment.captured_at = charge.captured.amount, now
        payment.payment_intent_id, payment.charge_id = charge.payment_intent_id, charge.id
        payment.state, payment.checkout_url = PaymentState.SUCCEEDED, None
        tx.flush()
        entries = ledger.charged(charge.captured, funds_of(payment))
        post(tx, Kind.CHARGED, payment, payment.id, entries, now)
        if payment.sale_id:
            package_sales.activate(tx, payment.sale_id, now)
        else:
            emit(tx, plumbing.outbox, _succeeded(payment, charge.captured, now))
            credits.give_way(tx, payment, now)
        if charge.is_disputed:
            work.ask(tx, work.SETTLE_DISPUTES, payment.practice_id, payment.id, now)
        if charge.is_refunded:
            work.ask(tx, work.SETTLE_REFUNDS, payment.practice_id, payment.id, now)
        if payment.refund_percent is not None:
            apply_ending(tx, payment, payment.refund_percent, "cancelled", now)
    if payment.processed_at is None and (settled := charge.settlement):
        entries = ledger.processed(
            charge.captured, settled.money, settled.stripe_fee, settled.commission
        )
        post(tx, Kind.PROCESSED, payment, payment.id, entries, now)
        payment.processed_at = now


def funds_of(payment: Payment) -> Account:
    """What of the ledger a payment's money is allocated to when it comes."""
    return Account.DEFERRED_REVENUE if payment.sale_id else Account.BOOKING_FUNDS


def _succeeded(payment: Payment, money: Money, now: datetime) -> PaymentSucceeded:
    return PaymentSucceeded(
        occurred_at=now,
        practice_id=payment.practice_id,
        payment_id=payment.id,
        booking_id=payment.booking_id,
        money=money,
    )


def _is_known(payment: Payment) -> bool:
    """Whether Stripe has nothing more to tell: paid and booked, or over unpaid."""
    return payment.processed_at is not None or payment.state is PaymentState.EXPIRED
