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


def account_of(tx: Session, practice_id: UUID) -> StripeAccount | None:
    """The practice's connected account."""
    return tx.get(StripeAccount, practice_id)


def practice_of(tx: Session, stripe_account_id: str | None) -> UUID | None:
    """Whose account it is; None for the platform's own and for strangers'."""
    account = StripeAccount.stripe_account_id == stripe_account_id
    return tx.scalar(select(StripeAccount.practice_id).where(account))
