"""The pattern of a course: how many sessions, in which rhythm, and how far each may stray."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from services.booking.domain.calendar import DAY, WEEK_DAYS, day_number
from services.booking.domain.schedule import GRID_MINUTES, MINUTES_OF_DAY
from services.booking.domain.slot_rules import DAYS_AROUND, MAX_WINDOW_DAYS

MOST_SESSIONS = 60
MOST_WEEKS = MAX_WINDOW_DAYS // WEEK_DAYS
# Two sessions in one week at most: what limits say of a week is then a question of two.
LEAST_DAYS = 4
# So that a day has one nearest preferred date.
MOST_TOLERANCE_DAYS = 3


@dataclass(frozen=True, slots=True)
class Phase:
    """Sessions in one rhythm; `every_weeks`, `least_days` and `most_days` reach back from each of
    them to the session before."""

    sessions: int
    every_weeks: int
    least_days: int
    most_days: int

    def __post_init__(self) -> None:
        """Refuse a spacing that the rhythm itself would break, naming the field."""
        if not 1 <= self.sessions <= MOST_SESSIONS:
            raise ValueError(f"sessions: must be 1 to {MOST_SESSIONS}")
        if not 1 <= self.every_weeks <= MOST_WEEKS:
            raise ValueError(f"every_weeks: must be 1 to {MOST_WEEKS}")
        if not LEAST_DAYS <= self.least_days <= self.every_weeks * WEEK_DAYS:
            raise ValueError(f"least_days: must be {LEAST_DAYS} to the days of the rhythm")
        if not self.every_weeks * WEEK_DAYS <= self.most_days <= MAX_WINDOW_DAYS:
            raise ValueError("most_days: must not be less than the days of the rhythm")


@dataclass(frozen=True, slots=True)
class Pattern:
    """How a course should lie: from the local date `first_on` at `opens` minutes after midnight.

    A session may lie `tolerance_days` from the preferred date and `tolerance_minutes` from the
    preferred hour, to either side.
    """

    first_on: date
    opens: int
    phases: tuple[Phase, ...]
    tolerance_days: int = 0
    tolerance_minutes: int = 0

    def __post_init__(self) -> None:
        """Refuse what is no pattern, naming the field."""
        if self.opens % GRID_MINUTES or not 0 <= self.opens < MINUTES_OF_DAY:
            raise ValueError("opens: must be a time of day on the 5-minute grid")
        if not 1 <= len(self.rhythm) <= MOST_SESSIONS:
            raise ValueError(f"phases: must hold 1 to {MOST_SESSIONS} sessions in all")
        if not 0 <= self.tolerance_days <= MOST_TOLERANCE_DAYS:
            raise ValueError(f"tolerance_days: must be 0 to {MOST_TOLERANCE_DAYS}")
        if not 0 <= self.tolerance_minutes < MINUTES_OF_DAY:
            raise ValueError("tolerance_minutes: must be less than a day")

    @property
    def rhythm(self) -> tuple[Phase, ...]:
        """The phase of each session, in order."""
        return tuple(phase for phase in self.phases for _ in range(phase.sessions))


def next_on(first_on: date, last_on: date, weeks: int) -> date:
    """The date on the weekday of `first_on` that is nearest to so many weeks after the last."""
    target = last_on + timedelta(weeks=weeks)
    off = (first_on.weekday() - target.weekday() + MOST_TOLERANCE_DAYS) % WEEK_DAYS
    return target + timedelta(days=off - MOST_TOLERANCE_DAYS)


def goes_on(usual_on: date, last_on: date | None, weeks: int, today: date) -> date:
    """The date after today on which a rhythm goes on: so many weeks after the last session that
    stands, on the weekday of `usual_on`; where none stands it begins there."""
    on = usual_on if last_on is None else next_on(usual_on, last_on, weeks)
    behind = (today - on).days
    rounds = behind // (weeks * WEEK_DAYS) + 1 if behind >= 0 else 0
    return on + timedelta(weeks=rounds * weeks)


def usual_of(starts: Sequence[datetime]) -> datetime:
    """The last of some local starts on the weekday and at the hour that most of them share."""
    shared = Counter((one.weekday(), one.time()) for one in starts)
    return max(starts, key=lambda one: (shared[one.weekday(), one.time()], one))


def span_of(pattern: Pattern) -> tuple[datetime, datetime]:
    """From when and until when slots matter to the pattern, however it has to move."""
    first = day_number(pattern.first_on) - DAYS_AROUND - MOST_TOLERANCE_DAYS
    days = sum(phase.most_days for phase in pattern.rhythm) + 2 * DAYS_AROUND
    end = first + min(days, MAX_WINDOW_DAYS) + WEEK_DAYS
    return datetime.fromtimestamp(first * DAY, UTC), datetime.fromtimestamp(end * DAY, UTC)
