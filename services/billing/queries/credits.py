"""Sessions of packages: those that are used, and those that are left."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, any_, func, literal, select
from sqlalchemy.orm import Session

from services.billing.models import CreditUse, PackageVersion, Payment, Sale
from services.contracts.billing.packages import SaleState

Values = tuple[Any, ...]
MOST = 20


def usable(
    tx: Session, practice_id: UUID, account_id: UUID, offering_id: UUID, now: datetime
) -> Sequence[Row[*Values]]:
    """`sale, name, left` of packages with a session left of the offering, soonest to lapse first;
    none whose payment a bank has taken back."""
    used = (
        select(func.count())
        .select_from(CreditUse)
        .where(
            CreditUse.practice_id == Sale.practice_id,
            CreditUse.sale_id == Sale.id,
            CreditUse.state != "returned",
        )
        .scalar_subquery()
    )
    query = (
        select(Sale, PackageVersion.name, Sale.sessions - used)
        .join(PackageVersion, PackageVersion.id == Sale.version_id)
        .join(Payment, (Payment.practice_id == Sale.practice_id) & (Payment.booking_id == Sale.id))
        .where(
            Sale.practice_id == practice_id,
            Sale.account_id == account_id,
            Sale.state == SaleState.ACTIVE,
            Sale.expires_at > now,
            Payment.disputed == 0,
            literal(offering_id) == any_(PackageVersion.offering_ids),
            Sale.sessions > used,
        )
    )
    return tx.execute(query.order_by(Sale.expires_at, Sale.id).limit(MOST)).all()


def of_booking(tx: Session, practice_id: UUID, booking_id: UUID) -> CreditUse | None:
    """The booking's use of a package, whatever became of it."""
    its = (CreditUse.practice_id == practice_id, CreditUse.booking_id == booking_id)
    return tx.scalar(select(CreditUse).where(*its).execution_options(populate_existing=True))


def standing(tx: Session, sale: Sale) -> Sequence[CreditUse]:
    """What is used of a package, in the order of its sessions' numbers."""
    its = (
        CreditUse.practice_id == sale.practice_id,
        CreditUse.sale_id == sale.id,
        CreditUse.state != "returned",
    )
    return tx.scalars(select(CreditUse).where(*its).order_by(CreditUse.ordinal)).all()


def payment_of(tx: Session, sale: Sale) -> Payment:
    """The payment of a package."""
    its = (Payment.practice_id == sale.practice_id, Payment.booking_id == sale.id)
    return tx.scalars(select(Payment).where(*its)).one()


def names_by_booking(tx: Session, booking_ids: Sequence[UUID]) -> Sequence[Row[*Values]]:
    """`use, name` of the packages that these bookings used; the policies hide others'."""
    query = (
        select(CreditUse, PackageVersion.name)
        .join(Sale, (Sale.id == CreditUse.sale_id) & (Sale.practice_id == CreditUse.practice_id))
        .join(PackageVersion, PackageVersion.id == Sale.version_id)
        .where(CreditUse.booking_id.in_(booking_ids))
    )
    return tx.execute(query).all()
