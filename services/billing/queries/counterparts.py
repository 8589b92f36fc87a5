"""What the ledger has beside Stripe's balance transactions: payments, payouts; what went back."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.billing.domain.accounts import Kind
from services.billing.domain.movements import Booked, Group, Movement
from services.billing.models import LedgerTransaction, Payment, Payout
from services.billing.queries import counterparts_back
from services.billing.queries.booked import entries

OF_CHARGE = (Kind.CHARGED, Kind.PROCESSED)
OF_PAYOUT = (Kind.PAID_OUT, Kind.RETURNED)


def beside(tx: Session, practice_id: UUID, movements: Sequence[Movement]) -> dict[str, Booked]:
    """What is booked of each movement, by its id at Stripe; those without anything are left out."""
    groups: dict[Group, list[Movement]] = defaultdict(list)
    for one in movements:
        groups[one.group].append(one)
    charged = _of_charges(tx, practice_id, groups[Group.CHARGE])
    moved = [*groups[Group.PAYOUT], *groups[Group.PAYOUT_BACK]]
    paid_out = _of_payouts(tx, practice_id, moved)
    went_back = [*groups[Group.REFUND], *groups[Group.REFUND_BACK]]
    refunded = counterparts_back.of_refunds(tx, practice_id, went_back)
    disputed = counterparts_back.of_disputes(tx, practice_id, groups[Group.DISPUTE])
    return charged | paid_out | refunded | disputed


def payments_booked(
    tx: Session, practice_id: UUID, payments: Iterable[Payment]
) -> dict[UUID, Booked]:
    """What the ledger has of these payments' charges."""
    found = list(payments)
    cause = LedgerTransaction.payment_id
    booked = entries(tx, practice_id, cause, [one.id for one in found], OF_CHARGE)
    return {
        one.id: Booked(
            money=one.captured_money if one.captured_at else None,
            sums=booked.sums(one.id, OF_CHARGE),
            counts=booked.counts(one.id, OF_CHARGE),
            payment_id=one.id,
        )
        for one in found
    }


def payouts_booked(tx: Session, practice_id: UUID, payouts: Iterable[Payout]) -> dict[UUID, Booked]:
    """What the ledger has of these payouts at Stripe."""
    found = list(payouts)
    cause = LedgerTransaction.payout_id
    booked = entries(tx, practice_id, cause, [one.id for one in found], OF_PAYOUT)
    return {
        one.id: Booked(
            money=one.money,
            sums=booked.sums(one.id, OF_PAYOUT),
            counts=booked.counts(one.id, OF_PAYOUT),
            payout_id=one.id,
        )
        for one in found
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
    known: dict[Any, UUID] = {}
    for one in payments:
        own = None if one.payment_intent_id else one.id
        known |= {key: one.id for key in (one.charge_id, one.payment_intent_id, own) if key}

    def whose(movement: Movement) -> UUID | None:
        keys = (movement.source_id, movement.payment_intent_id, movement.payment_id)
        return next((known[key] for key in keys if key in known), None)

    return _matched(movements, whose, booked)


def _of_payouts(tx: Session, practice_id: UUID, movements: list[Movement]) -> dict[str, Booked]:
    if not movements:
        return {}
    wanted = select(Payout).where(
        Payout.practice_id == practice_id,
        Payout.stripe_payout_id.in_([one.source_id for one in movements]),
    )
    payouts = tx.scalars(wanted).all()
    booked = payouts_booked(tx, practice_id, payouts)
    known: dict[Any, UUID] = {one.stripe_payout_id: one.id for one in payouts}
    return _matched(movements, lambda one: known.get(one.source_id), booked)


def _matched(
    movements: list[Movement],
    whose: Callable[[Movement], UUID | None],
    booked: dict[UUID, Booked],
) -> dict[str, Booked]:
    return {one.stripe_id: booked[id_] for one in movements if (id_ := whose(one))}
