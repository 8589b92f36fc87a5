"""What the practice's desk sees of payouts."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.billing.domain.cursors import Position, decode, encode
from services.billing.models import BalanceTransaction, Payout
from services.billing.operations.keepers import practice_of_keeper
from services.billing.operations.ledger_reading import transaction_views
from services.billing.operations.movements import of_row
from services.billing.queries import counterparts, ledger, payouts
from services.billing.queries.payouts import Place
from services.common.auth import Actor
from services.common.errors import NotFound
from services.common.money import Money
from services.contracts.billing.payouts import (
    GetPayout,
    ListPayouts,
    MovementSum,
    MovementView,
    PayoutDetails,
    PayoutsPage,
    PayoutStatus,
    PayoutView,
)


def list_payouts(tx: Session, command: ListPayouts, *, actor: Actor) -> PayoutsPage:
    """A part of the payouts, the latest first. Raises Forbidden, BadCursor."""
    practice_id = practice_of_keeper(actor)
    found = payouts.page(tx, practice_id, _place(command.cursor), command.limit + 1)
    shown = found[: command.limit]
    return PayoutsPage(
        payouts=[_view(one) for one in shown],
        next_cursor=_cursor(shown[-1]) if len(found) > command.limit else None,
    )


def get_payout(tx: Session, command: GetPayout, *, actor: Actor) -> PayoutDetails:
    """One payout with what it is made of. Raises Forbidden, NotFound, BadCursor."""
    practice_id = practice_of_keeper(actor)
    payout = payouts.one(tx, practice_id, command.payout_id)
    if payout is None:
        raise NotFound("There is no such payout.")
    place, limit = _place(command.cursor), command.limit
    found = payouts.parts(tx, practice_id, payout.id, place, limit + 1)
    shown = found[:limit]
    sums = _sums(tx, payout)
    return PayoutDetails(
        payout=_view(payout),
        is_complete=payout.is_listed,
        makes_up=payout.money is not None and sum(one.net.amount for one in sums) == payout.amount,
        sums=sums,
        movements=_movements(tx, practice_id, shown),
        transactions=transaction_views(
            tx, practice_id, ledger.of_payout(tx, practice_id, payout.id)
        ),
        next_cursor=_cursor(shown[-1]) if len(found) > limit else None,
    )


def _movements(
    tx: Session, practice_id: UUID, rows: list[BalanceTransaction]
) -> list[MovementView]:
    """Each with what it belongs to here."""
    told = [of_row(row) for row in rows]
    booked = counterparts.beside(tx, practice_id, told)
    return [
        MovementView(
            id=row.id,
            stripe_id=one.stripe_id,
            type=one.type,
            gross=one.gross,
            stripe_fee=Money(one.stripe_fee, row.currency),
            commission=Money(one.commission, row.currency),
            net=one.net,
            created_at=one.created_at,
            payment_id=ours.payment_id if (ours := booked.get(one.stripe_id)) else None,
            refund_id=ours.refund_id if ours else None,
        )
        for row, one in zip(rows, told, strict=True)
    ]


def _sums(tx: Session, payout: Payout) -> list[MovementSum]:
    if payout.currency is None:
        return []
    currency = payout.currency
    return [
        MovementSum(
            type=row.type,
            count=row.count,
            gross=Money(int(row.gross), currency),
            stripe_fee=Money(int(row.stripe_fee), currency),
            commission=Money(int(row.commission), currency),
            net=Money(int(row.gross - row.stripe_fee - row.commission), currency),
        )
        for row in payouts.sums(tx, payout.practice_id, payout.id)
    ]


def _view(payout: Payout) -> PayoutView:
    return PayoutView(
        id=payout.id,
        stripe_payout_id=payout.stripe_payout_id,
        money=payout.money,
        status=PayoutStatus(payout.status),
        is_automatic=payout.is_automatic,
        created_at=payout.created_at,
        arrives_at=payout.arrives_at,
        failure=payout.failure,
    )


def _place(cursor: str | None) -> Place | None:
    if cursor is None:
        return None
    position = decode(cursor)
    return position.at, position.id


def _cursor(row: Payout | BalanceTransaction) -> str:
    return encode(Position(row.created_at, row.id))
