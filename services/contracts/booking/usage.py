"""What became of sessions and of opening hours in a period, for who answers for the practice."""

from datetime import timedelta
from typing import Self
from uuid import UUID

from pydantic import model_validator

from services.common.messages import Command, Instant, View

MOST_DAYS = 366


class GetUsage(Command):
    """How the actor's practice used its time in `[from_at, until_at)`, MOST_DAYS days at most."""

    from_at: Instant
    until_at: Instant

    @model_validator(mode="after")
    def _is_short_enough(self) -> Self:
        # A day with an hour more, where clocks went back, is a day.
        if not timedelta() < self.until_at - self.from_at <= timedelta(days=MOST_DAYS, hours=1):
            raise ValueError(f"until_at: must be at most {MOST_DAYS} days after from_at")
        return self


class UsageFigures(View):
    """Minutes of hours that were open, of sessions within them (`used`) and beyond them; bookings
    by how they ended. `unmarked` took place, and nobody said who came; `to_come` are firm.

    A session of several seats takes its minutes once, and counts each of its bookings.
    """

    open_minutes: int = 0
    used_minutes: int = 0
    beyond_minutes: int = 0
    attended: int = 0
    no_show: int = 0
    late_cancelled: int = 0
    cancelled: int = 0
    unmarked: int = 0
    to_come: int = 0


class PractitionerUsage(View):
    """The figures of one calendar."""

    practitioner_id: UUID
    figures: UsageFigures


class UsageView(View):
    """Every calendar of the practice, and all of them together.

    Hours are those that the calendars had on each day; dates with hours of their own and time off
    are as they are known now.
    """

    totals: UsageFigures
    practitioners: list[PractitionerUsage]
