"""What the ledger has beside Stripe's balance transactions: our payments, refunds and payouts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from services.billing.domain.accounts import Account, Kind
from services.billing.domain.movements import Booked, Group, Movement
from services.billing.models import LedgerPosting, LedgerTransaction, Payment, Payout, Refund

OF_CHARGE = (Kind.CHARGED, Kind.PROCESSED)
OF_REFUND = (Kind.REFUNDED,)
OF_PAYOUT = (Kind.PAID_OUT, Kind.RETURNED)
Key = Any


def beside(tx: Session, practice_id: UUID, movements: Sequence[Movement]) -> dict[str, Booked]:
    """What is booked of each movement, by its id at Stripe; those without anything are left out."""
    groups: dict[Group, list[Movement]] = defaultdict(list)
    for one in movements:
        groups[one.group].append(one)
    found = _of_charges(tx, practice_id, groups[Group.CHARGE])
    found |= _of_refunds(tx, practice_id, groups[Group.REFUND])
    moved = [*groups[Group.PAYOUT], *groups[Group.PAYOUT_BACK]]
    return found | _of_payouts(tx, practice_id, moved)


def payments_booked(
    tx: Session, practice_id: UUID, payments: Iterable[Payment]
) -> dict[UUID, Booked]:
    """What the ledger has of these payments' charges."""
    found = list(payments)
    cause = LedgerTransaction.payment_id
    sums, counts = _booked(tx, practice_id, cause, [one.id for one in found], OF_CHARGE)
    return {
        one.id: Booked(
            money=one.captured_money if one.captured_at else None,
            sums=sums[one.id],
            counts=counts[one.id],
            payment_id=one.id,
        )
        for one in found
    }


def refunds_booked(tx: Session, practice_id: UUID, refunds: Iterable[Refund]) -> dict[UUID, Booked]:
    """What the ledger has of these refunds."""
    found = list(refunds)
    cause = LedgerTransaction.source_id
    sums, counts = _booked(tx, practice_id, cause, [one.id for one in found], OF_REFUND)
    return {
        one.id: Booked(
            money=one.money if one.state == "made" else None,
            sums=sums[one.id],
            counts=counts[one.id],
            payment_id=one.payment_id,
            refund_id=one.id,
        )
        for one in found
    }


def payouts_booked(tx: Session, practice_id: UUID, payouts: Iterable[Payout]) -> dict[UUID, Booked]:
    """What the ledger has of these payouts."""
    found = list(payouts)
    cause = LedgerTransaction.payout_id
    sums, counts = _booked(tx, practice_id, cause, [one.id for one in found], OF_PAYOUT)
    return {
        one.id: Booked(one.money, sums[one.id], counts[one.id], payout_id=one.id) for one in found
    }


def _of_charges(tx: Session, practice_id: UUID, movements: list[Movement]) -> dict[str, Booked]:
    """By charge or intent; by our own id only where the payment has no charge yet, for a second
    charge of one payment is not the one that we know."""
    if not movements:
        return {}
    wanted = select(Payment).where(
        Payment.practice_id == practice_id,
        or_(
            Payment.charge_id.in_([one.source_id for one in movements]),
            Payment.payment_intent_id.in_([one.payment_intent_id for one in movements]),
            Payment.id.in_([one.payment_id for one in movements])
            & Payment.payment_intent_id.is_(None),
        ),
    )
    payments = tx.scalars(wanted).all()
    booked = payments_booked(tx, practice_id, payments)
    known: dict[Key, UUID] = {}
    for one in payments:
        known |= {key: one.id for key in (one.charge_id, one.payment_intent_id, one.id) if key}
    captured = {one.id for one in payments if one.payment_intent_id}
    return _matched(
        movements,
        lambda one: (
            known.get(one.source_id)
            or known.get(one.payment_intent_id)
            or (known.get(one.payment_id) if one.payment_id not in captured else None)
        ),
        booked,
    )


def _of_refunds(tx: Session, practice_id: UUID, movements: list[Movement]) -> dict[str, Booked]:
    if not movements:
        return {}
    wanted = select(Refund).where(
        Refund.practice_id == practice_id,
        or_(
            Refund.stripe_refund_id.in_([one.source_id for one in movements]),
            Refund.id.in_([one.refund_id for one in movements]) & Refund.stripe_refund_id.is_(None),
        ),
    )
    refunds = tx.scalars(wanted).all()
    booked = refunds_booked(tx, practice_id, refunds)
    known: dict[Key, UUID] = {one.stripe_refund_id or one.id: one.id for one in refunds}
    return _matched(
        movements, lambda one: known.get(one.source_id) or known.get(one.refund_id), booked
    )


def _of_payouts(tx: Session, practice_id: UUID, movements: list[Movement]) -> dict[str, Booked]:
    if not movements:
        return {}
    wanted = select(Payout).where(
        Payout.practice_id == practice_id,
        Payout.stripe_payout_id.in_([one.source_id for one in movements]),
    )
    payouts = tx.scalars(wanted).all()
    booked = payouts_booked(tx, practice_id, payouts)
    known: dict[Key, UUID] = {one.stripe_payout_id: one.id for one in payouts}
    return _matched(movements, lambda one: known.get(one.source_id), booked)


def _matched(
    movements: list[Movement], whose: Any, booked: dict[UUID, Booked]
) -> dict[str, Booked]:
    return {one.stripe_id: booked[id_] for one in movements if (id_ := whose(one))}


def _booked(
    tx: Session,
    practice_id: UUID,
    cause: Any,
    ids: list[UUID],
    kinds: tuple[Kind, ...],
) -> tuple[
    dict[UUID, dict[tuple[Account, str], int]],
    dict[UUID, dict[Kind, int]],
]:
    """Postings summed by account and currency, and transactions counted by kind, of each cause."""
    which = (
        LedgerTransaction.practice_id == practice_id,
        cause.in_(ids),
        LedgerTransaction.kind.in_(kinds),
    )
    sums: dict[UUID, dict[tuple[Account, str], int]] = defaultdict(dict)
    for id_, account, currency, amount in tx.execute(_sums(cause, which)) if ids else ():
        sums[id_][Account(account), currency] = int(amount)
    counts: dict[UUID, dict[Kind, int]] = defaultdict(dict)
    counted = select(cause, LedgerTransaction.kind, func.count()).where(*which)
    for id_, kind, count in (
        tx.execute(counted.group_by(cause, LedgerTransaction.kind)) if ids else ()
    ):
        counts[id_][Kind(kind)] = count
    return sums, counts


def _sums(cause: Any, which: tuple[ColumnElement[bool], ...]) -> Select[*tuple[Any, ...]]:
    postings = (LedgerPosting.account, LedgerPosting.currency)
    its_own = (LedgerPosting.transaction_id == LedgerTransaction.id) & (
        LedgerPosting.practice_id == LedgerTransaction.practice_id
    )
    return (
        select(cause, *postings, func.sum(LedgerPosting.amount))
        .join(LedgerPosting, its_own)
        .where(*which)
        .group_by(cause, *postings)
    )
