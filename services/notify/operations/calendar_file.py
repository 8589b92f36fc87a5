"""The appointment as a calendar file: iCalendar (RFC 5545) sent as iTIP (RFC 5546) requests.

The title is neutral: calendars are shared and shown on lock screens. So is the place, an address
without the practice's name, and so is the organizer: whoever sends the mail (RFC 6047), not the
practice, whose address tells what it is.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from icalendar import Calendar, Event, vCalAddress

from services.contracts.booking.bookings import BookingView
from services.contracts.profiles.clients import ContactView
from services.notify.domain.subjects import APPOINTMENT
from services.notify.operations import wording

PRODUCT = "-//Attune//Appointments//EN"


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of an appointment's file: the address that sends it, its SEQUENCE, and when."""

    sender: str
    sequence: int
    now: datetime


def invitation(booking: BookingView, contact: ContactView, issue: Issue, url: str) -> bytes:
    """METHOD:REQUEST: puts the appointment into a calendar, or moves the one with its UID."""
    event = _event(booking, contact, issue)
    event.add("status", "CONFIRMED")
    event.add("url", url)
    event.add("description", f"Join or see your appointment: {url}")
    if place := wording.place(booking, contact):
        event.add("location", place)
    return _calendar("REQUEST", event)


def withdrawal(booking: BookingView, contact: ContactView, issue: Issue) -> bytes:
    """METHOD:CANCEL: takes the appointment out; needs a higher SEQUENCE than was sent before."""
    event = _event(booking, contact, issue)
    event.add("status", "CANCELLED")
    return _calendar("CANCEL", event)


def uid(booking: BookingView) -> str:
    """What stays the same through all moves of a booking."""
    return f"{booking.id}@attune"


def _event(booking: BookingView, contact: ContactView, issue: Issue) -> Any:
    event = Event()
    event.add("uid", uid(booking))
    event.add("sequence", issue.sequence)
    event.add("dtstamp", issue.now.astimezone(UTC))
    event.add("dtstart", booking.starts_at.astimezone(UTC))
    event.add("dtend", booking.ends_at.astimezone(UTC))
    event.add("summary", APPOINTMENT)
    event.add("class", "PRIVATE")
    event.add("organizer", _person(issue.sender, CN="Attune"))
    event.add(
        "attendee",
        _person(contact.email, PARTSTAT="ACCEPTED", ROLE="REQ-PARTICIPANT", RSVP="FALSE"),
    )
    return event


def _person(address: str, **parameters: str) -> Any:
    person = vCalAddress(f"mailto:{address}")
    for name, value in parameters.items():
        person.params[name] = value
    return person


def _calendar(method: str, event: Any) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    raw: bytes = calendar.to_ical()
    return raw
