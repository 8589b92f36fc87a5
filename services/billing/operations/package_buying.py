"""buy_package: lead a client to the hosted page for a package, in the three steps of checkout."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.billing.domain import lifecycle
from services.billing.models import Payment, Sale
from services.billing.operations import checkout, package_sales, work
from services.billing.operations.preparing import found_payment, fresh, make_payment
from services.billing.operations.surroundings import Surroundings, itself
from services.billing.queries import package_sales as sales
from services.billing.queries import packages, register
from services.billing.queries.register import Terms
from services.common.auth import Actor
from services.common.errors import DifferentContent, Forbidden, NotFound
from services.contracts.billing import PaymentsUnavailable, StartPayment
from services.contracts.billing.packages import (
    BuyPackage,
    PackageChanged,
    SaleState,
    SaleView,
)

GONE = "This package is not on offer any more. Please look at those that are."


def buy_package(
    around: Surroundings, command: BuyPackage, *, actor: Actor, now: datetime
) -> SaleView:
    """The sale with its open page; the same one each time.

    Raises Forbidden, NotFound, PackageChanged, DifferentContent, NotPayable, PaymentsUnavailable.
    """
    if actor.kind != "person" or actor.account_id is None or actor.roles:
        raise Forbidden("Please sign in as the client who will come.")
    with around.database.reading(actor) as tx:
        found = packages.version(tx, command.version_id)
    if found is None:
        raise NotFound("There is no such package.")
    practice_id: UUID = found[0].practice_id
    us = itself(practice_id, f"buy_package:{command.id}")
    with around.database.transaction(us) as tx:
        attempt = _begun(around, tx, command, actor.account_id, now)
    if attempt is not None:
        facts = checkout.opened_page(around, attempt, None, now)
        checkout.record_page(around, attempt, facts, now)
    with around.database.reading(us) as tx:
        row = sales.one(tx, command.id)
        assert row is not None
        return package_sales.view(row, now)


def _begun(
    around: Surroundings, tx: Session, command: BuyPackage, account_id: UUID, now: datetime
) -> checkout.Attempt | None:
    """The attempt as it is committed; None where the page is open, or the package bought."""
    sale = _sale(tx, command, account_id, now)
    terms = _terms(tx, sale)
    begin = checkout.beginning(terms, _as_payment(command), now)
    first = begin | {"attempt": 1, "account_id": account_id}
    row = first | _row(sale, now)
    payment = Payment(**row)
    if not make_payment(tx, row):
        payment = found_payment(tx, sale.id)
        if sale.state != SaleState.PENDING:
            return None
        checkout.check_unpaid(payment)
        if lifecycle.is_page_open(payment.state, payment.expires_at, now):
            return None
        checkout.go_on(payment, first)
    if payment.attempted_at == now:
        due_at = now + around.poll_every
        work.ask(tx, work.SETTLE_PAYMENT, payment.practice_id, payment.id, due_at)
    tx.flush()
    return checkout.attempt_of(payment)


def _sale(tx: Session, command: BuyPackage, account_id: UUID, now: datetime) -> Sale:
    """The sale of this id, made if it is missing and the package can be bought; locked."""
    earlier = sales.lock_sale(tx, command.id)
    if earlier is not None:
        return _same(earlier, command, account_id)
    found = packages.version(tx, command.version_id)
    if found is None:
        raise NotFound("There is no such package.")
    package, version, price = found
    if not package.is_active or package.version != version.version:
        raise PackageChanged(GONE)
    row = {
        "id": command.id,
        "practice_id": package.practice_id,
        "version_id": version.id,
        "client_id": command.client_id,
        "account_id": account_id,
        "sessions": version.sessions,
        "amount": price.amount,
        "currency": price.currency,
        "state": SaleState.PENDING,
        "created_at": now,
    }
    tx.execute(insert(Sale).values(row).on_conflict_do_nothing())
    made = sales.lock_sale(tx, command.id)
    if made is None:
        raise NotFound("There is no such package.")
    return _same(made, command, account_id)


def _same(sale: Sale, command: BuyPackage, account_id: UUID) -> Sale:
    if sale.account_id != account_id:
        raise NotFound("There is no such package.")
    if sale.version_id != command.version_id:
        raise DifferentContent("This id was used for another package.")
    return sale


def _terms(tx: Session, sale: Sale) -> Terms:
    terms = register.terms(tx, sale.version_id, sale.practice_id)
    if terms is None or terms.stripe_account_id is None:
        raise PaymentsUnavailable("The practice cannot take payments yet.")
    return terms


def _as_payment(command: BuyPackage) -> StartPayment:
    return StartPayment(
        booking_id=command.id, success_url=command.success_url, cancel_url=command.cancel_url
    )


def _row(sale: Sale, now: datetime) -> dict[str, Any]:
    row = fresh(sale.practice_id, sale.id, sale.client_id, sale.version_id, sale.price, now)
    return row | {"sale_id": sale.id}
