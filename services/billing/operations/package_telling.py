"""What is told of packages that were sold: the events of a sale, and how it stands for a mail."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.billing.models import Payment, Sale, plumbing
from services.billing.operations.refund_list import is_sendable
from services.billing.queries import package_sales, payments
from services.common.auth import Actor
from services.common.errors import Forbidden, NotFound
from services.common.money import Money
from services.common.outbox import emit
from services.contracts.billing.package_mails import (
    GetSaleForMail,
    PackageBought,
    PackageEnded,
    SaleForMail,
)
from services.contracts.billing.packages import RefundRule, SaleState


def tell_bought(tx: Session, sale: Sale, expires_at: datetime, now: datetime) -> None:
    """It was paid, in this transaction."""
    bought = PackageBought(
        occurred_at=now,
        practice_id=sale.practice_id,
        sale_id=sale.id,
        client_id=sale.client_id,
        money=sale.price,
        expires_at=expires_at,
    )
    emit(tx, plumbing.outbox, bought)


def tell_ended(tx: Session, sale: Sale, back: Money, now: datetime) -> None:
    """It was ended, in this transaction, and so much goes back."""
    ended = PackageEnded(
        occurred_at=now,
        practice_id=sale.practice_id,
        sale_id=sale.id,
        client_id=sale.client_id,
        money=back,
    )
    emit(tx, plumbing.outbox, ended)


def get_sale_for_mail(
    tx: Session, command: GetSaleForMail, *, actor: Actor, now: datetime
) -> SaleForMail:
    """How a sale of the practice stands by now; the actor is a service within it.

    Raises Forbidden, NotFound.
    """
    if not actor.is_service or actor.practice_id is None:
        raise Forbidden("Only a service asks for this, within one practice.")
    found = package_sales.one(tx, command.sale_id)
    if found is None or found[0].practice_id != actor.practice_id:
        raise NotFound("There is no such package.")
    sale, version, practitioner_id, payment, used, _ = found
    return SaleForMail(
        sale_id=sale.id,
        practitioner_id=practitioner_id,
        client_id=sale.client_id,
        state=SaleState(sale.state),
        sessions=sale.sessions,
        used=used,
        left=sale.sessions - used,
        is_usable=used < sale.sessions and _is_open(sale, payment, now),
        price=sale.price,
        goes_back=payments.promised_refunds(tx, payment),
        is_at_stripe=is_sendable(payment),
        refund_rule=RefundRule(version.refund_rule),
        expires_at=sale.expires_at,
    )


def _is_open(sale: Sale, payment: Payment, now: datetime) -> bool:
    """Whether it is in use: not over, and its money not with a bank."""
    is_in_time = sale.expires_at is not None and sale.expires_at > now
    return sale.state == SaleState.ACTIVE and is_in_time and not payment.disputed
