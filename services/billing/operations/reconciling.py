"""Reconciliation: every balance transaction of a practice's account against its ledger.

A look is a row; each page of it is a piece of work: fetched with no transaction open, then kept
and judged in one. Whoever dies delays it by the work's lease, and it goes on where it was. It may
be repeated as often as anybody likes: what was found already changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from services.billing.adapters.stripe import StripeRefused
from services.billing.adapters.stripe_balance import MovementPage, StripeBalance
from services.billing.domain.movements import (
    GRACE,
    LOOK_EVERY,
    OVERLAP,
    THOROUGH,
    THOROUGH_EVERY,
)
from services.billing.models import (
    BalanceTransaction,
    ReconciliationBalance,
    ReconciliationRun,
)
from services.billing.operations import movements, work
from services.billing.operations.judging import judge_movements, judge_ours
from services.billing.operations.surroundings import Surroundings, itself
from services.billing.queries import reconciliation, register
from services.billing.queries.work import accounts_without
from services.common.database import Database
from services.contracts.billing.reconciliation import DifferenceState, Outcome

AT_ONCE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Look:
    """A run as it stood when the transaction that read it ended."""

    practice_id: UUID
    account: str
    since: datetime | None
    after: str | None


def owe_looks(database: Database, now: datetime) -> None:
    """Owe a look at every account that has none to come. Each goes on owing the next by itself."""
    with database.plumbing() as tx:
        for practice_id in accounts_without(tx, work.RECONCILE):
            work.ask(tx, work.RECONCILE, practice_id, practice_id, now)


def reconcile(around: Surroundings, practice_id: UUID, _: UUID, now: datetime) -> timedelta | None:
    """Fetch and judge one page; when to go on. Raises StripeUnclear, StripeRefused."""
    us = itself(practice_id, "reconcile")
    with around.database.transaction(us) as tx:
        look = _look(tx, practice_id, now)
    if look is None:
        return None
    at_stripe = StripeBalance(around.stripe)
    try:
        page = at_stripe.movements(look.account, since=look.since, after=look.after)
    except StripeRefused:
        _begin_again(around, look)
        raise
    held = {} if page.has_more else at_stripe.held(look.account)
    with around.database.transaction(us) as tx:
        return _record(tx, look, page, held, now)


def _look(tx: Session, practice_id: UUID, now: datetime) -> Look | None:
    """The look under way, else a new one."""
    account = register.account_of(tx, practice_id)
    if account is None:
        return None
    run = reconciliation.run_under_way(tx, practice_id) or _begin(tx, practice_id, now)
    return Look(practice_id, account, run.since, run.after)


def _begin(tx: Session, practice_id: UUID, now: datetime) -> ReconciliationRun:
    """Since a while before the last look; once a day since long before it; at first, since ever."""
    last = reconciliation.last_run(tx, practice_id)
    thorough = reconciliation.last_run(tx, practice_id, is_thorough=True)
    is_thorough = thorough is None or thorough.started_at <= now - THOROUGH_EVERY
    since = None
    if last is not None:
        since = last.started_at - (THOROUGH if is_thorough else OVERLAP)
    run = ReconciliationRun(
        id=uuid7(),
        practice_id=practice_id,
        since=since,
        is_thorough=is_thorough,
        seen=0,
        found=0,
        settled=0,
        started_at=now,
    )
    tx.add(run)
    tx.flush()
    return run


def _begin_again(around: Surroundings, look: Look) -> None:
    """Stripe does not know the place where the look was to go on: from the latest again."""
    with around.database.transaction(itself(look.practice_id, "reconcile")) as tx:
        if run := reconciliation.run_under_way(tx, look.practice_id):
            run.after = None


def _record(
    tx: Session, look: Look, page: MovementPage, held: dict[str, int], now: datetime
) -> timedelta:
    """Keep a page and what it shows; with the last one, end the look."""
    run = reconciliation.run_under_way(tx, look.practice_id)
    if run is None or run.after != look.after:
        return AT_ONCE  # somebody else was faster
    movements.keep(tx, look.practice_id, page.movements, now)
    ripe = run.started_at - GRACE
    ids = [
        movements.id_of(look.practice_id, one.stripe_id)
        for one in page.movements
        if one.created_at < ripe
    ]
    rows = reconciliation.movements_by_id(tx, ids)
    run.found += judge_movements(tx, look.practice_id, rows, now)
    run.seen += len(page.movements)
    if page.has_more:
        run.after = page.movements[-1].stripe_id
        return AT_ONCE
    _finish(tx, run, look.account, held, now)
    return LOOK_EVERY


def _finish(
    tx: Session, run: ReconciliationRun, account: str, held: dict[str, int], now: datetime
) -> None:
    practice_id, ripe = run.practice_id, run.started_at - GRACE
    _mark_gone(tx, run)
    run.found += judge_ours(tx, practice_id, account, (run.since, ripe), now)
    _look_again(tx, run, account, now)
    for gone in reconciliation.unseen(tx, practice_id, run.started_at):
        gone.state, gone.outcome = DifferenceState.SETTLED, Outcome.VANISHED
        gone.settled_at, gone.revision = now, gone.revision + 1
        run.settled += 1
    _keep_balances(tx, run, held)
    run.finished_at = now
    tx.flush()


def _mark_gone(tx: Session, run: ReconciliationRun) -> None:
    """What lies within the look and did not come with it is not there any more."""
    table: Any = BalanceTransaction.__table__
    not_told = [
        table.c.practice_id == run.practice_id,
        table.c.seen_at < run.started_at,
        ~table.c.is_gone,
    ]
    if run.since:
        not_told.append(table.c.created_at >= run.since)
    tx.execute(update(table).where(*not_told).values(is_gone=True))


def _look_again(tx: Session, run: ReconciliationRun, account: str, now: datetime) -> None:
    """At differences from before the look: they are judged anew by what is known of them."""
    old = reconciliation.unseen(tx, run.practice_id, run.started_at)
    ids = [one.balance_transaction_id for one in old if one.balance_transaction_id]
    judge_movements(tx, run.practice_id, reconciliation.movements_by_id(tx, ids), now)
    only_ours = [one.happened_at for one in old if one.balance_transaction_id is None]
    if only_ours and run.since:
        judge_ours(tx, run.practice_id, account, (min(only_ours), run.since), now)


def _keep_balances(tx: Session, run: ReconciliationRun, held: dict[str, int]) -> None:
    ours = {
        row.currency: (int(row.here), int(row.brought_in))
        for row in reconciliation.ledger_balances(tx, run.practice_id)
    }
    for currency in held.keys() | ours.keys():
        here, brought_in = ours.get(currency, (0, 0))
        tx.add(
            ReconciliationBalance(
                practice_id=run.practice_id,
                run_id=run.id,
                currency=currency,
                at_stripe=held.get(currency, 0),
                in_ledger=here,
                brought_in=brought_in,
            )
        )
