"""The dates of a plan: what is asked of them, and those that were chosen."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import BeforeValidator, Field

from services.common.messages import Instant
from services.contracts.base import Day, Format
from services.contracts.booking.courses import MOST_SESSIONS, CoursePhase
from services.contracts.booking.planned import MOST_COURSES, PlannedPreview, PreviewPlannedCourse
from services.contracts.plans.content import Stretch
from services.contracts.plans.courses import ChooseDates, CourseState, CourseTerms
from services.contracts.plans.views import PlanView
from services.gateway.forms.courses import CourseForm, listed, phase_of, plain_time
from services.gateway.forms.reading import Form

USUAL_DAYS, USUAL_HOURS, USUAL_SKIP = 2, 2, 2
GONE_ON_FROM = frozenset({CourseState.BOOKED, CourseState.STOPPED})
UUID_TEXT = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
What = Annotated[str, Field(pattern=rf"^{UUID_TEXT}\.(online|in_person)$")]
"""An offering and a format, as one choice sends them."""


class DatesForm(Form):
    """The wish: what the sessions are, from when, at what time, and how far each may move.

    `what` is an offering and a format in one choice. What is not given is as usual.
    """

    words: ClassVar[Mapping[str, str]] = {
        "what": "Choose what the sessions are.",
        **{name: CourseForm.words[name] for name in ("first", "at", "days", "hours", "skip")},
    }

    what: What | None = None
    first: Day | None = None
    at: Annotated[time, BeforeValidator(plain_time)] | None = None
    days: Annotated[int, Field(ge=0, le=3)] = USUAL_DAYS
    hours: Annotated[int, Field(ge=0, le=12)] = USUAL_HOURS
    skip: Annotated[int, Field(ge=0, le=8)] = USUAL_SKIP

    @property
    def offering(self) -> tuple[UUID, Format] | tuple[None, None]:
        """The offering and its format."""
        if self.what is None:
            return None, None
        id_, _, format_ = self.what.partition(".")
        return UUID(id_), Format(format_)

    def asked(self, plan: PlanView) -> PreviewPlannedCourse:
        """The question to booking: the sessions that the plan has still to place."""
        offering_id, format_ = self.offering
        agreed = agreed_terms(plan)
        return PreviewPlannedCourse(
            practitioner_id=plan.practitioner_id,
            client_id=plan.client_id,
            phases=self._phases(plan.dates.to_place),
            offering_id=offering_id,
            format=format_,
            first_on=self.first,
            starts_at=self.at,
            tolerance_days=self.days,
            tolerance_minutes=60 * self.hours,
            follows=plan.dates.course_ids[-MOST_COURSES:],
            usual_on=agreed.first_on if agreed else None,
            usual_at=agreed.starts_at if agreed else None,
        )

    def _phases(self, stretches: Sequence[Stretch]) -> list[CoursePhase]:
        return [
            phase_of(one.sessions or 1, one.weeks_apart, days=self.days, skip=self.skip)
            for one in stretches
        ]

    def filled(self, found: PlannedPreview) -> dict[str, str]:
        """The fields as a form sends them, with what booking took as usual."""
        return values(found.offering.id, found.format, found.first_on, found.starts_at) | {
            name: str(getattr(self, name)) for name in ("days", "hours", "skip")
        }


def agreed_terms(plan: PlanView) -> CourseTerms | None:
    """The wish by which the sessions that are gone on from were agreed on; None where none are."""
    current = plan.dates.current
    return current.terms if current and current.state in GONE_ON_FROM else None


def values(offering_id: UUID, format_: Format, first: date, at: time) -> dict[str, str]:
    """What the sessions are and when, as a form sends it."""
    return {
        "what": f"{offering_id}.{format_}",
        "first": first.isoformat(),
        "at": f"{at:%H:%M}",
    }


class ChosenForm(DatesForm):
    """The dates that were shown, to be chosen, and the plan as it was then."""

    what: What
    first: Day
    at: Annotated[time, BeforeValidator(plain_time)]
    revision: int
    price_id: UUID
    starts: Annotated[
        list[Instant],
        Field(min_length=1, max_length=MOST_SESSIONS),
        BeforeValidator(listed),
    ]

    def command(self, plan_id: UUID) -> ChooseDates:
        """The choice as plans keeps it."""
        id_, _, format_ = self.what.partition(".")
        terms = CourseTerms(
            offering_id=UUID(id_),
            format=Format(format_),
            price_id=self.price_id,
            first_on=self.first,
            starts_at=self.at,
            tolerance_days=self.days,
            tolerance_minutes=60 * self.hours,
            skip_weeks=self.skip,
        )
        return ChooseDates(plan_id=plan_id, revision=self.revision, terms=terms, starts=self.starts)


class ChoiceForm(Form):
    """The dates that were read."""

    dates: int


class PauseForm(Form):
    """From which day on no session takes place, the plan as it was read, and what was seen of the
    sessions that this cancels."""

    words: ClassVar[Mapping[str, str]] = {"pause_from": "Enter a date such as 2026-11-30."}

    revision: int
    pause_from: Day
    seen: str | None = None


#: Names in a web address that belong to the wish.
NAMES = frozenset(DatesForm.model_fields)
