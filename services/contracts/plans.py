"""What plans offers: therapy plans, agreed between practitioner and client, and who looked."""

import unicodedata
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from services.common.errors import Refusal
from services.common.messages import Command, Instant, View
from services.contracts.base import Line, Slug

MOST_SESSIONS = 200


def _readable(text: str) -> str:
    """The text with line ends of one kind; ValueError for other control characters."""
    told = text.replace("\r\n", "\n").replace("\r", "\n")
    if any(unicodedata.category(one) in ("Cc", "Cs") and one not in "\n\t" for one in told):
        raise ValueError("must not hold control characters")
    return told


Text = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=2000), AfterValidator(_readable)
]
"""Some lines of clinical text; it may be empty."""
Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000),
    AfterValidator(_readable),
]
"""Some lines of clinical text, never empty."""
Weeks = Annotated[int, Field(ge=1, le=12)]
Count = Annotated[int, Field(ge=1, le=MOST_SESSIONS)]


class PlanState(StrEnum):
    """Where a plan stands."""

    DRAFT = "draft"
    AGREED = "agreed"
    ACTIVE = "active"
    IN_REVIEW = "in_review"
    ENDED = "ended"


class VersionState(StrEnum):
    """Where one version of a plan stands: written, signed by the practitioner, or by both.

    `returned`: the client asked for changes.
    """

    DRAFT = "draft"
    PROPOSED = "proposed"
    RETURNED = "returned"
    AGREED = "agreed"


class Move(StrEnum):
    """What may be done with a plan."""

    REVISE = "revise"
    PROPOSE = "propose"
    WITHDRAW = "withdraw"
    AGREE = "agree"
    ASK_FOR_CHANGES = "ask_for_changes"
    BEGIN = "begin"
    REVIEW = "review"
    GO_ON = "go_on"
    END = "end"


class Party(StrEnum):
    """The two who make a plan together."""

    CLIENT = "client"
    PRACTITIONER = "practitioner"


class Length(StrEnum):
    """How long a plan is meant to last."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


# --- what a plan says ----------------------------------------------------------------------


class Focus(View):
    """What it is about: the problem area, the reason in the client's words, patterns."""

    title: Line
    problem_area: Text = ""
    reason: Text = ""
    patterns: Annotated[list[Words], Field(max_length=12)] = Field(default_factory=list)


class Term(StrEnum):
    """When a goal shall be reached."""

    SHORT = "short"
    LONG = "long"


class Goal(View):
    """A goal, and the objectives by which one sees that it is reached."""

    term: Term
    text: Words
    objectives: Annotated[list[Words], Field(max_length=8)] = Field(default_factory=list)


class Exercise(View):
    """A new way, agreed for a situation; `id` stays through all versions."""

    id: UUID
    situation: Words
    new_way: Words


class Stretch(View):
    """Sessions at one distance from each other; without a number, all that follow."""

    weeks_apart: Weeks
    sessions: Count | None = None


class Phase(View):
    """A part of the work; the one without a number takes the sessions that are left over."""

    name: Line
    sessions: Count | None = None
    work: Text = ""


class Shape(View):
    """How many sessions and how often. Without `sessions` the plan is open-ended."""

    sessions: Count | None = None
    rhythm: Annotated[list[Stretch], Field(min_length=1, max_length=3)]
    review_every: Count | None = None
    phases: Annotated[list[Phase], Field(min_length=1, max_length=6)]


class PlanContent(View):
    """All that one version of a plan says. `source`: where its template was published."""

    template: Slug
    length: Length
    source: Text
    focus: Focus
    goals: Annotated[list[Goal], Field(max_length=10)] = Field(default_factory=list)
    exercises: Annotated[list[Exercise], Field(max_length=10)] = Field(default_factory=list)
    shape: Shape


# --- commands ------------------------------------------------------------------------------


class ListTemplates(Command):
    """The starting points for a plan."""


class StartPlan(Command):
    """Begin a plan for a client whom the actor treats; `id` is minted by the caller."""

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

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not any((self.focus, self.shape)) and self.goals is None and self.exercises is None:
            raise ValueError("needs a part to write")
        return self


class ProposePlan(Command):
    """Sign the draft and put it before the client."""

    plan_id: UUID
    revision: int


class WithdrawProposal(Command):
    """Take the proposal back to the desk."""

    plan_id: UUID
    number: int


class AgreePlan(Command):
    """Sign the proposed version."""

    plan_id: UUID
    number: int


class AskForChanges(Command):
    """Give the proposed version back, saying what should be different."""

    plan_id: UUID
    number: int
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
    """Who read and wrote the clinical data of a plan's chart, latest first; for its client."""

    plan_id: UUID


# --- views ---------------------------------------------------------------------------------


class TemplateView(View):
    """A starting point."""

    slug: str
    name: str
    summary: str
    length: Length
    source: str


class TemplatesView(View):
    """All starting points, in their order."""

    templates: list[TemplateView]


class PlanLine(View):
    """A plan in a list: nothing clinical."""

    id: UUID
    client_id: UUID
    practitioner_id: UUID
    state: PlanState
    waits_for: Party | None
    changed_at: Instant


class PlansView(View):
    """Plans, the latest change first."""

    plans: list[PlanLine]


class PhaseSpan(View):
    """A phase with its sessions: from the first to the last; open-ended without a last one."""

    name: str
    first: int
    last: int | None
    work: str


class VersionView(View):
    """One version with its signatures. `wish`: what the client asked to be different."""

    number: int
    state: VersionState
    content: PlanContent
    phases: list[PhaseSpan]
    practitioner_signed_at: Instant | None
    client_signed_at: Instant | None
    wish: str


class VersionLine(View):
    """A version in the history of a plan."""

    number: int
    state: VersionState
    practitioner_signed_at: Instant | None
    client_signed_at: Instant | None


class EntryView(View):
    """An exercise that was tried, in the words that it had then."""

    id: UUID
    exercise: Exercise
    happened: str
    went: int
    logged_at: Instant


class PlanView(View):
    """A plan: what is agreed, and what is on the table beside it.

    `open` is the draft (for the practitioner only) or the proposal, or what the client returned.
    `may`: what the actor can do now. `entries`: exercises that were tried, the latest first.
    `has_account`: whether the client can sign in to read it.
    """

    id: UUID
    practice_id: UUID
    client_id: UUID
    practitioner_id: UUID
    party: Party
    state: PlanState
    revision: int
    has_account: bool
    agreed: VersionView | None
    open: VersionView | None
    history: list[VersionLine]
    may: list[Move]
    entries: list[EntryView] = Field(default_factory=list)
    may_log: bool = False


class AccessView(View):
    """Somebody read or wrote a record of a chart."""

    at: Instant
    party: Party
    practitioner_id: UUID | None
    is_write: bool
    kind: str


class AccessesView(View):
    """The latest accesses to a chart."""

    accesses: list[AccessView]


# --- refusals ------------------------------------------------------------------------------


class MoveRefused(Refusal):
    """The plan does not stand where this could be done."""


class PlanChanged(Refusal):
    """Somebody else changed the plan since it was read."""


class PlanIncomplete(Refusal):
    """What has to be said before a plan can be proposed; `detail` names each part."""


class PhasesDoNotFit(Refusal):
    """The sessions of phases or rhythm do not add up; `detail` names the part."""


class ClientHasNoAccount(Refusal):
    """The client booked as a guest, so nobody could read and sign the plan."""
