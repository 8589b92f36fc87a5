"""How a course should lie, and the dates that were agreed on."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import UUID7, BeforeValidator, Field

from services.common.messages import Instant
from services.contracts.base import Day
from services.contracts.booking.bookings import BookingView
from services.contracts.booking.courses import MOST_SESSIONS, CoursePhase, PreviewCourse
from services.gateway.forms.reading import Form

LEAST_DAYS = 4
WEEK = 7
USUAL_COUNT = 12


def plain_time(text: Any) -> Any:
    """Browsers send "09:30"; what else a time may be written as is none of a clock on the wall."""
    if not isinstance(text, str) or len(text) != len("09:30"):
        raise ValueError("must be hours and minutes")
    return text


def _listed(text: Any) -> Any:
    return text.split(",") if isinstance(text, str) else text


class CourseForm(Form):
    """The pattern of a course; the fields of a second rhythm may be left at nothing."""

    words: ClassVar[Mapping[str, str]] = {
        "count": f"Enter a number from 1 to {MOST_SESSIONS}.",
        "every": "Choose how often.",
        "then": f"Enter a number from 0 to {MOST_SESSIONS}, or leave it empty.",
        "then_every": "Choose how often.",
        "first": "Enter a date such as 2026-11-30.",
        "at": "Enter a time in steps of five minutes, such as 14:00.",
        "days": "Choose how many days a session may move.",
        "hours": "Choose how many hours a session may move.",
        "skip": "Choose how many weeks may be left out.",
    }

    count: Annotated[int, Field(ge=1, le=MOST_SESSIONS)]
    every: Annotated[int, Field(ge=1, le=4)]
    then: Annotated[int, Field(ge=0, le=MOST_SESSIONS)] = 0
    then_every: Annotated[int, Field(ge=1, le=4)] = 2
    first: Day
    at: Annotated[time, BeforeValidator(plain_time)]
    days: Annotated[int, Field(ge=0, le=3)] = 0
    hours: Annotated[int, Field(ge=0, le=12)] = 0
    skip: Annotated[int, Field(ge=0, le=8)] = 0

    def asked(self, booking_id: UUID) -> PreviewCourse:
        """The question to booking."""
        phases = [self._phase(self.count, self.every)]
        if self.then:
            phases.append(self._phase(self.then, self.then_every))
        return PreviewCourse(
            follows_booking_id=booking_id,
            first_on=self.first,
            starts_at=self.at,
            phases=phases,
            tolerance_days=self.days,
            tolerance_minutes=60 * self.hours,
        )

    def _phase(self, sessions: int, every: int) -> CoursePhase:
        """Neighbours may come nearer or go further by what one of them may move."""
        days = every * WEEK
        return CoursePhase(
            sessions=sessions,
            every_weeks=every,
            least_days=max(LEAST_DAYS, days - self.days),
            most_days=days + self.skip * WEEK + self.days,
        )

    @property
    def sent(self) -> dict[str, str]:
        """The fields as a form sends them."""
        values = self.model_dump() | {"at": f"{self.at:%H:%M}"}
        return {name: str(value) for name, value in values.items()}


class AgreedForm(CourseForm):
    """The dates that were shown, to be booked; `form_id` was minted by the page."""

    form_id: UUID7
    price_id: UUID
    starts: Annotated[
        list[Instant],
        Field(min_length=1, max_length=MOST_SESSIONS),
        BeforeValidator(_listed),
    ]


#: Names in a web address that belong to the pattern.
NAMES = frozenset(CourseForm.model_fields)


def usual(booking: BookingView, now: datetime) -> CourseForm:
    """Twelve weeks at the hour of a session, from the first such day on that is still to come."""
    local = booking.starts_at.astimezone(ZoneInfo(booking.time_zone))
    first: date = local.date() + timedelta(days=WEEK)
    while first <= now.astimezone(ZoneInfo(booking.time_zone)).date():
        first += timedelta(days=WEEK)
    return CourseForm(
        count=USUAL_COUNT,
        every=1,
        first=first,
        at=f"{local:%H:%M}",
        days=2,
        hours=2,
        skip=2,
    )
