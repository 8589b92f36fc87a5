"""Packages and their versions, and the prices of the offerings that they hold."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from services.billing.models import Package, PackageVersion, Price

Values = tuple[Any, ...]
MOST = 100


def of_practice(tx: Session, practice_id: UUID) -> Sequence[Row[*Values]]:
    """`package, version, price` of each of the practice's, by name; the first 100."""
    mine = _present().where(Package.practice_id == practice_id)
    return tx.execute(mine.order_by(PackageVersion.name, Package.id).limit(MOST)).all()


def on_offer(tx: Session, practitioner_id: UUID) -> Sequence[Row[*Values]]:
    """`package, version, price` of what can be bought of a practitioner, the smallest first."""
    theirs = _present().where(Package.practitioner_id == practitioner_id, Package.is_active)
    return tx.execute(theirs.order_by(PackageVersion.sessions, Price.amount).limit(MOST)).all()


def one(tx: Session, practice_id: UUID, package_id: UUID) -> Row[*Values] | None:
    """`package, version, price` of one package of the practice."""
    mine = _present().where(Package.practice_id == practice_id, Package.id == package_id)
    return tx.execute(mine).first()


def version(tx: Session, version_id: UUID) -> Row[*Values] | None:
    """`package, version, price` of a version, though it may not be the present one."""
    return tx.execute(_versions().where(PackageVersion.id == version_id)).first()


def lock_package(tx: Session, practice_id: UUID, package_id: UUID) -> Package | None:
    """The practice's package, kept from everybody else until the transaction ends."""
    mine = select(Package).where(Package.practice_id == practice_id, Package.id == package_id)
    return tx.scalar(mine.with_for_update().execution_options(populate_existing=True))


def latest_prices(tx: Session, offering_ids: Sequence[UUID]) -> dict[UUID, Price]:
    """The latest price of each offering; those without any are left out."""
    query = (
        select(Price)
        .ext(distinct_on(Price.offering_id))
        .where(Price.offering_id.in_(offering_ids))
        .order_by(Price.offering_id, Price.version.desc())
    )
    return {price.offering_id: price for price in tx.scalars(query)}


def _versions() -> Select[*Values]:
    return (
        select(Package, PackageVersion, Price)
        .join(PackageVersion, PackageVersion.package_id == Package.id)
        .join(Price, Price.id == PackageVersion.id)
    )


def _present() -> Select[*Values]:
    return _versions().where(PackageVersion.version == Package.version)
