"""Which of the free slots to show first: the next one, the nearest ones, one per part of day."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime

from services.booking.domain.availability import free_slots
from services.booking.domain.calendar import DAY, first_second, local_clock
from services.booking.domain.slot_rules import Occupied, SlotRules
from services.contracts.base import AFTERNOON_FROM, EVENING_FROM, PartOfDay

_AFTERNOON, _EVENING = (at.hour * 3_600 for at in (AFTERNOON_FROM, EVENING_FROM))


def next_free(
    rules: SlotRules, occupied: Occupied, *, now: datetime, until: datetime
) -> int | None:
    """Return the first slot from `now` and before `until` in epoch seconds, or None."""
    slots = free_slots(rules, occupied, now=now, from_=now, until=until)
    return slots[0] if slots else None


def nearest(slots: Sequence[int], wanted: datetime, count: int = 3) -> list[int]:
    """Return the `count` of the ascending slots nearest to `wanted`, in order of time.

    Of two that are equally near the earlier one is taken.
    """
    target = first_second(wanted, "wanted")
    at = bisect_left(slots, target)
    around = slots[max(at - count, 0) : at + count]
    return sorted(sorted(around, key=lambda slot: (abs(slot - target), slot))[:count])


def spread(slots: Sequence[int], apart: int, count: int) -> list[int]:
    """Return the first `count` of the ascending slots that lie `apart` seconds from each other.

    Where there are fewer, the earliest of the others fill up.
    """
    chosen: list[int] = []
    passed: list[int] = []
    for slot in slots:
        if len(chosen) == count:
            break
        is_apart = not chosen or slot - chosen[-1] >= apart
        (chosen if is_apart else passed).append(slot)
    return sorted(chosen + passed[: count - len(chosen)])


def next_by_part_of_day(slots: Sequence[int], zone: str) -> dict[PartOfDay, int]:
    """Return the first of the ascending slots in each part of the zone's day that has one."""
    first: dict[PartOfDay, int] = {}
    if not slots:
        return first
    clock = local_clock(zone, slots[0], slots[-1])
    for slot in slots:
        first.setdefault(part_of_day(clock.shown_at(slot) % DAY), slot)
        if len(first) == len(PartOfDay):
            break
    return first


def part_of_day(seconds: int) -> PartOfDay:
    """Return the part in which a local time lies, given in seconds after midnight."""
    if seconds < _AFTERNOON:
        return PartOfDay.MORNING
    return PartOfDay.AFTERNOON if seconds < _EVENING else PartOfDay.EVENING
