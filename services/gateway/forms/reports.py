"""What the reports of the money desk are asked by: periods in the practice's own calendar."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated, ClassVar, Literal, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import StringConstraints

from services.contracts.billing.ledger import Currency
from services.contracts.billing.reports import Figure, Step
from services.contracts.booking.usage import MOST_DAYS
from services.gateway.forms.money import CROSSED, DAY, BookDay
from services.gateway.forms.reading import Flawed, Form

FIRST_WEEK = 7
PERIODS = {"this_month": "This month", "last_month": "Last month", "this_year": "This year"}
MOST_YEARS = 5
MOST_STEPS_OF_A_DAY = 62
"""A longer period is told by months."""
TOO_LONG = f"Choose at most {MOST_YEARS} years."


class Days(NamedTuple):
    """A period of whole days, both included."""

    first: date
    last: date

    @property
    def step(self) -> Step:
        """By what it is told: days, or months where those would be too many."""
        count = (self.last - self.first).days + 1
        return Step.DAY if count <= MOST_STEPS_OF_A_DAY else Step.MONTH

    def bounds(self, zone: ZoneInfo) -> dict[str, datetime]:
        """The half-open span of instants, from midnight to midnight in the zone."""
        return {
            "from_at": datetime.combine(self.first, time(), zone),
            "until_at": datetime.combine(self.last + DAY, time(), zone),
        }

    def query(self) -> dict[str, str]:
        """The period as an address says it."""
        return {"since": self.first.isoformat(), "until": self.last.isoformat()}

    def steps(self) -> Iterator[date]:
        """Where each step begins: every day, or the first of every month."""
        day = self.first if self.step is Step.DAY else self.first.replace(day=1)
        while day <= self.last:
            yield day
            day = day + DAY if self.step is Step.DAY else _next_month(day)

    def within(self, begins_on: date) -> "Days":
        """What of the step that begins there lies in the period."""
        is_day = self.step is Step.DAY
        last = begins_on if is_day else _next_month(begins_on) - DAY
        return Days(max(begins_on, self.first), min(last, self.last))


def named(period: str, today: date) -> Days:
    """One of PERIODS, whole, though some of it is still to come."""
    month = today.replace(day=1)
    if period == "last_month":
        return Days((month - DAY).replace(day=1), month - DAY)
    if period == "this_year":
        return Days(today.replace(month=1, day=1), today.replace(month=12, day=31))
    return Days(month, _next_month(month) - DAY)


def usual(today: date) -> str:
    """The period that is meant where none is named: in a month's first week the one before, for
    there is little to see of it yet."""
    return "last_month" if today.day <= FIRST_WEEK else "this_month"


class ReportForm(Form):
    """A period by its name, or by its days, which go before."""

    words: ClassVar[Mapping[str, str]] = {
        "period": "Choose one of the periods.",
        "since": "Enter the first day as a date.",
        "until": "Enter the last day as a date.",
    }

    period: Annotated[str, StringConstraints(pattern=f"^({'|'.join(PERIODS)})$")] | None = None
    since: BookDay | None = None
    until: BookDay | None = None

    def days(self, today: date) -> Days:
        """The period; raises Flawed for days of which one is missing, crossed or too far apart."""
        if self.since is None and self.until is None:
            return named(self.period or usual(today), today)
        if self.since is None or self.until is None:
            missing = "since" if self.since is None else "until"
            raise Flawed({missing: self.words[missing]})
        return _checked(Days(self.since, self.until))


class UsageForm(ReportForm):
    """A period of a year at most."""

    def days(self, today: date) -> Days:
        """The period; raises Flawed as for every report, and for more than a year."""
        found = super().days(today)
        if (found.last - found.first).days >= MOST_DAYS:
            raise Flawed({"until": "Choose at most a year."})
        return found


class EntriesForm(Form):
    """Of which figure the entries are wanted; `whose` "none": of no session."""

    figure: Figure
    currency: Currency
    since: BookDay
    until: BookDay
    practitioner: UUID | None = None
    offering: UUID | None = None
    whose: Literal["none"] | None = None

    def days(self) -> Days:
        """The period; raises Flawed."""
        return _checked(Days(self.since, self.until))


def _checked(days: Days) -> Days:
    if days.last < days.first:
        raise Flawed({"until": CROSSED})
    if days.last - days.first > timedelta(days=366 * MOST_YEARS):
        raise Flawed({"until": TOO_LONG})
    return days


def _next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)
