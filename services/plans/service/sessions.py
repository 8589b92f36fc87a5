"""What others tell: booking of sessions, which plans, measures and reviews go by."""

from sqlalchemy.orm import Session

from services.common.events import handles
from services.contracts.booking.events import (
    AttendanceRecorded,
    BookingCancelled,
    BookingConfirmed,
    BookingRescheduled,
)
from services.contracts.profiles.registering import GuestJoined
from services.plans.operations import joining, sessions
from services.plans.service.desk import Desk


class SessionCalls(Desk):
    """What booking tells of sessions, and profiles of guests."""

    @handles(GuestJoined)
    def on_guest_joined(self, tx: Session, event: GuestJoined) -> None:
        """A guest has an account: what their chart holds is theirs to read and sign."""
        joining.join_account(tx, event)

    @handles(BookingConfirmed)
    def on_booking_confirmed(self, tx: Session, event: BookingConfirmed) -> None:
        """A session takes place."""
        sessions.hear(tx, event)

    @handles(BookingRescheduled)
    def on_booking_rescheduled(self, tx: Session, event: BookingRescheduled) -> None:
        """It does so at another time."""
        sessions.hear(tx, event)

    @handles(BookingCancelled)
    def on_booking_cancelled(self, tx: Session, event: BookingCancelled) -> None:
        """It was given back."""
        sessions.hear(tx, event)

    @handles(AttendanceRecorded)
    def on_attendance_recorded(self, tx: Session, event: AttendanceRecorded) -> None:
        """Somebody came to it or did not."""
        sessions.hear_who_came(tx, event)
