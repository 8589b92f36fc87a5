"""Prices and connected accounts: what is shared by all practices."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.billing.models import Price, StripeAccount


def prices(tx: Session, price_ids: Sequence[UUID]) -> list[Price]:
    """The prices that there are, by offering and version."""
    wanted = select(Price).where(Price.id.in_(price_ids))
    return list(tx.scalars(wanted.order_by(Price.offering_id, Price.version)))


def price_of_practice(tx: Session, price_id: UUID, practice_id: UUID) -> Price | None:
    """A price, if it is the practice's."""
    return tx.scalar(select(Price).where(Price.id == price_id, Price.practice_id == practice_id))


def price_and_account(
    tx: Session, price_id: UUID, practice_id: UUID
) -> tuple[Price, StripeAccount | None] | None:
    """A price, if it is the practice's, and the account that is charged on."""
    its_account = StripeAccount.practice_id == Price.practice_id
    wanted = select(Price, StripeAccount).outerjoin(StripeAccount, its_account)
    row = tx.execute(wanted.where(Price.id == price_id, Price.practice_id == practice_id)).first()
    return (row[0], row[1]) if row else None


def practice_of(tx: Session, stripe_account_id: str | None) -> UUID | None:
    """Whose account it is; None for the platform's own and for strangers'."""
    account = StripeAccount.stripe_account_id == stripe_account_id
    return tx.scalar(select(StripeAccount.practice_id).where(account))
