"""Payouts and Stripe's balance transactions: found, locked, listed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, tuple_
from sqlalchemy.orm import Session

from services.billing.domain.accounts import Kind
from services.billing.models import BalanceTransaction, LedgerTransaction, Payout

Place = tuple[datetime, UUID]
"""Where a listing goes on: right after this row."""


def lock_payout(tx: Session, payout_id: UUID) -> Payout | None:
    """The payout, kept from everybody else until the transaction ends."""
    one = select(Payout).where(Payout.id == payout_id)
    return tx.scalar(one.with_for_update(key_share=True).execution_options(populate_existing=True))


def posted(tx: Session, practice_id: UUID, payout_id: UUID) -> frozenset[Kind]:
    """What the ledger has of a payout."""
    found = select(LedgerTransaction.kind).where(
        LedgerTransaction.practice_id == practice_id, LedgerTransaction.payout_id == payout_id
    )
    return frozenset(Kind(kind) for kind in tx.scalars(found))


def page(tx: Session, practice_id: UUID, before: Place | None, limit: int) -> Sequence[Payout]:
    """Payouts, the latest first."""
    wanted = select(Payout).where(Payout.practice_id == practice_id)
    if before:
        wanted = wanted.where(tuple_(Payout.created_at, Payout.id) < before)
    return tx.scalars(
        wanted.order_by(Payout.created_at.desc(), Payout.id.desc()).limit(limit)
    ).all()


def one(tx: Session, practice_id: UUID, payout_id: UUID) -> Payout | None:
    """A payout of the practice."""
    wanted = select(Payout).where(Payout.practice_id == practice_id, Payout.id == payout_id)
    return tx.scalar(wanted)


def parts(
    tx: Session, practice_id: UUID, payout_id: UUID, before: Place | None, limit: int
) -> list[BalanceTransaction]:
    """What a payout is made of, the latest first; its own movement is none of it."""
    wanted = select(BalanceTransaction).where(*_made_of(practice_id, payout_id))
    place = tuple_(BalanceTransaction.created_at, BalanceTransaction.id)
    if before:
        wanted = wanted.where(place < before)
    latest = (BalanceTransaction.created_at.desc(), BalanceTransaction.id.desc())
    return list(tx.scalars(wanted.order_by(*latest).limit(limit)))


def sums(tx: Session, practice_id: UUID, payout_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """`type, count, gross, stripe_fee, commission` of what it is made of, by type."""
    wanted = select(
        BalanceTransaction.type,
        func.count().label("count"),
        func.sum(BalanceTransaction.amount).label("gross"),
        func.sum(BalanceTransaction.stripe_fee).label("stripe_fee"),
        func.sum(BalanceTransaction.commission).label("commission"),
    ).where(*_made_of(practice_id, payout_id))
    return tx.execute(wanted.group_by(BalanceTransaction.type).order_by("type")).all()


def _made_of(practice_id: UUID, payout_id: UUID) -> tuple[Any, ...]:
    return (
        BalanceTransaction.practice_id == practice_id,
        BalanceTransaction.payout_id == payout_id,
        BalanceTransaction.type != "payout",
    )
