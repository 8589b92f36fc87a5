"""Many threads at one database, and what an honest look afterwards finds."""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import text

from services.common.errors import Busy, Refusal
from tests.integration.booking.practice import Practice

RACERS = 16
TRIES = 20

OVERLAPS = text(
    "SELECT count(*) FROM booking.sessions a JOIN booking.sessions b"
    " ON a.practitioner_id = b.practitioner_id AND a.id < b.id AND a.blocked && b.blocked"
    " WHERE a.is_live AND b.is_live AND a.practice_id = :practice_id"
)
MEETINGS = text(
    "SELECT count(*) FROM booking.participants a JOIN booking.participants b"
    " ON a.client_id = b.client_id AND a.booking_id < b.booking_id"
    " AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)"
    " WHERE a.is_live AND b.is_live AND a.practice_id = :practice_id"
)


def race(tries: Iterable[Callable[[], object]]) -> Counter[str]:
    """Run all, 16 at a time from one starting shot; how they ended, by name of the refusal."""
    waiting = Barrier(RACERS)

    def run(numbered: tuple[int, Callable[[], object]]) -> str:
        number, attempt = numbered
        if number < RACERS:
            waiting.wait(10)
        return outcome(attempt)

    with ThreadPoolExecutor(RACERS) as pool:
        return Counter(pool.map(run, enumerate(tries)))


def outcome(attempt: Callable[[], object]) -> str:
    """`won`, or the refusal; a busy database may be asked again, as every caller does."""
    for _ in range(TRIES):
        try:
            attempt()
            return "won"
        except Busy:
            continue
        except Refusal as refusal:
            return type(refusal).__name__
    return "Busy"


def overlaps(practice: Practice) -> int:
    """Pairs of live sessions of one practitioner that overlap, buffers included."""
    with practice.transaction() as tx:
        return int(tx.scalar(OVERLAPS, {"practice_id": practice.id}) or 0)


def meetings(practice: Practice) -> int:
    """Pairs of live bookings of one client that overlap."""
    with practice.transaction() as tx:
        return int(tx.scalar(MEETINGS, {"practice_id": practice.id}) or 0)
