"""Prices and connected accounts: what is shared by all practices."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.orm import Session

from services.billing.models import Price, StripeAccount
from services.common.money import Money


def prices(tx: Session, price_ids: Sequence[UUID]) -> list[Price]:
    """The prices that there are, by offering and version."""
    wanted = select(Price).where(Price.id.in_(price_ids))
    return list(tx.scalars(wanted.order_by(Price.offering_id, Price.version)))


def price_of_practice(tx: Session, price_id: UUID, practice_id: UUID) -> Price | None:
    """A price, if it is the practice's."""
    return tx.scalar(_PRICE, {"price": price_id, "practice": practice_id})


class Terms(NamedTuple):
    """What a booking is paid at, and to which account where there is one yet; the commission in
    hundredths of a percent."""

    price_id: UUID
    amount: int
    currency: str
    stripe_account_id: str | None
    commission_basis_points: int | None

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


def terms(tx: Session, price_id: UUID, practice_id: UUID) -> Terms | None:
    """Those of the practice for a price, if it is one of its own."""
    row = tx.execute(_TERMS, {"price": price_id, "practice": practice_id}).first()
    return Terms(*row) if row else None


def practice_of(tx: Session, stripe_account_id: str | None) -> UUID | None:
    """Whose account it is; None for the platform's own and for strangers'."""
    account = StripeAccount.stripe_account_id == stripe_account_id
    return tx.scalar(select(StripeAccount.practice_id).where(account))


def account_of(tx: Session, practice_id: UUID) -> str | None:
    """The practice's own account at Stripe, where it has one."""
    its = StripeAccount.practice_id == practice_id
    return tx.scalar(select(StripeAccount.stripe_account_id).where(its))


def connected_practices(tx: Session) -> Sequence[UUID]:
    """Those that have an account at Stripe."""
    return tx.scalars(select(StripeAccount.practice_id).order_by(StripeAccount.practice_id)).all()


# Built once, because building them costs as much as running them.
_IS_IT = (
    Price.id == bindparam("price", type_=Uuid),
    Price.practice_id == bindparam("practice", type_=Uuid),
)
_PRICE = select(Price).where(*_IS_IT)
_ITS_ACCOUNT = StripeAccount.practice_id == Price.practice_id
_TERMS = (
    select(
        Price.id,
        Price.amount,
        Price.currency,
        StripeAccount.stripe_account_id,
        StripeAccount.commission_basis_points,
    )
    .outerjoin(StripeAccount, _ITS_ACCOUNT)
    .where(*_IS_IT)
)
