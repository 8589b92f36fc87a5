"""The appointment as a calendar file to take along (RFC 5545), neutral in its title.

UID and SEQUENCE are those of the invitation in the mail, so that a calendar keeps one entry
through all moves. It names no people, and no METHOD: nobody is invited by a download.
"""

from datetime import UTC, datetime

from icalendar import Calendar, Event

from services.contracts.booking.bookings import BookingState, BookingView

PRODUCT = "-//Attune//Appointments//EN"
TITLE = "Appointment"
OVER = frozenset(
    {
        BookingState.CANCELLED,
        BookingState.LATE_CANCELLED,
        BookingState.EXPIRED,
        BookingState.DECLINED,
    }
)


def appointment(booking: BookingView, *, url: str, place: str, now: datetime) -> bytes:
    """The file; `url` is the session's door and `place` a street or "", as in the mail's file."""
    event = Event()
    event.add("uid", f"{booking.id}@attune")
    event.add("sequence", booking.sequence)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", booking.starts_at.astimezone(UTC))
    event.add("dtend", booking.ends_at.astimezone(UTC))
    event.add("summary", TITLE)
    event.add("class", "PRIVATE")
    event.add("status", _status(booking.state))
    event.add("url", url)
    event.add("description", f"Join or see your appointment: {url}")
    if place:
        event.add("location", place)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add_component(event)
    raw: bytes = calendar.to_ical()
    return raw


def _status(state: BookingState) -> str:
    if state in OVER:
        return "CANCELLED"
    is_firm = state in (BookingState.CONFIRMED, BookingState.ATTENDED, BookingState.NO_SHOW)
    return "CONFIRMED" if is_firm else "TENTATIVE"
