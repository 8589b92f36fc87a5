"""Reconciliation by command: every account looked at from end to end, one after the other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.billing.adapters.stripe import StripeRefused, StripeUnclear
from services.billing.operations.reconciling import reconcile
from services.billing.operations.surroundings import Surroundings, itself
from services.billing.queries import reconciliation, register


@dataclass(frozen=True, slots=True)
class Compared:
    """What a look at one practice found; `failure` where Stripe did not answer."""

    practice_id: UUID
    seen: int = 0
    found: int = 0
    settled: int = 0
    open: int = 0
    failure: str = ""

    def line(self) -> str:
        """For people."""
        if self.failure:
            return f"{self.practice_id}  {self.failure}: try again"
        told = f"{self.seen} movements, {self.found} new differences, {self.settled} gone"
        return f"{self.practice_id}  {told}, {self.open} open"


def look_at_all(around: Surroundings, clock: Callable[[], datetime]) -> Iterator[Compared]:
    """A look at each practice with an account; one that is under way is gone on with."""
    with around.database.plumbing() as tx:
        practices = register.connected_practices(tx)
    for practice_id in practices:
        yield look_at(around, practice_id, clock)


def look_at(around: Surroundings, practice_id: UUID, clock: Callable[[], datetime]) -> Compared:
    """A whole look at one practice's account."""
    try:
        while reconcile(around, practice_id, practice_id, clock()) == timedelta(0):
            pass
    except (StripeRefused, StripeUnclear) as failure:
        return Compared(practice_id, failure=type(failure).__name__, open=1)
    return _told(around, practice_id)


def _told(around: Surroundings, practice_id: UUID) -> Compared:
    with around.database.transaction(itself(practice_id, "reconcile")) as tx:
        run = reconciliation.last_run(tx, practice_id)
        count = reconciliation.open_count(tx, practice_id)
    if run is None:
        return Compared(practice_id, open=count)
    return Compared(practice_id, run.seen, run.found, run.settled, count)
