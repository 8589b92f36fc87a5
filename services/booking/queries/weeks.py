"""What lies in a practitioner's week beside sessions and hours."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session as Transaction

from services.booking.domain.calendar import Span
from services.booking.models import BusyTime
from services.booking.queries.calendars import epoch


def busy(tx: Transaction, practice_id: UUID, practitioner_id: UUID, span: Span) -> list[Span]:
    """Times of other calendars that overlap the span, by start."""
    from_at, until_at = (datetime.fromtimestamp(at, UTC) for at in span)
    query = select(epoch(BusyTime.starts_at), epoch(BusyTime.ends_at)).where(
        BusyTime.practice_id == practice_id,
        BusyTime.practitioner_id == practitioner_id,
        BusyTime.ends_at > from_at,
        BusyTime.starts_at < until_at,
    )
    return [Span(*row) for row in tx.execute(query.order_by(BusyTime.starts_at, BusyTime.id))]
