"""What the practice's desk sees of reconciliation: the looks, both balances, the differences."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.billing.domain.cursors import Position, decode, encode
from services.billing.domain.settling_differences import WAYS
from services.billing.models import (
    ReconciliationBalance,
    ReconciliationDecision,
    ReconciliationDifference,
    ReconciliationRun,
)
from services.billing.operations import differences, work
from services.billing.operations.keepers import practice_of_keeper
from services.billing.operations.ledger_reading import transaction_views
from services.billing.queries import ledger, reconciliation, register
from services.billing.queries import work as due_rows
from services.common.auth import Actor
from services.common.errors import NotFound
from services.common.money import Money
from services.contracts.billing.reconciliation import (
    BalanceView,
    DecisionView,
    DifferenceDetails,
    DifferenceKind,
    DifferenceState,
    DifferenceView,
    GetDifference,
    GetReconciliation,
    Outcome,
    ReconciliationStarted,
    ReconciliationView,
    RunView,
    SettleDifference,
    StartReconciliation,
    Way,
)


def get_reconciliation(
    tx: Session, command: GetReconciliation, *, actor: Actor
) -> ReconciliationView:
    """How the ledger stands beside Stripe. Raises Forbidden, BadCursor."""
    practice_id = practice_of_keeper(actor)
    place = decode(command.cursor) if command.cursor else None
    before = (place.at, place.id) if place else None
    limit = command.limit
    found = reconciliation.differences(tx, practice_id, command.state, before, limit + 1)
    shown = found[:limit]
    last = reconciliation.last_run(tx, practice_id)
    running = reconciliation.seen_run_under_way(tx, practice_id)
    balances = reconciliation.balances_of_run(tx, practice_id, last.id) if last else []
    return ReconciliationView(
        is_connected=register.account_of(tx, practice_id) is not None,
        last_run=_run(last),
        running=_run(running),
        due_at=reconciliation.due_at(tx, work.RECONCILE, practice_id),
        balances=[_balance(one) for one in balances],
        open_count=reconciliation.open_count(tx, practice_id),
        differences=_views(tx, practice_id, shown),
        next_cursor=_cursor(shown[-1]) if len(found) > limit else None,
    )


def get_difference(tx: Session, command: GetDifference, *, actor: Actor) -> DifferenceDetails:
    """One difference with its own entries. Raises Forbidden, NotFound."""
    practice_id = practice_of_keeper(actor)
    found = reconciliation.difference(tx, practice_id, command.difference_id)
    if found is None:
        raise NotFound("There is no such difference.")
    moves = ledger.of_difference(tx, practice_id, found.id)
    return DifferenceDetails(
        difference=_views(tx, practice_id, [found])[0],
        transactions=transaction_views(tx, practice_id, moves),
    )


def start_reconciliation(
    tx: Session, command: StartReconciliation, *, actor: Actor, now: datetime
) -> ReconciliationStarted:
    """Owe a look from now on, at payouts that were given up as well. Raises Forbidden, NotFound
    where there is nothing to look at."""
    practice_id = practice_of_keeper(actor)
    if register.account_of(tx, practice_id) is None:
        raise NotFound("This practice has no account at Stripe yet.")
    work.ask(tx, work.RECONCILE, practice_id, practice_id, now)
    for payout_id in due_rows.given_up(tx, work.SETTLE_PAYOUT, practice_id):
        work.ask(tx, work.SETTLE_PAYOUT, practice_id, payout_id, now)
    return ReconciliationStarted(due_at=now)


def settle_difference(
    tx: Session, command: SettleDifference, *, actor: Actor, now: datetime
) -> DifferenceView:
    """Settle one as it was seen; raises Forbidden and what `differences` does."""
    practice_id = practice_of_keeper(actor)
    settled = differences.settle_difference(tx, command, practice_id, actor=actor, now=now)
    return _views(tx, practice_id, [settled])[0]


def _views(
    tx: Session, practice_id: UUID, found: list[ReconciliationDifference]
) -> list[DifferenceView]:
    decided: dict[UUID, list[DecisionView]] = defaultdict(list)
    for one in reconciliation.decisions(tx, practice_id, [row.id for row in found]):
        decided[one.difference_id].append(_decision(one))
    return [_view(row, decided[row.id]) for row in found]


def _view(row: ReconciliationDifference, decisions: list[DecisionView]) -> DifferenceView:
    kind, is_open = DifferenceKind(row.kind), row.state == DifferenceState.OPEN
    return DifferenceView(
        id=row.id,
        kind=kind,
        subject=row.subject,
        at_stripe=row.at_stripe,
        in_ledger=row.in_ledger,
        happened_at=row.happened_at,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        state=DifferenceState(row.state),
        outcome=Outcome(row.outcome) if row.outcome else None,
        settled_at=row.settled_at,
        revision=row.revision,
        ways=list(WAYS[kind]) if is_open else [],
        decisions=decisions,
        payment_id=row.payment_id,
        refund_id=row.refund_id,
        payout_id=row.payout_id,
    )


def _decision(row: ReconciliationDecision) -> DecisionView:
    return DecisionView(
        way=Way(row.way),
        words=row.words,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )


def _run(run: ReconciliationRun | None) -> RunView | None:
    if run is None:
        return None
    return RunView(
        id=run.id,
        since=run.since,
        started_at=run.started_at,
        finished_at=run.finished_at,
        seen=run.seen,
        found=run.found,
        settled=run.settled,
    )


def _balance(row: ReconciliationBalance) -> BalanceView:
    return BalanceView(
        at_stripe=Money(row.at_stripe, row.currency),
        in_ledger=Money(row.in_ledger, row.currency),
        brought_in=Money(row.brought_in, row.currency),
    )


def _cursor(row: ReconciliationDifference) -> str:
    return encode(Position(row.first_seen_at, row.id))
