"""What plans tells of."""

from typing import ClassVar
from uuid import UUID

from services.common.messages import Event, Instant
from services.contracts.base import Format
from services.contracts.plans.content import Count, Weeks
from services.contracts.plans.courses import CourseTerms, Dates, added_course_id, course_id_of


class PlanAgreed(Event):
    """Both signed a plan with these dates, or new dates of it; booking books the course.

    `plan_version` and `choice` tell which dates of the plan they are; `after` is the last session
    of its earlier courses, which they keep their distance to.
    """

    publisher: ClassVar[str] = "plans"
    type: ClassVar[str] = "plan_agreed"

    plan_id: UUID
    plan_version: int
    choice: int
    practitioner_id: UUID
    client_id: UUID
    account_id: UUID
    offering_id: UUID
    format: Format
    price_id: UUID
    starts: Dates
    after: Instant | None = None

    @property
    def course_id(self) -> UUID:
        """The id of the course that is booked for it."""
        return course_id_of(self.plan_id, self.plan_version, self.choice)


class DatesProposed(Event):
    """Dates wait for a client to agree to, alone or with a version; notify tells them just that.

    `course_id`: the course that they become, once for each choice.
    """

    publisher: ClassVar[str] = "plans"
    type: ClassVar[str] = "dates_proposed"

    plan_id: UUID
    course_id: UUID
    account_id: UUID


class PlanProposed(Event):
    """A version waits for a client to read and sign it, without dates; notify tells them just that
    something does.

    `version_id`: the version; proposed anew after it was taken back, it is the same one.
    """

    publisher: ClassVar[str] = "plans"
    type: ClassVar[str] = "plan_proposed"

    plan_id: UUID
    version_id: UUID
    account_id: UUID


class PlanStopped(Event):
    """A plan was paused or ended: no session of its courses takes place from `from_at` on.

    Who ended it by themselves gives sessions back as any client does, on their terms as they were
    when it was said, at `occurred_at`. `is_by_practitioner`: who keeps it did so, and knows.
    """

    publisher: ClassVar[str] = "plans"
    type: ClassVar[str] = "plan_stopped"

    plan_id: UUID
    practitioner_id: UUID
    client_id: UUID
    course_ids: list[UUID]
    from_at: Instant
    is_by_client: bool
    is_by_practitioner: bool = False


class CourseRanShort(Event):
    """Of a plan without an end fewer than twelve weeks are booked; booking places the next dates.

    They are `weeks_apart` from each other, on the weekday and at the time of `terms` or where the
    sessions were moved to together since, and go on from the last session of `follows`, the plan's
    courses, wherever it was moved to: it was agreed on for `last_at`. `choice` is the number of the
    dates that they go on from; `given_back` courses that were booked for them before belonged
    nowhere by then.
    """

    publisher: ClassVar[str] = "plans"
    type: ClassVar[str] = "course_ran_short"

    plan_id: UUID
    plan_version: int
    choice: int
    practitioner_id: UUID
    client_id: UUID
    account_id: UUID
    terms: CourseTerms
    follows: list[UUID]
    last_at: Instant
    weeks_apart: Weeks
    sessions: Count
    given_back: int = 0

    @property
    def course_id(self) -> UUID:
        """The id of the course that is booked for it."""
        return added_course_id(self.plan_id, self.last_at, self.given_back)
