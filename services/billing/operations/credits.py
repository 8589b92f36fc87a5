"""Sessions of packages: used for a booking instead of paying, returned, or kept.

A use and its event are one transaction: booking confirms then, or refuses, and the session comes
back. Locks are taken in one order: the booking's payment, the package's, then the sale.
"""

from datetime import datetime

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from services.billing.domain import ledger, packages
from services.billing.domain.accounts import Kind
from services.billing.models import CreditUse, PackageVersion, Payment, Price, Sale, plumbing
from services.billing.operations import endings
from services.billing.operations.checkout import check_payable, check_unpaid
from services.billing.operations.package_ending import settle_returned
from services.billing.operations.posting import post
from services.billing.operations.preparing import (
    found_payment,
    fresh,
    make_payment,
    no_such_price,
)
from services.billing.operations.surroundings import Surroundings, itself
from services.billing.queries import credits, payments, register
from services.billing.queries import package_sales as sales
from services.common.auth import Actor
from services.common.errors import Forbidden, NotFound
from services.common.money import Money
from services.common.outbox import emit
from services.contracts.billing import NotPayable
from services.contracts.billing.credits import (
    CreditsView,
    CreditUsed,
    CreditUseView,
    CreditView,
    ListCredits,
    NoCredit,
    UseCredit,
)
from services.contracts.billing.packages import SaleState
from services.contracts.booking.bookings import Payable
from services.contracts.booking.events import (
    AttendanceRecorded,
    BookingCancelled,
    BookingRefused,
)

WHOLE = 100


def list_credits(tx: Session, command: ListCredits, *, actor: Actor, now: datetime) -> CreditsView:
    """What the actor may use for the offering; nothing for who is not signed in."""
    if actor.kind != "person" or actor.account_id is None or actor.practice_id is None:
        return CreditsView(credits=[])
    whose = actor.practice_id, actor.account_id
    found = credits.usable(tx, *whose, command.offering_id, now)
    return CreditsView(
        credits=[
            CreditView(
                sale_id=sale.id,
                name=name,
                sessions=sale.sessions,
                left=left,
                expires_at=sale.expires_at,
            )
            for sale, name, left in found
        ]
    )


def use_credit(
    around: Surroundings, command: UseCredit, *, actor: Actor, now: datetime
) -> CreditUseView:
    """Use a session for a held booking; the same again changes nothing.

    Raises Forbidden, NotFound, NotPayable, NoCredit, ServiceUnavailable.
    """
    if actor.kind != "person" or actor.account_id is None or actor.roles:
        raise Forbidden("Only who bought a package uses it.")
    booking = around.booking.payable(command.booking_id, actor, command.voucher)
    us = itself(booking.practice_id, f"use_credit:{booking.id}")
    with around.database.transaction(us) as tx:
        payment = _payment_of(tx, booking, actor, now)
        use = credits.of_booking(tx, booking.practice_id, booking.id)
        if use is None:
            check_payable(booking, now)
            check_unpaid(payment)
            use = _use(tx, booking, command, actor, now)
            endings.close_page(tx, payment, now)
        elif use.sale_id != command.sale_id or use.state == "returned":
            raise NotPayable("This booking is over, or used another package.")
        return _view(tx, use)


def give_way(tx: Session, payment: Payment, now: datetime) -> None:
    """A booking was paid for after all, on a page that was open still: its session comes back."""
    if payment.close_asked_at is not None:
        use = credits.of_booking(tx, payment.practice_id, payment.booking_id)
        if use is not None:
            return_use(tx, use, now)


def end_refused(tx: Session, event: BookingRefused, now: datetime) -> None:
    """The seat was gone: the session comes back."""
    if use := credits.of_booking(tx, event.practice_id, event.booking_id):
        return_use(tx, use, now)


def end_cancelled(tx: Session, event: BookingCancelled, now: datetime) -> None:
    """Given back in time, which is where all of a payment would come back, it comes back; later
    it stays used."""
    use = credits.of_booking(tx, event.practice_id, event.booking_id)
    if use is None:
        return
    if event.refund_percent == WHOLE:
        return_use(tx, use, now)
    else:
        keep_use(tx, use, now)


def end_missed(tx: Session, event: AttendanceRecorded, now: datetime) -> None:
    """The client stayed away: it stays used, unless the policy gives all of it back."""
    use = credits.of_booking(tx, event.practice_id, event.booking_id)
    if use is not None and event.refund_percent == WHOLE:
        return_use(tx, use, now)


def return_use(tx: Session, use: CreditUse, now: datetime) -> None:
    """Free the session's number, and defer again what it is worth."""
    if (found := _locked(tx, use)) is None:
        return
    payment = found[1]
    use.state, use.closed_at = "returned", now
    tx.flush()
    moved = ledger.credit_used(-use.money)
    post(tx, Kind.CREDIT_RETURNED, payment, use.id, moved, now, credit_use_id=use.id)
    if found[0].state == SaleState.LAPSED:
        gone = ledger.lapsed(use.money)
        post(tx, Kind.CREDITS_LAPSED, payment, use.id, gone, now, credit_use_id=use.id)
    elif found[0].state == SaleState.ENDED:
        settle_returned(tx, payment, found[0], use, now)


def keep_use(tx: Session, use: CreditUse, now: datetime) -> None:
    """The booking is over and its session stays used: what it was worth is the practice's."""
    if (found := _locked(tx, use)) is None:
        return
    use.state, use.closed_at = "kept", now
    tx.flush()
    nothing = Money(0, use.currency)
    kept = ledger.ended(use.money, nothing)
    post(tx, Kind.ENDED, found[1], use.id, kept, now, credit_use_id=use.id)


def _locked(tx: Session, use: CreditUse) -> tuple[Sale, Payment] | None:
    """The sale of a use that stands, locked after its payment; None where the use is over."""
    payment = payments.lock_payment_of_booking(tx, use.sale_id)
    sale = sales.lock_sale(tx, use.sale_id)
    tx.refresh(use)
    if payment is None or sale is None or use.state != "used":
        return None
    return sale, payment


def _payment_of(tx: Session, booking: Payable, actor: Actor, now: datetime) -> Payment:
    """The booking's own payment, locked: whoever pays and whoever uses a package meet at it."""
    price = register.price_of_practice(tx, booking.price_id, booking.practice_id)
    if price is None:
        raise no_such_price()
    row = fresh(booking.practice_id, booking.id, booking.client_id, price.id, price.money, now) | {
        "account_id": actor.account_id
    }
    make_payment(tx, row)
    return found_payment(tx, booking.id)


def _use(
    tx: Session, booking: Payable, command: UseCredit, actor: Actor, now: datetime
) -> CreditUse:
    sale = sales.lock_sale(tx, command.sale_id)
    if sale is None or sale.account_id != actor.account_id:
        raise NotFound("There is no such package.")
    price = register.price_of_practice(tx, booking.price_id, booking.practice_id)
    assert price is not None
    payment = _usable(tx, sale, price, now)
    ordinal = _free(tx, sale)
    use = CreditUse(
        id=uuid7(),
        practice_id=sale.practice_id,
        account_id=sale.account_id,
        sale_id=sale.id,
        sessions=sale.sessions,
        ordinal=ordinal,
        booking_id=booking.id,
        price_id=price.id,
        amount=packages.value_of(sale.price, sale.sessions, ordinal).amount,
        single=price.amount,
        currency=sale.currency,
        state="used",
        used_at=now,
    )
    tx.add(use)
    tx.flush()
    moved = ledger.credit_used(use.money)
    post(tx, Kind.CREDIT_USED, payment, use.id, moved, now, credit_use_id=use.id)
    emit(tx, plumbing.outbox, _told(use, now))
    return use


def _usable(tx: Session, sale: Sale, price: Price, now: datetime) -> Payment:
    """The sale's payment; raises NoCredit where no session of it may be used for this."""
    version = sales.version_of(tx, sale)
    payment = credits.payment_of(tx, sale)
    is_over = sale.state != SaleState.ACTIVE or sale.expires_at is None or sale.expires_at <= now
    if is_over or payment.disputed:
        raise NoCredit("This package cannot be used any more.")
    if price.offering_id not in version.offering_ids or price.currency != sale.currency:
        raise NoCredit("This package is for other sessions.")
    return payment


def _free(tx: Session, sale: Sale) -> int:
    """The first number that no session uses; raises NoCredit where all are used."""
    used = {one.ordinal for one in credits.standing(tx, sale)}
    for ordinal in range(1, sale.sessions + 1):
        if ordinal not in used:
            return ordinal
    raise NoCredit("No session of this package is left.")


def _told(use: CreditUse, now: datetime) -> CreditUsed:
    return CreditUsed(
        occurred_at=now,
        practice_id=use.practice_id,
        booking_id=use.booking_id,
        sale_id=use.sale_id,
        credit_use_id=use.id,
    )


def _view(tx: Session, use: CreditUse) -> CreditUseView:
    sale = tx.get_one(Sale, use.sale_id)
    version = tx.get_one(PackageVersion, sale.version_id)
    return CreditUseView(
        id=use.id,
        sale_id=sale.id,
        booking_id=use.booking_id,
        name=version.name,
        sessions=sale.sessions,
        left=sale.sessions - len(credits.standing(tx, sale)),
    )
