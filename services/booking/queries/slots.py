"""All that decides the free slots of one offering, in one trip."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session as Transaction

from services.booking.domain.slot_rules import WIDEST, widest_span
from services.booking.queries.calendars import kept_since
from services.booking.queries.occupancy import Taken, taken_of
from services.booking.queries.offerings import Offered, offered_of
from services.common.database import told


def offered_and_taken(
    tx: Transaction,
    practice_id: UUID,
    offering_id: UUID,
    now: datetime,
    *,
    until: datetime | None = None,
    without: UUID | None = None,
) -> tuple[Offered, Taken] | None:
    """One offering, and what is taken of its practitioner between `now` and `until`.

    Without `until`, as far as clients can book. `without` is a session that is being moved.
    """
    widest = widest_span(now)
    asked = {
        "practice": practice_id,
        "offering": offering_id,
        "since": kept_since(now),
        "from_at": datetime.fromtimestamp(widest.start, UTC),
        "window_from": datetime.fromtimestamp(widest.end, UTC),
        "until_at": until and until + timedelta(seconds=WIDEST),
        "at": now,
        "moving_session": without,
    }
    tx.flush()
    found = told(tx, _READ, asked)
    return (offered_of(found[0][-1]), taken_of(found[1:])) if found else None


# A connection keeps the function's plan, and the driver's own values are made into no rows:
# planning, and looking at an answer's columns, took most of the time (docs/adr/0024, 0040).
_READ = text(
    "SELECT * FROM booking.offered_and_taken(:practice, :offering, :since,"
    " :from_at, :window_from, :until_at, :at, :moving_session)"
)
