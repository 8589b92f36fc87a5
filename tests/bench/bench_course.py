"""Proposing a course of 16 over a year's calendar: `python -m tests.bench.bench_course [--strict]`.

In the domain alone: 800 sessions, 200 times from another calendar, leave and holidays; once with
what the practice's calendar usually leaves, once where no way leads to the end, which is searched
longest. Medians of processor time, which the machine's other work does not lengthen as it does
time on the clock; the schedule is expanded already.
"""

import argparse
import random
import sys
from datetime import date, timedelta
from statistics import median
from time import process_time

from services.booking.domain.calendar import DAY, Span
from services.booking.domain.course import Placed, place
from services.booking.domain.course_days import for_practice
from services.booking.domain.rhythm import Pattern, Phase
from services.booking.domain.schedule import DaysOff
from services.booking.domain.slot_rules import Limits, Occupied, SlotRules, TakenSession
from tests.bench.report import Line, exit_code, print_lines
from tests.bench.slot_workload import NOW, workload

RUNS = 40
SESSIONS = 16
GOAL_MS = 10.0
FIRST_ON = date(2026, 2, 16)
WEEKLY = Pattern(FIRST_ON, 10 * 60, (Phase(SESSIONS, 1, 5, 23),), 2, 120)


def year(*, ends_early: bool, seed: int = 1) -> tuple[SlotRules, Occupied]:
    """A practitioner's year; one that `ends_early` is all leave after ten weeks."""
    chance, base = random.Random(seed), workload(0, 0).rules
    leave = [(date(2026, 4, 3), 4), (date(2026, 5, 14), 1), (date(2026, 5, 25), 7)]
    if ends_early:
        leave.append((FIRST_ON + timedelta(weeks=10), 700))
    off = tuple(DaysOff(on, on + timedelta(days=days)) for on, days in leave)
    first = int(NOW.timestamp()) // DAY
    starts = [
        (first + chance.randrange(365)) * DAY + chance.randrange(6, 18) * 3_600 for _ in range(800)
    ]
    sessions = [TakenSession(at, at - 300, at + 3_600, base.offering.offering_id) for at in starts]
    busy = [Span(at, at + 5_400) for at in (one + 10_800 for one in starts[:200])]
    schedule = type(base.schedule)(base.schedule.zone, base.schedule.weekly, days_off=off)
    rules = SlotRules(schedule, base.offering, Limits(max_per_day=8, max_per_week=30))
    return for_practice(rules), Occupied(sessions, busy)


def timed(rules: SlotRules, occupied: Occupied) -> tuple[float, list[Placed]]:
    """Median milliseconds, and what was proposed."""
    placed, taken = place(rules, occupied, WEEKLY, now=NOW), []
    for _ in range(RUNS):
        began = process_time()
        placed = place(rules, occupied, WEEKLY, now=NOW)
        taken.append((process_time() - began) * 1_000)
    return median(taken), placed


def report() -> list[Line]:
    """A line for each calendar; AssertionError where one is not what it claims to be."""
    usual, placed = timed(*year(ends_early=False))
    assert all(one.starts_at is not None for one in placed)
    assert any(one.reason is not None for one in placed)
    hopeless, gaps = timed(*year(ends_early=True))
    assert any(one.starts_at is None for one in gaps)
    told: Line = {"bench": "course", "what": "propose 16 in a year", "ms": round(usual, 2)}
    return [
        {**told, "goal": f"<= {GOAL_MS:g}", "is_met": usual <= GOAL_MS},
        {**told, "what": "find no way for 16", "ms": round(hopeless, 2)},
    ]


def main() -> int:
    """Measure and print; see the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strict", action="store_true", help="exit 1 when a goal is missed")
    strict = parser.parse_args().strict
    lines = report()
    print_lines(lines)
    return exit_code(lines, strict=strict)


if __name__ == "__main__":
    sys.exit(main())
