"""What the ledger has of money that went back: refunds, those that failed, and disputes.

A refund's first try is booked under its own id. One that failed may be sent again: each further
try, and each failure, is booked under an id that follows from ours and from Stripe's.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.billing.domain.accounts import Kind
from services.billing.domain.movements import Booked, Group, Movement
from services.billing.models import BalanceTransaction, Dispute, LedgerTransaction, Refund
from services.billing.queries.booked import Entries, entries

OF_REFUND = (Kind.REFUNDED, Kind.REFUND_FAILED)
OF_DISPUTE = (Kind.DISPUTED, Kind.REINSTATED)
_BACK_TYPES = {"refund": "refund", "payment_refund": "refund", "refund_failure": "failure",
               "payment_failure_refund": "failure"}  # fmt: skip
_EVEN = Booked(None, is_even=True)


def refunds_booked(tx: Session, practice_id: UUID, refunds: Iterable[Refund]) -> dict[UUID, Booked]:
    """What the ledger has of these refunds as they were sent last."""
    found = list(refunds)
    ids = [id_ for one in found for id_ in (one.id, _try_of(one, one.stripe_refund_id))]
    booked = entries(tx, practice_id, LedgerTransaction.source_id, ids, OF_REFUND)
    return {one.id: _sent(one, one.stripe_refund_id, booked) for one in found}


def of_refunds(tx: Session, practice_id: UUID, movements: list[Movement]) -> dict[str, Booked]:
    """What is booked of each, by the movement's id at Stripe."""
    if not movements:
        return {}
    found = _refunds(tx, practice_id, movements)
    pairs = [(one, refund) for one in movements if (refund := _whose(one, found))]
    ids = [id_ for one, refund in pairs for id_ in (refund.id, _try_of(refund, one.source_id))]
    booked = entries(tx, practice_id, LedgerTransaction.source_id, ids, OF_REFUND)
    beside = {one.stripe_id: _of_one(one, refund, booked) for one, refund in pairs}
    unbooked = [one for one in movements if beside.get(one.stripe_id, Booked(None)).money is None]
    return beside | _undone(tx, practice_id, unbooked)


def of_disputes(tx: Session, practice_id: UUID, movements: list[Movement]) -> dict[str, Booked]:
    """What is booked of each withdrawal and return, by the movement's id at Stripe."""
    if not movements:
        return {}
    wanted = select(Dispute).where(
        Dispute.practice_id == practice_id,
        Dispute.stripe_dispute_id.in_([one.source_id for one in movements]),
    )
    known = {one.stripe_dispute_id: one for one in tx.scalars(wanted)}
    ids = [one.id for one in known.values()]
    booked = entries(tx, practice_id, LedgerTransaction.source_id, ids, OF_DISPUTE)
    return {
        one.stripe_id: _of_dispute(one, dispute, booked)
        for one in movements
        if (dispute := known.get(one.source_id or ""))
    }


def _of_dispute(movement: Movement, dispute: Dispute, booked: Entries) -> Booked:
    is_taken = movement.gross.amount < 0
    kind = (Kind.DISPUTED if is_taken else Kind.REINSTATED,)
    is_noted = dispute.withdrawn_at if is_taken else dispute.reinstated_at
    return Booked(
        money=dispute.money if is_noted else None,
        sums=booked.sums(dispute.id, kind),
        counts=booked.counts(dispute.id, kind),
        payment_id=dispute.payment_id,
    )


def _refunds(tx: Session, practice_id: UUID, movements: list[Movement]) -> Sequence[Refund]:
    wanted = select(Refund).where(
        Refund.practice_id == practice_id,
        or_(
            Refund.stripe_refund_id.in_([one.source_id for one in movements]),
            Refund.id.in_([one.refund_id for one in movements if one.refund_id]),
        ),
    )
    return tx.scalars(wanted).all()


def _whose(movement: Movement, refunds: Sequence[Refund]) -> Refund | None:
    return next(
        (
            one
            for one in refunds
            if movement.source_id == one.stripe_refund_id or movement.refund_id == one.id
        ),
        None,
    )


def _of_one(movement: Movement, refund: Refund, booked: Entries) -> Booked:
    if movement.group is Group.REFUND:
        return _sent(refund, movement.source_id, booked)
    kind, source = (Kind.REFUND_FAILED,), _try_of(refund, movement.source_id)
    return Booked(
        money=refund.money if booked.has(source, Kind.REFUND_FAILED) else None,
        sums=booked.sums(source, kind),
        counts=booked.counts(source, kind),
        payment_id=refund.payment_id,
        refund_id=refund.id,
    )


def _sent(refund: Refund, stripe_refund_id: str | None, booked: Entries) -> Booked:
    """What is booked of the try that has this id at Stripe."""
    own, kind = _try_of(refund, stripe_refund_id), (Kind.REFUNDED,)
    is_last = refund.stripe_refund_id == stripe_refund_id
    is_first = is_last or booked.has(own, Kind.REFUND_FAILED)
    source = own if booked.has(own, Kind.REFUNDED) or not is_first else refund.id
    is_known = booked.has(source, Kind.REFUNDED) or (is_last and refund.state == "made")
    return Booked(
        money=refund.money if is_known else None,
        sums=booked.sums(source, kind),
        counts=booked.counts(source, kind),
        payment_id=refund.payment_id,
        refund_id=refund.id,
    )


def _try_of(refund: Refund, stripe_refund_id: str | None) -> UUID:
    return uuid5(refund.id, stripe_refund_id or "")


def _undone(tx: Session, practice_id: UUID, unbooked: list[Movement]) -> dict[str, Booked]:
    """A refund that failed before it was booked moved nothing: both of its movements are even."""
    sources = {one.source_id for one in unbooked if one.source_id}
    if not sources:
        return {}
    wanted = select(BalanceTransaction.source_id, BalanceTransaction.type).where(
        BalanceTransaction.practice_id == practice_id,
        BalanceTransaction.source_id.in_(sources),
        BalanceTransaction.type.in_(_BACK_TYPES),
        ~BalanceTransaction.is_gone,
    )
    sides: dict[Any, set[str]] = {}
    for source_id, type_ in tx.execute(wanted):
        sides.setdefault(source_id, set()).add(_BACK_TYPES[type_])
    return {
        one.stripe_id: _EVEN
        for one in unbooked
        if len(sides.get(one.source_id, set())) == len(set(_BACK_TYPES.values()))
    }
