"""Why one instant is no slot: each rule of "What a slot is" asked by itself, in order.

`availability.free_slots` solves the same rules for a range; a property test holds them together.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.booking.domain.calendar import MINUTE, Span, second_of, week_number
from services.booking.domain.schedule import Expansion, expand
from services.booking.domain.slot_rules import (
    Horizon,
    Occupied,
    SlotRules,
    counted_sessions,
    days_of,
    open_groups,
)


class Refusal(StrEnum):
    """Why an instant is no slot, in the order in which the rules are asked."""

    OUTSIDE_HOURS = "outside_hours"
    OFF_GRID = "off_grid"
    DOES_NOT_FIT = "does_not_fit"
    TIME_OFF = "time_off"
    TAKEN = "taken"
    BUSY = "busy"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    DAY_FULL = "day_full"
    WEEK_FULL = "week_full"
    NO_ROOM = "no_room"
    CLIENT_ELSEWHERE = "client_elsewhere"


def refusal(
    rules: SlotRules, occupied: Occupied, starts_at: datetime, *, now: datetime
) -> Refusal | None:
    """Why `starts_at` is no slot, by the first rule that it breaks; None if it can be booked.

    Agrees with `free_slots` for every instant. ValueError when a datetime carries no offset.
    """
    start = second_of(starts_at, "starts_at")
    reason = refusal_at(rules, occupied, start, Horizon.of(rules, now))
    return reason or (Refusal.OFF_GRID if starts_at.microsecond else None)


@dataclass(frozen=True, slots=True)
class _Question:
    """One instant with all that the rules ask about it."""

    rules: SlotRules
    occupied: Occupied
    horizon: Horizon
    expansion: Expansion
    start: int

    @property
    def session(self) -> Span:
        return Span(self.start, self.start + self.rules.offering.minutes * MINUTE)

    @property
    def blocked(self) -> Span:
        offering = self.rules.offering
        return Span(
            self.start - offering.before * MINUTE, self.session.end + offering.after * MINUTE
        )

    @property
    def windows(self) -> list[Span]:
        return [span for span in self.expansion.windows if span.start <= self.start < span.end]


def refusal_at(
    rules: SlotRules, occupied: Occupied, start: int, horizon: Horizon
) -> Refusal | None:
    if start in open_groups(rules, occupied):
        occupied = _without_group(rules, occupied, start)
    expansion = expand(rules.schedule, *days_of(rules, start, start))
    question = _Question(rules, occupied, horizon, expansion, start)
    return next((reason for reason, breaks in _BREAKS if breaks(question)), None)


def _without_group(rules: SlotRules, occupied: Occupied, start: int) -> Occupied:
    """A group with seats left is not in its own way, nor in that of its room."""
    own = rules.offering.offering_id
    others = [
        session
        for session in occupied.sessions
        if (session.starts_at, session.offering_id) != (start, own) or session.seats_left < 1
    ]
    return replace(occupied, sessions=others, rooms=())


def _overlap(one: Span, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start < end and start < one.end and one.start < end for start, end in spans)


def _off_grid(question: _Question) -> bool:
    step, clock = question.rules.offering.increment * MINUTE, question.expansion.clock
    shown = clock.shown_at(question.start)
    return all((shown - clock.shown_at(window.start)) % step for window in question.windows)


def _does_not_fit(question: _Question) -> bool:
    start, end = question.session
    return not any(span.start <= start and end <= span.end for span in question.expansion.hours)


def _taken(question: _Question) -> bool:
    blocked = ((s.blocked_from, s.blocked_until) for s in question.occupied.sessions)
    return _overlap(question.blocked, blocked)


def _too_far(question: _Question) -> bool:
    return question.expansion.clock.day_at(question.start) > question.horizon.last_day


def _day_full(question: _Question) -> bool:
    clock = question.expansion.clock
    day = clock.day_at(question.start)
    return any(
        limits.max_per_day is not None
        and sum(clock.day_at(session.starts_at) == day for session in counted) >= limits.max_per_day
        for limits, counted in counted_sessions(question.rules, question.occupied.sessions)
    )


def _week_full(question: _Question) -> bool:
    clock = question.expansion.clock
    week = week_number(clock.day_at(question.start))
    return any(
        limits.max_per_week is not None
        and sum(week_number(clock.day_at(session.starts_at)) == week for session in counted)
        >= limits.max_per_week
        for limits, counted in counted_sessions(question.rules, question.occupied.sessions)
    )


def _no_room(question: _Question) -> bool:
    rooms = question.occupied.rooms
    return bool(rooms) and all(_overlap(question.session, room) for room in rooms)


def _client_elsewhere(question: _Question) -> bool:
    return _overlap(question.session, question.occupied.client)


_BREAKS: tuple[tuple[Refusal, Callable[[_Question], bool]], ...] = (
    (Refusal.OUTSIDE_HOURS, lambda question: not question.windows),
    (Refusal.OFF_GRID, _off_grid),
    (Refusal.DOES_NOT_FIT, _does_not_fit),
    (Refusal.TIME_OFF, lambda question: _overlap(question.session, question.expansion.off)),
    (Refusal.TAKEN, _taken),
    (Refusal.BUSY, lambda question: _overlap(question.blocked, question.occupied.busy)),
    (Refusal.TOO_SOON, lambda question: question.start < question.horizon.earliest),
    (Refusal.TOO_FAR, _too_far),
    (Refusal.DAY_FULL, _day_full),
    (Refusal.WEEK_FULL, _week_full),
    (Refusal.NO_ROOM, _no_room),
    (Refusal.CLIENT_ELSEWHERE, _client_elsewhere),
)
