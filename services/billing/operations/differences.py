"""settle_difference: a person decides about a difference from Stripe, once, and says why."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.billing.domain.accounts import Account, Kind
from services.billing.domain.ledger import Posting, balanced
from services.billing.domain.movements import Booked, Group
from services.billing.domain.settling_differences import WAYS, gap
from services.billing.models import (
    BalanceTransaction,
    Payout,
    ReconciliationDecision,
    ReconciliationDifference,
    Refund,
)
from services.billing.operations.movements import of_row
from services.billing.operations.posting import post
from services.billing.operations.taking_over import take_over
from services.billing.queries import (
    counterparts,
    counterparts_back,
    found_payments,
    payments,
    reconciliation,
)
from services.common.auth import Actor
from services.common.errors import DifferentContent, NotFound
from services.contracts.billing.reconciliation import (
    DifferenceChanged,
    DifferenceKind,
    DifferenceState,
    NotThisWay,
    Outcome,
    SettleDifference,
    Way,
)

_OUTCOMES = {
    Way.IMPORT: Outcome.IMPORTED,
    Way.ADJUST: Outcome.ADJUSTED,
    Way.EXPLAIN: Outcome.EXPLAINED,
}
_GROSS = (Group.CHARGE, Group.REFUND)


def settle_difference(
    tx: Session, command: SettleDifference, practice_id: UUID, *, actor: Actor, now: datetime
) -> ReconciliationDifference:
    """Settle it as it was seen; the same command again changes nothing.

    Raises NotFound, DifferenceChanged, NotThisWay, DifferentContent.
    """
    difference = reconciliation.lock_difference(tx, practice_id, command.difference_id)
    if difference is None:
        raise NotFound("There is no such difference.")
    if _is_done(tx, command):
        return difference
    if difference.state != DifferenceState.OPEN or difference.revision != command.revision:
        raise DifferenceChanged("This has changed since you saw it. Please look again.")
    if command.way not in WAYS[DifferenceKind(difference.kind)]:
        raise NotThisWay("This cannot be settled that way.", {"way": command.way})
    _decide(tx, command, difference, actor, now)
    if command.way is Way.IMPORT:
        take_over(tx, difference, command.id, now)
    elif command.way is Way.ADJUST:
        _adjust(tx, difference, command.id, now)
    difference.state, difference.outcome = DifferenceState.SETTLED, _OUTCOMES[command.way]
    difference.settled_at, difference.revision = now, difference.revision + 1
    tx.flush()
    return difference


def _is_done(tx: Session, command: SettleDifference) -> bool:
    """Whether this very decision was taken already; raises DifferentContent for another one."""
    known = tx.get(ReconciliationDecision, command.id)
    if known is None:
        return False
    told = (known.difference_id, known.revision, known.way, known.words)
    if told != (command.difference_id, command.revision, command.way, command.words):
        raise DifferentContent("The same id came before with other content.")
    return True


def _decide(
    tx: Session,
    command: SettleDifference,
    difference: ReconciliationDifference,
    actor: Actor,
    now: datetime,
) -> None:
    assert actor.account_id is not None
    decision = ReconciliationDecision(
        id=command.id,
        practice_id=difference.practice_id,
        difference_id=difference.id,
        revision=command.revision,
        way=command.way,
        words=command.words,
        decided_by=actor.account_id,
        decided_at=now,
    )
    tx.add(decision)
    tx.flush()


def _adjust(
    tx: Session, difference: ReconciliationDifference, source_id: UUID, now: datetime
) -> None:
    """Let the balance be what Stripe says; what nobody has explained stands against it.

    What Stripe kept in the same currency is a difference of its own, and settled by itself.
    """
    if difference.kind == DifferenceKind.POSTED_TWICE and difference.payment_id:
        _take_back(tx, difference.payment_id, source_id, now)
        return
    if difference.balance_transaction_id is None:
        entries = gap({}, _booked(tx, difference).at_stripe())
    else:
        movement = of_row(tx.get_one(BalanceTransaction, difference.balance_transaction_id))
        beside = counterparts.beside(tx, difference.practice_id, [movement])
        booked = beside.get(movement.stripe_id, Booked(None))
        is_gross = difference.kind == DifferenceKind.AMOUNT_DIFFERS and movement.group in _GROSS
        at_stripe = movement.gross if is_gross else movement.net
        ours = _before_fees(booked) if is_gross else booked.at_stripe()
        entries = gap({at_stripe.currency: at_stripe.amount}, ours)
    post(tx, Kind.ADJUSTED, difference, source_id, entries, now)


def _take_back(tx: Session, payment_id: UUID, source_id: UUID, now: datetime) -> None:
    """What is in the books more than once leaves them again, by an entry of its own."""
    payment = payments.lock_payment(tx, payment_id)
    if payment is None:
        return
    surplus = found_payments.surplus_postings(tx, payment)
    taken = balanced(Posting(one.account, -one.money) for one in surplus)
    post(tx, Kind.ADJUSTED, payment, source_id, taken, now)


def _booked(tx: Session, difference: ReconciliationDifference) -> Booked:
    """What the ledger has of what the difference is about; raises NotThisWay for nothing."""
    practice_id, found = difference.practice_id, None
    if difference.payout_id and (payout := tx.get(Payout, difference.payout_id)):
        found = counterparts.payouts_booked(tx, practice_id, [payout])[payout.id]
    elif difference.refund_id and (refund := tx.get(Refund, difference.refund_id)):
        found = counterparts_back.refunds_booked(tx, practice_id, [refund])[refund.id]
    elif difference.payment_id and (payment := payments.lock_payment(tx, difference.payment_id)):
        found = counterparts.payments_booked(tx, practice_id, [payment])[payment.id]
    if found is None:
        raise NotThisWay("There is nothing in the books to adjust.", {"way": Way.ADJUST})
    return found


def _before_fees(booked: Booked) -> dict[str, int]:
    """What it put on the balance before anything was kept of it, by currency."""
    gross: dict[str, int] = defaultdict(int)
    kept = (Account.STRIPE_BALANCE, Account.STRIPE_FEES, Account.PLATFORM_COMMISSION)
    for (account, currency), amount in booked.sums.items():
        if account in kept:
            gross[currency] += amount
    return gross
