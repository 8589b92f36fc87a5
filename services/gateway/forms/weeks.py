"""Which week of whose calendar is asked for, and where a session of it shall go."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from zoneinfo import ZoneInfo

from pydantic import UUID7, AfterValidator, BeforeValidator

from services.common.messages import FIRST_YEAR, LAST_YEAR, Instant
from services.contracts.base import Day
from services.contracts.booking.series import MoveScope
from services.gateway.forms.accounts import OwnPath
from services.gateway.forms.courses import plain_time
from services.gateway.forms.reading import Flawed, Form

SKIPPED = "The clocks skip this time on that day. Choose another."


def _monday_of(text: Any) -> Any:
    """The Monday of "2026-W48"; ValueError for what is no ISO week of the years that we know."""
    if not isinstance(text, str):
        return text
    year, is_week, number = text.partition("-W")
    if not (is_week and len(year) == 4 and len(number) == 2 and (year + number).isdecimal()):
        raise ValueError("must be a week such as 2026-W48")
    return date.fromisocalendar(int(year), int(number), 1)


def _with_a_week_around(day: date) -> date:
    if not FIRST_YEAR < day.year < LAST_YEAR - 1:
        raise ValueError("is too far away")
    return day


AskedWeek = Annotated[date, BeforeValidator(_monday_of), AfterValidator(_with_a_week_around)]
AskedDay = Annotated[date, AfterValidator(_with_a_week_around)]
WallTime = Annotated[time, BeforeValidator(plain_time)]


class Telling(StrEnum):
    """Whether the client gets a mail of the new time."""

    YES = "yes"
    NO = "no"


class MoveToForm(Form):
    """Where a session shall go: a date and a time of its calendar, or, to go back, an instant.

    `accept` is a yes to what it breaks of its course at `seen`, for which that was shown.
    """

    words: ClassVar[Mapping[str, str]] = {
        "day": "Enter a date such as 2026-11-30.",
        "at": "Enter a time in steps of five minutes, such as 14:00.",
        "tell": "Choose whether the client gets a mail.",
        "scope": "Choose which sessions move.",
    }

    form_id: UUID7
    day: Day | None = None
    at: WallTime | None = None
    start: Instant | None = None
    tell: Telling
    back: OwnPath = ""
    scope: MoveScope = MoveScope.ONE
    accept: str = ""
    seen: Instant | None = None

    def accepts_breaks(self, start: datetime) -> bool:
        """Whether what it breaks there was shown, and is meant."""
        return self.accept == "yes" and self.seen == start

    def starts_at(self, zone: ZoneInfo) -> datetime:
        """The new start; raises Flawed where there is none, or the clocks skip it."""
        if self.start is not None:
            return self.start
        missing = {name: self.words[name] for name in ("day", "at") if getattr(self, name) is None}
        if self.day is None or self.at is None:
            raise Flawed(missing)
        start = instant_of(self.day, self.at, zone)
        if start is None:
            raise Flawed({"at": SKIPPED})
        return start


def instant_of(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """When a clock of the zone shows that: the first time of two, None where it never does."""
    local = datetime.combine(day, at, zone)
    shown = local.astimezone(UTC).astimezone(zone)
    return local if shown.replace(tzinfo=None) == local.replace(tzinfo=None) else None
