"""The reads that are functions keep their plans, and ask the policies anew at each call."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import Range

from deploy.local.stack import Stack
from services.booking.domain.calendar import Span
from services.booking.queries import calendars, lapsed, occupancy, offerings, slots
from services.common.auth import Actor
from services.common.database import Database
from tests.integration.booking.practice import NINE, NOW, Practice

# From the sixth call on one plan may be kept for all values.
OFTEN = 8
SPAN = Span(int(NOW.timestamp()), int(NOW.timestamp()) + 7 * 86_400)
# Each read that stands in the plans of others, with values of its kinds.
INLINED = (
    "calendar_rows(CAST('{}' AS uuid[]), CAST('{}' AS uuid[]), current_date)",
    "offered_rows(NULL, NULL, current_date)",
    "taken_rows(CAST('{}' AS uuid[]), CAST('{}' AS uuid[]), now(), now(), now(), NULL)",
)


def found(database: Database, practice: Practice, actor: Actor, booking_id: UUID) -> list[bool]:
    """What the reads find of a practice: offering, calendar, session, booking."""
    here, person = practice.id, practice.practitioner_id
    with database.transaction(actor) as tx:
        taken = occupancy.taken(tx, [here], [person], SPAN, NOW, client_id=uuid4())
        named = lapsed.in_the_way(
            tx,
            here,
            practitioner_id=person,
            client_id=uuid4(),
            rooms=[],
            blocked=Range(NINE, NINE + timedelta(hours=1)),
            now=NOW + timedelta(hours=1),
            named=booking_id,
        )
        return [
            offerings.offered(tx, here, practice.offering_id, NOW) is not None,
            bool(calendars.calendars(tx, [here], [person], NOW)),
            bool(taken.sessions),
            bool(named),
            slots.offered_and_taken(tx, here, practice.offering_id, NOW) is not None,
        ]


def test_a_kept_plan_shows_each_practice_its_own(
    servers: Stack, make_practice: Callable[..., Practice]
) -> None:
    """On one connection, whoever came before: their own is found, and nothing of the other."""
    database = Database(servers.database_url("booking"), pool_size=1)
    one, other = make_practice(), make_practice()
    booking_id = one.book().id
    for _ in range(OFTEN):
        assert found(database, one, one.visitor, booking_id) == [True] * 5
        assert found(database, one, other.visitor, booking_id) == [False] * 5
    database.engine.dispose()


@pytest.mark.parametrize("read", INLINED)
def test_a_read_is_planned_within_its_caller(booking_database: Database, read: str) -> None:
    """None of them is called while rows are read: its tables stand in the caller's own plan."""
    with booking_database.reading() as tx:
        plan = "\n".join(tx.scalars(text(f"EXPLAIN SELECT * FROM booking.{read}")))
    assert "Scan" in plan
    assert "Function Scan" not in plan
