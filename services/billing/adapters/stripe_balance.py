"""What Stripe says of a practice's balance: its transactions, its payouts, what is left on it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.billing.adapters.stripe import Stripe, clear
from services.billing.domain.movements import Group, Movement, group_of
from services.common.money import Money
from services.contracts.billing.payouts import PayoutStatus

PAGE = 100
_OF_CLIENTS = (Group.CHARGE, Group.REFUND, Group.REFUND_BACK, Group.DISPUTE)


@dataclass(frozen=True, slots=True)
class MovementPage:
    """A part of the movements, the latest first."""

    movements: tuple[Movement, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class PayoutFacts:
    """A payout as it is now."""

    stripe_id: str
    money: Money
    status: PayoutStatus
    is_automatic: bool
    created_at: datetime
    arrives_at: datetime
    failure: str | None
    is_made_up: bool
    """Whether Stripe can tell by now which movements it is made of."""


class StripeBalance:
    """Calls about balances; they change nothing. Each raises StripeUnclear, StripeRefused."""

    def __init__(self, stripe: Stripe) -> None:
        self._v1 = stripe.client.v1

    def movements(
        self,
        account: str,
        *,
        since: datetime | None = None,
        after: str | None = None,
        payout: str | None = None,
    ) -> MovementPage:
        """The movements since an instant, or of a payout, that come `after` one of them."""
        params: Any = {"limit": PAGE, "expand": ["data.source"]}
        params |= {"created": {"gte": int(since.timestamp())}} if since else {}
        params |= {"starting_after": after} if after else {}
        params |= {"payout": payout} if payout else {}
        with clear():
            found = self._v1.balance_transactions.list(params, {"stripe_account": account})
            return MovementPage(tuple(_movement(one) for one in found.data), found.has_more)

    def payout(self, account: str, stripe_payout_id: str) -> PayoutFacts:
        """A payout as it is now."""
        with clear():
            return _payout(
                self._v1.payouts.retrieve(stripe_payout_id, {}, {"stripe_account": account})
            )

    def held(self, account: str) -> dict[str, int]:
        """What is on the balance, pending money included, by currency."""
        with clear():
            balance: Any = self._v1.balance.retrieve({}, {"stripe_account": account})
        sums: dict[str, int] = {}
        for part in (*balance.available, *balance.pending):
            currency = part.currency.upper()
            sums[currency] = sums.get(currency, 0) + part.amount
        return sums


def _movement(balance: Any) -> Movement:
    commission = sum(fee.amount for fee in balance.fee_details if fee.type == "application_fee")
    source = balance.source
    is_told = source is not None and not isinstance(source, str)
    source_id = source.id if is_told else source
    group = group_of(balance.type, source_id)
    of_client = source if is_told and group in _OF_CLIENTS else None
    return Movement(
        stripe_id=balance.id,
        type=balance.type,
        category=balance.reporting_category,
        source_id=source_id,
        gross=Money(balance.amount, balance.currency.upper()),
        stripe_fee=balance.fee - commission,
        commission=commission,
        created_at=_at(balance.created),
        available_at=_at(balance.available_on),
        source=Money(of_client.amount, of_client.currency.upper()) if of_client else None,
        payment_intent_id=_id_of(of_client.payment_intent) if of_client else None,
        payment_id=_labelled(of_client, "payment_id"),
        refund_id=_labelled(of_client, "refund_id"),
    )


def _payout(payout: Any) -> PayoutFacts:
    return PayoutFacts(
        stripe_id=payout.id,
        money=Money(payout.amount, payout.currency.upper()),
        status=PayoutStatus(payout.status),
        is_automatic=payout.automatic,
        created_at=_at(payout.created),
        arrives_at=_at(payout.arrival_date),
        failure=payout.failure_code,
        is_made_up=payout.reconciliation_status == "completed",
    )


def _labelled(source: Any, key: str) -> UUID | None:
    """An id of ours, as the object's metadata names it."""
    labels = source.metadata if source is not None else None
    try:
        return UUID(str(labels[key])) if labels and key in labels else None
    except ValueError:
        return None


def _id_of(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else str(value.id)


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
