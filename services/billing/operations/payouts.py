"""Making what we know of a payout agree with Stripe, by fetching it anew.

Run because a webhook came, because one is still under way, or because a person asks for it. Order
and number do not matter: each entry is posted once, by what the payout is and not by what came.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.billing.adapters.stripe_balance import MovementPage, PayoutFacts, StripeBalance
from services.billing.domain import payouts as rules
from services.billing.domain.accounts import Kind
from services.billing.domain.ledger import Postings
from services.billing.models import Payout
from services.billing.operations import movements, work
from services.billing.operations.posting import post
from services.billing.operations.surroundings import Surroundings, itself
from services.billing.queries import payouts, register
from services.common.money import Money
from services.contracts.billing.payouts import PayoutStatus

#: A payout takes days; what became of it is asked for that often, should its webhook be lost.
LOOK_AGAIN = timedelta(hours=1)
AT_ONCE = timedelta(0)


def announce(tx: Session, practice_id: UUID, stripe_payout_id: str, now: datetime) -> UUID:
    """There is such a payout: owe a look at it. Repeatable; the transaction is the practice's."""
    id_ = movements.id_of(practice_id, stripe_payout_id)
    row = {
        "id": id_,
        "practice_id": practice_id,
        "stripe_payout_id": stripe_payout_id,
        "status": PayoutStatus.ANNOUNCED,
        "is_automatic": True,
        "created_at": now,
        "is_listed": False,
        "seen_at": now,
    }
    tx.execute(insert(Payout).values(row).on_conflict_do_nothing())
    work.ask(tx, work.SETTLE_PAYOUT, practice_id, id_, now)
    return id_


def settle_payout(
    around: Surroundings, practice_id: UUID, payout_id: UUID, now: datetime
) -> timedelta | None:
    """Ask Stripe and post what is new; when to ask again, None once nothing more becomes of it.

    What it is made of is fetched a page at a time: a look that was interrupted goes on there.
    """
    us = itself(practice_id, f"settle_payout:{payout_id}")
    with around.database.transaction(us) as tx:
        payout = payouts.lock_payout(tx, payout_id)
        account = register.account_of(tx, practice_id)
        if payout is None or account is None:
            return None
        stripe_id, after = payout.stripe_payout_id, payout.listed_after
        is_listed = payout.is_listed
    at_stripe = StripeBalance(around.stripe)
    facts = at_stripe.payout(account, stripe_id)
    page = None
    if facts.is_made_up and not is_listed:
        page = at_stripe.movements(account, payout=stripe_id, after=after)
    with around.database.transaction(us) as tx:
        return _record(tx, payout_id, facts, page, now)


def _record(
    tx: Session, payout_id: UUID, facts: PayoutFacts, page: MovementPage | None, now: datetime
) -> timedelta | None:
    payout = payouts.lock_payout(tx, payout_id)
    if payout is None:
        return None
    payout.amount, payout.currency = facts.money.amount, facts.money.currency
    payout.status, payout.is_automatic = facts.status, facts.is_automatic
    payout.created_at, payout.arrives_at = facts.created_at, facts.arrives_at
    payout.failure, payout.seen_at = facts.failure, now
    tx.flush()
    _post(tx, payout, facts, now)
    if page is not None:
        movements.keep(tx, payout.practice_id, page.movements, now, payout.id)
        payout.is_listed = not page.has_more
        payout.listed_after = page.movements[-1].stripe_id if page.has_more else None
        if page.has_more:
            return AT_ONCE
    return None if facts.status in rules.OVER else LOOK_AGAIN


def _post(tx: Session, payout: Payout, facts: PayoutFacts, now: datetime) -> None:
    posted = payouts.posted(tx, payout.practice_id, payout.id)
    for kind in rules.missing(facts.status, posted):
        post(tx, kind, payout, payout.id, _entries(kind, facts.money, posted), now)


def _entries(kind: Kind, money: Money, posted: frozenset[Kind]) -> Postings:
    if kind is Kind.PAID_OUT:
        return rules.paid_out(money)
    if kind is Kind.ARRIVED:
        return rules.arrived(money)
    return rules.returned(money, had_arrived=Kind.ARRIVED in posted)
