"""What can be booked, joined with its terms and its practitioner's calendar."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, select, text
from sqlalchemy.orm import Session as Transaction

from services.booking.domain.course_days import for_practice
from services.booking.domain.policy import CancellationPolicy, policy_of
from services.booking.domain.slot_rules import Limits, OfferingRules, SlotRules
from services.booking.models import Offering, Policy
from services.booking.queries.calendars import Calendar, calendar_of, calendars, kept_since


@dataclass(frozen=True, slots=True)
class KnownOffering:
    """An offering as its row was read: a value, which requests may share."""

    practice_id: UUID
    id: UUID
    practitioner_id: UUID
    name: str
    minutes: int
    increment_minutes: int
    before_minutes: int
    after_minutes: int
    notice_minutes: int
    window_days: int
    max_per_day: int | None
    max_per_week: int | None
    formats: tuple[str, ...]
    seats: int
    needs_room: bool
    price_id: UUID
    is_active: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """An offering with all that decides its slots and its terms.

    `is_by_practice`: the staff book it for a client, whom notice and window alone bind.
    """

    offering: KnownOffering
    policy: CancellationPolicy
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
    tx.flush()
    words: str | None = tx.connection().scalar(_OFFERED, asked)
    return None if words is None else offered_of(words)


@lru_cache(maxsize=512)
def offered_of(words: str) -> Offered:
    """An offering in the database's words: the same ones are read once (docs/adr/0040)."""
    told = json.loads(words)
    return Offered(_known(told["offering"]), policy_of(told["policy"]), calendar_of(told))


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
    return [
        Offered(_known_row(offering), policy_of(policy.terms), found[offering.practitioner_id])
        for offering, policy in rows
    ]


def _known_row(row: Offering) -> KnownOffering:
    return _known({one.name: getattr(row, one.name) for one in fields(KnownOffering)})


def _known(told: Mapping[str, Any]) -> KnownOffering:
    """Of an offering's columns those that are known here; ids may be texts."""
    ids = {name: UUID(str(told[name])) for name in _IDS}
    kept = {one.name: told[one.name] for one in fields(KnownOffering)}
    return KnownOffering(**kept | ids | {"formats": tuple(told["formats"])})


_IDS = ("practice_id", "id", "practitioner_id", "price_id")
# A connection keeps the function's plan: planning took most of the time (docs/adr/0024).
_OFFERED = text(
    "SELECT CAST(row_to_json(o) AS text) FROM booking.offered(:practice, :offering, :since) o"
)
