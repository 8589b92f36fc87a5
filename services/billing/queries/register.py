"""Prices and connected accounts: what is shared by all practices."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.orm import Session

from services.billing.models import Price, StripeAccount


def prices(tx: Session, price_ids: Sequence[UUID]) -> list[Price]:
    """The prices that there are, by offering and version."""
    wanted = select(Price).where(Price.id.in_(price_ids))
    return list(tx.scalars(wanted.order_by(Price.offering_id, Price.version)))


def price_of_practice(tx: Session, price_id: UUID, practice_id: UUID) -> Price | None:
    """A price, if it is the practice's."""
    return tx.scalar(_PRICE, {"price": price_id, "practice": practice_id})


def price_and_account(
    tx: Session, price_id: UUID, practice_id: UUID
) -> tuple[Price, StripeAccount | None] | None:
    """A price, if it is the practice's, and the account that is charged on."""
    row = tx.execute(_PRICE_AND_ACCOUNT, {"price": price_id, "practice": practice_id}).first()
    return (row[0], row[1]) if row else None


def practice_of(tx: Session, stripe_account_id: str | None) -> UUID | None:
    """Whose account it is; None for the platform's own and for strangers'."""
    account = StripeAccount.stripe_account_id == stripe_account_id
    return tx.scalar(select(StripeAccount.practice_id).where(account))


# Built once, because building them costs as much as running them.
_IS_IT = (
    Price.id == bindparam("price", type_=Uuid),
    Price.practice_id == bindparam("practice", type_=Uuid),
)
_PRICE = select(Price).where(*_IS_IT)
_ITS_ACCOUNT = StripeAccount.practice_id == Price.practice_id
_PRICE_AND_ACCOUNT = (
    select(Price, StripeAccount).outerjoin(StripeAccount, _ITS_ACCOUNT).where(*_IS_IT)
)
