"""Bringing in payments that were settled before: set by set, with balanced postings, repeatable."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.billing.domain import ledger
from services.billing.domain.accounts import Kind
from services.billing.domain.ledger import Postings
from services.billing.domain.lifecycle import after_refund
from services.billing.models import Base, LedgerPosting, LedgerTransaction, Payment, Refund
from services.billing.operations.posting import rows
from services.common.errors import InvalidInput
from services.common.money import Money


@dataclass(frozen=True, slots=True)
class PastRefund:
    """What went back when the booking was cancelled; `money` zero means all was retained."""

    money: Money
    percent: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class PastPayment:
    """A payment that was captured; amounts in minor units of the price's currency.

    `payment_intent_id` and `stripe_account_id` where Stripe knows the charge: only then can it
    be refunded through Stripe later.
    """

    id: UUID
    booking_id: UUID
    client_id: UUID
    account_id: UUID | None
    price_id: UUID
    money: Money
    captured_at: datetime
    stripe_fee: int = 0
    commission: int = 0
    ended: PastRefund | None = None
    stripe_account_id: str | None = None
    payment_intent_id: str | None = None


def import_past_payments(tx: Session, practice_id: UUID, past: Sequence[PastPayment]) -> int:
    """Bring in a practice's settled payments; how many were new. The transaction is the practice's.

    Ids follow from the payments' ids, so that a second run adds nothing. Emits no events.
    Raises InvalidInput where a refund exceeds its payment.
    """
    for payment in past:
        _check(payment)
    fresh = _insert(tx, Payment, [_payment(practice_id, one) for one in past])
    new = [one for one in past if one.id in fresh]
    _insert(tx, Refund, [_refund(practice_id, one) for one in new if _went_back(one)])
    moves = [move for one in new for move in _moves(practice_id, one)]
    _insert(tx, LedgerTransaction, [entry for entry, _ in moves])
    postings = [row for entry, entries in moves for row in rows(entry["id"], practice_id, entries)]
    if postings:
        tx.execute(insert(LedgerPosting.__table__), postings)  # type: ignore[arg-type]
    return len(new)


def _insert(tx: Session, model: type[Base], values: list[dict[str, Any]]) -> set[UUID]:
    """Insert what is not there yet, a thousand rows a statement; the ids that were new."""
    if not values:
        return set()
    # The table and not the class: the ORM would split the batch wherever a value is missing.
    table: Any = model.__table__
    once = insert(table).on_conflict_do_nothing().returning(table.c.id)
    return set(tx.scalars(once, values))


def _check(payment: PastPayment) -> None:
    back = payment.ended.money.amount if payment.ended else 0
    if payment.money.amount <= 0 or not 0 <= back <= payment.money.amount:
        raise InvalidInput("A past payment does not add up.", {"money": str(payment.id)})


def _went_back(payment: PastPayment) -> bool:
    return payment.ended is not None and payment.ended.money.amount > 0


def _payment(practice_id: UUID, past: PastPayment) -> dict[str, Any]:
    back = past.ended.money if past.ended else Money(0, past.money.currency)
    return {
        "id": past.id,
        "practice_id": practice_id,
        "booking_id": past.booking_id,
        "client_id": past.client_id,
        "account_id": past.account_id,
        "price_id": past.price_id,
        "amount": past.money.amount,
        "currency": past.money.currency,
        "state": after_refund(past.money, back),
        "is_history": True,
        "stripe_account_id": past.stripe_account_id,
        "payment_intent_id": past.payment_intent_id,
        "application_fee": past.commission,
        "captured": past.money.amount,
        "refunded": back.amount,
        "captured_at": past.captured_at,
        "processed_at": past.captured_at,
        "refund_percent": past.ended.percent if past.ended else None,
        "ended_at": past.ended.made_at if past.ended else None,
        "created_at": past.captured_at,
    }


def _refund(practice_id: UUID, past: PastPayment) -> dict[str, Any]:
    assert past.ended is not None
    id_ = uuid5(past.id, "refund")
    return {
        "id": id_,
        "practice_id": practice_id,
        "payment_id": past.id,
        "percent": past.ended.percent,
        "amount": past.ended.money.amount,
        "currency": past.ended.money.currency,
        "reason": "cancelled",
        "state": "made",
        "idempotency_key": f"refund-{id_}-1",
        "made_at": past.ended.made_at,
        "created_at": past.ended.made_at,
    }


def _moves(practice_id: UUID, past: PastPayment) -> list[tuple[dict[str, Any], Postings]]:
    """The ledger transactions of a payment's life, oldest first."""
    money, at = past.money, past.captured_at
    lived = [
        (Kind.CHARGED, past.id, at, ledger.charged(money)),
        (Kind.PROCESSED, past.id, at, _processed(past)),
    ]
    if past.ended:
        back, ended_at = past.ended.money, past.ended.made_at
        source = uuid5(past.id, "refund")
        lived.append((Kind.ENDED, source, ended_at, ledger.ended(money, back)))
        if back.amount:
            lived.append((Kind.REFUNDED, source, ended_at, ledger.refunded(back, back, 0)))
    return [
        (_entry(practice_id, past.id, kind, source, when), entries)
        for kind, source, when, entries in lived
        if entries
    ]


def _processed(past: PastPayment) -> Postings:
    return ledger.processed(past.money, past.money, past.stripe_fee, past.commission)


def _entry(
    practice_id: UUID, payment_id: UUID, kind: Kind, source_id: UUID, at: datetime
) -> dict[str, Any]:
    return {
        "id": uuid5(source_id, kind),
        "practice_id": practice_id,
        "kind": kind,
        "payment_id": payment_id,
        "source_id": source_id,
        "occurred_at": at,
    }
