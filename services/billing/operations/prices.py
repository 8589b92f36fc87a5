"""Publishing prices: a new version each time, never a change."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.billing.models import Price, plumbing
from services.common.errors import DifferentContent, InvalidInput
from services.common.money import Money
from services.common.outbox import emit
from services.contracts.billing import PricePublished


@dataclass(frozen=True, slots=True)
class NewPrice:
    """A version of an offering's price; `id` is minted by the caller."""

    id: UUID
    practice_id: UUID
    offering_id: UUID
    practitioner_id: UUID
    version: int
    money: Money


def publish_price(tx: Session, price: NewPrice, *, now: datetime) -> Price:
    """Publish it and tell so; repeating it changes and tells nothing.

    Raises InvalidInput for what is no price, DifferentContent where the id or the offering's
    version is taken by another one.
    """
    if price.money.amount <= 0 or price.version <= 0:
        raise InvalidInput("A price is above zero.", {"money": "must be above zero"})
    once = insert(Price).values(_row(price, now)).on_conflict_do_nothing()
    is_new = tx.execute(once.returning(Price.id)).first() is not None
    stored = tx.get(Price, price.id)
    if stored is None or _content(stored) != _content(price):
        raise DifferentContent("This price, or this version of it, is published already.")
    if is_new:
        emit(tx, plumbing.outbox, _published(price, now))
    return stored


def _row(price: NewPrice, now: datetime) -> dict[str, object]:
    return {
        "id": price.id,
        "practice_id": price.practice_id,
        "offering_id": price.offering_id,
        "practitioner_id": price.practitioner_id,
        "version": price.version,
        "amount": price.money.amount,
        "currency": price.money.currency,
        "published_at": now,
    }


def _content(price: Price | NewPrice) -> tuple[object, ...]:
    ids = (price.practice_id, price.offering_id, price.practitioner_id)
    return (*ids, price.version, price.money)


def _published(price: NewPrice, now: datetime) -> PricePublished:
    return PricePublished(
        occurred_at=now,
        practice_id=price.practice_id,
        price_id=price.id,
        offering_id=price.offering_id,
        practitioner_id=price.practitioner_id,
        price_version=price.version,
        money=price.money,
    )
