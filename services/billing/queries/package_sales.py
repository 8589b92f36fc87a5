"""Packages that were sold: found, locked, listed with what is used and owed of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, case, func, select, tuple_
from sqlalchemy.orm import Session

from services.billing.domain.cursors import Position
from services.billing.models import CreditUse, Package, PackageVersion, Payment, Sale

Values = tuple[Any, ...]
MOST_OWN = 100


def lock_sale(tx: Session, sale_id: UUID) -> Sale | None:
    """The sale, kept from everybody else until the transaction ends."""
    one = select(Sale).where(Sale.id == sale_id).with_for_update(key_share=True)
    return tx.scalar(one.execution_options(populate_existing=True))


def version_of(tx: Session, sale: Sale) -> PackageVersion:
    """What was bought, as it was then."""
    return tx.get_one(PackageVersion, sale.version_id)


def part(
    tx: Session, practice_id: UUID, state: str | None, at: Position | None, limit: int
) -> Sequence[Row[*Values]]:
    """Rows of `_listed` that go on from the position, the latest first."""
    query = _listed().where(Sale.practice_id == practice_id)
    if state:
        query = query.where(Sale.state == state)
    place, forth = tuple_(Sale.created_at, Sale.id), (Sale.created_at, Sale.id)
    if at is not None and at.is_back:
        back = query.where(place > (at.at, at.id)).order_by(*forth).limit(limit)
        return tx.execute(back).all()[::-1]
    if at is not None:
        query = query.where(place < (at.at, at.id))
    return tx.execute(query.order_by(*(one.desc() for one in forth)).limit(limit)).all()


def sums(tx: Session, practice_id: UUID, state: str | None) -> Sequence[Row[*Values]]:
    """`currency, count, sold, owed` of all sales that were paid."""
    worth = Sale.amount - _used(func.coalesce(func.sum(CreditUse.amount), 0))
    owed = case((Sale.state == "active", worth), else_=0)
    query = select(Sale.currency, func.count(), func.sum(Sale.amount), func.sum(owed)).where(
        Sale.practice_id == practice_id, Sale.bought_at.is_not(None)
    )
    if state:
        query = query.where(Sale.state == state)
    return tx.execute(query.group_by(Sale.currency).order_by(Sale.currency)).all()


def one(tx: Session, sale_id: UUID) -> Row[*Values] | None:
    """A row of `_listed`, whoever's the sale is; the policies of the tables hide others'."""
    return tx.execute(_listed().where(Sale.id == sale_id)).first()


def of_account(tx: Session, account_id: UUID) -> Sequence[Row[*Values]]:
    """Rows of `_listed` that an account bought, or is about to; the latest first."""
    own = _listed().where(Sale.account_id == account_id, Sale.bought_at.is_not(None))
    return tx.execute(own.order_by(Sale.created_at.desc(), Sale.id.desc()).limit(MOST_OWN)).all()


def _listed() -> Select[*Values]:
    """`sale, version, practitioner_id, payment, used count, used worth`."""
    # By the index that a payment has of its booking, for which a package's carries the sale.
    its_payment = (Payment.practice_id == Sale.practice_id) & (Payment.booking_id == Sale.id)
    return (
        select(
            Sale,
            PackageVersion,
            Package.practitioner_id,
            Payment,
            _used(func.count()),
            _used(func.coalesce(func.sum(CreditUse.amount), 0)),
        )
        .join(PackageVersion, PackageVersion.id == Sale.version_id)
        .join(Package, Package.id == PackageVersion.package_id)
        .join(Payment, its_payment)
    )


def _used(told: ColumnElement[Any]) -> ScalarSelect[Any]:
    """Of the sessions of a sale that are used: how many, or what they are worth."""
    its_uses = (
        CreditUse.practice_id == Sale.practice_id,
        CreditUse.sale_id == Sale.id,
        CreditUse.state != "returned",
    )
    query = select(told).select_from(CreditUse).where(*its_uses)
    return query.correlate(Sale).scalar_subquery()
