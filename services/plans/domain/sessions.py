"""What became of a session of a plan, whether it takes place, and whether it counts.

What is owed for counts as used: who gives a session back in time, or misses one that costs nothing,
has it again (docs/adr/0030).
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.contracts.booking.bookings import Attendance, BookingState

MARKED = {
    Attendance.ATTENDED: BookingState.ATTENDED,
    Attendance.NO_SHOW: BookingState.NO_SHOW,
    Attendance.UNMARKED: BookingState.CONFIRMED,
}


@dataclass(frozen=True, slots=True)
class Known:
    """A session as it is known; `told_at`: when that was true of its time.

    `is_late`: something is owed for what was given up; `is_forgiven`: nothing is for what was
    missed.
    """

    booking_id: UUID
    starts_at: datetime
    told_at: datetime
    is_given_up: bool = False
    is_late: bool = False
    attendance: Attendance = Attendance.UNMARKED
    is_forgiven: bool = False

    @property
    def state(self) -> BookingState:
        if self.is_given_up:
            return BookingState.LATE_CANCELLED if self.is_late else BookingState.CANCELLED
        return MARKED[self.attendance]


@dataclass(frozen=True, slots=True)
class Stop:
    """From when on nothing takes place, and when that was said; None where it is not known."""

    from_at: datetime
    said_at: datetime | None

    def ends(self, session: Known) -> bool:
        """Whether a session is given back with it, heard of already or not. What was moved there
        since then stays."""
        is_older = self.said_at is None or session.told_at <= self.said_at
        return session.starts_at >= self.from_at and is_older


def takes_place(session: Known, stop: Stop | None) -> bool:
    """Whether it keeps its time, past ones included, and missed ones too."""
    if session.is_given_up:
        return False
    is_marked = session.attendance is not Attendance.UNMARKED
    return is_marked or stop is None or not stop.ends(session)


def counts(session: Known, stop: Stop | None) -> bool:
    """Whether it is one of the plan's sessions."""
    return session.is_late or (takes_place(session, stop) and not session.is_forgiven)


def is_told(session: Known, stop: Stop | None) -> bool:
    """Whether it is told beside the plan's sessions: one that was given back alone is, those that
    were given back with the rest of a course are not."""
    return counts(session, stop) or stop is None or session.starts_at < stop.from_at
