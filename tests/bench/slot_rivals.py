"""The same slots by other means: aware datetimes, and a bitmap in a Python int."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import compress
from zoneinfo import ZoneInfo

from services.booking.domain.availability import free_slots
from services.booking.domain.slot_rules import Occupied
from tests.bench.slot_workload import NOW, UNTIL, Workload

Range = tuple[datetime, datetime]


def naive_slots(work: Workload, clock: tzinfo) -> list[datetime]:
    """Return the slots by an aware datetime per 15-minute start, tested against every busy time.

    Starts and ends carry `clock`: the schedule's zone as one would write it, or UTC, in which
    Python compares faster.
    """
    offering = work.rules.offering
    before, after = timedelta(minutes=offering.before), timedelta(minutes=offering.after)
    length, step = timedelta(minutes=offering.minutes), timedelta(minutes=offering.increment)
    earliest = NOW + timedelta(minutes=offering.notice_minutes)
    busy = [_range(s.blocked_from, s.blocked_until) for s in work.occupied.sessions]
    busy += [_range(start, end) for start, end in work.occupied.busy]
    slots = []
    for opens, closes in _windows(work):
        start = opens
        while start + length <= closes:
            blocked = (start - before).astimezone(clock), (start + length + after).astimezone(clock)
            if earliest <= start < UNTIL and not any(_overlap(blocked, taken) for taken in busy):
                slots.append(start)
            start += step
    return slots


def naive_texts(slots: list[datetime]) -> list[str]:
    """Render with a format call per slot."""
    return [slot.strftime("%Y-%m-%dT%H:%M:%SZ") for slot in slots]


def _windows(work: Workload) -> list[Range]:
    zone = ZoneInfo(work.rules.schedule.zone)
    first, last = NOW.astimezone(zone).date(), UNTIL.astimezone(zone).date()
    dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [
        (_wall(on, hours.window.opens, zone), _wall(on, hours.window.closes, zone))
        for on in dates
        for hours in work.rules.schedule.weekly
        if hours.weekday == on.isoweekday()
    ]


def _wall(on: date, minutes: int, zone: ZoneInfo) -> datetime:
    wall = datetime(on.year, on.month, on.day, minutes // 60, minutes % 60, tzinfo=zone)
    return wall.astimezone(UTC)


def _range(start: int, end: int) -> Range:
    return datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC)


def _overlap(one: Range, other: Range) -> bool:
    return one[0] < other[1] and other[0] < one[1]


class Bitmap:
    """A bit per five minutes: what the schedule offers, kept, less what each event takes."""

    GRID = 300
    _BITS = bytes.maketrans(b"01", b"\x00\x01")

    def __init__(self, work: Workload) -> None:
        """Mark the starts that an empty calendar would offer."""
        offering = work.rules.offering
        self._lead = (offering.minutes + offering.after) * 60 - 1
        self._tail = offering.before * 60 - 1
        offered = free_slots(work.rules, Occupied(), now=NOW, from_=NOW, until=UNTIL)
        self._base = offered[0] // 86_400 * 86_400
        self._bits = (offered[-1] - self._base) // self.GRID + 1
        self._stride = offering.increment * 60 // self.GRID
        self._offered = sum(1 << (start - self._base) // self.GRID for start in offered)
        self._instants = range(self._base, offered[-1] + 1, offering.increment * 60)

    def slots(self, occupied: Occupied) -> list[int]:
        """Return the offered starts whose bit no session and no busy time takes."""
        taken = self._taken([(s.blocked_from, s.blocked_until) for s in occupied.sessions])
        free = self._offered & ~(taken | self._taken(occupied.busy))
        text = format(free, f"0{self._bits}b")[:: -self._stride]
        return list(compress(self._instants, text.encode().translate(self._BITS)))

    def _taken(self, ranges: Sequence[tuple[int, int]]) -> int:
        taken, base, grid = 0, self._base, self.GRID
        for start, end in ranges:
            first = max(-(-(start - self._lead - base) // grid), 0)
            last = (end + self._tail - base) // grid
            if last >= first:
                taken |= ((1 << last - first + 1) - 1) << first
        return taken
