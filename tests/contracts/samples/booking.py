"""Samples of what booking offers."""

from datetime import time
from typing import Any

from pydantic import BaseModel

from services.contracts.base import Format, PartOfDay
from services.contracts.booking.bookings import (
    Attendance,
    BookingsPage,
    BookingState,
    BookingView,
    BookSession,
    CancelBooking,
    CancellationPreview,
    DoorView,
    ExtendHold,
    GetBooking,
    HeldView,
    HoldsView,
    ListBookings,
    ListHolds,
    ListSessions,
    ListTreated,
    OpenDoor,
    Payable,
    PreviewCancellation,
    RescheduleBooking,
    SessionsView,
    TreatedView,
)
from services.contracts.booking.courses import (
    BookCourse,
    CancelCourse,
    CourseDate,
    CoursePhase,
    CoursePreview,
    CourseReason,
    CourseView,
    GetCourse,
    PreviewCourse,
)
from services.contracts.booking.events import (
    AttendanceRecorded,
    BookingCancelled,
    BookingConfirmed,
    BookingExpired,
    BookingHeld,
    BookingRefused,
    BookingRescheduled,
    CalendarChanged,
    Opening,
    OpeningsChanged,
    PaymentAsked,
)
from services.contracts.booking.home import ClientHomeView, GetClientHome
from services.contracts.booking.offerings import (
    ListNextSlots,
    ListOfferings,
    ListSlots,
    NextSlots,
    NextSlotsView,
    OfferingsView,
    OfferingView,
    PolicyTier,
    PolicyView,
    SlotsView,
)
from services.contracts.booking.staff import GetStaffBooking, StaffBookingView
from tests.contracts.samples.values import (
    ACT,
    ANOTHER_BOOKING,
    BOOKING,
    CLIENT,
    COURSE,
    DEADLINE,
    ENDS,
    LATER,
    MONDAY,
    OCCURRED,
    OFFERING,
    PRACTICE,
    PRACTITIONER,
    PRICE,
    STARTS,
    SUNDAY,
)

TIER = PolicyTier(hours_before=48, refund_percent=100)
POLICY = PolicyView(version=2, tiers=[TIER], reschedule_until_hours=24)
OFFERING_VIEW = OfferingView(
    id=OFFERING,
    practice_id=PRACTICE,
    practitioner_id=PRACTITIONER,
    name="Individual session",
    minutes=50,
    formats=[Format.ONLINE, Format.IN_PERSON],
    price_id=PRICE,
    time_zone="Europe/Berlin",
    policy=POLICY,
)
BOOKING_VIEW = BookingView(
    id=BOOKING,
    practice_id=PRACTICE,
    practitioner_id=PRACTITIONER,
    offering_id=OFFERING,
    offering_name="Individual session",
    client_id=CLIENT,
    state=BookingState.HELD,
    starts_at=STARTS,
    ends_at=ENDS,
    format=Format.ONLINE,
    time_zone="Europe/Berlin",
    client_time_zone="Europe/Vienna",
    price_id=PRICE,
    deadline_at=DEADLINE,
    is_hold_extended=False,
    policy=POLICY,
    free_until=OCCURRED,
    can_cancel=True,
    can_reschedule=True,
    join_path="/join/a1/b2",
    sequence=0,
    course_id=COURSE,
    is_on_account=True,
)
NEXT_SLOTS = NextSlots(practitioner_id=PRACTITIONER, offering_id=OFFERING, starts=[STARTS])
OPENING = Opening(part_of_day=PartOfDay.AFTERNOON, next_free_at=STARTS, formats=[Format.ONLINE])
PHASE = CoursePhase(sessions=12, every_weeks=1, least_days=5, most_days=23)
COURSE_DATE = CourseDate(
    wanted_at=STARTS, starts_at=LATER, reason=CourseReason.TIME_OFF, nearest_at=LATER
)

COMMANDS: list[BaseModel] = [
    ListOfferings(practitioner_id=PRACTITIONER),
    ListSlots(
        offering_id=OFFERING,
        from_on=MONDAY,
        until_on=SUNDAY,
        time_zone="America/New_York",
        moving_booking_id=ANOTHER_BOOKING,
    ),
    ListNextSlots(
        practitioner_ids=[PRACTITIONER],
        offering_ids=[OFFERING],
        is_spread=True,
        format=Format.ONLINE,
        part_of_day=PartOfDay.EVENING,
        before=LATER,
        count=5,
    ),
    BookSession(
        id=BOOKING,
        offering_id=OFFERING,
        starts_at=STARTS,
        format=Format.ONLINE,
        price_id=PRICE,
        client_id=CLIENT,
        client_time_zone="Europe/Vienna",
    ),
    ListHolds(booking_ids=[BOOKING, ANOTHER_BOOKING]),
    GetBooking(booking_id=BOOKING),
    ListBookings(is_past=True, cursor="abc", limit=10),
    GetStaffBooking(booking_id=BOOKING),
    GetClientHome(limit=5),
    ListSessions(practitioner_id=PRACTITIONER, from_at=STARTS, until_at=LATER),
    ListTreated(client_id=CLIENT),
    ExtendHold(booking_id=BOOKING),
    CancelBooking(id=ACT, booking_id=BOOKING, expected_refund_percent=50),
    PreviewCancellation(booking_id=BOOKING),
    RescheduleBooking(id=ACT, booking_id=BOOKING, starts_at=LATER, is_client_told=False),
    OpenDoor(booking_id=BOOKING, code="b2"),
    PreviewCourse(
        follows_booking_id=BOOKING,
        first_on=MONDAY,
        starts_at=time(14, 0),
        phases=[PHASE],
        tolerance_days=2,
        tolerance_minutes=120,
    ),
    BookCourse(id=COURSE, follows_booking_id=BOOKING, price_id=PRICE, starts=[STARTS]),
    GetCourse(course_id=COURSE),
    CancelCourse(course_id=COURSE),
]

VIEWS: list[BaseModel] = [
    TIER,
    POLICY,
    OFFERING_VIEW,
    OfferingsView(offerings=[OFFERING_VIEW]),
    HoldsView(booking_ids=[BOOKING]),
    SlotsView(
        offering=OFFERING_VIEW,
        starts=[STARTS],
        next_free_at=LATER,
        last_bookable_on=SUNDAY,
        may_book=False,
    ),
    NEXT_SLOTS,
    NextSlotsView(practitioners=[NEXT_SLOTS]),
    BOOKING_VIEW,
    HeldView(**dict(BOOKING_VIEW), pay_until=LATER, voucher="head.fact.signature"),
    Payable(
        id=BOOKING,
        practice_id=PRACTICE,
        client_id=CLIENT,
        price_id=PRICE,
        state=BookingState.HELD,
        deadline_at=DEADLINE,
    ),
    BookingsPage(next_cursor="abc", bookings=[BOOKING_VIEW]),
    SessionsView(bookings=[BOOKING_VIEW], in_time_off=[BOOKING]),
    StaffBookingView(**dict(BOOKING_VIEW), is_in_time_off=True),
    ClientHomeView(upcoming=[BOOKING_VIEW], last=[BOOKING_VIEW], next_times=[NEXT_SLOTS]),
    TreatedView(practitioner_id=PRACTITIONER, client_ids=[CLIENT]),
    CancellationPreview(booking=BOOKING_VIEW, refund_percent=50, holds_until=LATER),
    DoorView(
        room_url="https://video.example/r/1",
        opens_at=OCCURRED,
        starts_at=STARTS,
        ends_at=ENDS,
        time_zone="Europe/Berlin",
    ),
    OPENING,
    PHASE,
    COURSE_DATE,
    CoursePreview(follows=BOOKING_VIEW, offering=OFFERING_VIEW, dates=[COURSE_DATE]),
    CourseView(
        id=COURSE,
        practice_id=PRACTICE,
        practitioner_id=PRACTITIONER,
        client_id=CLIENT,
        follows_booking_id=ANOTHER_BOOKING,
        bookings=[BOOKING_VIEW],
    ),
]

_ABOUT: dict[str, Any] = {
    "occurred_at": OCCURRED,
    "practice_id": PRACTICE,
    "booking_id": BOOKING,
    "practitioner_id": PRACTITIONER,
    "client_id": CLIENT,
    "starts_at": STARTS,
    "course_id": COURSE,
    "sequence": 3,
}

EVENTS: list[BaseModel] = [
    BookingHeld(**_ABOUT, price_id=PRICE, deadline_at=DEADLINE),
    BookingConfirmed(**_ABOUT, is_first=False, is_on_account=True, price_id=PRICE),
    PaymentAsked(**_ABOUT, deadline_at=DEADLINE),
    BookingExpired(**_ABOUT),
    BookingRefused(**_ABOUT),
    BookingCancelled(
        **_ABOUT,
        refund_percent=50,
        is_late=False,
        is_first=False,
        is_on_account=True,
        price_id=PRICE,
    ),
    BookingRescheduled(
        **_ABOUT, previous_starts_at=LATER, is_client_told=False, also=[ANOTHER_BOOKING]
    ),
    AttendanceRecorded(
        **_ABOUT,
        attendance=Attendance.NO_SHOW,
        number=2,
        refund_percent=50,
        is_on_account=True,
        price_id=PRICE,
    ),
    CalendarChanged(occurred_at=OCCURRED, practice_id=PRACTICE, practitioner_id=PRACTITIONER),
    OpeningsChanged(
        occurred_at=OCCURRED,
        practice_id=PRACTICE,
        practitioner_id=PRACTITIONER,
        computed_at=OCCURRED,
        openings=[OPENING],
    ),
]
