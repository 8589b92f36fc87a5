"""start_payment: lead the client to the hosted page, in three steps that may each be the last.

1. record the attempt and owe a look at it; 2. ask Stripe, with no transaction open; 3. record
the page. Killed after 1 or 2, the owed look (settling) finds the page at Stripe.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, bindparam, update
from sqlalchemy.orm import Session

from services.billing.adapters.stripe import StripeKeyTaken, StripeRefused, StripeUnclear
from services.billing.domain import lifecycle
from services.billing.domain.facts import CheckoutFacts, CheckoutOrder
from services.billing.domain.refunds import commission_of
from services.billing.models import Payment, plumbing
from services.billing.operations import work
from services.billing.operations.preparing import (
    found_payment,
    fresh,
    make_payment,
    no_such_price,
    view,
)
from services.billing.operations.surroundings import Surroundings, itself
from services.billing.queries import payments, register
from services.billing.queries.register import Terms
from services.common.auth import Actor
from services.common.money import Money
from services.common.outbox import emit
from services.contracts.billing import (
    NotPayable,
    PaymentStarted,
    PaymentState,
    PaymentsUnavailable,
    PaymentView,
    StartPayment,
)
from services.contracts.booking.bookings import UNPAID, Payable

#: No call of ours is under way as long as this.
SURELY_OVER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is to be asked of Stripe, as it was committed; repeated as it was."""

    practice_id: UUID
    payment_id: UUID
    account: str
    attempted_at: datetime
    order: CheckoutOrder


def start_payment(
    around: Surroundings, command: StartPayment, *, actor: Actor, now: datetime
) -> PaymentView:
    """The open page of a held booking that the actor may see; the same one each time.

    Raises NotFound, NotPayable, NoSuchPrice, PaymentsUnavailable, ServiceUnavailable.
    """
    booking = around.booking.payable(command.booking_id, actor, command.voucher)
    check_payable(booking, now)
    us = itself(booking.practice_id, f"start_payment:{booking.id}")
    with around.database.transaction(us) as tx:
        terms = _terms(tx, booking)
        first = beginning(terms, command, now) | {"attempt": 1}
        if actor.kind == "person" and not actor.roles:
            first["account_id"] = actor.account_id
        row = first | fresh(
            booking.practice_id, booking.id, booking.client_id, terms.price_id, terms.money, now
        )
        payment = Payment(**row)
        if not make_payment(tx, row):
            payment = found_payment(tx, booking.id)
            payment.account_id = payment.account_id or first.get("account_id")
            check_unpaid(payment)
            if lifecycle.is_page_open(payment.state, payment.expires_at, now):
                return view(payment, now)
            go_on(payment, first)
        if payment.attempted_at == now:
            due_at = now + around.poll_every
            work.ask(tx, work.SETTLE_PAYMENT, payment.practice_id, payment.id, due_at)
        tx.flush()
        attempt = attempt_of(payment)
    facts = opened_page(around, attempt, command.customer_email, now)
    return record_page(around, attempt, facts, now)


def check_payable(booking: Payable, now: datetime) -> None:
    is_late = booking.deadline_at is not None and booking.deadline_at <= now
    if booking.state not in UNPAID or is_late:
        raise NotPayable("This booking is not waiting for a payment.", {"state": booking.state})


def _terms(tx: Session, booking: Payable) -> Terms:
    found = register.terms(tx, booking.price_id, booking.practice_id)
    if found is None:
        raise no_such_price()
    if found.stripe_account_id is None:
        raise PaymentsUnavailable("The practice cannot take payments yet.")
    return found


def check_unpaid(payment: Payment) -> None:
    is_over = payment.state not in lifecycle.UNPAID or payment.close_asked_at is not None
    if is_over:
        raise NotPayable("This is paid already, or over.", {"state": payment.state})


def beginning(terms: Terms, command: StartPayment, now: datetime) -> dict[str, Any]:
    """What an attempt begins with; committed before Stripe is asked."""
    commission = commission_of(terms.money, terms.commission_basis_points or 0)
    return {
        "attempted_at": now,
        "stripe_account_id": terms.stripe_account_id,
        "application_fee": commission.amount,
        "success_url": command.success_url,
        "cancel_url": command.cancel_url,
        "expires_at": (now + lifecycle.PAGE_LIFE).replace(microsecond=0),
    }


def go_on(payment: Payment, first: dict[str, Any]) -> None:
    """Leave the attempt that is under way as it is, or begin the next one."""
    if payment.state is PaymentState.OPEN:
        # Its time has come, and it may have been paid in the last second: first ask Stripe.
        raise _unavailable()
    if payment.is_attempt_pending:
        return
    next_one = first | {"attempt": payment.attempt + 1, "account_id": payment.account_id}
    next_one |= {"checkout_session_id": None, "checkout_url": None, "state": PaymentState.PREPARED}
    for name, value in next_one.items():
        setattr(payment, name, value)


def attempt_of(payment: Payment) -> Attempt:
    assert payment.attempted_at is not None
    assert payment.expires_at is not None
    assert payment.stripe_account_id is not None
    order = CheckoutOrder(
        idempotency_key=f"checkout-{payment.id}-{payment.attempt}",
        payment_id=payment.id,
        booking_id=payment.booking_id,
        price=payment.price,
        commission=Money(payment.application_fee, payment.currency),
        success_url=payment.success_url or "",
        cancel_url=payment.cancel_url or "",
        expires_at=payment.expires_at,
    )
    return Attempt(
        payment.practice_id, payment.id, payment.stripe_account_id, payment.attempted_at, order
    )


def opened_page(
    around: Surroundings, attempt: Attempt, email: str | None, now: datetime
) -> CheckoutFacts:
    """Ask Stripe; what stays unclear is left to be repeated or looked up."""
    try:
        if lifecycle.is_repeatable(attempt.attempted_at, now):
            return around.stripe.open_checkout(attempt.account, attempt.order, email)
        return _looked_up(around, attempt)
    except StripeKeyTaken as taken:
        facts = _found(around, attempt)
        if facts is None:
            if now - attempt.attempted_at > SURELY_OVER:
                # Stripe keeps a failure under the key: only another one can be of use.
                give_up_attempt(around, attempt)
            raise _unavailable() from taken
        return facts
    except StripeRefused as refusal:
        give_up_attempt(around, attempt)
        raise _unavailable() from refusal
    except StripeUnclear as unclear:
        if unclear.is_over:
            return _looked_up(around, attempt)
        raise _unavailable() from unclear


def _looked_up(around: Surroundings, attempt: Attempt) -> CheckoutFacts:
    """The page of a call that is over, whatever it answered; else the next try is a new one."""
    facts = _found(around, attempt)
    if facts is None:
        give_up_attempt(around, attempt)
        raise _unavailable()
    return facts


def _found(around: Surroundings, attempt: Attempt) -> CheckoutFacts | None:
    try:
        return around.stripe.find_checkout(
            attempt.account, attempt.payment_id, attempt.attempted_at
        )
    except (StripeRefused, StripeUnclear) as failure:
        raise _unavailable() from failure


def give_up_attempt(around: Surroundings, attempt: Attempt) -> None:
    """It is certain that no page was opened: the next try may use another key."""
    with around.database.transaction(itself(attempt.practice_id, "give_up_attempt")) as tx:
        payment = payments.lock_payment(tx, attempt.payment_id)
        if payment and payment.is_attempt_pending and payment.attempted_at == attempt.attempted_at:
            payment.attempted_at = payment.expires_at = None


def record_page(
    around: Surroundings, attempt: Attempt, facts: CheckoutFacts, now: datetime
) -> PaymentView:
    """Keep the page even if the booking is over by now: then it is known what to end."""
    us = itself(attempt.practice_id, "start_payment")
    with around.database.transaction(us) as tx:
        if adopted := adopt_page(tx, attempt.payment_id, facts, now):
            payment = _opened(attempt, facts, adopted.close_asked_at)
        elif found := payments.lock_payment(tx, attempt.payment_id):
            payment = found
        else:
            raise NotPayable("This booking is over.")
    check_unpaid(payment)
    return view(payment, now)


def _opened(attempt: Attempt, facts: CheckoutFacts, close_asked_at: datetime | None) -> Payment:
    """What is to be told of a payment whose page was just adopted, without reading it again."""
    return Payment(
        id=attempt.payment_id,
        practice_id=attempt.practice_id,
        booking_id=attempt.order.booking_id,
        state=PaymentState.OPEN,
        amount=attempt.order.price.amount,
        currency=attempt.order.price.currency,
        captured=0,
        refunded=0,
        checkout_url=facts.url,
        expires_at=facts.expires_at,
        close_asked_at=close_asked_at,
    )


class Adopted(NamedTuple):
    """Of a payment whose page is known from now on."""

    practice_id: UUID
    booking_id: UUID
    close_asked_at: datetime | None
    sale_id: UUID | None


def adopt_page(
    tx: Session, payment_id: UUID, facts: CheckoutFacts, now: datetime
) -> Adopted | None:
    """Remember the page that was opened, once; tell booking of who was led to one of its own.

    None where the payment has a page, or waits for none.
    """
    opened = {"page": facts.id, "url": facts.url, "until": facts.expires_at}
    row = tx.execute(_ADOPTED, {"payment": payment_id, **opened}).first()
    if row is None:
        return None
    adopted = Adopted(*row)
    if adopted.sale_id:
        return adopted
    started = PaymentStarted(
        occurred_at=now,
        practice_id=adopted.practice_id,
        payment_id=payment_id,
        booking_id=adopted.booking_id,
    )
    emit(tx, plumbing.outbox, started)
    return adopted


# Built once, because building it costs more than running it; of the table, because the mapped
# class would have its row read back.
_PAYMENT: Any = Payment.__table__
_ADOPTED = (
    update(_PAYMENT)
    .where(
        _PAYMENT.c.id == bindparam("payment", type_=Uuid),
        _PAYMENT.c.checkout_session_id.is_(None),
        _PAYMENT.c.state.in_(lifecycle.UNPAID),
    )
    .values(
        checkout_session_id=bindparam("page"),
        checkout_url=bindparam("url"),
        expires_at=bindparam("until"),
        state=PaymentState.OPEN,
    )
    .returning(*(_PAYMENT.c[name] for name in Adopted._fields))
)


def _unavailable() -> PaymentsUnavailable:
    return PaymentsUnavailable("The payment page cannot be opened right now. Please try again.")
