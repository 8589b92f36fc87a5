"""Taking over what Stripe says, for a difference that a person has looked at."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.billing.domain import ledger
from services.billing.domain.accounts import Kind
from services.billing.domain.facts import ChargeFacts, RefundFacts, SettlementFacts
from services.billing.domain.movements import Group, Movement
from services.billing.domain.settling_differences import kept_differently, taken_over
from services.billing.models import (
    BalanceTransaction,
    Payment,
    ReconciliationDifference,
    Refund,
)
from services.billing.operations import payouts, work
from services.billing.operations.movements import of_row
from services.billing.operations.posting import post
from services.billing.operations.refunds import record_refund
from services.billing.operations.refunds_at_stripe import take_over_refund
from services.billing.operations.settling import capture, funds_of
from services.billing.queries import found_payments, refunds
from services.billing.queries import payments as payment_rows
from services.contracts.billing.reconciliation import DifferenceKind as Differs
from services.contracts.billing.reconciliation import NotThisWay


def take_over(
    tx: Session, difference: ReconciliationDifference, source_id: UUID, now: datetime
) -> None:
    """Make the books say what Stripe says. Raises NotThisWay where they cannot.

    `source_id` is the decision's, under which an entry of its own is posted.
    """
    kind = Differs(difference.kind)
    if kind in (Differs.FEE_DIFFERS, Differs.COMMISSION_DIFFERS):
        assert difference.at_stripe is not None
        assert difference.in_ledger is not None
        entries = kept_differently(kind, difference.at_stripe, difference.in_ledger)
        post(tx, Kind.IMPORTED, difference, source_id, entries, now)
        return
    movement = _movement(tx, difference)
    if movement.group in (Group.PAYOUT, Group.PAYOUT_BACK):
        payouts.announce(tx, difference.practice_id, movement.subject, now)
    elif not _is_ours(tx, difference, movement, now):
        post(tx, Kind.IMPORTED, difference, source_id, taken_over(movement), now)


def _movement(tx: Session, difference: ReconciliationDifference) -> Movement:
    row = tx.get(BalanceTransaction, difference.balance_transaction_id)
    if row is None or row.is_gone:
        raise NotThisWay("Stripe does not have this any more.", {"way": "import"})
    return of_row(row)


def _is_ours(
    tx: Session, difference: ReconciliationDifference, movement: Movement, now: datetime
) -> bool:
    """Book it where it belongs, if it is one of our payments or of their refunds."""
    if movement.group is Group.CHARGE:
        return _charge(tx, difference, movement, now)
    if movement.group is Group.REFUND:
        return _refund(tx, difference, movement, now)
    return _is_asked_for(tx, difference, movement, now)


def _is_asked_for(
    tx: Session, difference: ReconciliationDifference, movement: Movement, now: datetime
) -> bool:
    """Owe a look at what became of a payment of ours, which posts what it finds."""
    payment = found_payments.lock_by_intent(tx, difference.practice_id, movement.payment_intent_id)
    if payment is None:
        return False
    if movement.group is Group.DISPUTE:
        work.ask(tx, work.SETTLE_DISPUTES, payment.practice_id, payment.id, now)
        return True
    if movement.group is Group.REFUND_BACK and movement.refund_id:
        work.ask(tx, work.CHECK_REFUND, payment.practice_id, movement.refund_id, now)
        return True
    return False


def _charge(
    tx: Session, difference: ReconciliationDifference, movement: Movement, now: datetime
) -> bool:
    payment = payment_rows.lock_payment(tx, movement.payment_id) if movement.payment_id else None
    if difference.payment_id is not None:
        payment = payment_rows.lock_payment(tx, difference.payment_id)
    if payment is None or movement.payment_intent_id is None or movement.source is None:
        return False
    facts = ChargeFacts(
        id=movement.subject,
        payment_intent_id=movement.payment_intent_id,
        captured=movement.source,
        settlement=_settlement(movement),
    )
    if payment.captured_at is None:
        capture(tx, payment, facts, now)
        return True
    if payment.payment_intent_id != facts.payment_intent_id:
        return False  # paid a second time: it belongs to nothing here
    _post_missing(tx, payment, facts, now)
    return True


def _post_missing(tx: Session, payment: Payment, facts: ChargeFacts, now: datetime) -> None:
    """The entries of a known charge that are not in the books."""
    posted = payment_rows.posted_kinds(tx, payment)
    settled = facts.settlement
    assert settled is not None
    wanted = {
        Kind.CHARGED: ledger.charged(payment.captured_money, funds_of(payment)),
        Kind.PROCESSED: ledger.processed(
            payment.captured_money, settled.money, settled.stripe_fee, settled.commission
        ),
    }
    for kind, entries in wanted.items():
        if kind not in posted:
            post(tx, kind, payment, payment.id, entries, now)
    payment.processed_at = payment.processed_at or now


def _refund(
    tx: Session, difference: ReconciliationDifference, movement: Movement, now: datetime
) -> bool:
    promised = difference.refund_id or movement.refund_id
    found = payment_rows.lock_refund(tx, promised) if promised else None
    facts = RefundFacts(movement.subject, False, _settlement(movement))
    if found is not None and found[1].state == "promised":
        record_refund(tx, found[1].id, facts, now)
        return True
    if found is not None:
        _post_refund(tx, *found, movement, now)
        return True
    payment = found_payments.lock_by_intent(tx, difference.practice_id, movement.payment_intent_id)
    if payment is None or payment.captured_at is None or movement.source is None:
        return False
    if facts.id not in refunds.known_at_stripe(tx, payment):  # else its webhook came meanwhile
        take_over_refund(tx, payment, movement.source, facts, now)
    return True


def _post_refund(
    tx: Session, payment: Payment, refund: Refund, movement: Movement, now: datetime
) -> None:
    settled = _settlement(movement)
    entries = ledger.refunded(refund.money, -settled.money, -settled.commission)
    post(tx, Kind.REFUNDED, payment, refund.id, entries, now)


def _settlement(movement: Movement) -> SettlementFacts:
    return SettlementFacts(movement.gross, movement.stripe_fee, movement.commission)
