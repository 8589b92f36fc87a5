"""Giving money back by the practice's own will: told first, then promised as it was told."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.billing.domain import ledger
from services.billing.domain.accounts import Account, Kind
from services.billing.domain.giving_back import Standing, agreement, effect_of
from services.billing.domain.refunds import still_owed
from services.billing.models import Payment, Refund
from services.billing.operations import refund_list
from services.billing.operations.endings import NewRefund, promise
from services.billing.operations.keepers import practice_of_keeper
from services.billing.operations.posting import post
from services.billing.operations.surroundings import Surroundings
from services.billing.operations.taken_ids import unknown_if_taken
from services.billing.queries import payments
from services.billing.queries import refunds as rows
from services.common.auth import Actor
from services.common.errors import DifferentContent, InvalidInput, NotFound
from services.common.money import Money
from services.contracts.billing.refunds import (
    CHOSEN,
    NothingToRefund,
    PaymentDisputed,
    PracticeRefund,
    ProposeRefund,
    RefundChanged,
    RefundPayment,
    RefundProposal,
    RefundReason,
    RefundWay,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """How much is to go back; `percent` is what the booking's policy gives back, where asked."""

    way: RefundWay
    money: Money | None
    percent: int | None


def propose_refund(around: Surroundings, command: ProposeRefund, *, actor: Actor) -> RefundProposal:
    """What the refund would do now.

    Raises NotFound, Forbidden, InvalidInput, NothingToRefund, PaymentDisputed.
    """
    percent = _percent(around, command.payment_id, command.way, actor)
    with around.database.transaction(actor) as tx:
        payment = _locked(tx, command.payment_id, actor)
        wish = Wish(command.way, command.money, percent)
        return _proposal(payment, standing_of(tx, payment), wish)


def refund_payment(
    around: Surroundings, command: RefundPayment, *, actor: Actor, now: datetime
) -> PracticeRefund:
    """Promise the refund that was shown; the same again changes nothing.

    Raises NotFound, Forbidden, InvalidInput, DifferentContent, NothingToRefund, PaymentDisputed,
    and RefundChanged where the figures are others by now.
    """
    _check_reason(command)
    percent = _percent(around, command.payment_id, command.way, actor)
    with around.database.transaction(actor) as tx:
        payment = _locked(tx, command.payment_id, actor)
        earlier = tx.get(Refund, command.id)
        if earlier is None:
            wish = Wish(command.way, command.money, percent)
            _promise(tx, payment, command, wish, actor, now)
        else:
            _check_same(earlier, command)
        return refund_list.view_of(tx, payment.practice_id, command.id)


def _percent(around: Surroundings, payment_id: UUID, way: RefundWay, actor: Actor) -> int | None:
    """What the booking's policy gives back, as booking tells it; only where that was asked."""
    practice_of_keeper(actor)
    if way is not RefundWay.POLICY:
        return None
    with around.database.transaction(actor) as tx:
        booking_id = _locked(tx, payment_id, actor).booking_id
    return around.booking.terms(booking_id, actor).refund_percent


def _locked(tx: Session, payment_id: UUID, actor: Actor) -> Payment:
    practice_id = practice_of_keeper(actor)
    payment = payments.lock_payment(tx, payment_id)
    if payment is None or payment.practice_id != practice_id:
        raise NotFound("There is no such payment.")
    if payment.sale_id is not None:
        raise NothingToRefund("This paid for a package. Its rest goes back where it is ended.")
    return payment


def standing_of(tx: Session, payment: Payment) -> Standing:
    """How the locked payment's money stands, by the ledger."""
    held, currency = rows.holdings(tx, payment), payment.currency
    fee = held.get(Account.STRIPE_FEES)
    return Standing(
        captured=payment.captured_money,
        promised=rows.back(tx, payment),
        funds=Money(-held.get(Account.BOOKING_FUNDS, 0), currency),
        retained=Money(-held.get(Account.RETAINED_FEES, 0), currency),
        disputed=Money(payment.disputed, currency),
        stripe_fee=None if payment.processed_at is None else Money(fee or 0, currency),
        commission=payment.application_fee if refund_list.is_sendable(payment) else 0,
    )


def _proposal(payment: Payment, standing: Standing, wish: Wish) -> RefundProposal:
    effect = effect_of(standing, _wanted(standing, wish))
    return RefundProposal(
        payment_id=payment.id,
        booking_id=payment.booking_id,
        client_id=payment.client_id,
        way=wish.way,
        refund=effect.refund,
        percent=wish.percent,
        captured=standing.captured,
        back_before=standing.promised,
        left_after=effect.left_after,
        from_booking=effect.from_funds,
        booking_after=effect.funds_after,
        from_retained=effect.from_retained,
        booking_stands=payment.ended_at is None,
        is_at_stripe=refund_list.is_sendable(payment),
        stripe_fee=standing.stripe_fee,
        commission_back=effect.commission_back,
        balance=effect.balance,
        agreed=agreement(standing, effect),
    )


def _wanted(standing: Standing, wish: Wish) -> Money:
    """How much is asked for; raises the refusal of what cannot go back."""
    if standing.disputed.amount:
        raise PaymentDisputed("The client's bank has this money. The dispute decides about it.")
    if standing.left.amount <= 0:
        raise NothingToRefund("Nothing of this payment is left to give back.")
    if wish.way is RefundWay.POLICY:
        return _by_policy(standing, wish.percent or 0)
    if wish.way is RefundWay.FULL or wish.money is None:
        return standing.left
    _check_amount(standing, wish.money)
    return wish.money


def _by_policy(standing: Standing, percent: int) -> Money:
    owed = still_owed(standing.captured, percent, standing.promised)
    if not owed.amount:
        raise NothingToRefund("By this booking's policy nothing more goes back.")
    return owed


def _check_amount(standing: Standing, money: Money) -> None:
    if money.currency != standing.captured.currency:
        told = f"This was paid in {standing.captured.currency}."
    elif money.amount <= 0:
        told = "Please enter an amount above zero."
    elif money.amount > standing.left.amount:
        told = f"At most {standing.left.major()} {money.currency} can go back."
    else:
        return
    raise InvalidInput("This amount cannot go back.", {"amount": told})


def _check_reason(command: RefundPayment) -> None:
    if command.reason not in CHOSEN:
        raise InvalidInput("Please choose a reason.", {"reason": "Please choose one of these."})
    if command.reason is RefundReason.OTHER and not command.words:
        raise InvalidInput("Please add a few words.", {"words": "Please say why."})


def _check_same(earlier: Refund, command: RefundPayment) -> None:
    said = (earlier.payment_id, earlier.money, earlier.reason, earlier.words)
    if said != (command.payment_id, command.money, command.reason, command.words):
        raise DifferentContent("This id was used for another refund.")


def _promise(
    tx: Session, payment: Payment, command: RefundPayment, wish: Wish, actor: Actor, now: datetime
) -> None:
    standing = standing_of(tx, payment)
    effect = effect_of(standing, _wanted(standing, wish))
    if command.agreed != agreement(standing, effect) or command.money != effect.refund:
        raise RefundChanged("Something about this payment has changed since you looked.")
    new = NewRefund(
        id=command.id,
        money=effect.refund,
        percent=wish.percent,
        reason=command.reason,
        words=command.words,
        asked_by=actor.account_id,
    )
    with unknown_if_taken("refunds_pkey"):
        refund = promise(tx, payment, new, now)
    entries = ledger.granted(effect.from_funds, effect.from_retained)
    post(tx, Kind.GRANTED, payment, refund.id, entries, now)
