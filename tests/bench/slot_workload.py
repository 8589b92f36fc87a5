"""The calendar on which free slots are measured: twelve weeks over a night that changes clocks."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.booking.domain.availability import free_slots
from services.booking.domain.calendar import Span
from services.booking.domain.rendering import in_utc
from services.booking.domain.schedule import Schedule, WeeklyHours, Window
from services.booking.domain.slot_rules import (
    Occupied,
    OfferingRules,
    SlotRules,
    TakenSession,
    span_to_read,
)

WEEKS = 12
ZONE = "Europe/Berlin"
NOW = datetime(2026, 2, 9, 7, 3, 20, tzinfo=UTC)
UNTIL = NOW + timedelta(weeks=WEEKS)
# Of what was taken in a span of instants.
Loader = Callable[[Span], Occupied]


@dataclass(frozen=True)
class Workload:
    """Rules and a calendar of one practitioner."""

    rules: SlotRules
    occupied: Occupied


def workload(bookings: int, busy: int, *, seed: int = 1) -> Workload:
    """Weekday hours of ten and a half hours, a 50-minute offering, a 15-minute grid."""
    chance = random.Random(seed)
    hours = (Window(8 * 60, 12 * 60 + 30), Window(13 * 60, 19 * 60))
    weekly = tuple(WeeklyHours(day, window) for day in range(1, 6) for window in hours)
    offering = OfferingRules(
        UUID(int=1), 50, increment=15, before=5, after=10, notice_minutes=120, window_days=90
    )
    sessions = [_session(chance) for _ in range(bookings)]
    times = [_busy_time(chance) for _ in range(busy)]
    return Workload(SlotRules(Schedule(ZONE, weekly), offering), Occupied(sessions, times))


def shown_slots(work: Workload, load: Loader) -> list[str]:
    """Read what is taken, find the slots of twelve weeks and render them as they travel."""
    occupied = load(span_to_read(work.rules, from_=NOW, until=UNTIL))
    return in_utc(free_slots(work.rules, occupied, now=NOW, from_=NOW, until=UNTIL))


def _session(chance: random.Random) -> TakenSession:
    start = _instant(chance)
    return TakenSession(start, start - 300, start + 60 * 60, UUID(int=1))


def _busy_time(chance: random.Random) -> Span:
    start = _instant(chance)
    return Span(start, start + chance.choice((30, 45, 60, 120)) * 60)


def _instant(chance: random.Random) -> int:
    day = int(NOW.timestamp()) // 86_400 + chance.randrange(WEEKS * 7)
    return day * 86_400 + chance.randrange(6 * 4, 18 * 4) * 900
