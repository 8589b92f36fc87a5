"""All that decides the free slots of one offering, in one trip."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session as Transaction

from services.booking.domain.slot_rules import WIDEST, widest_span
from services.booking.queries.calendars import kept_since
from services.booking.queries.occupancy import Taken, taken_of
from services.booking.queries.offerings import Offered, offered_of


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
    found = tx.connection().execute(_READ, asked).all()
    return (offered_of(found[0].words), taken_of(found[1:])) if found else None


_ASKED = (
    "practice", "offering", "since", "from_at", "window_from", "until_at", "at", "moving_session",
)  # fmt: skip
_TOLD = ("kind", "person", "offering", "one", "two", "three", "four", "words")
_FOUND = func.booking.offered_and_taken(*(bindparam(it) for it in _ASKED))
# A connection keeps the function's plan, and SQLAlchemy the columns of what is no text: planning,
# and looking at an answer's columns, took most of the time (docs/adr/0024, 0040).
_READ = select(_FOUND.table_valued(*_TOLD))
