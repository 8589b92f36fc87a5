"""Where a balance transaction and the ledger differ: pure rules, one for each kind of movement."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.billing.domain import ledger
from services.billing.domain.accounts import Account, Kind
from services.billing.domain.movements import Booked, Group, Movement
from services.common.money import Money
from services.contracts.billing.reconciliation import DifferenceKind as Differs


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference and its two figures; None where the one side knows nothing."""

    kind: Differs
    at_stripe: Money | None
    in_ledger: Money | None


_UNKNOWN_HERE = {
    Group.CHARGE: Differs.CHARGE_UNKNOWN_HERE,
    Group.REFUND: Differs.REFUND_UNKNOWN_HERE,
    Group.REFUND_BACK: Differs.MOVEMENT_UNKNOWN,
    Group.DISPUTE: Differs.MOVEMENT_UNKNOWN,
    Group.PAYOUT: Differs.PAYOUT_UNKNOWN_HERE,
    Group.PAYOUT_BACK: Differs.PAYOUT_UNKNOWN_HERE,
    Group.OTHER: Differs.MOVEMENT_UNKNOWN,
}


def judge(theirs: Movement, ours: Booked | None) -> tuple[Finding, ...]:
    """All in which the two differ, empty where they agree to the minor unit.

    Where entries are missing or doubled, or the currency is another one, that alone is told: the
    other figures differ because of it.
    """
    if ours is not None and ours.is_even:
        return ()
    if ours is None or ours.money is None:
        return (Finding(_UNKNOWN_HERE[theirs.group], theirs.net, None),)
    if counted := _miscounted(theirs, ours):
        return (counted,)
    if theirs.group is Group.PAYOUT:
        return tuple(_payout(theirs, ours))
    if theirs.group in (Group.DISPUTE, Group.REFUND_BACK):
        return tuple(_net(theirs, ours))
    if theirs.group not in (Group.CHARGE, Group.REFUND):
        return ()
    figures = tuple(_figures(theirs, ours))
    otherwise = tuple(one for one in figures if one.kind is Differs.CURRENCY_DIFFERS)
    return otherwise or figures


def _miscounted(theirs: Movement, ours: Booked) -> Finding | None:
    """An entry that is not there, or is there more than once."""
    counts = [ours.counts.get(kind, 0) for kind in _wanted(theirs)]
    there = Money(ours.sum_of(Account.STRIPE_BALANCE, theirs.net.currency), theirs.net.currency)
    if any(count > 1 for count in counts):
        return Finding(Differs.POSTED_TWICE, theirs.net, there)
    if any(count == 0 for count in counts):
        return Finding(Differs.ENTRY_MISSING, theirs.net, there)
    return None


def _wanted(theirs: Movement) -> list[Kind]:
    if theirs.group is Group.CHARGE:
        source = theirs.source or theirs.gross
        kept = ledger.processed(source, theirs.gross, theirs.stripe_fee, theirs.commission)
        return [Kind.CHARGED, Kind.PROCESSED] if kept else [Kind.CHARGED]
    return {
        Group.REFUND: [Kind.REFUNDED],
        Group.REFUND_BACK: [Kind.REFUND_FAILED],
        Group.DISPUTE: [Kind.DISPUTED if theirs.gross.amount < 0 else Kind.REINSTATED],
        Group.PAYOUT: [Kind.PAID_OUT],
        Group.PAYOUT_BACK: [Kind.RETURNED],
    }.get(theirs.group, [])


def _payout(theirs: Movement, ours: Booked) -> Iterator[Finding]:
    assert ours.money is not None
    if -theirs.gross != ours.money:
        yield Finding(Differs.PAYOUT_DIFFERS, -theirs.gross, ours.money)


def _net(theirs: Movement, ours: Booked) -> Iterator[Finding]:
    """What it put on the balance, whatever the accounts that stand against it."""
    booked = Money(ours.sum_of(Account.STRIPE_BALANCE, theirs.net.currency), theirs.net.currency)
    if booked != theirs.net:
        yield Finding(Differs.AMOUNT_DIFFERS, theirs.net, booked)


def _figures(theirs: Movement, ours: Booked) -> Iterator[Finding]:
    """Amount, currency and what was kept, each by itself."""
    assert ours.money is not None
    source = theirs.source or _positive(theirs.gross)
    if source.currency != ours.money.currency:
        yield Finding(Differs.CURRENCY_DIFFERS, source, ours.money)
    elif source != ours.money:
        yield Finding(Differs.AMOUNT_DIFFERS, source, ours.money)
    else:
        yield from _settled(theirs, ours)
    yield from _kept(theirs, ours)


def _settled(theirs: Movement, ours: Booked) -> Iterator[Finding]:
    """What reached the balance before anything was kept of it."""
    currency = theirs.gross.currency
    others = [(amount, one) for one, amount in ours.at_stripe().items() if one != currency]
    if others:
        yield Finding(Differs.CURRENCY_DIFFERS, theirs.gross, Money(*others[0]))
        return
    kept = ours.sum_of(Account.STRIPE_FEES, currency)
    kept += ours.sum_of(Account.PLATFORM_COMMISSION, currency)
    settled = Money(ours.sum_of(Account.STRIPE_BALANCE, currency) + kept, currency)
    if settled != theirs.gross:
        is_exchanged = theirs.source is not None and theirs.source.currency != currency
        kind = Differs.CURRENCY_DIFFERS if is_exchanged else Differs.AMOUNT_DIFFERS
        yield Finding(kind, theirs.gross, settled)


def _kept(theirs: Movement, ours: Booked) -> Iterator[Finding]:
    currency = theirs.gross.currency
    for kind, account, told in (
        (Differs.FEE_DIFFERS, Account.STRIPE_FEES, theirs.stripe_fee),
        (Differs.COMMISSION_DIFFERS, Account.PLATFORM_COMMISSION, theirs.commission),
    ):
        booked = ours.sum_of(account, currency)
        if booked != told:
            yield Finding(kind, Money(told, currency), Money(booked, currency))


def _positive(money: Money) -> Money:
    return money if money.amount >= 0 else -money
