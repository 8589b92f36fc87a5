"""Keeping Stripe's balance transactions, so that the ledger can be held against them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.billing.domain.movements import Movement
from services.billing.models import BalanceTransaction
from services.common.money import Money

_TABLE: Any = BalanceTransaction.__table__
_ASIDE = frozenset({"id", "practice_id", "stripe_id", "payout_id"})


def keep(
    tx: Session,
    practice_id: UUID,
    movements: Sequence[Movement],
    now: datetime,
    payout_id: UUID | None = None,
) -> None:
    """Write them down as they are told now; with a payout, also that it paid them out."""
    if not movements:
        return
    once = insert(_TABLE)
    told = {
        column.name: once.excluded[column.name]
        for column in _TABLE.columns
        if column.name not in _ASIDE
    }
    if payout_id is not None:
        told["payout_id"] = once.excluded.payout_id
    rows = [_row(practice_id, one, now, payout_id) for one in movements]
    tx.execute(once.on_conflict_do_update(index_elements=["id"], set_=told), rows)


def id_of(practice_id: UUID, stripe_id: str) -> UUID:
    """Ours for one of Stripe's objects, the same each time."""
    return uuid5(practice_id, stripe_id)


def of_row(row: BalanceTransaction) -> Movement:
    """What was kept, as it was told."""
    source = None
    if row.source_amount is not None and row.source_currency is not None:
        source = Money(row.source_amount, row.source_currency)
    return Movement(
        stripe_id=row.stripe_id,
        type=row.type,
        category=row.category,
        source_id=row.source_id,
        gross=Money(row.amount, row.currency),
        stripe_fee=row.stripe_fee,
        commission=row.commission,
        created_at=row.created_at,
        available_at=row.available_at,
        source=source,
        payment_intent_id=row.payment_intent_id,
        payment_id=row.payment_id,
        refund_id=row.refund_id,
    )


def _row(practice_id: UUID, one: Movement, now: datetime, payout_id: UUID | None) -> dict[str, Any]:
    return {
        "id": id_of(practice_id, one.stripe_id),
        "practice_id": practice_id,
        "stripe_id": one.stripe_id,
        "type": one.type,
        "category": one.category,
        "source_id": one.source_id,
        "amount": one.gross.amount,
        "stripe_fee": one.stripe_fee,
        "commission": one.commission,
        "currency": one.gross.currency,
        "source_amount": one.source.amount if one.source else None,
        "source_currency": one.source.currency if one.source else None,
        "payment_intent_id": one.payment_intent_id,
        "payment_id": one.payment_id,
        "refund_id": one.refund_id,
        "payout_id": payout_id,
        "created_at": one.created_at,
        "available_at": one.available_at,
        "seen_at": now,
        "is_gone": False,
    }
