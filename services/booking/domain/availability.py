"""All slots of an offering in a range: rules 1 to 8 of "What a slot is", solved at once.

Every rule but the grid forbids ranges of starts: a session of length L from t meets [s, e)
exactly when t is in (s - L, e). So the slots are the starts of the cached expansion that are
in no forbidden range, found by bisection, without one date object per start.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain

from services.booking.domain.calendar import (
    DAY,
    MINUTE,
    LocalClock,
    Span,
    first_day_of,
    first_second,
    week_number,
)
from services.booking.domain.refusal import refusal_at
from services.booking.domain.schedule import between, expand, fused, starts_on_grid, without
from services.booking.domain.slot_rules import (
    DAYS_AROUND,
    Horizon,
    Occupied,
    OfferingRules,
    SlotRules,
    TakenSession,
    counted_sessions,
    days_of,
    open_groups,
)


def free_slots(
    rules: SlotRules, occupied: Occupied, *, now: datetime, from_: datetime, until: datetime
) -> list[int]:
    """All slots of the offering in `[from_, until)`, ascending, as UTC epoch seconds.

    ValueError naming the argument when a datetime carries no offset.
    """
    horizon = Horizon.of(rules, now)
    start = max(first_second(from_, "from_"), horizon.earliest)
    end = min(first_second(until, "until"), (horizon.last_day + DAYS_AROUND) * DAY)
    if start >= end:
        return []
    offering, days = rules.offering, days_of(rules, start, end)
    offered = starts_on_grid(rules.schedule, *days, offering.minutes, offering.increment)
    clock = expand(rules.schedule, *days).clock
    forbidden = _forbidden(rules, occupied, clock, horizon)
    free = without(between(offered, start, end), forbidden)
    joinable = {seat for seat in open_groups(rules, occupied) if start <= seat < end}
    if not joinable:
        return free
    joined = (seat for seat in joinable if not refusal_at(rules, occupied, seat, horizon))
    return sorted({*free, *joined})


def _forbidden(
    rules: SlotRules, occupied: Occupied, clock: LocalClock, horizon: Horizon
) -> Iterator[tuple[int, int]]:
    """Ranges of starts that rules 5 to 8 forbid."""
    return chain(
        _in_the_way(rules.offering, occupied),
        clock.spans_of_days(horizon.last_day + 1, horizon.last_day + 2 * DAYS_AROUND),
        _full(rules, occupied.sessions, clock),
        _meeting(occupied.client, rules.offering.minutes),
        _in_every_room(occupied.rooms, rules.offering.minutes),
    )


def _in_the_way(offering: OfferingRules, occupied: Occupied) -> list[tuple[int, int]]:
    # Open at both ends in whole seconds: ranges that only touch do not overlap.
    lead = (offering.minutes + offering.after) * MINUTE - 1
    tail = offering.before * MINUTE
    blocked = [
        (session.blocked_from - lead, session.blocked_until + tail)
        for session in occupied.sessions
        if session.blocked_from < session.blocked_until
    ]
    return blocked + [(start - lead, end + tail) for start, end in occupied.busy if start < end]


def _meeting(spans: Iterable[Span], minutes: int) -> Iterator[Span]:
    lead = minutes * MINUTE - 1
    return (Span(start - lead, end) for start, end in spans if start < end)


def _in_every_room(rooms: Sequence[Sequence[Span]], minutes: int) -> Iterator[Span]:
    """Ranges of starts that meet something in each of the rooms."""
    taken = chain.from_iterable(fused(sorted(_meeting(room, minutes))) for room in rooms)
    changes = sorted(change for start, end in taken for change in ((start, 1), (end, -1)))
    covered, since = 0, 0
    for at, step in changes:
        if covered == len(rooms):
            yield Span(since, at)
        covered, since = covered + step, at


def _full(
    rules: SlotRules, sessions: Sequence[TakenSession], clock: LocalClock
) -> Iterator[tuple[int, int]]:
    """Rule 7: the local days and weeks in which no further session may start."""
    for limits, counted in counted_sessions(rules, sessions):
        days = clock.days_at(session.starts_at for session in counted)
        for day in _reached(days, limits.max_per_day):
            yield from clock.spans_of_days(day, day + 1)
        for week in _reached(map(week_number, days), limits.max_per_week):
            yield from clock.spans_of_days(first_day_of(week), first_day_of(week + 1))


def _reached(values: Iterable[int], limit: int | None) -> Iterator[int]:
    if limit is not None:
        yield from (value for value, count in Counter(values).items() if count >= limit)
