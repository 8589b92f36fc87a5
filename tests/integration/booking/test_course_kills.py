"""A course whose database connection dies at any point: none of its sessions, or all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from sqlalchemy import Connection, event

from deploy.local.stack import Stack
from services.common.errors import Busy
from tests.integration.booking.course_practice import book, rows, weekly, wish
from tests.integration.booking.practice import Practice

SESSIONS = 12


@contextmanager
def dying_at(practice: Practice, servers: Stack, statement: int) -> Iterator[Callable[[], int]]:
    """End the connection before its so-manieth statement, COMMIT counted; how many there were."""
    engine, seen = practice.database.engine, 0

    def count(connection: Connection) -> None:
        nonlocal seen
        seen += 1
        if seen == statement:
            _kill(servers, connection)

    def before(connection: Connection, *_: Any) -> None:
        count(connection)

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "commit", count)
    try:
        yield lambda: seen
    finally:
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "commit", count)


def _kill(servers: Stack, connection: Connection) -> None:
    driver: Any = connection.connection.dbapi_connection
    other = psycopg2.connect(servers.database_url("booking"))
    try:
        with other.cursor() as cursor:
            # Waits until the connection has ended.
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [driver.info.backend_pid])
    finally:
        other.close()


def killed_everywhere(
    practice: Practice, servers: Stack, attempt: Callable[[], object]
) -> set[int]:
    """Try until it is through, dying a statement later each time; how many sessions each left."""
    first, left, statement = rows(practice)["sessions"], set(), 0
    while True:
        statement += 1
        with dying_at(practice, servers, statement) as seen:
            try:
                attempt()
            except Busy:
                left.add(rows_since(practice, first))
                continue
        if seen() < statement:
            return left


def rows_since(practice: Practice, first: int) -> int:
    return rows(practice)["sessions"] - first


def test_a_course_that_is_killed_anywhere_leaves_nothing_and_then_all(
    practice: Practice, servers: Stack
) -> None:
    """Before each statement and before COMMIT; the same command again books it whole, once."""
    asked = wish(practice, practice.book_and_pay(), weekly(SESSIONS))
    assert killed_everywhere(practice, servers, lambda: book(practice, asked)) == {0}
    assert rows(practice) == {
        "courses": 1,
        "sessions": SESSIONS + 1,
        "bookings": SESSIONS + 1,
        "participants": SESSIONS + 1,
    }


def test_sessions_that_are_booked_one_by_one_are_left_in_part(
    practice: Practice, servers: Stack
) -> None:
    """The twin: without one transaction around them all, the same kills leave parts."""
    first = practice.book_and_pay()
    each = [wish(practice, first, [start]) for start in weekly(3)]

    def one_by_one() -> None:
        for asked in each:
            book(practice, asked)

    assert killed_everywhere(practice, servers, one_by_one) >= {0, 1, 2}
