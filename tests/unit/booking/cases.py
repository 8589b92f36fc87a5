"""What the tests by hand share: short ways to write a schedule and to read its slots."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.booking.domain.availability import free_slots
from services.booking.domain.calendar import Span
from services.booking.domain.schedule import Schedule, WeeklyHours, Window
from services.booking.domain.slot_rules import (
    Limits,
    Occupied,
    OfferingRules,
    SlotRules,
    TakenSession,
)

OWN, OTHER = UUID(int=1), UUID(int=2)
BERLIN = "Europe/Berlin"
NOTHING = Occupied()


def window(text: str) -> Window:
    """Read `09:00-12:30`."""
    opens, closes = (int(t[:2]) * 60 + int(t[3:]) for t in text.split("-"))
    return Window(opens, closes)


def daily(*texts: str) -> tuple[WeeklyHours, ...]:
    """Return the same windows for every day of the week."""
    return tuple(WeeklyHours(day, window(text)) for day in range(1, 8) for text in texts)


def rules_of(
    schedule: Schedule,
    *,
    minutes: int = 30,
    increment: int = 30,
    before: int = 0,
    after: int = 0,
    notice_minutes: int = 0,
    window_days: int = 90,
    limits: Limits | None = None,
    practitioner_limits: Limits | None = None,
) -> SlotRules:
    """Return rules for the offering OWN, by default half an hour on the half hour."""
    offering = OfferingRules(
        OWN,
        minutes,
        increment=increment,
        before=before,
        after=after,
        notice_minutes=notice_minutes,
        window_days=window_days,
        limits=limits or Limits(),
    )
    return SlotRules(schedule, offering, practitioner_limits or Limits())


def instant(text: str, zone: str = "UTC", *, fold: int = 0) -> datetime:
    """Read `2026-03-29 01:30` as a local time."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def second(text: str, zone: str = "UTC") -> int:
    """Read a local time as epoch seconds."""
    return int(instant(text, zone).timestamp())


def span(start: str, end: str, zone: str = BERLIN) -> Span:
    """Read a range of local times."""
    return Span(second(start, zone), second(end, zone))


def session(
    start: str, minutes: int = 30, *, offering: UUID = OWN, seats_left: int = 0, buffers: int = 0
) -> TakenSession:
    """Return a live session at a local time in Berlin, with a buffer on either side."""
    at = second(start, BERLIN)
    return TakenSession(at, at - buffers * 60, at + (minutes + buffers) * 60, offering, seats_left)


def shown(
    rules: SlotRules,
    on: str,
    *,
    occupied: Occupied = NOTHING,
    now: datetime | None = None,
    days: int = 1,
) -> list[str]:
    """Return the slots of `days` local dates as the local clock shows them, `02:30+01:00`.

    A day on which the clock has an hour more or less is asked for as a whole.
    """
    zone = rules.schedule.zone
    first = date.fromisoformat(on)
    start, end = (
        datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        for day in (first, first + timedelta(days=days))
    )
    asked_at = now or start - timedelta(days=1)
    slots = free_slots(rules, occupied, now=asked_at, from_=start, until=end)
    local = (datetime.fromtimestamp(slot, ZoneInfo(zone)).isoformat() for slot in slots)
    return [text[11:16] + text[19:] for text in local]
