"""How a difference may be settled, and what that posts."""

from services.billing.domain.accounts import Account
from services.billing.domain.ledger import Posting, Postings, balanced
from services.billing.domain.movements import Movement
from services.common.money import Money
from services.contracts.billing.reconciliation import DifferenceKind as Differs
from services.contracts.billing.reconciliation import Way

_IMPORT, _ADJUST, _EXPLAIN = Way.IMPORT, Way.ADJUST, Way.EXPLAIN
WAYS: dict[Differs, tuple[Way, ...]] = {
    Differs.CHARGE_UNKNOWN_HERE: (_IMPORT, _EXPLAIN),
    Differs.CHARGE_UNKNOWN_AT_STRIPE: (_ADJUST, _EXPLAIN),
    Differs.REFUND_UNKNOWN_HERE: (_IMPORT, _EXPLAIN),
    Differs.REFUND_UNKNOWN_AT_STRIPE: (_ADJUST, _EXPLAIN),
    Differs.PAYOUT_UNKNOWN_HERE: (_IMPORT, _EXPLAIN),
    Differs.PAYOUT_UNKNOWN_AT_STRIPE: (_ADJUST, _EXPLAIN),
    Differs.PAYOUT_DIFFERS: (_ADJUST, _EXPLAIN),
    Differs.AMOUNT_DIFFERS: (_ADJUST, _EXPLAIN),
    Differs.FEE_DIFFERS: (_IMPORT, _EXPLAIN),
    Differs.COMMISSION_DIFFERS: (_IMPORT, _EXPLAIN),
    Differs.CURRENCY_DIFFERS: (_ADJUST, _EXPLAIN),
    Differs.ENTRY_MISSING: (_IMPORT, _EXPLAIN),
    Differs.POSTED_TWICE: (_ADJUST, _EXPLAIN),
    Differs.MOVEMENT_UNKNOWN: (_IMPORT, _EXPLAIN),
}
"""An import where Stripe's figure belongs to one account; else the gap waits to be explained."""

_KEPT = {
    Differs.FEE_DIFFERS: Account.STRIPE_FEES,
    Differs.COMMISSION_DIFFERS: Account.PLATFORM_COMMISSION,
}


def kept_differently(kind: Differs, at_stripe: Money, in_ledger: Money) -> Postings:
    """A fee or commission as Stripe kept it: the gap, on its account and on the balance."""
    more = at_stripe - in_ledger
    return balanced([Posting(_KEPT[kind], more), Posting(Account.STRIPE_BALANCE, -more)])


def gap(at_stripe: dict[str, int], in_ledger: dict[str, int]) -> Postings:
    """The balance as Stripe has it, by currency; what is not explained yet stands against it."""
    more = (
        Money(at_stripe.get(currency, 0) - in_ledger.get(currency, 0), currency)
        for currency in sorted(at_stripe.keys() | in_ledger.keys())
    )
    return balanced(
        posting
        for money in more
        for posting in (
            Posting(Account.STRIPE_BALANCE, money),
            Posting(Account.SUSPENSE, -money),
        )
    )


def taken_over(movement: Movement) -> Postings:
    """A movement that belongs to nothing here: what Stripe kept is an expense, the rest waits."""
    currency = movement.gross.currency
    return balanced(
        [
            Posting(Account.STRIPE_BALANCE, movement.net),
            Posting(Account.STRIPE_FEES, Money(movement.stripe_fee, currency)),
            Posting(Account.PLATFORM_COMMISSION, Money(movement.commission, currency)),
            Posting(_belongs_to(movement), -movement.gross),
        ]
    )


def _belongs_to(movement: Movement) -> Account:
    """Stripe's own fees, the platform's given back, or what nobody has explained."""
    source = movement.source_id or ""
    if movement.type == "application_fee_refund" or source.startswith(("fr_", "fee_")):
        return Account.PLATFORM_COMMISSION
    if movement.type in ("stripe_fee", "stripe_fx_fee", "tax_fee") or movement.category == "fee":
        return Account.STRIPE_FEES
    return Account.SUSPENSE


def from_funds(refund: Money, left: Money) -> Money:
    """How much of a refund the booking's own funds bear; what was retained bears the rest."""
    return min(refund, left, key=lambda money: money.amount)
