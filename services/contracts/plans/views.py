"""How a plan is told."""

from uuid import UUID

from pydantic import Field

from services.common.messages import Instant, View
from services.contracts.plans.content import (
    Exercise,
    Length,
    Move,
    Party,
    PlanContent,
    PlanState,
    VersionState,
)
from services.contracts.plans.courses import PlanCourses
from services.contracts.plans.measures import AlertView, MeasureView
from services.contracts.plans.rehearsals import RehearsalView
from services.contracts.plans.reviews import ReviewView
from services.contracts.plans.rhythm import Unit
from services.contracts.plans.sessions import PlanProgress


class TemplateView(View):
    """A starting point: published, or one of the practice's under its id (`is_own`)."""

    slug: str
    name: str
    summary: str
    length: Length
    source: str
    is_own: bool = False


class TemplatesView(View):
    """All starting points: the published ones in their order, then the practice's by name."""

    templates: list[TemplateView]


class PlanLine(View):
    """A plan in a list: nothing clinical.

    `measures_due`: how many questionnaires wait for the client. `alerts`: how much needs the
    practitioner's look, `runs_short`: further sessions could not be added by themselves; both
    told to them alone. `progress`: None while no sessions are booked for it.
    `are_dates_to_agree`: dates wait for the client, without a version. To the practitioner alone:
    `are_dates_refused`: none of the dates that were agreed on was booked, `undated`: so many
    sessions have no date, nor one that is on its way; `is_returned`: the client asked for changes.
    """

    id: UUID
    client_id: UUID
    practitioner_id: UUID
    state: PlanState
    waits_for: Party | None
    changed_at: Instant
    measures_due: int = 0
    is_review_due: bool = False
    alerts: int = 0
    runs_short: bool = False
    progress: PlanProgress | None = None
    are_dates_to_agree: bool = False
    are_dates_refused: bool = False
    undated: int = 0
    is_returned: bool = False


class PlansView(View):
    """Plans, the latest change first; before it, for who keeps them, what needs their look and
    what has not ended."""

    plans: list[PlanLine]


class PhaseSpan(View):
    """A phase with its sessions: from the first to the last; open-ended without a last one."""

    name: str
    first: int
    last: int | None
    work: str


class MeasureLine(View):
    """A measure that a version names, with the name of its instrument."""

    name: str
    every: int
    unit: Unit


class VersionView(View):
    """One version with its signatures. `wish`: what the client asked to be different. `text` counts
    how often it was written: a proposal that was taken back may say something else the next time.
    """

    number: int
    text: int = 0
    state: VersionState
    content: PlanContent
    phases: list[PhaseSpan]
    practitioner_signed_at: Instant | None
    client_signed_at: Instant | None
    wish: str
    measures: list[MeasureLine] = Field(default_factory=list)


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
    `has_account`: whether the client can sign in to read it. `dates`: its course. `may_log` goes
    for measures as for exercises. `measures`, `reviews`, `alerts`: the latest first; alerts are
    told to the practitioner alone. `rehearsals`: in which sessions exercises were rehearsed, the
    latest first. `review_due_at`: when the next review is due, as far as its sessions are known;
    `is_review_awaited`: one comes round.
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
    dates: PlanCourses = Field(default_factory=PlanCourses)
    measures: list[MeasureView] = Field(default_factory=list)
    alerts: list[AlertView] = Field(default_factory=list)
    reviews: list[ReviewView] = Field(default_factory=list)
    is_review_due: bool = False
    review_due_at: Instant | None = None
    is_review_awaited: bool = False
    may_record_review: bool = False
    rehearsals: list[RehearsalView] = Field(default_factory=list)


class AccessView(View):
    """Somebody read or wrote a record of a chart.

    `is_supervisor`: a supervisor of the practice did, from the practitioner's side. `is_by_link`:
    whoever held the link of a booking did, from the client's side.
    """

    at: Instant
    party: Party
    practitioner_id: UUID | None
    is_write: bool
    kind: str
    is_supervisor: bool = False
    is_by_link: bool = False


class VisitView(View):
    """Somebody's accesses to a chart that follow one another within a quarter of an hour.

    `account_id`: of who looked from the practitioner's side. `read`, `written`: the kinds of
    records that were opened. As in `AccessView` beside that.
    """

    from_at: Instant
    until_at: Instant
    party: Party
    practitioner_id: UUID | None
    account_id: UUID | None
    is_supervisor: bool
    is_by_link: bool
    read: list[str]
    written: list[str]


class AccessesView(View):
    """A page of the accesses to a chart, latest first, by `visits`; `earlier` leads on where there
    are more. `practice_id`: whose people they are."""

    accesses: list[AccessView]
    earlier: Instant | None = None
    visits: list[VisitView] = Field(default_factory=list)
    practice_id: UUID | None = None
