"""Samples of a practitioner's week."""

from pydantic import BaseModel

from services.contracts.booking.weeks import GetWeek, WeekSpan, WeekView
from tests.contracts.samples.booking import BOOKING_VIEW
from tests.contracts.samples.values import (
    BOOKING,
    ENDS,
    LATER,
    MONDAY,
    PRACTICE,
    PRACTITIONER,
    STARTS,
)

SPAN = WeekSpan(starts_at=STARTS, ends_at=ENDS)

COMMANDS: list[BaseModel] = [GetWeek(practitioner_id=PRACTITIONER, on=MONDAY)]

VIEWS: list[BaseModel] = [
    SPAN,
    WeekView(
        practice_id=PRACTICE,
        practitioner_id=PRACTITIONER,
        time_zone="Europe/Berlin",
        monday=MONDAY,
        bookings=[BOOKING_VIEW],
        in_time_off=[BOOKING],
        hours=[SPAN],
        time_off=[WeekSpan(starts_at=ENDS, ends_at=LATER)],
        busy=[SPAN],
        practitioner_ids=[PRACTITIONER],
    ),
]
