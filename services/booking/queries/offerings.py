"""What can be booked, joined with its terms and its practitioner's calendar."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, and_, select
from sqlalchemy.orm import Session as Transaction

from services.booking.domain.course_days import for_practice
from services.booking.domain.slot_rules import Limits, OfferingRules, SlotRules
from services.booking.models import Offering, Policy, Schedule
from services.booking.queries.calendars import (
    Calendar,
    calendar_of,
    calendars,
    kept_since,
    read_by,
)


@dataclass(frozen=True, slots=True)
class Offered:
    """An offering with all that decides its slots and its terms.

    `is_by_practice`: the staff book it for a client, whom notice and window alone bind.
    """

    offering: Offering
    policy: Policy
    calendar: Calendar
    is_by_practice: bool = False

    @property
    def rules(self) -> SlotRules:
        """What the domain needs to know."""
        row = self.offering
        rules = OfferingRules(
            offering_id=row.id,
            minutes=row.minutes,
            increment=row.increment_minutes,
            before=row.before_minutes,
            after=row.after_minutes,
            notice_minutes=row.notice_minutes,
            window_days=row.window_days,
            limits=Limits(row.max_per_day, row.max_per_week),
        )
        own = SlotRules(self.calendar.schedule, rules, self.calendar.limits)
        return for_practice(own) if self.is_by_practice else own


def offered(tx: Transaction, practice_id: UUID, offering_id: UUID, now: datetime) -> Offered | None:
    """One offering of the practice, whether or not it can still be booked."""
    asked = {"practice": practice_id, "offering": offering_id, "since": kept_since(now)}
    row = tx.execute(_OFFERED, asked).first()
    return None if row is None else Offered(row[0], row[1], calendar_of(*row[2:]))


def offered_by(
    tx: Transaction,
    practice_ids: Collection[UUID],
    practitioner_ids: Collection[UUID],
    now: datetime,
) -> list[Offered]:
    """All active offerings of these practitioners, each one's in its order."""
    query = _offerings().where(
        Offering.practice_id.in_(practice_ids),
        Offering.practitioner_id.in_(practitioner_ids),
        Offering.is_active,
    )
    ordered = query.order_by(Offering.practitioner_id, Offering.position, Offering.id)
    return _with_calendars(tx, list(tx.execute(ordered)), now)


def first_offered_by(
    tx: Transaction,
    practice_ids: Collection[UUID],
    practitioner_ids: Collection[UUID],
    now: datetime,
) -> dict[UUID, Offered]:
    """Each practitioner's first active offering, by practitioner."""
    first: dict[UUID, Offered] = {}
    for one in offered_by(tx, practice_ids, practitioner_ids, now):
        first.setdefault(one.offering.practitioner_id, one)
    return first


def lock_offering(tx: Transaction, practice_id: UUID, offering_id: UUID) -> Offering | None:
    """An offering, to be changed."""
    query = select(Offering).where(Offering.practice_id == practice_id, Offering.id == offering_id)
    return tx.scalar(query.with_for_update())


def _offerings() -> Select[Offering, Policy]:
    return select(Offering, Policy).join(
        Policy,
        and_(
            Policy.practice_id == Offering.practice_id,
            Policy.id == Offering.policy_id,
            Policy.version == Offering.policy_version,
        ),
    )


def _with_calendars(
    tx: Transaction, rows: list[Row[Offering, Policy]], now: datetime
) -> list[Offered]:
    if not rows:
        return []
    practices = {row[0].practice_id for row in rows}
    found = calendars(tx, practices, {row[0].practitioner_id for row in rows}, now)
    return [Offered(offering, policy, found[offering.practitioner_id]) for offering, policy in rows]


_OFFERED = read_by(
    "offered(:practice, :offering, :since)", offering=Offering, policy=Policy, schedule=Schedule
)
