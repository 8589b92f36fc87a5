"""Each reason by hand: one broken rule is one reason, and the same start is no slot."""

from datetime import date, timedelta

import pytest

from services.booking.domain.refusal import Refusal, refusal
from services.booking.domain.schedule import DaysOff, Schedule
from services.booking.domain.slot_rules import Limits, Occupied, SlotRules
from tests.unit.booking.cases import (
    BERLIN,
    NOTHING,
    daily,
    instant,
    rules_of,
    session,
    shown,
    span,
)

DAY = "2026-06-10"
MORNING = Schedule(BERLIN, daily("09:00-12:00"))
CLOSED = Schedule(
    BERLIN, daily("09:00-12:00"), days_off=(DaysOff(date(2026, 6, 10), date(2026, 6, 10)),)
)
NOW = instant("2026-06-09 12:00", BERLIN)
CASES: list[tuple[Refusal, SlotRules, Occupied, str]] = [
    (Refusal.OUTSIDE_HOURS, rules_of(MORNING), NOTHING, "12:00"),
    (Refusal.OFF_GRID, rules_of(MORNING), NOTHING, "09:05"),
    (Refusal.DOES_NOT_FIT, rules_of(MORNING, minutes=60), NOTHING, "11:30"),
    (Refusal.TIME_OFF, rules_of(CLOSED), NOTHING, "10:00"),
    (Refusal.TAKEN, rules_of(MORNING), Occupied([session(f"{DAY} 10:00")]), "10:00"),
    (
        Refusal.BUSY,
        rules_of(MORNING),
        Occupied(busy=[span(f"{DAY} 09:00", f"{DAY} 12:00")]),
        "10:00",
    ),
    (Refusal.TOO_SOON, rules_of(MORNING, notice_minutes=24 * 60), NOTHING, "11:30"),
    (Refusal.TOO_FAR, rules_of(MORNING, window_days=0), NOTHING, "10:00"),
    (
        Refusal.DAY_FULL,
        rules_of(MORNING, limits=Limits(max_per_day=1)),
        Occupied([session(f"{DAY} 09:00")]),
        "10:00",
    ),
    (
        Refusal.WEEK_FULL,
        rules_of(MORNING, limits=Limits(max_per_week=1)),
        Occupied([session("2026-06-08 09:00")]),
        "10:00",
    ),
    (
        Refusal.NO_ROOM,
        rules_of(MORNING),
        Occupied(rooms=[[span(f"{DAY} 10:00", f"{DAY} 10:05")]]),
        "10:00",
    ),
    (
        Refusal.CLIENT_ELSEWHERE,
        rules_of(MORNING),
        Occupied(client=[span(f"{DAY} 10:25", f"{DAY} 10:35")]),
        "10:00",
    ),
]


@pytest.mark.parametrize(("reason", "rules", "occupied", "time"), CASES)
def test_each_rule_alone_refuses_by_its_name(
    reason: Refusal, rules: SlotRules, occupied: Occupied, time: str
) -> None:
    """One broken rule is one reason, and the same start is no slot."""
    now = NOW if reason is not Refusal.TOO_SOON else instant("2026-06-09 11:30:01", BERLIN)
    start = instant(f"{DAY} {time}", BERLIN)
    assert refusal(rules, occupied, start, now=now) is reason
    slots = shown(rules, DAY, occupied=occupied, now=now)
    assert f"{time}+02:00" not in slots


def test_every_reason_has_a_case() -> None:
    """A rule that is added without a case by hand fails here."""
    assert [reason for reason, *_ in CASES] == list(Refusal)


def test_of_several_broken_rules_the_first_is_named() -> None:
    """A start outside the hours, too soon and taken, is outside the hours."""
    rules = rules_of(MORNING, notice_minutes=10_000)
    occupied = Occupied([session(f"{DAY} 20:00")])
    start = instant(f"{DAY} 20:00", BERLIN)
    assert refusal(rules, occupied, start, now=NOW) is Refusal.OUTSIDE_HOURS


def test_a_start_between_two_seconds_is_no_slot() -> None:
    """The grid has whole minutes; a fraction is off it even where the second would do."""
    start = instant(f"{DAY} 10:00", BERLIN) + timedelta(microseconds=1)
    assert refusal(rules_of(MORNING), NOTHING, start, now=NOW) is Refusal.OFF_GRID
