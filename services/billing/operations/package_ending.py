"""The end of a package: its rest goes back as it was shown, or what nobody used in time lapses.

The sale is closed in the transaction that promises the refund: no session of it can be used from
then on. Locks are taken in one order: the payment, then the sale.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from services.billing.domain import ledger, package_rest
from services.billing.domain.accounts import Account, Kind
from services.billing.domain.package_rest import Rest, Used
from services.billing.domain.refunds import commission_back
from services.billing.models import CreditUse, Payment, Refund, Sale
from services.billing.operations import package_sales, package_telling
from services.billing.operations.endings import NewRefund, promise
from services.billing.operations.keepers import practice_of_keeper
from services.billing.operations.posting import post
from services.billing.operations.refund_list import is_sendable
from services.billing.operations.surroundings import Surroundings, itself
from services.billing.operations.taken_ids import unknown_if_taken
from services.billing.queries import credits, payments, refunds
from services.billing.queries import package_sales as sales
from services.common.auth import Actor
from services.common.errors import DifferentContent, NotFound
from services.common.money import Money
from services.contracts.billing.packages import (
    EndLine,
    EndPackage,
    EndProposal,
    PackageOver,
    ProposeEnd,
    RefundRule,
    SaleState,
    SaleView,
)
from services.contracts.billing.refunds import RefundChanged
from services.contracts.booking.billed import BilledSession

WORDS = "The rest of a package"


def propose_end(
    around: Surroundings, command: ProposeEnd, *, actor: Actor, now: datetime
) -> EndProposal:
    """What ending it now would give back. Raises Forbidden, NotFound, PackageOver, and
    ServiceUnavailable while booking is away."""
    practice_id = practice_of_keeper(actor)
    with around.database.transaction(actor) as tx:
        payment, sale = _locked(tx, command.sale_id, practice_id)
        _check_in_use(payment, sale)
        used = credits.standing(tx, sale)
        version = sales.version_of(tx, sale)
        rest = _rest(sale, used, RefundRule(version.refund_rule))
        fee = refunds.holdings(tx, payment).get(Account.STRIPE_FEES)
        shown = _proposal(payment, sale, rest, fee)
    asked = [one.booking_id for one in used]
    told = around.booking.billed(asked, itself(practice_id, "propose_end")) if asked else []
    return EndProposal(
        **shown,
        name=version.name,
        rule=RefundRule(version.refund_rule),
        lines=_lines(used, rest, {one.booking_id: one for one in told}, now),
    )


def end_package(
    around: Surroundings, command: EndPackage, *, actor: Actor, now: datetime
) -> SaleView:
    """End it and promise the refund that was shown; the same again changes nothing.

    Raises Forbidden, NotFound, PackageOver, DifferentContent, RefundChanged.
    """
    practice_id = practice_of_keeper(actor)
    with around.database.transaction(actor) as tx:
        payment, sale = _locked(tx, command.sale_id, practice_id)
        if not _is_done(tx, command, payment, sale):
            _check_in_use(payment, sale)
            _end(tx, command, (payment, sale), actor, now)
        row = sales.one(tx, sale.id)
        assert row is not None
        return package_sales.view(row, now)


def settle_returned(
    tx: Session, payment: Payment, sale: Sale, use: CreditUse, now: datetime
) -> None:
    """A session came back after its package had ended: what it had counted goes back as well."""
    rule = RefundRule(sales.version_of(tx, sale).refund_rule)
    rest = _rest(sale, credits.standing(tx, sale), rule)
    more = rest.back - payments.promised_refunds(tx, payment)
    if more.amount > 0:
        promise(tx, payment, NewRefund(use.id, more, None, "cancelled"), now)
    ended = ledger.package_ended(use.money, more)
    post(tx, Kind.PACKAGE_ENDED, payment, use.id, ended, now, credit_use_id=use.id)


def lapse_package(
    around: Surroundings, practice_id: UUID, sale_id: UUID, now: datetime
) -> timedelta | None:
    """Its time is over: what is still deferred of it is income from now on, once.

    None, or how long it can be used still.
    """
    us = itself(practice_id, f"lapse_package:{sale_id}")
    with around.database.transaction(us) as tx:
        payment, sale = _locked(tx, sale_id, practice_id)
        if sale.state != SaleState.ACTIVE:
            return None
        assert sale.expires_at is not None
        if sale.expires_at > now:
            return sale.expires_at - now
        sale.state, sale.ended_at = SaleState.LAPSED, now
        tx.flush()
        lapsed = ledger.lapsed(_deferred(tx, payment))
        post(tx, Kind.CREDITS_LAPSED, payment, sale.id, lapsed, now)
    return None


def _locked(tx: Session, sale_id: UUID, practice_id: UUID) -> tuple[Payment, Sale]:
    payment = payments.lock_payment_of_booking(tx, sale_id)
    sale = sales.lock_sale(tx, sale_id)
    if payment is None or sale is None or sale.practice_id != practice_id:
        raise NotFound("There is no such package.")
    return payment, sale


def _check_in_use(payment: Payment, sale: Sale) -> None:
    if sale.state != SaleState.ACTIVE:
        raise PackageOver("This package is not in use, so there is nothing to end.")
    if payment.disputed:
        raise PackageOver("The client's bank has this money. The dispute decides about it.")


def _is_done(tx: Session, command: EndPackage, payment: Payment, sale: Sale) -> bool:
    """Whether this very command ended it; raises DifferentContent for an id of another refund."""
    earlier = tx.get(Refund, command.id)
    if earlier is None:
        return False
    if earlier.payment_id != payment.id:
        raise DifferentContent("This id was used for another refund.")
    return sale.state == SaleState.ENDED


def _end(
    tx: Session,
    command: EndPackage,
    found: tuple[Payment, Sale],
    actor: Actor,
    now: datetime,
) -> None:
    payment, sale = found
    rule = RefundRule(sales.version_of(tx, sale).refund_rule)
    rest = _rest(sale, credits.standing(tx, sale), rule)
    if command.agreed != package_rest.agreement(rest, sale.price):
        raise RefundChanged("Something about this package has changed since you looked.")
    deferred = _deferred(tx, payment)
    sale.state, sale.ended_at = SaleState.ENDED, now
    tx.flush()
    if rest.back.amount:
        new = NewRefund(command.id, rest.back, None, "other", WORDS, actor.account_id)
        with unknown_if_taken("refunds_pkey"):
            promise(tx, payment, new, now)
    ended = ledger.package_ended(deferred, rest.back)
    post(tx, Kind.PACKAGE_ENDED, payment, sale.id, ended, now)
    package_telling.tell_ended(tx, sale, rest.back, now)


def _rest(sale: Sale, used: Sequence[CreditUse], rule: RefundRule) -> Rest:
    told = [Used(one.money, one.single_money) for one in used]
    return package_rest.rest_of(sale.price, told, rule)


def _deferred(tx: Session, payment: Payment) -> Money:
    held = refunds.holdings(tx, payment).get(Account.DEFERRED_REVENUE, 0)
    return Money(-held, payment.currency)


def _proposal(payment: Payment, sale: Sale, rest: Rest, fee: int | None) -> dict[str, object]:
    is_processed = payment.processed_at is not None
    commission = payment.application_fee if is_sendable(payment) else 0
    back = commission_back(commission, rest.back, payment.captured_money)
    return {
        "sale_id": sale.id,
        "client_id": sale.client_id,
        "sessions": sale.sessions,
        "left": sale.sessions - len(rest.counted),
        "price": sale.price,
        "counted": rest.kept,
        "refund": rest.back,
        "stripe_fee": Money(fee or 0, sale.currency) if is_processed else None,
        "commission_back": Money(back, sale.currency),
        "is_at_stripe": is_sendable(payment),
        "agreed": package_rest.agreement(rest, sale.price),
    }


def _lines(
    used: Sequence[CreditUse],
    rest: Rest,
    told: dict[UUID, BilledSession],
    now: datetime,
) -> list[EndLine]:
    lines = []
    for one, counts in zip(used, rest.counted, strict=True):
        starts_at = told[one.booking_id].starts_at if one.booking_id in told else None
        lines.append(
            EndLine(
                booking_id=one.booking_id,
                used_at=one.used_at,
                starts_at=starts_at,
                is_kept=one.state == "kept",
                is_to_come=one.state == "used" and starts_at is not None and starts_at > now,
                counts=counts,
                single=one.single_money,
            )
        )
    return lines
