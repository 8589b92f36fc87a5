"""Samples of what booking offers."""

from typing import Any

from pydantic import BaseModel

from services.contracts.base import Format, PartOfDay
from services.contracts.booking import (
    BookingCancelled,
    BookingConfirmed,
    BookingExpired,
    BookingHeld,
    BookingRefused,
    BookingRescheduled,
    BookingsPage,
    BookingState,
    BookingView,
    BookSession,
    CancelBooking,
    CancellationPreview,
    DoorView,
    ExtendHold,
    GetBooking,
    HoldsView,
    ListBookings,
    ListHolds,
    ListNextSlots,
    ListOfferings,
    ListSessions,
    ListSlots,
    NextSlots,
    NextSlotsView,
    OfferingsView,
    OfferingView,
    OpenDoor,
    Opening,
    OpeningsChanged,
    PolicyTier,
    PolicyView,
    PreviewCancellation,
    RescheduleBooking,
    SessionsView,
    SlotsView,
)
from tests.contracts.samples.values import (
    ACT,
    ANOTHER_BOOKING,
    BOOKING,
    CLIENT,
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
)
NEXT_SLOTS = NextSlots(practitioner_id=PRACTITIONER, offering_id=OFFERING, starts=[STARTS])
OPENING = Opening(part_of_day=PartOfDay.AFTERNOON, next_free_at=STARTS, formats=[Format.ONLINE])

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
    ListSessions(practitioner_id=PRACTITIONER, from_at=STARTS, until_at=LATER),
    ExtendHold(booking_id=BOOKING),
    CancelBooking(id=ACT, booking_id=BOOKING, expected_refund_percent=50),
    PreviewCancellation(booking_id=BOOKING),
    RescheduleBooking(id=ACT, booking_id=BOOKING, starts_at=LATER),
    OpenDoor(booking_id=BOOKING, code="b2"),
]

VIEWS: list[BaseModel] = [
    TIER,
    POLICY,
    OFFERING_VIEW,
    OfferingsView(offerings=[OFFERING_VIEW]),
    HoldsView(booking_ids=[BOOKING]),
    SlotsView(offering=OFFERING_VIEW, starts=[STARTS], next_free_at=LATER, last_bookable_on=SUNDAY),
    NEXT_SLOTS,
    NextSlotsView(practitioners=[NEXT_SLOTS]),
    BOOKING_VIEW,
    BookingsPage(next_cursor="abc", bookings=[BOOKING_VIEW]),
    SessionsView(bookings=[BOOKING_VIEW]),
    CancellationPreview(booking=BOOKING_VIEW, refund_percent=50, holds_until=LATER),
    DoorView(
        room_url="https://video.example/r/1",
        opens_at=OCCURRED,
        starts_at=STARTS,
        ends_at=ENDS,
        time_zone="Europe/Berlin",
    ),
    OPENING,
]

_ABOUT: dict[str, Any] = {
    "occurred_at": OCCURRED,
    "practice_id": PRACTICE,
    "booking_id": BOOKING,
    "practitioner_id": PRACTITIONER,
    "client_id": CLIENT,
    "starts_at": STARTS,
}

EVENTS: list[BaseModel] = [
    BookingHeld(**_ABOUT, price_id=PRICE, deadline_at=DEADLINE),
    BookingConfirmed(**_ABOUT),
    BookingExpired(**_ABOUT),
    BookingRefused(**_ABOUT),
    BookingCancelled(**_ABOUT, refund_percent=50, is_late=False),
    BookingRescheduled(**_ABOUT, previous_starts_at=LATER),
    OpeningsChanged(
        occurred_at=OCCURRED,
        practice_id=PRACTICE,
        practitioner_id=PRACTITIONER,
        computed_at=OCCURRED,
        openings=[OPENING],
    ),
]
