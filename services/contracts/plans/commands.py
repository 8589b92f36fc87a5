"""What is asked of plans."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from services.common.messages import Command, Instant
from services.contracts.base import Slug
from services.contracts.plans.content import (
    MOST_SESSIONS,
    Exercise,
    Focus,
    Goal,
    Move,
    Shape,
    Words,
    writes_a_part,
)
from services.contracts.plans.rhythm import Measures


class ListTemplates(Command):
    """The starting points for a plan: those published, and the practice's for who treats there."""


class StartPlan(Command):
    """Begin a plan for a client whom the actor treats; `id` is minted by the caller.

    `template`: a published one, or the id of one of the practice's.
    """

    id: UUID
    client_id: UUID
    template: Slug


class ListOwnPlans(Command):
    """The actor's own plans as a client, in all practices; no clinical data."""


class ListPlans(Command):
    """The plans that the actor keeps as a practitioner of the practice; no clinical data."""


class GetPlan(Command):
    """One plan, for its client or its practitioner."""

    plan_id: UUID


class GetVersion(Command):
    """One version of a plan, as it was signed."""

    plan_id: UUID
    number: int


class RevisePlan(Command):
    """Write parts of a plan anew; what is not given stays. `revision`: the one that was read."""

    plan_id: UUID
    revision: int
    focus: Focus | None = None
    goals: Annotated[list[Goal], Field(max_length=10)] | None = None
    exercises: Annotated[list[Exercise], Field(max_length=10)] | None = None
    shape: Shape | None = None
    measures: Measures | None = None

    _writes_a_part = model_validator(mode="after")(writes_a_part)


class ProposePlan(Command):
    """Sign the draft and put it before the client."""

    plan_id: UUID
    revision: int


class WithdrawProposal(Command):
    """Take the proposal back to the desk."""

    plan_id: UUID
    number: int


class AgreePlan(Command):
    """Sign the proposed version; `text` names its text as it was read (`VersionView.text`), `dates`
    the choice of dates that was read with it, `surplus` the sessions that were read to be given
    back. Without a text that is still the version's, nothing is signed."""

    plan_id: UUID
    number: int
    text: int | None = None
    dates: int | None = None
    surplus: list[Instant] = Field(default_factory=list, max_length=MOST_SESSIONS)


class AskForChanges(Command):
    """Give the proposed version back, saying what should be different; `text` as in AgreePlan."""

    plan_id: UUID
    number: int
    text: int | None = None
    wish: Words


class MovePlan(Command):
    """Begin, review, go on or end."""

    plan_id: UUID
    move: Move


class LogExercise(Command):
    """What happened when the client tried an exercise, and how it went: 0 badly, 10 very well."""

    id: UUID
    plan_id: UUID
    exercise_id: UUID
    happened: Words
    went: Annotated[int, Field(ge=0, le=10)]


class ListAccesses(Command):
    """Who read and wrote the clinical data of a plan's chart, latest first, in pages; for its
    client. `before`: the `earlier` of the page that goes before."""

    plan_id: UUID
    before: Instant | None = None
