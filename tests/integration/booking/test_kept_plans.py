"""The reads that are functions keep their plans, and ask the policies anew at each call."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import Range

from deploy.local.stack import Stack
from services.booking.domain.calendar import Span
from services.booking.queries import calendars, lapsed, occupancy, offerings
from services.common.auth import Actor
from services.common.database import Database
from tests.integration.booking.practice import NINE, NOW, Practice

# From the sixth call on one plan may be kept for all values.
OFTEN = 8
SPAN = Span(int(NOW.timestamp()), int(NOW.timestamp()) + 7 * 86_400)


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
        ]


def test_a_kept_plan_shows_each_practice_its_own(
    servers: Stack, make_practice: Callable[..., Practice]
) -> None:
    """On one connection, whoever came before: their own is found, and nothing of the other."""
    database = Database(servers.database_url("booking"), pool_size=1)
    one, other = make_practice(), make_practice()
    booking_id = one.book().id
    for _ in range(OFTEN):
        assert found(database, one, one.visitor, booking_id) == [True] * 4
        assert found(database, one, other.visitor, booking_id) == [False] * 4
    database.engine.dispose()
