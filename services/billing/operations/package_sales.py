"""Packages that were sold: made usable by their payment, and told to practice and buyer."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.billing.domain import cursors, lifecycle, packages
from services.billing.domain.cursors import Position
from services.billing.models import PackageVersion, Payment, Sale
from services.billing.operations import package_telling, work
from services.billing.operations.keepers import KEEPERS, practice_of_keeper
from services.billing.queries import package_sales
from services.common.auth import Actor
from services.common.errors import Forbidden, NotFound
from services.common.money import Money
from services.contracts.billing.packages import (
    GetSale,
    ListOwnSales,
    ListSales,
    RefundRule,
    SalesPage,
    SalesSum,
    SaleState,
    SalesView,
    SaleView,
)

Found = Row[*tuple[Any, ...]]


def activate(tx: Session, sale_id: UUID, now: datetime) -> None:
    """Its payment came: from now on its sessions can be used. Again, it changes nothing."""
    sale = package_sales.lock_sale(tx, sale_id)
    if sale is None or sale.state != SaleState.PENDING:
        return
    months = package_sales.version_of(tx, sale).valid_months
    sale.state, sale.bought_at = SaleState.ACTIVE, now
    sale.expires_at = packages.expiry(now, months)
    tx.flush()
    work.ask(tx, work.LAPSE_PACKAGE, sale.practice_id, sale.id, sale.expires_at)
    package_telling.tell_bought(tx, sale, sale.expires_at, now)


def list_sales(tx: Session, command: ListSales, *, actor: Actor, now: datetime) -> SalesPage:
    """A part of what the practice sold, the latest first. Raises Forbidden, BadCursor."""
    practice_id = practice_of_keeper(actor)
    at = cursors.decode(command.cursor) if command.cursor else None
    rows = package_sales.part(tx, practice_id, command.state, at, command.limit + 1)
    part = cursors.part_of(rows, command.limit, at, _place)
    return SalesPage(
        sales=[view(row, now) for row in part.rows],
        sums=[
            SalesSum(count=count, sold=Money(int(sold), one), owed=Money(int(owed), one))
            for one, count, sold, owed in package_sales.sums(tx, practice_id, command.state)
        ],
        previous_cursor=part.previous_cursor,
        next_cursor=part.next_cursor,
    )


def list_own_sales(
    tx: Session, _command: ListOwnSales, *, actor: Actor, now: datetime
) -> SalesView:
    """What the actor's account bought; raises Forbidden."""
    if actor.kind != "person" or actor.account_id is None:
        raise Forbidden("Please sign in first.")
    found = package_sales.of_account(tx, actor.account_id)
    return SalesView(sales=[view(row, now) for row in found])


def get_sale(tx: Session, command: GetSale, *, actor: Actor, now: datetime) -> SaleView:
    """One sale, to its buyer and to who answers for the practice's money. Raises NotFound."""
    found = package_sales.one(tx, command.sale_id)
    if found is None or not _may_see(found[0], actor):
        raise NotFound("There is no such package.")
    return view(found, now)


def view(row: Found, now: datetime) -> SaleView:
    """A sale for the wire; what is left of one that is over is nothing."""
    sale, version, practitioner_id, payment, used, worth = row
    is_active = sale.state == SaleState.ACTIVE
    owed = sale.amount - int(worth) if is_active else 0
    return SaleView(
        **_sold(sale, version),
        practitioner_id=practitioner_id,
        payment_id=payment.id,
        payment_state=payment.state,
        used=used,
        left=sale.sessions - used if is_active else 0,
        refunded=Money(payment.refunded, payment.currency),
        owed=Money(owed, sale.currency),
        checkout_url=_page_of(payment, now),
    )


def _sold(sale: Sale, version: PackageVersion) -> dict[str, Any]:
    return {
        "id": sale.id,
        "practice_id": sale.practice_id,
        "client_id": sale.client_id,
        "package_id": version.package_id,
        "offering_ids": version.offering_ids,
        "name": version.name,
        "state": SaleState(sale.state),
        "sessions": sale.sessions,
        "price": sale.price,
        "refund_rule": RefundRule(version.refund_rule),
        "created_at": sale.created_at,
        "bought_at": sale.bought_at,
        "expires_at": sale.expires_at,
        "ended_at": sale.ended_at,
    }


def _page_of(payment: Payment, now: datetime) -> str | None:
    is_open = lifecycle.is_page_open(payment.state, payment.expires_at, now)
    return payment.checkout_url if is_open else None


def _may_see(sale: Sale, actor: Actor) -> bool:
    if actor.kind != "person":
        return False
    is_keeper = sale.practice_id == actor.practice_id and bool(actor.roles & KEEPERS)
    return is_keeper or sale.account_id == actor.account_id


def _place(row: Found) -> Position:
    return Position(row[0].created_at, row[0].id)
