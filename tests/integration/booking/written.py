"""Random rules and calendars as rows, in a transaction that is undone, and asked for as served."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session as Transaction

from services.booking.domain.slot_rules import Occupied, OfferingRules, SlotRules, TakenSession
from services.booking.models import BusyTime, Session, TimeOff
from services.booking.operations import setup, slots
from services.booking.operations.slots import FreeSlots
from services.common.auth import Actor
from services.common.database import Database
from services.contracts.booking.offerings import ListSlots
from tests.unit.booking.naive import Naive, at
from tests.unit.booking.strategies import OWN


class Undone(Exception):
    """Ends a transaction of which nothing shall stay."""


@dataclass(frozen=True)
class Written:
    """A practice of one practitioner within a transaction; `other_id` is a second offering."""

    tx: Transaction
    now: datetime
    practice_id: UUID = field(default_factory=uuid4)
    practitioner_id: UUID = field(default_factory=uuid4)
    policy_id: UUID = field(default_factory=uuid4)
    own_id: UUID = field(default_factory=uuid4)
    other_id: UUID = field(default_factory=uuid4)
    price_id: UUID = field(default_factory=uuid4)

    @property
    def mine(self) -> tuple[UUID, UUID]:
        return self.practice_id, self.practitioner_id

    def open(self, rules: SlotRules) -> None:
        """Write hours, limits and both offerings."""
        setup.add_policy(self.tx, setup.NewPolicy(self.practice_id, self.policy_id, ((24, 100),)))
        limits = rules.practitioner_limits
        calendar = setup.NewSchedule(*self.mine, rules.schedule.zone)
        calendar = replace(
            calendar, max_per_day=limits.max_per_day, max_per_week=limits.max_per_week
        )
        setup.open_schedule(self.tx, calendar, now=self.now)
        weekly = sorted(set(rules.schedule.weekly), key=repr)
        setup.set_weekly_hours(self.tx, *self.mine, weekly, now=self.now)
        for override in rules.schedule.overrides:
            setup.set_override(self.tx, *self.mine, override, now=self.now)
        self._be_away(rules)
        for id_ in (self.own_id, self.other_id):
            self.offer(rules.offering, id_)

    def _be_away(self, rules: SlotRules) -> None:
        for days in rules.schedule.days_off:
            off = setup.NewTimeOff(
                self.practice_id, uuid4(), self.practitioner_id, days.first_on, days.last_on
            )
            setup.add_time_off(self.tx, off, now=self.now)
        for start, end in rules.schedule.time_off:
            if start < end:
                times = {"starts_at": at(start), "ends_at": at(end)}
                self.tx.execute(insert(TimeOff).values(self._row() | times))

    def offer(self, rules: OfferingRules, id_: UUID) -> None:
        """Write an offering, or change it."""
        offering = setup.NewOffering(
            practice_id=self.practice_id,
            id=id_,
            practitioner_id=self.practitioner_id,
            name="Session",
            minutes=rules.minutes,
            price_id=self.price_id,
            policy_id=self.policy_id,
            formats=("online",),
            increment_minutes=rules.increment,
            before_minutes=rules.before,
            after_minutes=rules.after,
            notice_minutes=rules.notice_minutes,
            window_days=rules.window_days,
            max_per_day=rules.limits.max_per_day,
            max_per_week=rules.limits.max_per_week,
        )
        setup.add_offering(self.tx, offering, now=self.now)

    def fill(self, occupied: Occupied, lapsed: list[TakenSession]) -> None:
        """Write what is taken, every other session as a hold, and holds that have lapsed."""
        soon, over = self.now + timedelta(seconds=1), self.now
        for index, one in enumerate(occupied.sessions):
            self._write(one, held_until=soon if index % 2 else None)
        for one in lapsed:
            self._write(one, held_until=over)
        for start, end in occupied.busy:
            if start < end:
                times = {"starts_at": at(start), "ends_at": at(end)}
                self.tx.execute(insert(BusyTime).values(self._row() | times))

    def _write(self, one: TakenSession, held_until: datetime | None) -> None:
        row = self._row() | {
            "offering_id": self.own_id if one.offering_id == OWN else self.other_id,
            "starts_at": at(one.starts_at),
            "ends_at": at(one.blocked_until),
            "blocked": Range(at(one.blocked_from), at(one.blocked_until)),
            "seats": 1,
            "is_live": True,
            "is_override": True,
            "held_until": held_until,
        }
        self.tx.execute(insert(Session).values(row))

    def _row(self) -> dict[str, object]:
        return {
            "id": uuid4(),
            "practice_id": self.practice_id,
            "practitioner_id": self.practitioner_id,
        }

    def served(self, first: datetime) -> FreeSlots:
        """What the service shows of that date and the next one, as UTC counts them."""
        asked = ListSlots(
            offering_id=self.own_id,
            from_on=first.date(),
            until_on=first.date() + timedelta(days=1),
            time_zone="UTC",
        )
        actor = Actor(practice_id=self.practice_id, issuer="gateway")
        return slots.list_slots(self.tx, asked, actor=actor, now=self.now)


def naive(rules: SlotRules, occupied: Occupied, now: datetime, first: datetime) -> list[int]:
    """What the reference finds on the same two dates."""
    midnight = datetime(first.year, first.month, first.day, tzinfo=UTC)
    return Naive(rules, occupied, now, midnight, midnight + timedelta(days=2)).slots()


@contextmanager
def written(database: Database, now: datetime) -> Iterator[Written]:
    """A practice of which nothing stays."""
    practice_id = uuid4()
    actor = Actor(practice_id=practice_id, issuer="gateway")
    with suppress(Undone), database.transaction(actor) as tx:
        yield Written(tx, now, practice_id)
        raise Undone
