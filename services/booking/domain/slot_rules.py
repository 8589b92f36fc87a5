"""What decides the slots of an offering, and what is already there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from services.booking.domain.calendar import (
    DAY,
    MINUTE,
    WEEK_DAYS,
    Span,
    first_day_of,
    first_second,
    local_clock,
    second_of,
    week_number,
)
from services.booking.domain.schedule import GRID_MINUTES, MINUTES_OF_DAY, Schedule

# Days around a range that can still matter to it: a skipped date moves windows by a whole day.
DAYS_AROUND = 3
MAX_WINDOW_DAYS = 730
# How far `span_to_read` reaches at most beyond what it is asked for: days around, a session of a
# day with a day before and after it, and the rest of a week.
WIDEST = (DAYS_AROUND + 3 + WEEK_DAYS) * DAY


@dataclass(frozen=True, slots=True)
class Limits:
    """At most so many live sessions may start per local date and ISO week; None: no limit."""

    max_per_day: int | None = None
    max_per_week: int | None = None

    def __post_init__(self) -> None:
        """Refuse limits below one."""
        for name, limit in (("max_per_day", self.max_per_day), ("max_per_week", self.max_per_week)):
            if limit is not None and limit < 1:
                raise ValueError(f"{name}: must be at least 1")


@dataclass(frozen=True, slots=True)
class OfferingRules:
    """What of an offering decides its slots: lengths in minutes, the horizon in days."""

    offering_id: UUID
    minutes: int
    increment: int = 15
    before: int = 0
    after: int = 0
    notice_minutes: int = 0
    window_days: int = 90
    limits: Limits = Limits()

    def __post_init__(self) -> None:
        """Refuse lengths off the 5-minute grid or out of bounds, naming the field."""
        for name, value, least in (
            ("minutes", self.minutes, GRID_MINUTES),
            ("increment", self.increment, GRID_MINUTES),
            ("before", self.before, 0),
            ("after", self.after, 0),
        ):
            if value % GRID_MINUTES or not least <= value <= MINUTES_OF_DAY:
                raise ValueError(f"{name}: must be {least} to 1440 minutes on the 5-minute grid")
        if self.notice_minutes < 0:
            raise ValueError("notice_minutes: must not be negative")
        if not 0 <= self.window_days <= MAX_WINDOW_DAYS:
            raise ValueError(f"window_days: must be 0 to {MAX_WINDOW_DAYS}")


@dataclass(frozen=True, slots=True)
class SlotRules:
    """All that decides slots beside what is already there: schedule, offering, practitioner."""

    schedule: Schedule
    offering: OfferingRules
    practitioner_limits: Limits = Limits()


class TakenSession(NamedTuple):
    """A live session as others see it; instants in UTC epoch seconds.

    `[blocked_from, blocked_until)` includes its own buffers. With `seats_left` its start stays
    a slot of the same offering. A named tuple, because a busy year has thousands.
    """

    starts_at: int
    blocked_from: int
    blocked_until: int
    offering_id: UUID
    seats_left: int = 0


@dataclass(frozen=True, slots=True)
class Occupied:
    """What is already there, in any order; lapsed holds and a session being moved left out.

    `sessions`: the practitioner's live ones that overlap `span_to_read`. `busy`: times from
    other calendars. `rooms`: per room that would do, when it is taken; empty if none is needed.
    `client`: where the client already is, buffers apart.
    """

    sessions: Sequence[TakenSession] = ()
    busy: Sequence[Span] = ()
    rooms: Sequence[Sequence[Span]] = ()
    client: Sequence[Span] = ()


@dataclass(frozen=True, slots=True)
class Horizon:
    """Rule 6: the earliest instant that gives enough notice and the last bookable local day."""

    earliest: int
    last_day: int

    @classmethod
    def of(cls, rules: SlotRules, now: datetime) -> "Horizon":
        second = second_of(now, "now")
        today = local_clock(rules.schedule.zone, second, second).day_at(second)
        notice = rules.offering.notice_minutes * MINUTE
        return cls(first_second(now, "now") + notice, today + rules.offering.window_days)

    @property
    def until(self) -> datetime:
        """An instant by which the last bookable day is over; that of UTC may end before it."""
        return datetime.fromtimestamp((self.last_day + 2) * DAY, UTC)


def span_to_read(rules: SlotRules, *, from_: datetime, until: datetime) -> Span:
    """The instants whose sessions and busy times decide the slots of `[from_, until)`.

    Whole local weeks, for the limits, and a day and the session with its buffers around them.
    """
    first, last = days_of(rules, second_of(from_, "from_"), first_second(until, "until"))
    return Span(first * DAY, (last + 1) * DAY)


def widest_span(now: datetime) -> Span:
    """Holds `span_to_read` from `now` until the horizon's end, whatever offering and zone.

    That is for a window of no days; those of the offering's come on top.
    """
    second = second_of(now, "now")
    return Span(second - WIDEST, second + 3 * DAY + WIDEST)


def days_of(rules: SlotRules, start: int, end: int) -> tuple[int, int]:
    offering = rules.offering
    around = DAYS_AROUND * DAY + (offering.before + offering.minutes + offering.after) * MINUTE
    first_week = week_number((start - around) // DAY)
    last_week = week_number((end + around) // DAY)
    # Whole weeks, so that all questions of a day share one expansion.
    return first_day_of(first_week), first_day_of(last_week + 1) - 1


def open_groups(rules: SlotRules, occupied: Occupied) -> Iterator[int]:
    own = rules.offering.offering_id
    return (
        session.starts_at
        for session in occupied.sessions
        if session.seats_left > 0 and session.offering_id == own
    )


def counted_sessions(
    rules: SlotRules, sessions: Sequence[TakenSession]
) -> Iterator[tuple[Limits, Sequence[TakenSession]]]:
    """Each pair of limits that is set, with the sessions that count for it."""
    offering = rules.offering
    if rules.practitioner_limits != Limits():
        yield rules.practitioner_limits, sessions
    if offering.limits != Limits():
        yield offering.limits, [s for s in sessions if s.offering_id == offering.offering_id]
