"""A workload in a real PostgreSQL: read as the service reads it, behind its row-level policies."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session as Transaction
from uuid_utils.compat import uuid7

from deploy.local.servers import running_servers
from services.booking.domain.calendar import Span
from services.booking.domain.slot_rules import Occupied, TakenSession
from services.booking.models import BusyTime, Session
from services.booking.operations import setup, slots, views
from services.booking.queries import occupancy
from services.common.auth import Actor
from services.common.database import Database
from services.common.migrate import upgrade
from services.contracts.booking.offerings import ListSlots
from tests.bench.slot_workload import NOW, UNTIL, ZONE, Workload


@dataclass(frozen=True)
class Kept:
    """A workload as rows of one practice."""

    database: Database
    practice_id: UUID
    practitioner_id: UUID
    offering_id: UUID

    @property
    def visitor(self) -> Actor:
        return Actor(practice_id=self.practice_id, issuer="gateway")

    def load(self, span: Span) -> Occupied:
        """What is taken within a span, in a query of its own."""
        with self.database.reading(self.visitor) as tx:
            return self._taken(tx, span)

    def served(self) -> list[str]:
        """What the service does for a call, from its command to its answer: all is read anew."""
        asked = ListSlots(
            offering_id=self.offering_id,
            from_on=NOW.date(),
            until_on=(UNTIL - timedelta(days=1)).date(),
            time_zone=ZONE,
        )
        with self.database.reading(self.visitor) as tx:
            found = slots.list_slots(tx, asked, actor=self.visitor, now=NOW)
        starts: list[str] = views.slots_view(found)["starts"]
        return starts

    def _taken(self, tx: Transaction, span: Span) -> Occupied:
        read = occupancy.taken(tx, [self.practice_id], [self.practitioner_id], span, NOW)
        return Occupied(read.sessions[self.practitioner_id], read.busy[self.practitioner_id])


@contextmanager
def database() -> Iterator[Database]:
    """Booking's tables in a server of their own, over one connection."""
    with running_servers(names=("postgres",)) as servers:
        upgrade("booking", servers.stack.database_url("owner"))
        made = Database(servers.stack.database_url("booking"), pool_size=1)
        yield made
        made.engine.dispose()


def keep(database: Database, work: Workload) -> Kept:
    """Write a workload. Its sessions overlap as chance has it, so they count as overrides."""
    kept = Kept(database, uuid7(), uuid7(), uuid7())
    with database.transaction(kept.visitor) as tx:
        _open(tx, kept, work)
        taken = [_session(kept, one) for one in work.occupied.sessions]
        tx.execute(insert(Session), taken)
        tx.execute(insert(BusyTime), [_busy_time(kept, one) for one in work.occupied.busy])
    return kept


def _open(tx: Transaction, kept: Kept, work: Workload) -> None:
    rules, mine = work.rules.offering, (kept.practice_id, kept.practitioner_id)
    setup.open_schedule(tx, setup.NewSchedule(*mine, work.rules.schedule.zone), now=NOW)
    setup.set_weekly_hours(tx, *mine, work.rules.schedule.weekly, now=NOW)
    policy_id = uuid5(kept.practice_id, "policy")
    setup.add_policy(tx, setup.NewPolicy(kept.practice_id, policy_id, ((48, 100),)))
    offering = setup.NewOffering(
        practice_id=kept.practice_id,
        id=kept.offering_id,
        practitioner_id=kept.practitioner_id,
        name="Session",
        minutes=rules.minutes,
        price_id=uuid7(),
        policy_id=policy_id,
        formats=("online",),
        increment_minutes=rules.increment,
        before_minutes=rules.before,
        after_minutes=rules.after,
        notice_minutes=rules.notice_minutes,
        window_days=rules.window_days,
    )
    setup.add_offering(tx, offering, now=NOW)


def _session(kept: Kept, taken: TakenSession) -> dict[str, object]:
    blocked = Range(_instant(taken.blocked_from), _instant(taken.blocked_until))
    return {
        "practice_id": kept.practice_id,
        "id": uuid7(),
        "practitioner_id": kept.practitioner_id,
        "offering_id": kept.offering_id,
        "starts_at": _instant(taken.starts_at),
        "ends_at": _instant(taken.starts_at + 50 * 60),
        "blocked": blocked,
        "seats": 1,
        "is_live": True,
        "is_override": True,
    }


def _busy_time(kept: Kept, span: Span) -> dict[str, object]:
    return {
        "practice_id": kept.practice_id,
        "id": uuid7(),
        "practitioner_id": kept.practitioner_id,
        "starts_at": _instant(span.start),
        "ends_at": _instant(span.end),
    }


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
