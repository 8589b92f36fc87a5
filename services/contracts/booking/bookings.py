"""Bookings: held, looked at, moved, given back, attended."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.common.messages import Command, Instant, View
from services.contracts.base import Format, Ids, Page, Percent, Zone
from services.contracts.booking.offerings import PolicyView


class BookingState(StrEnum):
    """The life of a client's claim on a seat."""

    HELD = "held"
    AWAITING_PAYMENT = "awaiting_payment"
    AWAITING_APPROVAL = "awaiting_approval"
    CONFIRMED = "confirmed"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    LATE_CANCELLED = "late_cancelled"
    EXPIRED = "expired"
    DECLINED = "declined"


UNPAID = frozenset({BookingState.HELD, BookingState.AWAITING_PAYMENT})
"""A seat is held, and the money for it has not come."""


class BookSession(Command):
    """Hold a seat for 10 minutes. `id` is minted by the caller and names the booking.

    `price_id` is the price that was shown. `client_id` is the client in the practice; the booking
    of a repeated call keeps that of the first one.
    """

    id: UUID
    offering_id: UUID
    starts_at: Instant
    format: Format
    price_id: UUID
    client_id: UUID
    client_time_zone: Zone


class BookingView(View):
    """A booking; instants in UTC.

    `deadline_at` while it is held or awaits payment; `join_path` is the stable path of the
    door to the session; `refund_percent` is what a firm booking gave back when it was cancelled;
    `can_record_attendance`: its practice may say whether the client came.
    With a `course_id` it is one of a course's sessions. `is_on_account`: it is not paid for here,
    the practice sends its invoice; so it is for all sessions of courses.
    """

    id: UUID
    practice_id: UUID
    practitioner_id: UUID
    offering_id: UUID
    offering_name: str
    client_id: UUID
    state: BookingState
    starts_at: Instant
    ends_at: Instant
    format: Format
    time_zone: str
    client_time_zone: str
    price_id: UUID
    deadline_at: Instant | None
    is_hold_extended: bool
    policy: PolicyView
    free_until: Instant | None
    can_cancel: bool
    can_reschedule: bool
    join_path: str
    sequence: int
    refund_percent: Percent | None = None
    can_record_attendance: bool = False
    course_id: UUID | None = None
    is_on_account: bool = False


class ListHolds(Command):
    """Which of these bookings hold a seat still, unpaid; ids only, for limits on holding."""

    booking_ids: Ids


class HoldsView(View):
    """Bookings whose seat is held and not paid for."""

    booking_ids: list[UUID]


class HeldView(BookingView):
    """A booking as `book_session` answers, with what leads its client on to pay.

    `pay_until` is its deadline once the payment page is open, the same however often it is
    asked; null where there is nothing to wait for. `voucher` is a `Payable` that booking has
    signed for billing: whoever holds it brings it there with `start_payment`.
    """

    pay_until: Instant | None = None
    voucher: str | None = None


class Payable(View):
    """What billing must know of a booking to open its payment page; ids and times only."""

    id: UUID
    practice_id: UUID
    client_id: UUID
    account_id: UUID | None = None
    price_id: UUID
    state: BookingState
    deadline_at: Instant | None


class GetBooking(Command):
    """One booking that the actor may see."""

    booking_id: UUID


class ListBookings(Command):
    """The actor's bookings over all practices; upcoming soonest first, past latest first."""

    is_past: bool = False
    cursor: Annotated[str, StringConstraints(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class BookingsPage(Page):
    """A page of bookings."""

    bookings: list[BookingView]


class ListSessions(Command):
    """Sessions of a practitioner of the actor's practice that start in [from_at, until_at)."""

    practitioner_id: UUID
    from_at: Instant
    until_at: Instant


class ListTreated(Command):
    """Clients whom the actor treats in the practice: all of them, or the one that is asked for.

    `is_by_choice`: without those whom the practice alone put into the actor's calendar (a session
    on account that has not been attended yet) while they come or came to others of the practice.
    """

    client_id: UUID | None = None
    is_by_choice: bool = False


class TreatedView(View):
    """The actor's calendar, and who had or has a session there; latest first, 200 at most."""

    practitioner_id: UUID
    client_ids: list[UUID]


class SessionsView(View):
    """Bookings of a practitioner's day or week, by start.

    `in_time_off`: those of them, still to come, that lie within the practitioner's time off.
    """

    bookings: list[BookingView]
    in_time_off: list[UUID] = Field(default_factory=list)


class ExtendHold(Command):
    """Give a held booking 10 more minutes, once (WCAG 2.2.1)."""

    booking_id: UUID


class CancelBooking(Command):
    """Give the seat back. `id` names this act, minted by the caller.

    `expected_refund_percent` is what was shown; another one by now is refused as
    `TermsChanged`, so that nobody loses money unawares.
    """

    id: UUID
    booking_id: UUID
    expected_refund_percent: Percent


class PreviewCancellation(Command):
    """What cancelling now would give back."""

    booking_id: UUID


class CancellationPreview(View):
    """The share that comes back when cancelled now, and until when it stays so (UTC)."""

    booking: BookingView
    refund_percent: Percent
    holds_until: Instant | None


class RescheduleBooking(Command):
    """Move a booking to another start of the same offering. `id` names this act.

    The offering's notice and window bind clients alone; and only the practice's staff may have
    the client not told by mail. `accepts_breaks`: what it breaks of the course was shown.
    """

    id: UUID
    booking_id: UUID
    starts_at: Instant
    is_client_told: bool = True
    accepts_breaks: bool = False


class Attendance(StrEnum):
    """Whether a client came; `unmarked` withdraws what was said."""

    ATTENDED = "attended"
    NO_SHOW = "no_show"
    UNMARKED = "unmarked"


class RecordAttendance(Command):
    """Say whether the client came, from the session's start on; for the practice's staff.

    `id` names this act. Who said so is kept.
    """

    id: UUID
    booking_id: UUID
    attendance: Attendance


class OpenDoor(Command):
    """Where the session's video room is; `code` is the secret part of the join path."""

    booking_id: UUID
    code: Annotated[str, StringConstraints(max_length=64)]


HOLD_FOR = timedelta(minutes=10)
"""How long a seat is kept for who goes on to pay."""
EXTENSION = timedelta(minutes=10)
"""How much longer, once when the client asks and once for the payment page."""
DOOR_OPENS_BEFORE = timedelta(minutes=15)
"""How long before a session its video room can be entered."""


class DoorView(View):
    """`room_url` only from `opens_at` (DOOR_OPENS_BEFORE the start) until the session's end."""

    room_url: str | None
    opens_at: Instant
    starts_at: Instant
    ends_at: Instant
    time_zone: str
