"""The course of a plan: the dates that were chosen for its sessions, and what became of them.

Ids, times and terms only; nothing of it is clinical.
"""

from datetime import datetime, time
from enum import StrEnum
from typing import Annotated
from uuid import UUID, uuid5

from pydantic import Field

from services.common.messages import Command, Instant, View
from services.contracts.base import Day, Format
from services.contracts.booking.courses import MOST_SESSIONS
from services.contracts.booking.planned import WhyRefused
from services.contracts.plans.content import Stretch
from services.contracts.plans.sessions import PlanSession

Dates = Annotated[list[Instant], Field(min_length=1, max_length=MOST_SESSIONS)]


class CourseState(StrEnum):
    """Where a choice of dates stands.

    `chosen`: for the client to agree to, with a version of the plan or alone. `agreed`: being
    booked. `refused`: none was booked, because dates had gone or terms had changed. `stopped`:
    booked, and what was to come is given back. `dropped`: another choice took its place.
    """

    CHOSEN = "chosen"
    AGREED = "agreed"
    BOOKED = "booked"
    REFUSED = "refused"
    STOPPED = "stopped"
    DROPPED = "dropped"


class CourseTerms(View):
    """What the sessions are, and the wish from which their dates came.

    From `first_on` at `starts_at` on the clock of the schedule's zone; each session may move by
    `tolerance_days` and `tolerance_minutes`, and `skip_weeks` may be left out in a row.
    """

    offering_id: UUID
    format: Format
    price_id: UUID
    first_on: Day
    starts_at: time
    tolerance_days: Annotated[int, Field(ge=0, le=3)] = 0
    tolerance_minutes: Annotated[int, Field(ge=0, le=12 * 60)] = 0
    skip_weeks: Annotated[int, Field(ge=0, le=8)] = 0


class ChooseDates(Command):
    """Choose the dates of the sessions that a plan has still to place, for its practitioner.

    While a version is being written they go with it; else the client agrees to them alone.
    `revision`: the one of the plan that was read.
    """

    plan_id: UUID
    revision: int
    terms: CourseTerms
    starts: Dates


class DropDates(Command):
    """Take the chosen dates back: the sessions are booked one by one, or other dates chosen."""

    plan_id: UUID
    revision: int


class AgreeToDates(Command):
    """Agree to new dates of a plan that was agreed before; `choice` names what was read."""

    plan_id: UUID
    choice: int


class PausePlan(Command):
    """Give the sessions from a moment on back, for the plan's practitioner; to go on, new dates
    are chosen for them. `revision`: the one of the plan that was read. `from_at`: not after what is
    booked, and what would be added to it next."""

    plan_id: UUID
    revision: int
    from_at: Instant


class GetDates(Command):
    """How the booking of a plan's course stands: no clinical data is read for it."""

    plan_id: UUID


class PlanCourse(View):
    """One choice of dates, by its number within the plan.

    `gone`: the dates that could not be booked any more; `flaw`: why nothing was booked.
    `stopped_from`: from when on its sessions were given back. `rolls_every`: weeks between the
    sessions that are added by themselves, `added_at` when these were. `runs_short`: why no further
    one could be added; it should have been at `gone`.
    """

    choice: int
    state: CourseState
    terms: CourseTerms
    starts: list[Instant]
    course_id: UUID
    gone: list[Instant] = Field(default_factory=list)
    flaw: WhyRefused | None = None
    stopped_from: Instant | None = None
    rolls_every: int | None = None
    added_at: Instant | None = None
    runs_short: WhyRefused | None = None


class PlanCourses(View):
    """A plan's dates as they stand: the current choice, and what can be done.

    `course_ids`: all courses that were booked; `placed_before`: their sessions that the current
    choice goes on from, and `placed` all that have a date: what counts as the plan's. `to_place`:
    the sessions without a date, each part with its number. `may_agree`: to the dates alone.
    `sessions`: what is known of each that was booked, by start. `surplus`: the sessions to come for
    which the newest version has no place; they are given back once it is agreed to. `paused_from`:
    from when on none takes place, until new dates are chosen; None where the plan goes on.
    `pause_until`: the latest moment from which on a pause can be told now.
    """

    current: PlanCourse | None = None
    course_ids: list[UUID] = Field(default_factory=list)
    placed_before: int = 0
    to_place: list[Stretch] = Field(default_factory=list)
    may_choose: bool = False
    may_agree: bool = False
    may_pause: bool = False
    placed: int = 0
    sessions: list[PlanSession] = Field(default_factory=list)
    surplus: list[Instant] = Field(default_factory=list)
    paused_from: Instant | None = None
    pause_until: Instant | None = None


def added_course_id(plan_id: UUID, last_at: datetime, given_back: int = 0) -> UUID:
    """The course of the sessions that are added by themselves after the one that was agreed on,
    or added, for `last_at`; another one once so many of these were booked and given back."""
    again = f", {given_back} given back" if given_back else ""
    return uuid5(plan_id, f"course after {last_at.isoformat()}{again}")


def course_id_of(plan_id: UUID, version: int, choice: int) -> UUID:
    """The course that an agreed choice of dates becomes; both services know it from the plan."""
    return uuid5(plan_id, f"course {version}.{choice}")
