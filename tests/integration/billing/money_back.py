"""What tests of refunds and disputes do at the desk, and how the books must stand."""

from typing import Any

from sqlalchemy import select, text
from uuid_utils.compat import uuid7

from services.billing.models import Dispute
from services.billing.operations import disputes
from services.billing.operations.giving_back import propose_refund, refund_payment
from services.billing.queries.invariants import CHECKS
from services.common.clock import utc_now
from services.common.money import Money
from services.contracts.billing.refunds import (
    PracticeRefund,
    ProposeRefund,
    RefundPayment,
    RefundProposal,
    RefundReason,
    RefundWay,
)
from tests.integration.billing.world import World

FRAUD = "4000000000000259"
"""The card of a client who disputes the charge at once."""


def proposal(world: World, amount: int | None = None, way: RefundWay | None = None) -> Any:
    """What a refund of this amount, or of all that is left, would do."""
    command = ProposeRefund(
        payment_id=world.payment().id,
        way=way or (RefundWay.PART if amount else RefundWay.FULL),
        money=Money(amount, world.currency) if amount else None,
    )
    return propose_refund(world.around, command, actor=world.admin)


def order(shown: RefundProposal, **changed: Any) -> RefundPayment:
    """The refund that was shown."""
    told: dict[str, Any] = {
        "id": uuid7(),
        "payment_id": shown.payment_id,
        "way": shown.way,
        "money": shown.refund,
        "reason": RefundReason.GOODWILL,
        "words": "The room was cold.",
        "agreed": shown.agreed,
    }
    return RefundPayment(**(told | changed))


def give_back(world: World, amount: int | None = None, **changed: Any) -> PracticeRefund:
    """Shown and confirmed."""
    command = order(proposal(world, amount), **changed)
    return refund_payment(world.around, command, actor=world.admin, now=utc_now())


def disputes_of(world: World) -> list[Dispute]:
    with world.database.transaction(world.us) as tx:
        return list(tx.scalars(select(Dispute).order_by(Dispute.opened_at, Dispute.id)))


def look(world: World) -> None:
    """What a webhook of a dispute asks for."""
    disputes.settle_disputes(world.around, world.practice_id, world.payment().id, utc_now())


def decide(world: World, outcome: str) -> None:
    [dispute] = disputes_of(world)
    world.twin.befall("disputes/decide", dispute=dispute.stripe_dispute_id, outcome=outcome)


def check_books(world: World) -> None:
    """No rule of the doctor's is broken, and the ledger has what Stripe has."""
    with world.database.transaction(world.us) as tx:
        broken = {rule for rule, count in CHECKS.items() if tx.scalar(text(count))}
    assert broken == set()
    balances = world.balances()
    movements = world.twin.objects("balance_transactions", world.stripe_account)
    assert balances.get("stripe_balance", 0) == sum(entry["net"] for entry in movements)
    assert sum(balances.values()) == 0
