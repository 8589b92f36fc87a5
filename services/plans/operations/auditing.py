"""Sealing who looked: rows are written down freely, and chained by hash afterwards, in batches.

What commits late is in a later seal; none waits for another.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.plans.domain import audit as chain
from services.plans.models import Access, AccessSeal
from services.plans.queries import audit

AT_ONCE = 1_000


def seal_some(
    tx: Session, practice_id: UUID, now: datetime, at_once: int = AT_ONCE
) -> AccessSeal | None:
    """Seal the oldest looks of a practice that are not yet; None where there are none.

    Two may run: the second waits, and goes on after the seal of the first.
    """
    audit.lock_seals(tx, practice_id)
    found = audit.unsealed(tx, practice_id, at_once)
    if not found:
        return None
    last = audit.last_seal(tx, practice_id)
    number, previous = (last.number + 1, last.digest) if last else (1, chain.GENESIS)
    seal = AccessSeal(
        practice_id=practice_id,
        number=number,
        accesses=len(found),
        digest=chain.digest(previous, practice_id, number, [_line(one) for one in found]),
        sealed_at=now,
    )
    tx.add(seal)
    tx.flush()
    audit.cover(tx, seal, [one.id for one in found])
    return seal


def _line(one: Access) -> str:
    return chain.line(
        (
            one.id,
            one.chart_id,
            one.account_id,
            one.party,
            one.by_account_id,
            one.by_booking_id,
            one.practitioner_id,
            one.is_write,
            one.is_supervisor,
            one.kind,
            one.record_id,
            one.at,
        )
    )
