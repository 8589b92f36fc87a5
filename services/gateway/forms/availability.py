"""Hours, other hours of a date and time off, as people type them: "9", "0930", "9.30", "24:00"."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import UUID7, BeforeValidator, Field

from services.contracts.base import Day, Key
from services.contracts.booking.hours import MOST_WINDOWS, Hours, WeekdayHours
from services.gateway.forms.reading import STALE, Form

WRITTEN = re.compile(r"(\d{1,2})(?:[:.h]?(\d{2}))?")
TIME_WORDS = "Enter a time such as 09:00."
DATE_WORDS = "Choose a date."
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DATE_PREFIX = "date"
PARTS = ("opens", "closes")


def wall_time(text: str) -> str:
    """ "HH:MM"; ValueError where the text is no time of a day."""
    found = WRITTEN.fullmatch(text.strip())
    if found is None:
        raise ValueError("is no time")
    hours, minutes = int(found[1]), int(found[2] or 0)
    if minutes > 59 or hours * 60 + minutes > 24 * 60:
        raise ValueError("is no time")
    return f"{hours:02}:{minutes:02}"


def week_prefix(weekday: int) -> str:
    """How the fields of a weekday begin."""
    return f"hours-{weekday}"


class ChangeForm(Form):
    """What every change sends: its id, and the version that its page showed."""

    form_id: UUID7
    version: Annotated[int, Field(ge=1)]


class DateForm(ChangeForm):
    """The date of other hours."""

    words: ClassVar[Mapping[str, str]] = {"on": DATE_WORDS}

    on: Day
    sessions_seen: Key | None = None


class UndoForm(ChangeForm):
    """The last change is to be undone."""

    sessions_seen: Key | None = None


WallTime = Annotated[str, BeforeValidator(wall_time)]


class TimeOffForm(ChangeForm):
    """Time off; without a last day it is one day."""

    words: ClassVar[Mapping[str, str]] = {
        "first_on": DATE_WORDS,
        "last_on": DATE_WORDS,
        "from_time": TIME_WORDS,
        "until_time": TIME_WORDS,
    }

    first_on: Day
    last_on: Day | None = None
    from_time: WallTime | None = None
    until_time: WallTime | None = None
    sessions_seen: Key | None = None

    @property
    def ends_on(self) -> date:
        return self.last_on or self.first_on


class RemovalForm(ChangeForm):
    """Which time off goes."""

    time_off: UUID


@dataclass(frozen=True, slots=True)
class TypedDay:
    """The windows of a day as they were typed; `rows` are their places in the form."""

    prefix: str
    windows: list[Hours] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)

    def field_of(self, place: str) -> str:
        """The form's field for `<index>.opens` or `<index>.closes` of these windows."""
        index, _, part = place.partition(".")
        return f"{self.prefix}-{self.rows[int(index)]}-{part}"


def typed_day(sent: Mapping[str, str], prefix: str) -> TypedDay:
    """The rows that are filled in; half a row is an error of its empty field."""
    day = TypedDay(prefix)
    for row in range(MOST_WINDOWS + 1):
        names = [f"{prefix}-{row}-{part}" for part in PARTS]
        texts = [sent.get(name, "").strip() for name in names]
        if any(texts):
            _read_row(day, row, dict(zip(names, texts, strict=True)))
    if len(day.windows) > MOST_WINDOWS:
        day.errors[f"{prefix}-{MOST_WINDOWS}-opens"] = f"There can be {MOST_WINDOWS} at most."
    return day


def _read_row(day: TypedDay, row: int, texts: Mapping[str, str]) -> None:
    times = []
    for name, text in texts.items():
        try:
            times.append(wall_time(text))
        except ValueError:
            day.errors[name] = TIME_WORDS
    if len(times) == len(PARTS):
        day.windows.append(Hours(opens=times[0], closes=times[1]))
        day.rows.append(row)


@dataclass(frozen=True, slots=True)
class TypedWeek:
    """The seven days as they were typed, Monday first."""

    days: list[TypedDay]

    @property
    def errors(self) -> dict[str, str]:
        return _named(
            (name, weekday, message)
            for weekday, day in enumerate(self.days)
            for name, message in day.errors.items()
        )

    @property
    def weekly(self) -> list[WeekdayHours]:
        return [
            WeekdayHours(weekday=weekday, windows=day.windows)
            for weekday, day in enumerate(self.days, start=1)
        ]

    def errors_of(self, detail: Mapping[str, str]) -> dict[str, str]:
        """Booking's flaws (`weekly.<index>.windows.<index>.opens`) by the form's fields."""
        return _named(
            (self.days[int(weekday)].field_of(place), int(weekday), message)
            for name, message in detail.items()
            if name.startswith("weekly.")
            for _, weekday, _, place in [name.split(".", 3)]
        ) or {"form": STALE}


def typed_week(sent: Mapping[str, str]) -> TypedWeek:
    """The weekly hours of a form."""
    return TypedWeek([typed_day(sent, week_prefix(weekday)) for weekday in range(1, 8)])


def _named(flaws: Iterable[tuple[str, int, str]]) -> dict[str, str]:
    """Each message with the weekday to which its field belongs."""
    return {name: f"{WEEKDAYS[weekday]}: {_begun(message)}" for name, weekday, message in flaws}


def _begun(message: str) -> str:
    return message if message[0].isupper() else f"the time {message}."


def date_errors_of(day: TypedDay, detail: Mapping[str, str]) -> dict[str, str]:
    """Booking's flaws of one date by the form's fields."""
    hours = {
        day.field_of(name.removeprefix("windows.")): f"The time {message}."
        for name, message in detail.items()
        if name.startswith("windows.")
    }
    date_ = {"on": f"The date {detail['on']}."} if "on" in detail else {}
    return date_ | hours or {"form": STALE}


def time_off_errors_of(detail: Mapping[str, str]) -> dict[str, str]:
    """Booking's flaws of time off by the form's fields."""
    told = {name: f"This {detail[name]}." for name in TimeOffForm.words if name in detail}
    return told or {"form": STALE}
