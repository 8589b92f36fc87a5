"""A practice's payments, the latest first: in parts that go on from a row, and added up."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_
from sqlalchemy.orm import Session

from services.billing.domain.cursors import Position
from services.billing.models import Payment, Price, Refund
from services.contracts.billing.practice_payments import MOST_ADDED_UP, ListPracticePayments

Values = tuple[Any, ...]


def part(
    tx: Session, practice_id: UUID, wanted: ListPracticePayments, at: Position | None, limit: int
) -> Sequence[Row[*Values]]:
    """The payments that go on from the position, the latest first, with their practitioners."""
    query = _listed().where(*_let_through(practice_id, wanted))
    place = tuple_(Payment.dated_at, Payment.id)
    if at is not None and at.is_back:
        back = query.where(place > (at.at, at.id))
        ascending = back.order_by(Payment.dated_at, Payment.id).limit(limit)
        return tx.execute(ascending).all()[::-1]
    if at is not None:
        query = query.where(place < (at.at, at.id))
    return tx.execute(query.order_by(Payment.dated_at.desc(), Payment.id.desc()).limit(limit)).all()


def sums(tx: Session, practice_id: UUID, wanted: ListPracticePayments) -> Sequence[Row[*Values]]:
    """`currency, count, asked, captured, refunded`; the counts exceed MOST_ADDED_UP where there
    are more payments than that."""
    amounts = select(Payment.currency, Payment.amount, Payment.captured, Payment.refunded)
    some = amounts.where(*_let_through(practice_id, wanted)).limit(MOST_ADDED_UP + 1).subquery()
    added = select(
        some.c.currency,
        func.count().label("count"),
        func.sum(some.c.amount).label("asked"),
        func.sum(some.c.captured).label("captured"),
        func.sum(some.c.refunded).label("refunded"),
    )
    return tx.execute(added.group_by(some.c.currency).order_by(some.c.currency)).all()


def one(tx: Session, practice_id: UUID, payment_id: UUID) -> Row[*Values] | None:
    """A payment of the practice with its practitioner."""
    mine = (Payment.practice_id == practice_id, Payment.id == payment_id)
    return tx.execute(_listed().where(*mine)).first()


def refunds(tx: Session, practice_id: UUID, payment_id: UUID) -> Sequence[Refund]:
    """What was promised back of a payment, oldest first."""
    mine = (Refund.practice_id == practice_id, Refund.payment_id == payment_id)
    return tx.scalars(select(Refund).where(*mine).order_by(Refund.created_at, Refund.id)).all()


def _listed() -> Select[*Values]:
    return select(Payment, Price.practitioner_id).join(Price, Price.id == Payment.price_id)


def _let_through(practice_id: UUID, wanted: ListPracticePayments) -> list[ColumnElement[bool]]:
    """A condition for each filter that is set, the practice's own first."""
    conditions: list[ColumnElement[bool]] = [Payment.practice_id == practice_id]
    if wanted.states:
        conditions.append(Payment.state.in_(wanted.states))
    if wanted.from_at is not None:
        conditions.append(Payment.dated_at >= wanted.from_at)
    if wanted.until_at is not None:
        conditions.append(Payment.dated_at < wanted.until_at)
    if wanted.practitioner_id is not None:
        theirs = select(Price.id).where(Price.practitioner_id == wanted.practitioner_id)
        conditions.append(Payment.price_id.in_(theirs))
    if wanted.client_ids is not None:
        conditions.append(Payment.client_id.in_(wanted.client_ids))
    return conditions + _of_amount(wanted)


def _of_amount(wanted: ListPracticePayments) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.currency is not None:
        conditions.append(Payment.currency == wanted.currency)
    if wanted.least is not None:
        conditions.append(Payment.amount >= wanted.least)
    if wanted.most is not None:
        conditions.append(Payment.amount <= wanted.most)
    return conditions
