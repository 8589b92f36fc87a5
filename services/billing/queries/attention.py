"""What waits for a person: work that was given up, late money, money that is owed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_
from sqlalchemy.orm import Session

from services.billing.domain.ages import span
from services.billing.domain.cursors import Position
from services.billing.models import DueWork, Payment, Payout, Price, Receivable, Refund
from services.contracts.billing.attention import OwedAge

Values = tuple[Any, ...]
REFUSED = "refused"
_PLACE = tuple_(Receivable.changed_at, Receivable.id)


def stuck(tx: Session, practice_id: UUID, limit: int) -> Sequence[Row[*Values]]:
    """`kind, error, parked_at, payment_id, client_id, amount, currency, count` of the practice's
    parked work on payments, the latest first; `count` is that of all."""
    about = (
        Payment.id,
        Payment.client_id,
        func.coalesce(Refund.amount, Payment.amount).label("amount"),
        Payment.currency,
    )
    return tx.execute(_parked(practice_id, about, limit).where(Payment.id.is_not(None))).all()


def stuck_looks(tx: Session, practice_id: UUID, limit: int) -> Sequence[Row[*Values]]:
    """`kind, error, parked_at, payout_id, amount, currency, count` of all its other parked work."""
    about = (Payout.id, Payout.amount, Payout.currency)
    its_payout = (Payout.id == DueWork.subject_id) & (Payout.practice_id == practice_id)
    query = _parked(practice_id, about, limit).outerjoin(Payout, its_payout)
    return tx.execute(query.where(Payment.id.is_(None))).all()


def _parked(practice_id: UUID, about: tuple[Any, ...], limit: int) -> Select[*Values]:
    """The practice's parked work, the latest first, with its refund and its payment; a package's
    sale has its payment as a booking has. Due work has no policy of its own."""
    its_refund = (DueWork.subject_id == Refund.id) & (Refund.practice_id == practice_id)
    payment_id = func.coalesce(Refund.payment_id, DueWork.subject_id)
    its_payment = (Payment.id == payment_id) | (Payment.booking_id == DueWork.subject_id)
    error = func.coalesce(DueWork.error, "").label("error")
    query: Select[*Values] = (
        select(DueWork.kind, error, DueWork.parked_at, *about, func.count().over().label("count"))
        .select_from(DueWork)
        .outerjoin(Refund, its_refund)
        .outerjoin(Payment, its_payment & (Payment.practice_id == practice_id))
        .where(DueWork.practice_id == practice_id, DueWork.parked_at.is_not(None))
    )
    return query.order_by(DueWork.parked_at.desc(), DueWork.id).limit(limit)


def late(tx: Session, practice_id: UUID, since: datetime, limit: int) -> Sequence[Row[*Values]]:
    """`payment_id, client_id, amount, currency, captured_at, is_back, count` of payments whose
    time was gone, the latest first; `count` is that of all."""
    query = (
        select(
            Payment.id,
            Payment.client_id,
            Payment.captured,
            Payment.currency,
            Refund.created_at,
            (Refund.state == "made").label("is_back"),
            func.count().over().label("count"),
        )
        .join(Payment, Payment.id == Refund.payment_id)
        .where(
            Refund.practice_id == practice_id,
            Payment.practice_id == practice_id,
            Refund.reason == REFUSED,
            Refund.created_at >= since,
        )
    )
    return tx.execute(query.order_by(Refund.created_at.desc(), Refund.id).limit(limit)).all()


def owed_sums(
    tx: Session, practice_id: UUID, age: OwedAge, now: datetime
) -> Sequence[Row[*Values]]:
    """`currency, count, amount` of what is owed since so long."""
    query = select(
        Receivable.currency, func.count().label("count"), func.sum(Receivable.owed).label("amount")
    )
    aged = query.where(*_owed(practice_id, age, now)).group_by(Receivable.currency)
    return tx.execute(aged.order_by(Receivable.currency)).all()


def owed_part(
    tx: Session,
    practice_id: UUID,
    age: OwedAge | None,
    now: datetime,
    at: Position | None,
    limit: int,
) -> Sequence[Row[*Values]]:
    """Receivables with their practitioners, those owed the longest first."""
    query: Select[*Values] = (
        select(Receivable, Price.practitioner_id)
        .join(Price, Price.id == Receivable.price_id)
        .where(*_owed(practice_id, age, now))
    )
    forth = (Receivable.changed_at, Receivable.id)
    if at is not None and at.is_back:
        back = query.where((at.at, at.id) > _PLACE).order_by(*(one.desc() for one in forth))
        return tx.execute(back.limit(limit)).all()[::-1]
    if at is not None:
        query = query.where((at.at, at.id) < _PLACE)
    return tx.execute(query.order_by(*forth).limit(limit)).all()


def _owed(practice_id: UUID, age: OwedAge | None, now: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Receivable.practice_id == practice_id,
        Receivable.owed > 0,
    ]
    after, until = span(age, now) if age else (None, None)
    if after is not None:
        conditions.append(Receivable.changed_at > after)
    if until is not None:
        conditions.append(Receivable.changed_at <= until)
    return conditions
