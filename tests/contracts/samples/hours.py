"""Samples of what booking offers to the staff of a practice."""

from pydantic import BaseModel

from services.contracts.booking.bookings import Attendance, BookingState, RecordAttendance
from services.contracts.booking.hours import (
    AddTimeOff,
    AvailabilityView,
    CalendarsView,
    DateHours,
    GetAvailability,
    Hours,
    ListCalendars,
    PreviewSlots,
    PreviewTimeOff,
    RemoveTimeOff,
    ScheduleChangeView,
    ScheduleSubject,
    SetDateHours,
    SetWeeklyHours,
    SlotPreview,
    TimeOffPreview,
    TimeOffView,
    TouchedSession,
    UndoScheduleChange,
    WeekdayHours,
)
from tests.contracts.samples.booking import OFFERING_VIEW
from tests.contracts.samples.values import (
    ACT,
    ANOTHER_BOOKING,
    BOOKING,
    CLIENT,
    ENDS,
    KEY,
    MONDAY,
    OCCURRED,
    OFFERING,
    PRACTICE,
    PRACTITIONER,
    STARTS,
    SUNDAY,
)

HOURS = Hours(opens="09:00", closes="24:00")
TUESDAY = WeekdayHours(weekday=2, windows=[HOURS])
DATE = DateHours(on=MONDAY, windows=[HOURS])
OFF = TimeOffView(id=ACT, starts_at=STARTS, ends_at=ENDS, first_on=MONDAY, last_on=SUNDAY)
TOUCHED = TouchedSession(
    booking_id=BOOKING,
    client_id=CLIENT,
    offering_name="Individual session",
    state=BookingState.CONFIRMED,
    starts_at=STARTS,
    ends_at=ENDS,
)
CHANGE = ScheduleChangeView(
    version=4,
    subject=ScheduleSubject.DATE,
    on=MONDAY,
    is_removal=True,
    made_at=OCCURRED,
    touched=[TOUCHED],
    sessions_seen=KEY,
)
OF = {"id": ACT, "practitioner_id": PRACTITIONER, "version": 3}

COMMANDS: list[BaseModel] = [
    ListCalendars(),
    GetAvailability(practitioner_id=PRACTITIONER),
    SetWeeklyHours.model_validate(OF | {"weekly": [TUESDAY]}),
    SetDateHours.model_validate(OF | {"on": MONDAY, "windows": [HOURS], "sessions_seen": KEY}),
    AddTimeOff.model_validate(
        OF
        | {"first_on": MONDAY, "last_on": SUNDAY, "from_time": "12:00", "until_time": "14:00"}
        | {"sessions_seen": KEY}
    ),
    PreviewTimeOff(
        practitioner_id=PRACTITIONER,
        first_on=MONDAY,
        last_on=SUNDAY,
        from_time="12:00",
        until_time="14:00",
    ),
    RemoveTimeOff.model_validate(OF | {"time_off_id": ANOTHER_BOOKING}),
    UndoScheduleChange.model_validate(OF | {"sessions_seen": KEY}),
    RecordAttendance(id=ACT, booking_id=BOOKING, attendance=Attendance.NO_SHOW),
    PreviewSlots(
        practitioner_id=PRACTITIONER,
        offering_id=OFFERING,
        from_on=MONDAY,
        until_on=SUNDAY,
        weekly=[TUESDAY],
    ),
]

VIEWS: list[BaseModel] = [
    HOURS,
    TUESDAY,
    DATE,
    OFF,
    CHANGE,
    CalendarsView(practitioner_ids=[PRACTITIONER]),
    AvailabilityView(
        practice_id=PRACTICE,
        practitioner_id=PRACTITIONER,
        time_zone="Europe/Berlin",
        version=4,
        weekly=[TUESDAY],
        dates=[DATE],
        time_off=[OFF],
        last_change=CHANGE,
        in_time_off=[TOUCHED],
    ),
    TOUCHED,
    TimeOffPreview(sessions=[TOUCHED], sessions_seen=KEY),
    SlotPreview(offering=OFFERING_VIEW, starts=[STARTS]),
]
