"""What the ledger has of a period, added up in the database: by whose sessions, and by time."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Row, Select, Subquery, cast, func, select, tuple_
from sqlalchemy.orm import Session

from services.billing.domain.cursors import Position
from services.billing.domain.revenue import COUNTED, places
from services.billing.models import (
    CreditUse,
    LedgerPosting,
    LedgerTransaction,
    Payment,
    Price,
    Receivable,
)
from services.contracts.billing.reports import GetRevenue, ListRevenueEntries

Values = tuple[Any, ...]


def sums(tx: Session, practice_id: UUID, wanted: GetRevenue) -> Sequence[Row[*Values]]:
    """`practitioner_id, offering_id, begins_on, is_step, account, kind, currency, amount`: all
    that counts, once by whose sessions it is of and once by the step in which it was posted.

    Both are of one reading of the ledger, so that they agree.
    """
    local = func.timezone(wanted.time_zone, LedgerTransaction.occurred_at)
    begins_on = cast(func.date_trunc(wanted.step.value, local), Date).label("begins_on")
    query = _moved(practice_id, wanted).add_columns(
        begins_on, LedgerPosting.account, LedgerPosting.amount
    )
    moved = query.where(LedgerPosting.account.in_(COUNTED)).subquery().c
    what = (moved.account, moved.kind, moved.currency)
    added = select(
        moved.practitioner_id,
        moved.offering_id,
        moved.begins_on,
        (func.grouping(moved.begins_on) == 0).label("is_step"),
        *what,
        func.sum(moved.amount).label("amount"),
    ).group_by(
        func.grouping_sets(
            tuple_(moved.practitioner_id, moved.offering_id, *what), tuple_(moved.begins_on, *what)
        )
    )
    return tx.execute(added).all()


def entries(
    tx: Session, practice_id: UUID, wanted: ListRevenueEntries, at: Position | None, limit: int
) -> Sequence[Row[*Values]]:
    """`id, kind, occurred_at, payment_id, amount` of transactions that change the figure."""
    moved = _of_figure(practice_id, wanted).c
    query = select(moved.id, moved.kind, moved.occurred_at, moved.payment_id, moved.amount)
    place, forth = tuple_(moved.occurred_at, moved.id), (moved.occurred_at, moved.id)
    if at is not None and at.is_back:
        back = query.where(place > (at.at, at.id)).order_by(*forth).limit(limit)
        return tx.execute(back).all()[::-1]
    if at is not None:
        query = query.where(place < (at.at, at.id))
    return tx.execute(query.order_by(*(one.desc() for one in forth)).limit(limit)).all()


def total(tx: Session, practice_id: UUID, wanted: ListRevenueEntries) -> int:
    """The figure, debits positive."""
    moved = _of_figure(practice_id, wanted).c
    return int(tx.scalar(select(func.coalesce(func.sum(moved.amount), 0))) or 0)


def _of_figure(practice_id: UUID, wanted: ListRevenueEntries) -> Subquery:
    """A row for each transaction, with what it adds."""
    where = tuple_(LedgerPosting.account, LedgerTransaction.kind).in_(places(wanted.figure))
    amount = func.sum(LedgerPosting.amount)
    mine = (where, LedgerPosting.currency == wanted.currency, *_whose(wanted))
    query = _moved(practice_id, wanted).add_columns(amount.label("amount")).where(*mine)
    own = (LedgerTransaction.id, Price.id, LedgerPosting.currency)
    return query.group_by(*own).having(amount != 0).subquery()


def _whose(wanted: ListRevenueEntries) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.practitioner_id is not None:
        conditions.append(Price.practitioner_id == wanted.practitioner_id)
    if wanted.offering_id is not None:
        conditions.append(Price.offering_id == wanted.offering_id)
    if wanted.is_of_no_session:
        conditions.append(Price.id.is_(None))
    return conditions


def _moved(practice_id: UUID, wanted: GetRevenue | ListRevenueEntries) -> Select[*Values]:
    """The period's transactions, each entry with the price that was agreed for its session; of a
    package, for the session that was used, else for the package itself. Of a payment nothing is
    read that ever changes."""
    its_entries = (LedgerPosting.transaction_id == LedgerTransaction.id) & (
        LedgerPosting.practice_id == LedgerTransaction.practice_id
    )
    its_payment = (Payment.id == LedgerTransaction.payment_id) & (
        Payment.practice_id == LedgerTransaction.practice_id
    )
    its_receivable = (Receivable.id == LedgerTransaction.receivable_id) & (
        Receivable.practice_id == LedgerTransaction.practice_id
    )
    its_credit = (CreditUse.id == LedgerTransaction.credit_use_id) & (
        CreditUse.practice_id == LedgerTransaction.practice_id
    )
    agreed = func.coalesce(CreditUse.price_id, Payment.price_id, Receivable.price_id)
    query: Select[*Values] = select(
        LedgerTransaction.id,
        LedgerTransaction.kind,
        LedgerTransaction.occurred_at,
        LedgerTransaction.payment_id,
        Price.practitioner_id,
        Price.offering_id,
        LedgerPosting.currency,
    )
    joined = (
        query.select_from(LedgerTransaction)
        .join(LedgerPosting, its_entries)
        .outerjoin(Payment, its_payment)
        .outerjoin(Receivable, its_receivable)
        .outerjoin(CreditUse, its_credit)
        .outerjoin(Price, Price.id == agreed)
    )
    return joined.where(
        LedgerTransaction.practice_id == practice_id,
        LedgerTransaction.occurred_at >= wanted.from_at,
        LedgerTransaction.occurred_at < wanted.until_at,
    )
