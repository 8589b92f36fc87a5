"""Holding the ledger against what Stripe said, and writing down where they differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from services.billing.domain.judging import Finding, judge
from services.billing.domain.movements import Booked
from services.billing.models import BalanceTransaction, ReconciliationDifference
from services.billing.operations.movements import of_row
from services.billing.queries import counterparts, counterparts_back, reconciliation
from services.common.money import Money
from services.contracts.billing.reconciliation import DifferenceKind as Differs
from services.contracts.billing.reconciliation import DifferenceState, Outcome


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with what it is about."""

    finding: Finding
    subject: str
    happened_at: datetime
    booked: Booked | None = None
    movement_id: UUID | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.finding.kind, self.subject


def judge_movements(
    tx: Session, practice_id: UUID, rows: Sequence[BalanceTransaction], now: datetime
) -> int:
    """Compare these with the ledger; how many differences were not known as open before."""
    theirs = [(row, of_row(row)) for row in rows]
    booked = counterparts.beside(tx, practice_id, [movement for _, movement in theirs])
    found = [
        Found(finding, movement.subject, row.created_at, booked.get(row.stripe_id), row.id)
        for row, movement in theirs
        for finding in judge(movement, booked.get(row.stripe_id))
    ]
    return note(tx, practice_id, found, now)


def judge_ours(
    tx: Session,
    practice_id: UUID,
    account: str,
    within: tuple[datetime | None, datetime],
    now: datetime,
) -> int:
    """What is booked here and unknown at Stripe; how many differences were not open before."""
    payments = reconciliation.payments_without_movement(tx, practice_id, account, within)
    refunds = reconciliation.refunds_without_movement(tx, practice_id, within)
    payouts = reconciliation.payouts_without_movement(tx, practice_id, within)
    charged = counterparts.payments_booked(tx, practice_id, payments)
    sent_back = counterparts_back.refunds_booked(tx, practice_id, refunds)
    paid_out = counterparts.payouts_booked(tx, practice_id, payouts)
    found = [
        *(
            _only_here(Differs.CHARGE_UNKNOWN_AT_STRIPE, one.charge_id or one.payment_intent_id,
                       one.captured_at, charged[one.id])
            for one in payments
        ),
        *(
            _only_here(Differs.REFUND_UNKNOWN_AT_STRIPE, one.stripe_refund_id, one.made_at,
                       sent_back[one.id])
            for one in refunds
        ),
        *(
            _only_here(Differs.PAYOUT_UNKNOWN_AT_STRIPE, one.stripe_payout_id, one.created_at,
                       paid_out[one.id])
            for one in payouts
        ),
    ]  # fmt: skip
    return note(tx, practice_id, found, now)


def _only_here(
    kind: Differs, subject: str | None, happened_at: datetime | None, booked: Booked
) -> Found:
    """Told by what it put on the balance, else by what our row says."""
    assert subject is not None
    assert happened_at is not None
    at_stripe = booked.at_stripe()
    money = next((Money(amount, one) for one, amount in at_stripe.items()), booked.money)
    return Found(Finding(kind, None, money), subject, happened_at, booked)


def note(tx: Session, practice_id: UUID, found: Sequence[Found], now: datetime) -> int:
    """Keep what was found, each once; how many were not open before."""
    subjects = {one.subject for one in found}
    known = {
        (one.kind, one.subject): one
        for one in (reconciliation.lock_differences(tx, practice_id, subjects) if found else ())
    }
    fresh = 0
    for one in found:
        row = known.get(one.key)
        if row is None:
            known[one.key] = row = _new(practice_id, one, now)
            tx.add(row)
            fresh += 1
        else:
            fresh += _seen_again(tx, row, one, now)
    tx.flush()
    return fresh


def _new(practice_id: UUID, found: Found, now: datetime) -> ReconciliationDifference:
    row = ReconciliationDifference(
        id=uuid7(),
        practice_id=practice_id,
        kind=found.finding.kind,
        subject=found.subject,
        happened_at=found.happened_at,
        first_seen_at=now,
        last_seen_at=now,
        state=DifferenceState.OPEN,
    )
    _take_over(row, found)
    return row


def _seen_again(tx: Session, row: ReconciliationDifference, found: Found, now: datetime) -> bool:
    """Still there, or there again: what a person settled stays settled while its figures do."""
    row.last_seen_at = now
    is_same = (row.at_stripe, row.in_ledger) == (found.finding.at_stripe, found.finding.in_ledger)
    if row.state == DifferenceState.OPEN:
        if not is_same:
            _take_over(row, found)
            row.revision += 1
        return False
    if is_same and _stays_settled(tx, row):
        return False
    _take_over(row, found)
    row.state, row.outcome, row.settled_at = DifferenceState.OPEN, None, None
    row.revision += 1
    return True


def _stays_settled(tx: Session, row: ReconciliationDifference) -> bool:
    """An explanation and an entry hold; what was taken over and is missing again does not."""
    if row.outcome in (Outcome.EXPLAINED, Outcome.ADJUSTED):
        return True
    return row.outcome == Outcome.IMPORTED and reconciliation.is_posted(tx, row.practice_id, row.id)


def _take_over(row: ReconciliationDifference, found: Found) -> None:
    finding, booked = found.finding, found.booked
    row.stripe_amount, row.stripe_currency = _parts(finding.at_stripe)
    row.ledger_amount, row.ledger_currency = _parts(finding.in_ledger)
    row.balance_transaction_id = found.movement_id
    row.payment_id = booked.payment_id if booked else None
    row.refund_id = booked.refund_id if booked else None
    row.payout_id = booked.payout_id if booked else None


def _parts(money: Money | None) -> tuple[int | None, str | None]:
    return (None, None) if money is None else (money.amount, money.currency)
