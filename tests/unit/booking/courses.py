"""Random courses in random calendars, and a plain search over every slot to compare with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache

from hypothesis import strategies as st

from services.booking.domain.availability import free_slots
from services.booking.domain.calendar import DAY, Span, day_number, local_clock
from services.booking.domain.course import Placed
from services.booking.domain.course_days import refused
from services.booking.domain.rhythm import Pattern, Phase, span_of
from services.booking.domain.schedule import DaysOff, Override, Schedule, WeeklyHours, Window
from services.booking.domain.slot_rules import Limits, Occupied, SlotRules, TakenSession
from tests.unit.booking.cases import BERLIN, OWN, instant, rules_of

# A Monday; the clock falls back on 25 October 2026.
FIRST_ON = date(2026, 10, 5)
NOW = instant("2026-10-01 08:00", BERLIN)


@dataclass(frozen=True, slots=True)
class Situation:
    """A course to be placed."""

    rules: SlotRules
    occupied: Occupied
    pattern: Pattern

    @property
    def slots(self) -> list[int]:
        from_, until = span_of(self.pattern)
        return free_slots(self.rules, self.occupied, now=NOW, from_=from_, until=until)

    def day_of(self, start: int) -> int:
        return local_clock(BERLIN, start, start).day_at(start)

    def preferred(self, day: int) -> int:
        """The nearest date with the weekday of the first."""
        first = day_number(self.pattern.first_on)
        return min(range(day - 3, day + 4), key=lambda one: (one - first) % 7)

    def ideal(self, day: int) -> int:
        """The preferred hour of a date, as the local clock shows it."""
        shown = day * DAY + self.pattern.opens * 60
        return local_clock(BERLIN, shown, shown).instant_of(shown)

    def strayed(self, start: int) -> int | None:
        """How far from its preferred date and hour; None beyond the tolerance."""
        day = self.day_of(start)
        days, seconds = abs(day - self.preferred(day)), abs(start - self.ideal(day))
        is_near = days <= self.pattern.tolerance_days
        return days * DAY + seconds if is_near and seconds <= self._most else None

    @property
    def _most(self) -> int:
        return self.pattern.tolerance_minutes * 60

    def cost(self, starts: Sequence[int]) -> int:
        """How far a whole course strays, weeks that it has to skip included."""
        total, before = 0, self.first_before
        for phase, start in zip(self.pattern.rhythm, starts, strict=True):
            day = self.day_of(start)
            moved_on = self.preferred(day) - self.preferred(before) - 7 * phase.every_weeks
            total += moved_on * DAY + (self.strayed(start) or 0)
            before = day
        return total

    @property
    def first_before(self) -> int:
        return day_number(self.pattern.first_on) - 7 * self.pattern.rhythm[0].every_weeks

    def cheapest(self) -> int | None:
        """The least cost of any way to place all, over every slot; None where there is none."""
        usable = [slot for slot in self.slots if self.strayed(slot) is not None]

        @cache
        def onwards(number: int, before: int, last: int | None) -> int | None:
            if number == len(self.pattern.rhythm):
                return 0
            phase, found = self.pattern.rhythm[number], []
            for slot in usable:
                day = self.day_of(slot)
                moved_on = self.preferred(day) - self.preferred(before) - 7 * phase.every_weeks
                if moved_on < 0 or not phase.least_days <= day - before <= phase.most_days:
                    continue
                if last is not None and refused(self.rules, self.occupied, [last, slot], now=NOW):
                    continue
                rest = onwards(number + 1, day, slot)
                if rest is not None:
                    found.append(rest + moved_on * DAY + (self.strayed(slot) or 0))
            return min(found, default=None)

        return onwards(0, self.first_before, None)


def starts_of(placed: Sequence[Placed]) -> list[int]:
    """Where the sessions are, of those that are somewhere."""
    return [one.starts_at for one in placed if one.starts_at is not None]


def weekly(sessions: int, *, least: int = 4, most: int = 21) -> tuple[Phase, ...]:
    """A phase of a session a week."""
    return (Phase(sessions, 1, least, most),)


def hours(*texts: str) -> tuple[WeeklyHours, ...]:
    """Working hours: `1 09:00-12:00` is Monday."""
    found = []
    for text in texts:
        opens, closes = (int(t[:2]) * 60 + int(t[3:]) for t in text[2:].split("-"))
        found.append(WeeklyHours(int(text[0]), Window(opens, closes)))
    return tuple(found)


days = st.integers(0, 60).map(lambda n: FIRST_ON + timedelta(days=n))


@st.composite
def phases(draw: st.DrawFn, most_sessions: int) -> tuple[Phase, ...]:
    """One or two rhythms with room to move, or with none."""
    found = []
    for _ in range(draw(st.integers(1, 2))):
        every = draw(st.integers(1, 2))
        least = draw(st.integers(4, 7 * every))
        most = 7 * every + draw(st.sampled_from([0, 2, 7, 10, 14]))
        found.append(Phase(draw(st.integers(1, most_sessions)), every, least, most))
    return tuple(found)


@st.composite
def calendars(draw: st.DrawFn) -> Occupied:
    """Sessions and busy times on the hours that are worked, or near them."""

    def at(_: object) -> int:
        day = draw(days)
        middle = datetime(day.year, day.month, day.day, draw(st.integers(6, 16)), tzinfo=NOW.tzinfo)
        return int(middle.timestamp())

    sessions = [
        TakenSession(start, start - 300, start + 3_900, OWN)
        for start in map(at, range(draw(st.integers(0, 12))))
    ]
    busy = [Span(start, start + 7_200) for start in map(at, range(draw(st.integers(0, 8))))]
    return Occupied(sessions, busy)


@st.composite
def situations(draw: st.DrawFn, most_sessions: int = 8) -> Situation:
    """Few working days, leave, closed and changed dates, limits, a course of one or two phases."""
    weekdays = draw(st.sets(st.integers(1, 7), min_size=1, max_size=4))
    windows = st.sampled_from([Window(540, 780), Window(600, 720), Window(840, 1140)])
    off = st.builds(lambda on, n: DaysOff(on, on + timedelta(days=n)), days, st.integers(0, 16))
    changed = draw(st.sets(days, max_size=4))
    schedule = Schedule(
        BERLIN,
        tuple(WeeklyHours(day, draw(windows)) for day in sorted(weekdays)),
        tuple(Override(on, tuple(draw(st.lists(windows, max_size=1)))) for on in sorted(changed)),
        tuple(draw(st.lists(off, max_size=2))),
    )
    limit = draw(st.sampled_from([None, None, 1, 2]))
    rules = rules_of(schedule, minutes=50, after=10, window_days=150, limits=Limits(None, limit))
    pattern = Pattern(
        first_on=FIRST_ON + timedelta(days=draw(st.integers(0, 6))),
        opens=draw(st.sampled_from([540, 600, 660, 840])),
        phases=draw(phases(most_sessions)),
        tolerance_days=draw(st.integers(0, 3)),
        tolerance_minutes=draw(st.sampled_from([0, 60, 180, 600])),
    )
    return Situation(rules, draw(calendars()), pattern)


def with_own(situation: Situation, starts: Sequence[int]) -> Occupied:
    """The calendar once these are booked."""
    own = [TakenSession(start, start, start + 3_600, OWN) for start in starts]
    return replace(situation.occupied, sessions=[*situation.occupied.sessions, *own])
