"""Days that pass for a plan: its rows are put back, as only the database's administrator can."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg2

from deploy.local.database_roles import target_url
from deploy.local.product import Product
from services.common.clock import utc_now
from tests.factories.clinic import ZONE

BERLIN = ZoneInfo(ZONE)
OF_PLAN = "(SELECT course_id FROM plans.courses WHERE plan_id = %(plan)s)"
BOOKED = f"(SELECT id FROM booking.bookings WHERE course_id IN {OF_PLAN})"
STARTS = f"""
    SELECT starts_at FROM booking.bookings
    WHERE course_id IN {OF_PLAN} AND seat_no IS NOT NULL ORDER BY starts_at
"""
#: What happens at a time: the columns by their table.
STORY = {
    "fillings": ("filled_at",),
    "dues": ("from_at", "expected_at", "due_at"),
    "entries": ("logged_at",),
    "rolls_due": ("due_at",),
    "versions": ("practitioner_signed_at", "client_signed_at"),
    "notes": ("session_at", "begun_at", "changed_at", "signed_at", "locks_at"),
}


def back(column: str) -> str:
    """So many days earlier, at the same time by the clock on the wall."""
    return f"(({column} AT TIME ZONE '{ZONE}') - %(by)s) AT TIME ZONE '{ZONE}'"


SESSIONS = (
    f"""UPDATE booking.sessions SET starts_at = {back("starts_at")}, ends_at = {back("ends_at")},
        blocked = tstzrange({back("lower(blocked)")}, {back("upper(blocked)")})
        WHERE id IN (SELECT session_id FROM booking.bookings WHERE course_id IN {OF_PLAN})""",
    f"""UPDATE plans.sessions SET starts_at = {back("starts_at")} WHERE booking_id IN {BOOKED}""",
    f"""UPDATE plans.courses SET starts =
        ARRAY(SELECT {back("one")} FROM unnest(starts) AS one ORDER BY one)
        WHERE plan_id = %(plan)s AND course_id IS NOT NULL""",
)


class Passing:
    """Lets days pass for the plan of a path; every session keeps its time of day."""

    def __init__(self, product: Product, path: str) -> None:
        self._url = target_url(product.stack)
        self._plan = path.rsplit("/", 1)[-1]

    def starts(self) -> list[datetime]:
        """When the sessions take place that its courses have, in Berlin."""
        with self._cursor() as cursor:
            cursor.execute(STARTS, {"plan": self._plan})
            return [at.astimezone(BERLIN) for (at,) in cursor.fetchall()]

    def until(self, number: int, day: date) -> None:
        """Its sessions alone come nearer: the one of that number takes place on that day."""
        self._put_back(self.starts()[number - 1].date() - day, SESSIONS)

    def until_after(self, number: int, *, step: int = 1) -> None:
        """All of its story goes on, by so many steps of days that the session of that number is
        over: where a step is a day, it was yesterday."""
        today = utc_now().astimezone(BERLIN).date()
        days = (self.starts()[number - 1].date() - today).days + 1
        self.weeks(timedelta(days=-(-days // step) * step), SESSIONS)

    def weeks(self, by: timedelta, sessions: tuple[str, ...] = ()) -> None:
        """What was signed, logged, filled in and waits to be is so much longer ago."""
        story = (
            f"UPDATE plans.{table} SET {', '.join(f'{one} = {back(one)}' for one in columns)}"
            " WHERE plan_id = %(plan)s"
            for table, columns in STORY.items()
        )
        self._put_back(by, (*sessions, *story))

    def _put_back(self, by: timedelta, changes: tuple[str, ...]) -> None:
        with self._cursor() as cursor:
            for change in changes:
                cursor.execute(change, {"by": by, "plan": self._plan})

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        """All of it or nothing."""
        with closing(psycopg2.connect(self._url)) as tx, tx, tx.cursor() as cursor:
            yield cursor
