"""Booking a course of 16: `python -m tests.bench.bench_course_rows [--strict]`.

The operation's own SQL, with its reads, locks and exclusion constraints, against the same rows
written without locks and constraints: the time of the trips to a private PostgreSQL, BEGIN and
COMMIT included and Python's work between them left out. Each course is in a calendar of its own;
the two take turns in blocks. Prints JSON lines; with --strict a missed goal fails.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import event

from deploy.local.servers import running_servers
from deploy.local.stack import Stack
from services.booking.domain.slot_rules import Occupied
from services.booking.operations import course, course_booking
from services.common.database import Database
from services.common.migrate import upgrade
from services.contracts.booking.courses import BookCourse
from tests.bench.report import Line, exit_code, print_lines
from tests.integration.booking.course_practice import weekly, wish
from tests.integration.booking.owner import GUARDS, as_owner
from tests.integration.booking.practice import NOW, Practice

SESSIONS = 16
BLOCKS, IN_BLOCK, WARM_UP = 6, 15, 3
GOAL = 0.3
Wanted = tuple[Practice, BookCourse]


class Trips:
    """Milliseconds that the trips of one transaction took."""

    def __init__(self, database: Database) -> None:
        self.took = 0.0
        self._began = 0.0
        engine = database.engine
        event.listen(engine, "before_cursor_execute", self._begin)
        event.listen(engine, "after_cursor_execute", self._end)
        event.listen(engine, "commit", self._begin)

    def _begin(self, *_: Any) -> None:
        self._began = perf_counter()

    def _end(self, *_: Any) -> None:
        self.took += (perf_counter() - self._began) * 1_000

    def of(self, work: Callable[[], None]) -> float:
        """Do the work; its last trip is COMMIT, after which nothing is asked any more."""
        self.took = 0.0
        work()
        self._end()
        return self.took


def wanted(database: Database) -> Wanted:
    """A practice of its own, and a course that nothing stands against."""
    practice = Practice(database).open()
    return practice, wish(practice, practice.book_and_pay(), weekly(SESSIONS))


def guarded(practice: Practice, asked: BookCourse) -> None:
    """As the product does it."""
    who = practice.admin
    with practice.transaction(who) as tx:
        course_booking.book_course(tx, asked, actor=who, now=NOW)


def unguarded(begun: course.Beginning, practice: Practice, asked: BookCourse) -> None:
    """The same rows, and nothing else."""
    with practice.transaction(practice.admin) as tx:
        course_booking.write(tx, asked, begun, Occupied(), NOW)


def beginning(practice: Practice, asked: BookCourse) -> course.Beginning:
    """What the rows are made from, read outside of the timing."""
    who = practice.admin
    with practice.transaction(who) as tx:
        return course.beginning(tx, asked.follows_booking_id, who, NOW)


@contextmanager
def without_guards(stack: Stack) -> Iterator[None]:
    """No exclusion constraints; no two rows of this bench would break them."""
    tables = {name: guard.split()[0] for name, guard in GUARDS.items()}
    as_owner(stack, *(f"ALTER TABLE booking.{t} DROP CONSTRAINT {n}" for n, t in tables.items()))
    try:
        yield
    finally:
        as_owner(stack, *(f"ALTER TABLE booking.{guard}" for guard in GUARDS.values()))


def measure(stack: Stack, database: Database) -> tuple[list[float], list[float]]:
    """Milliseconds of each course, with guards and without."""
    trips, ours, plain = Trips(database), [], []
    for block in range(BLOCKS + 1):
        count = IN_BLOCK if block else WARM_UP
        asked = [wanted(database) for _ in range(count)]
        with_guards = [trips.of(lambda one=one: guarded(*one)) for one in asked]  # type: ignore[misc]
        others = [(beginning(*one), *one) for one in (wanted(database) for _ in range(count))]
        with without_guards(stack):
            bare = [trips.of(lambda one=one: unguarded(*one)) for one in others]  # type: ignore[misc]
        if block:
            ours += with_guards
            plain += bare
    return ours, plain


def main() -> int:
    """Measure and print; see the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strict", action="store_true", help="exit 1 when a goal is missed")
    strict = parser.parse_args().strict
    with running_servers() as running:
        upgrade("booking", running.stack.database_url("owner"))
        database = Database(running.stack.database_url("booking"), pool_size=2)
        ours, plain = (median(one) for one in measure(running.stack, database))
        database.engine.dispose()
    ratio = plain / ours
    told: Line = {"bench": "P3", "what": "course of 16, the same rows unguarded / ours"}
    figures = {"ratio": round(ratio, 2), "ms": round(ours, 2), "unguarded_ms": round(plain, 2)}
    lines = [{**told, **figures, "goal": f">= {GOAL}", "is_met": ratio >= GOAL}]
    print_lines(lines)
    return exit_code(lines, strict=strict)


if __name__ == "__main__":
    sys.exit(main())
