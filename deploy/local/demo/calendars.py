"""Which starts a practitioner could offer on a day, and what is still free of them."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from deploy.local.demo.people import DemoClosure, DemoOffering, DemoPractitioner


def starts_on(
    day: date, person: DemoPractitioner, offering: DemoOffering, zone: ZoneInfo
) -> Iterator[datetime]:
    """The UTC starts of `offering` on a local date, packed closely on the increment's grid.

    Weekly hours lie between 6 and 22 o'clock, when no zone of the demo changes its offset.
    """
    length = timedelta(minutes=offering.minutes)
    step = _step(offering)
    for window in person.hours:
        if window.weekday == day.isoweekday():
            local, end = _wall(day, window.starts), _wall(day, window.ends)
            while local + length <= end:
                yield local.replace(tzinfo=zone).astimezone(UTC)
                local += step


def _wall(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock)


def _step(offering: DemoOffering) -> timedelta:
    """The shortest multiple of the increment that leaves room for session and buffers."""
    taken = offering.before_minutes + offering.minutes + offering.after_minutes
    increments = -(-taken // offering.increment_minutes)
    return timedelta(minutes=increments * offering.increment_minutes)


def is_open(day: date, person: DemoPractitioner, closures: tuple[DemoClosure, ...]) -> bool:
    """Whether the practice is open on a local date and the practitioner is there."""
    away = any(absence.starts_on <= day < absence.ends_on for absence in person.time_off)
    return not away and all(closure.on != day for closure in closures)


class BusyTimes:
    """Half-open ranges by owner, to keep practitioners and clients from being in two places."""

    def __init__(self) -> None:
        """Begin with everybody free."""
        self._ranges: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)

    def is_free(self, owner: str, start: datetime, end: datetime) -> bool:
        """Whether nothing of the owner's overlaps `[start, end)`."""
        return all(end <= first or last <= start for first, last in self._ranges[owner])

    def take(self, owner: str, start: datetime, end: datetime) -> None:
        """Mark `[start, end)` as taken."""
        self._ranges[owner].append((start, end))
