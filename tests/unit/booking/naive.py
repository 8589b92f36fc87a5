"""The rules of "What a slot is" once more, as literally and as slowly as they can be said.

An aware datetime for every five minutes, asked about every rule. It shares no arithmetic with
the domain: `zoneinfo` maps wall times, and a session fits if each of its five-minute pieces
lies in some window.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from services.booking.domain.calendar import Span
from services.booking.domain.refusal import Refusal
from services.booking.domain.slot_rules import Limits, Occupied, SlotRules, TakenSession

FIVE_MINUTES = timedelta(minutes=5)
A_DAY = timedelta(days=1)

Range = tuple[datetime, datetime]


def at(second: int) -> datetime:
    """Return the instant of an epoch second."""
    return datetime.fromtimestamp(second, UTC)


def every_five_minutes(from_: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the instants of the 5-minute grid in `[from_, until)`."""
    instant = at(int(from_.timestamp()) // 300 * 300)
    while instant < until:
        if instant >= from_:
            yield instant
        instant += FIVE_MINUTES


@dataclass(frozen=True)
class Naive:
    """The rules for dates around `[from_, until)`."""

    rules: SlotRules
    occupied: Occupied
    now: datetime
    from_: datetime
    until: datetime

    @cached_property
    def zone(self) -> ZoneInfo:
        """The schedule's zone."""
        return ZoneInfo(self.rules.schedule.zone)

    @cached_property
    def windows(self) -> list[Range]:
        """All windows of the dates around, as instants."""
        first = (self.from_ - 4 * A_DAY).astimezone(self.zone).date()
        last = (self.until + 5 * A_DAY).astimezone(self.zone).date()
        dates = [first + n * A_DAY for n in range((last - first).days + 1)]
        ranges = [span for on in dates for span in self._windows_of(on)]
        return [(start, end) for start, end in ranges if end > start]

    def _windows_of(self, on: date) -> list[Range]:
        schedule = self.rules.schedule
        weekly = [w.window for w in schedule.weekly if w.weekday == on.isoweekday()]
        override = next((o for o in schedule.overrides if o.on == on), None)
        windows = weekly if override is None else list(override.windows)
        return [(self.instant(on, w.opens), self.instant(on, w.closes)) for w in windows]

    def instant(self, on: date, minutes: int) -> datetime:
        """Map a wall time of a date; fold=0 is what "compatible" means in zoneinfo."""
        days, minute = divmod(minutes, 1440)
        on += days * A_DAY
        wall = datetime(on.year, on.month, on.day, minute // 60, minute % 60, tzinfo=self.zone)
        return wall.astimezone(UTC)

    @cached_property
    def off(self) -> list[Range]:
        """Time off and closures, as instants."""
        schedule = self.rules.schedule
        days = [
            (self.instant(d.first_on, 0), self.instant(d.last_on, 1440)) for d in schedule.days_off
        ]
        return days + [(at(s), at(e)) for s, e in schedule.time_off]

    def slots(self) -> list[int]:
        """Return every slot of the range in epoch seconds."""
        instants = every_five_minutes(self.from_, self.until)
        return [int(t.timestamp()) for t in instants if not self.broken(t)]

    def broken(self, t: datetime) -> list[Refusal]:
        """Return every rule that `t` breaks, in their order."""
        offering = self.rules.offering
        session = (t, t + timedelta(minutes=offering.minutes))
        blocked = (
            t - timedelta(minutes=offering.before),
            session[1] + timedelta(minutes=offering.after),
        )
        joining = [s for s in self.occupied.sessions if self._can_join(s, t)]
        others = [s for s in self.occupied.sessions if not self._can_join(s, t)]
        rooms = [] if joining else self.occupied.rooms
        taken = [(at(s.blocked_from), at(s.blocked_until)) for s in others]
        facts = {
            Refusal.OUTSIDE_HOURS: not any(start <= t < end for start, end in self.windows),
            Refusal.OFF_GRID: not self._on_grid(t),
            Refusal.DOES_NOT_FIT: not self._fits(session),
            Refusal.TIME_OFF: overlaps(session, self.off),
            Refusal.TAKEN: overlaps(blocked, taken),
            Refusal.BUSY: overlaps(blocked, ranges(self.occupied.busy)),
            Refusal.TOO_SOON: t < self.now + timedelta(minutes=offering.notice_minutes),
            Refusal.TOO_FAR: self._date(t) > self._date(self.now) + offering.window_days * A_DAY,
            Refusal.DAY_FULL: any(self._day_full(t, *counted) for counted in self._counts(others)),
            Refusal.WEEK_FULL: any(self._week_full(t, *c) for c in self._counts(others)),
            Refusal.NO_ROOM: bool(rooms) and all(overlaps(session, ranges(r)) for r in rooms),
            Refusal.CLIENT_ELSEWHERE: overlaps(session, ranges(self.occupied.client)),
        }
        return [reason for reason, is_broken in facts.items() if is_broken]

    def _can_join(self, session: TakenSession, t: datetime) -> bool:
        own = self.rules.offering.offering_id
        return session.offering_id == own and at(session.starts_at) == t and session.seats_left > 0

    def _on_grid(self, t: datetime) -> bool:
        increment = timedelta(minutes=self.rules.offering.increment)
        shown = t.astimezone(self.zone).replace(tzinfo=None)
        return any(
            (shown - start.astimezone(self.zone).replace(tzinfo=None)) % increment == timedelta(0)
            for start, end in self.windows
            if start <= t < end
        )

    def _fits(self, session: Range) -> bool:
        return all(
            any(start <= piece and piece + FIVE_MINUTES <= end for start, end in self.windows)
            for piece in every_five_minutes(*session)
        )

    def _date(self, t: datetime) -> date:
        return t.astimezone(self.zone).date()

    def _counts(self, sessions: list[TakenSession]) -> list[tuple[Limits, list[date]]]:
        offering = self.rules.offering
        own = [s for s in sessions if s.offering_id == offering.offering_id]
        return [
            (self.rules.practitioner_limits, [self._date(at(s.starts_at)) for s in sessions]),
            (offering.limits, [self._date(at(s.starts_at)) for s in own]),
        ]

    def _day_full(self, t: datetime, limits: Limits, dates: list[date]) -> bool:
        most = limits.max_per_day
        return most is not None and dates.count(self._date(t)) >= most

    def _week_full(self, t: datetime, limits: Limits, dates: list[date]) -> bool:
        weeks = [on.isocalendar()[:2] for on in dates]
        most = limits.max_per_week
        return most is not None and weeks.count(self._date(t).isocalendar()[:2]) >= most


def ranges(spans: Iterable[Span]) -> list[Range]:
    """Return spans of epoch seconds as pairs of datetimes."""
    return [(at(start), at(end)) for start, end in spans]


def overlaps(one: Range, others: list[Range]) -> bool:
    """Tell whether a half-open range shares an instant with any of the others."""
    return any(max(one[0], start) < min(one[1], end) for start, end in others)
