"""Work that is owed: asked for in the transaction that made it due, done later, never forgotten."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from services.billing.adapters.stripe import StripeRefused, StripeUnclear
from services.billing.domain.retries import wait_before_retry
from services.billing.models import DueWork
from services.billing.operations.surroundings import Surroundings
from services.billing.queries import work as due_rows
from services.common import context
from services.common.database import Database
from services.common.dialect import DEFERRED
from services.common.logging import describe, get_logger

log = get_logger(__name__)
SETTLE_PAYMENT = "settle_payment"
MAKE_REFUND = "make_refund"
SETTLE_PAYOUT = "settle_payout"
RECONCILE = "reconcile"
CHECK_REFUND = "check_refund"
SETTLE_REFUNDS = "settle_refunds"
SETTLE_DISPUTES = "settle_disputes"
LAPSE_PACKAGE = "lapse_package"
INVOICE_RUN = "invoice_run"
BATCH = 10
WORK = timedelta(seconds=5)
SILENCE_WAIT = timedelta(seconds=10)
_DUE_WORK: Any = DueWork.__table__

Step = Callable[[Surroundings, UUID, UUID, datetime], timedelta | None]
"""Does one piece of work for (practice, subject) at an instant; answers when to look again."""


class UnknownForGood(Exception):
    """A call's outcome is unknown and repeating it might do it twice: a person has to look."""


def ask(tx: Session, kind: str, practice_id: UUID, subject_id: UUID, due_at: datetime) -> None:
    """Owe the work from `due_at`; asking again brings it forward and gives it fresh tries."""
    wanted = {
        "id": uuid7(),
        "kind": kind,
        "practice_id": practice_id,
        "subject_id": subject_id,
        "request_id": context.request_id() or context.new_request_id(),
        "due_at": due_at,
        "created_at": due_at,
    }
    tx.execute(_OWED, wanted, execution_options=DEFERRED)


# Built once, because building it costs more than running it.
_WANTED = insert(_DUE_WORK).inline()
_OWED = _WANTED.on_conflict_do_update(
    index_elements=["kind", "subject_id"],
    set_={
        "asked": _DUE_WORK.c.asked + 1,
        "due_at": func.least(_DUE_WORK.c.due_at, _WANTED.excluded.due_at),
        "parked_at": None,
        "tries": 0,
    },
)


def work_off(around: Surroundings, steps: dict[str, Step], clock: Callable[[], datetime]) -> int:
    """Do one batch of what is due of these steps; how many pieces were claimed. Safe to run twice
    at once.

    The same process sends the mails: while Stripe is silent one call is enough to know it, and
    after 5 s the others have their turn. What was not begun is given back.
    """
    now = clock()
    with around.database.plumbing() as tx:
        rows = due_rows.claim_work(tx, list(steps), now, BATCH, around.lease)
    for done, row in enumerate(rows, 1):
        with context.request(row.request_id):
            is_silent = _do(around, steps[row.kind], row, now)
        if is_silent or clock() >= now + WORK:
            wait = SILENCE_WAIT if is_silent else timedelta()
            with around.database.plumbing() as tx:
                due_rows.give_back_work(tx, rows[done:], now + wait)
            break
    return len(rows)


def _do(around: Surroundings, step: Step, row: Any, now: datetime) -> bool:
    """One piece, whatever comes of it written down; whether Stripe did not answer."""
    try:
        again_after = step(around, row.practice_id, row.subject_id, now)
    except Exception as error:
        _keep(around.database, row, error, now)
        return isinstance(error, StripeUnclear) and not error.is_over
    _close(around.database, row, now, again_after)
    return False


def _close(database: Database, row: Any, now: datetime, again_after: timedelta | None) -> None:
    """Remove what is done, unless somebody asked anew meanwhile: then it stays as they left it."""
    as_seen = (DueWork.id == row.id) & (DueWork.asked == row.asked)
    with database.plumbing() as tx:
        if again_after is None:
            tx.execute(delete(DueWork).where(as_seen))
        else:
            later = {"due_at": now + again_after, "tries": 0, "error": None}
            tx.execute(update(DueWork).where(as_seen).values(later))


def _keep(database: Database, row: Any, error: Exception, now: datetime) -> None:
    """Try it later, or park it; the row says what went wrong, without anybody's data."""
    tries = row.tries + 1
    is_refused = isinstance(error, StripeRefused)
    wait = wait_before_retry(tries, is_refused=is_refused)
    is_parked = wait is None or isinstance(error, UnknownForGood)
    told = (
        f"{describe(error)}: {error.code}" if isinstance(error, StripeRefused) else describe(error)
    )
    log.warning(
        "due work failed", kind=row.kind, subject_id=str(row.subject_id), error=told,
        is_parked=is_parked,
    )  # fmt: skip
    state = {
        "tries": tries,
        "error": told[:300],
        "parked_at": now if is_parked else None,
        "due_at": now + (wait or timedelta()),
    }
    same = (DueWork.id == row.id) & (DueWork.asked == row.asked)
    with database.plumbing() as tx:
        tx.execute(update(DueWork).where(same).values(state))
