"""What booking tells of: bookings and openings."""

from datetime import timedelta
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from services.common.messages import Event, Instant, View
from services.contracts.base import Format, PartOfDay, Percent
from services.contracts.booking.bookings import Attendance


class BookingEvent(Event):
    """What every event of a booking tells.

    `sequence` counts how often its session was moved or given back: where it is, and whether it
    takes place, is as the event with the highest one says, whatever comes when. With a `course_id`
    it is one of that course's sessions.
    """

    publisher: ClassVar[str] = "booking"
    type: ClassVar[str] = ""

    booking_id: UUID
    practitioner_id: UUID
    client_id: UUID
    starts_at: Instant
    course_id: UUID | None = None
    sequence: Annotated[int, Field(ge=0)] = 0


class BookingHeld(BookingEvent):
    """A seat is held until `deadline_at`; billing prepares its payment.

    Who holds a seat mostly asks for the payment page in the next moment, and billing would prepare
    the same payment twice at once: the event comes when that is over (docs/adr/0029).
    """

    type: ClassVar[str] = "booking_held"
    leaves_after: ClassVar[timedelta] = timedelta(milliseconds=150)

    price_id: UUID
    deadline_at: Instant


class BookingConfirmed(BookingEvent):
    """The seat is the client's; notify writes mail and reminders.

    The sessions of a course are confirmed at once: one mail tells of them all, that of the first.
    What is `is_on_account` is not paid for here: the practice asks `price_id` by itself. Who treats
    hears of it, unless it is `is_by_practitioner`: their own act.
    """

    type: ClassVar[str] = "booking_confirmed"

    is_first: bool = True
    is_by_practitioner: bool = False
    is_on_account: bool = False
    price_id: UUID | None = None


class PaymentAsked(BookingEvent):
    """The practice booked for a client who pays by the link in a mail; notify writes it."""

    type: ClassVar[str] = "payment_asked"

    deadline_at: Instant


class BookingExpired(BookingEvent):
    """The deadline passed unpaid; billing ends the payment page."""

    type: ClassVar[str] = "booking_expired"


class BookingRefused(BookingEvent):
    """A payment came for a seat that is gone; billing gives all of it back."""

    type: ClassVar[str] = "booking_refused"


class BookingCancelled(BookingEvent):
    """The seat was given back; `refund_percent` of what was captured is due.

    `was_confirmed` is false for a hold that was let go: there was no appointment to speak of.
    What one act gives back, of however many courses, one mail tells of: that of the first, which
    names the bookings that it tells of `also`; none tells who treats of what they did themselves.
    """

    type: ClassVar[str] = "booking_cancelled"

    refund_percent: Percent
    is_late: bool
    was_confirmed: bool = True
    is_first: bool = True
    also: list[UUID] = Field(default_factory=list)
    is_by_practitioner: bool = False
    is_on_account: bool = False
    price_id: UUID | None = None


class AttendanceRecorded(BookingEvent):
    """Who came was said, or what was said is withdrawn; billing keeps, owes or gives back.

    `number` counts what was said of this booking: the highest stands, whatever comes when.
    `refund_percent` is what the booking's policy gives back to who paid: nothing of an attended
    session, the rule for who does not come of a missed one.
    """

    type: ClassVar[str] = "attendance_recorded"

    attendance: Attendance
    number: Annotated[int, Field(ge=1)]
    refund_percent: Percent
    is_on_account: bool
    price_id: UUID


class BookingRescheduled(BookingEvent):
    """The booking moved from `previous_starts_at`; reminders move with it.

    The client gets no mail of it where the practice will tell them itself. What one act moves one
    mail tells of: that of the first, which names the bookings that it tells of `also`; none tells
    who treats of what they did themselves.
    """

    type: ClassVar[str] = "booking_rescheduled"

    previous_starts_at: Instant
    is_first: bool = True
    also: list[UUID] = Field(default_factory=list)
    is_client_told: bool = True
    is_by_practitioner: bool = False


class CalendarChanged(Event):
    """Something shows otherwise in a practitioner's calendar that no event of a booking tells.

    For pages that are open; nobody else acts on it, so it may go unheard.
    """

    publisher: ClassVar[str] = "booking"
    type: ClassVar[str] = "calendar_changed"
    may_go_unheard: ClassVar[bool] = True

    practitioner_id: UUID


class Opening(View):
    """The soonest free start of a practitioner in one part of day, and in which formats."""

    part_of_day: PartOfDay
    next_free_at: Instant
    formats: list[Format]


class OpeningsChanged(Event):
    """A practitioner's soonest free times changed; an empty list takes them off the directory."""

    publisher: ClassVar[str] = "booking"
    type: ClassVar[str] = "openings_changed"

    practitioner_id: UUID
    computed_at: Instant
    openings: list[Opening]
