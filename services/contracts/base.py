"""Types that several contracts share."""

from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, StringConstraints

from services.common.errors import InvalidInput
from services.common.messages import FIRST_YEAR, LAST_YEAR, View

NO_PLACES = frozenset({"localtime", "posixrules", "Factory"})
"""Files beside the zones that mean this machine's own zone, or none."""


@cache
def known_zones() -> frozenset[str]:
    """Every IANA name, read once: it walks a folder for milliseconds, which no call should pay."""
    return frozenset(available_timezones() - NO_PLACES)


def _known_zone(name: str) -> str:
    if name not in known_zones():
        raise ValueError("unknown time zone")
    return name


Zone = Annotated[str, AfterValidator(_known_zone)]
"""An IANA time zone name."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Key = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""The SHA-256 of a secret token, hex; the token itself never travels."""

Line = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$"
    ),
]
"""One line of text without control characters."""


def _near(day: date) -> date:
    if not FIRST_YEAR <= day.year < LAST_YEAR:
        raise ValueError(f"must be between the years {FIRST_YEAR} and {LAST_YEAR}")
    return day


Day = Annotated[date, AfterValidator(_near)]
"""A date of the years 2000 to 2199, so that arithmetic stays within the calendar."""

Percent = Annotated[int, Field(ge=0, le=100)]
Minutes = Annotated[int, Field(ge=5, le=24 * 60, multiple_of=5)]


class Format(StrEnum):
    """How a session takes place."""

    ONLINE = "online"
    IN_PERSON = "in_person"


class PartOfDay(StrEnum):
    """When a session starts on the schedule's local clock: before 12, before 17, later."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Page(View):
    """A part of a listing; `next_cursor` is opaque and absent on the last part."""

    next_cursor: str | None = None


class BadCursor(InvalidInput):
    """The cursor was not made by this listing."""


Ids = Annotated[list[UUID], Field(max_length=100)]
