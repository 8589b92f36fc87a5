"""Sessions that are paid or owed and on no invoice that stands."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, exists, false, func, select, true, union_all
from sqlalchemy.orm import Session

from services.billing.domain.invoicing import Claim
from services.billing.models import InvoicedSession, Payment, Receivable, Refund
from services.common.money import Money

Values = tuple[Any, ...]


def paid(
    tx: Session, practice_id: UUID, client_id: UUID, booking_ids: Sequence[UUID] | None, limit: int
) -> list[Claim]:
    """What was paid, is not given back and lies in no dispute, nor was lost in one, the latest
    first; locked where bookings are named.

    A refund that is promised while an invoice is written waits for it, or is seen by it.
    """
    query = select(Payment).where(
        Payment.practice_id == practice_id,
        Payment.client_id == client_id,
        Payment.captured > 0,
        Payment.sale_id.is_(None),
    )
    if booking_ids is None:
        query = query.where(_is_free(Payment))
    else:
        query = query.where(Payment.booking_id.in_(booking_ids)).with_for_update(key_share=True)
    found = tx.scalars(query.order_by(Payment.captured_at.desc()).limit(limit)).all()
    back = _promised_back(tx, practice_id, [one.id for one in found])
    claims = [
        Claim(
            one.booking_id,
            Money(one.captured - one.disputed - back.get(one.id, 0), one.currency),
            one.captured_at,
        )
        for one in found
    ]
    return [one for one in claims if one.money.amount > 0]


def owed(
    tx: Session, practice_id: UUID, client_id: UUID, booking_ids: Sequence[UUID] | None, limit: int
) -> list[Claim]:
    """What is owed, the latest first; locked where bookings are named."""
    query = select(Receivable).where(
        Receivable.practice_id == practice_id,
        Receivable.client_id == client_id,
        Receivable.owed > 0,
    )
    if booking_ids is None:
        query = query.where(_is_free(Receivable))
    else:
        query = query.where(Receivable.booking_id.in_(booking_ids)).with_for_update(key_share=True)
    found = tx.scalars(query.order_by(Receivable.changed_at.desc()).limit(limit)).all()
    return [Claim(one.booking_id, one.owed_money, None) for one in found]


def clients(
    tx: Session, practice_id: UUID, after: UUID | None, limit: int
) -> Sequence[Row[*Values]]:
    """`client_id, paid, owed` counts of clients after the one named, the latest to join first."""
    every = union_all(
        _clients_of(Payment, true(), _paid_for_session(), practice_id, after),
        _clients_of(Receivable, false(), Receivable.owed > 0, practice_id, after),
    ).subquery()
    query = select(
        every.c.client_id,
        func.count().filter(every.c.is_paid).label("paid"),
        func.count().filter(~every.c.is_paid).label("owed"),
    )
    ordered = query.group_by(every.c.client_id).order_by(every.c.client_id.desc())
    return tx.execute(ordered.limit(limit)).all()


def _clients_of(
    table: type[Payment] | type[Receivable],
    is_paid: ColumnElement[bool],
    is_open: ColumnElement[bool],
    practice_id: UUID,
    after: UUID | None,
) -> Select[*Values]:
    query = select(table.client_id, is_paid.label("is_paid")).where(
        table.practice_id == practice_id, is_open, _is_free(table)
    )
    return query.where(table.client_id < after) if after is not None else query


def _paid_for_session() -> ColumnElement[bool]:
    is_kept = Payment.captured > Payment.refunded + Payment.disputed
    return is_kept & Payment.sale_id.is_(None)


def _is_free(table: type[Payment] | type[Receivable]) -> ColumnElement[bool]:
    standing = exists().where(
        InvoicedSession.practice_id == table.practice_id,
        InvoicedSession.booking_id == table.booking_id,
        InvoicedSession.credit_note_id.is_(None),
    )
    return ~standing


def _promised_back(tx: Session, practice_id: UUID, payment_ids: Sequence[UUID]) -> dict[UUID, int]:
    query = select(Refund.payment_id, func.sum(Refund.amount)).where(
        Refund.practice_id == practice_id, Refund.payment_id.in_(payment_ids)
    )
    rows = tx.execute(query.group_by(Refund.payment_id))
    return {payment_id: int(amount) for payment_id, amount in rows}
