"""The days on which a session of a course may lie: each with its slot nearest to the hour.

The slots are those of `availability.free_slots`, asked once over the whole span.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from services.booking.domain.availability import free_slots
from services.booking.domain.calendar import (
    DAY,
    MINUTE,
    WEEK_DAYS,
    LocalClock,
    day_number,
    local_clock,
    week_number,
)
from services.booking.domain.refusal import Refusal, refusal_at
from services.booking.domain.rhythm import LEAST_DAYS, Pattern, span_of
from services.booking.domain.schedule import between
from services.booking.domain.slot_rules import (
    MAX_WINDOW_DAYS,
    Horizon,
    Occupied,
    SlotRules,
    TakenSession,
)

NEAR = 14 * DAY


class Choice(NamedTuple):
    """The slot of a day that is nearest to the preferred hour, and how far off in seconds."""

    start: int
    strayed: int


@dataclass
class CourseDays:
    """The slots around a pattern, by local day; what was found out is kept."""

    rules: SlotRules
    occupied: Occupied
    pattern: Pattern
    now: datetime
    _choices: dict[int, Choice | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sort the sessions, so that those near a start are found by bisection."""
        self.occupied = _in_order(self.occupied)

    @cached_property
    def slots(self) -> list[int]:
        """All slots that can matter, ascending."""
        from_, until = span_of(self.pattern)
        return free_slots(self.rules, self.occupied, now=self.now, from_=from_, until=until)

    @cached_property
    def clock(self) -> LocalClock:
        """The clock of the schedule's zone."""
        from_, until = span_of(self.pattern)
        zone = self.rules.schedule.zone
        return local_clock(zone, int(from_.timestamp()), int(until.timestamp()))

    def preferred(self, day: int) -> int:
        """The date of the preferred weekday that is nearest to a day."""
        first = day_number(self.pattern.first_on)
        weeks = (day - first + WEEK_DAYS // 2) // WEEK_DAYS
        return first + weeks * WEEK_DAYS

    def wanted(self, day: int) -> int:
        """The preferred hour of a day, as the local clock shows it."""
        return self.clock.instant_of(day * DAY + self.pattern.opens * MINUTE)

    def choice(self, day: int) -> Choice | None:
        """The slot to take on a day; None where none is within the tolerance."""
        if day not in self._choices:
            self._choices[day] = self._choice(day)
        return self._choices[day]

    def start(self, day: int) -> int:
        """The slot of a day that was chosen because it has one."""
        choice = self.choice(day)
        if choice is None:
            raise LookupError("only days with a slot are chosen")
        return choice.start

    def fit_together(self, before: int, day: int) -> bool:
        """Whether a day's slot stays one once the session before is booked, which may fill its
        week or reach over to it."""
        if day - before >= WEEK_DAYS:
            return True
        one, later = (_taken(self.rules, self.start(on)) for on in (before, day))
        is_same_week = week_number(before) == week_number(day)
        if not is_same_week and one.blocked_until <= later.blocked_from:
            return True
        return self._refusal(later.starts_at, [one]) is None

    def refusal(self, start: int) -> Refusal | None:
        """Why a start is no slot."""
        return self._refusal(start, [])

    def nearest(self, wanted: int, earliest_day: int) -> int | None:
        """The slot at any hour that is nearest, from a day on."""
        first = bisect_left(self.slots, self.clock.instant_of(earliest_day * DAY))
        around = self.slots[first:]
        return min(around, key=lambda slot: (abs(slot - wanted), slot), default=None)

    def _choice(self, day: int) -> Choice | None:
        wanted, tolerance = self.wanted(day), self.pattern.tolerance_minutes * MINUTE
        around = between(self.slots, wanted - tolerance, wanted + tolerance + 1)
        by_distance = sorted(around, key=lambda slot: abs(slot - wanted))
        nearest = next((slot for slot in by_distance if self.clock.day_at(slot) == day), None)
        return None if nearest is None else Choice(nearest, abs(nearest - wanted))

    @cached_property
    def _horizon(self) -> Horizon:
        return Horizon.of(self.rules, self.now)

    def _refusal(self, start: int, own: Sequence[TakenSession]) -> Refusal | None:
        return refusal_at(self.rules, _with(self.occupied, own, start), start, self._horizon)


def for_practice(rules: SlotRules) -> SlotRules:
    """The rules for who books on a client's behalf: notice and window bind clients alone."""
    return replace(
        rules, offering=replace(rules.offering, notice_minutes=0, window_days=MAX_WINDOW_DAYS)
    )


def refused(
    rules: SlotRules, occupied: Occupied, starts: Sequence[int], *, now: datetime
) -> dict[int, Refusal]:
    """Those of the starts that are no slot, each asked as if the others were booked already."""
    horizon, occupied = Horizon.of(rules, now), _in_order(occupied)
    own = [_taken(rules, start) for start in starts]
    found: dict[int, Refusal] = {}
    for start, session in zip(starts, own, strict=True):
        others = [one for one in own if one is not session]
        reason = refusal_at(rules, _with(occupied, others, start), start, horizon)
        if reason is not None:
            found[start] = reason
    return found


def are_apart(rules: SlotRules, starts: Sequence[int]) -> bool:
    """Whether the starts are in order, with as many local dates between them as a course keeps."""
    clock = local_clock(rules.schedule.zone, min(starts), max(starts))
    days = [clock.day_at(start) for start in starts]
    return all(later - one >= LEAST_DAYS for one, later in pairwise(days))


def substitutes(
    rules: SlotRules,
    occupied: Occupied,
    starts: Sequence[int],
    lost: Sequence[int],
    *,
    now: datetime,
) -> list[int | None]:
    """For each of the `starts` that are `lost` the nearest slot that keeps the course in order.

    It goes with all others, those that were found before included; None where there is none
    within two weeks to either side. `occupied` covers so much.
    """
    kept = {start: start for start in starts if start not in lost}
    for start in lost:
        from_, until = (datetime.fromtimestamp(at, UTC) for at in (start - NEAR, start + NEAR))
        slots = free_slots(rules, occupied, now=now, from_=from_, until=until)
        by_distance = sorted(slots, key=lambda slot: (abs(slot - start), slot))
        for slot in by_distance:
            course = [at for _, at in sorted({**kept, start: slot}.items())]
            if are_apart(rules, course) and slot not in refused(rules, occupied, course, now=now):
                kept[start] = slot
                break
    return [kept.get(start) for start in lost]


def _taken(rules: SlotRules, start: int) -> TakenSession:
    offering = rules.offering
    return TakenSession(
        start,
        start - offering.before * MINUTE,
        start + (offering.minutes + offering.after) * MINUTE,
        offering.offering_id,
    )


def _in_order(occupied: Occupied) -> Occupied:
    return replace(occupied, sessions=sorted(occupied.sessions))


def _with(occupied: Occupied, own: Sequence[TakenSession], start: int) -> Occupied:
    """What of a long calendar, in order, can matter to one start: its week, a session's reach;
    and the course's own sessions."""
    reach = (WEEK_DAYS + 1) * DAY
    first = bisect_left(occupied.sessions, start - reach, key=_begins)
    end = bisect_left(occupied.sessions, start + reach, first, key=_begins)
    return replace(occupied, sessions=[*occupied.sessions[first:end], *own])


def _begins(session: TakenSession) -> int:
    return session.starts_at
