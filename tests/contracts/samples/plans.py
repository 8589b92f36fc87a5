"""Samples of what plans offers."""

from pydantic import BaseModel

from services.contracts.plans.commands import (
    AgreePlan,
    AskForChanges,
    GetPlan,
    GetVersion,
    ListAccesses,
    ListOwnPlans,
    ListPlans,
    ListTemplates,
    LogExercise,
    MovePlan,
    ProposePlan,
    RevisePlan,
    StartPlan,
    WithdrawProposal,
)
from services.contracts.plans.content import (
    Exercise,
    Focus,
    Goal,
    Length,
    Move,
    Party,
    Phase,
    PlanContent,
    PlanState,
    Shape,
    Stretch,
    Term,
    VersionState,
)
from services.contracts.plans.courses import PlanCourses
from services.contracts.plans.rehearsals import RehearsalView
from services.contracts.plans.rhythm import Unit
from services.contracts.plans.sessions import PlanProgress
from services.contracts.plans.views import (
    AccessesView,
    AccessView,
    EntryView,
    PhaseSpan,
    PlanLine,
    PlansView,
    PlanView,
    TemplatesView,
    TemplateView,
    VersionLine,
    VersionView,
    VisitView,
)
from tests.contracts.samples import measures
from tests.contracts.samples.values import (
    ACCOUNT,
    CLIENT,
    LATER,
    OCCURRED,
    PRACTICE,
    PRACTITIONER,
    an_id,
)

PLAN, EXERCISE = an_id(30), an_id(31)
FOCUS = Focus(
    title="Interpersonal Therapy",
    problem_area="A change of role",
    reason="Since the move I am alone a lot.",
    patterns=["I wait until others ask."],
)
GOALS = [Goal(term=Term.LONG, text="Have people close by", objectives=["I have called two."])]
EXERCISES = [Exercise(id=EXERCISE, situation="At the door", new_way="Say that I am glad.")]
SHAPE = Shape(
    sessions=14,
    rhythm=[Stretch(weeks_apart=1, sessions=10), Stretch(weeks_apart=2)],
    review_every=7,
    review_unit=Unit.WEEKS,
    phases=[Phase(name="Opening", sessions=3, work="The map"), Phase(name="Middle")],
)
CONTENT = PlanContent(
    template="interpersonal-therapy-short",
    length=Length.SHORT,
    source="A guide, 2018",
    focus=FOCUS,
    goals=GOALS,
    exercises=EXERCISES,
    shape=SHAPE,
    measures=[measures.PLANNED],
)
VERSION = VersionView(
    number=2,
    state=VersionState.RETURNED,
    content=CONTENT,
    phases=[PhaseSpan(name="Opening", first=1, last=3, work="The map")],
    practitioner_signed_at=OCCURRED,
    client_signed_at=LATER,
    wish="Fewer sessions",
    measures=[measures.LINE],
)
LINE = PlanLine(
    id=PLAN,
    client_id=CLIENT,
    practitioner_id=PRACTITIONER,
    state=PlanState.ACTIVE,
    waits_for=Party.CLIENT,
    changed_at=LATER,
    measures_due=2,
    is_review_due=True,
    alerts=1,
    progress=PlanProgress(used=4, total=14),
)
TEMPLATE = TemplateView(
    slug="coaching",
    name="Coaching",
    summary="Six sessions.",
    length=Length.SHORT,
    source="A book, 2017",
)

COMMANDS: list[BaseModel] = [
    ListTemplates(),
    StartPlan(id=PLAN, client_id=CLIENT, template="coaching"),
    ListOwnPlans(),
    ListPlans(),
    GetPlan(plan_id=PLAN),
    GetVersion(plan_id=PLAN, number=1),
    RevisePlan(
        plan_id=PLAN,
        revision=3,
        focus=FOCUS,
        goals=GOALS,
        exercises=EXERCISES,
        shape=SHAPE,
        measures=[measures.PLANNED],
    ),
    ProposePlan(plan_id=PLAN, revision=3),
    WithdrawProposal(plan_id=PLAN, number=1),
    AgreePlan(plan_id=PLAN, number=1, text=3, dates=2, surplus=[LATER]),
    AskForChanges(plan_id=PLAN, number=1, text=3, wish="Fewer sessions"),
    MovePlan(plan_id=PLAN, move=Move.BEGIN),
    LogExercise(id=an_id(32), plan_id=PLAN, exercise_id=EXERCISE, happened="She laughed", went=7),
    ListAccesses(plan_id=PLAN),
]

VISIT = VisitView(
    from_at=OCCURRED,
    until_at=LATER,
    party=Party.PRACTITIONER,
    practitioner_id=PRACTITIONER,
    account_id=ACCOUNT,
    is_supervisor=True,
    is_by_link=False,
    read=["version"],
    written=["note"],
)
ACCESS = AccessView(
    at=OCCURRED,
    party=Party.PRACTITIONER,
    practitioner_id=PRACTITIONER,
    is_write=True,
    kind="version",
    is_supervisor=True,
)
ENTRY = EntryView(
    id=an_id(32), exercise=EXERCISES[0], happened="She laughed", went=7, logged_at=LATER
)
REHEARSAL = RehearsalView(exercise_id=EXERCISE, booking_id=an_id(33), rehearsed_at=LATER)
IN_HISTORY = VersionLine(
    number=1,
    state=VersionState.AGREED,
    practitioner_signed_at=OCCURRED,
    client_signed_at=LATER,
)
PARTS: list[BaseModel] = [
    *(FOCUS, *GOALS, *EXERCISES, SHAPE, SHAPE.rhythm[0], SHAPE.phases[0], CONTENT),
    *(VERSION.phases[0], ACCESS, IN_HISTORY, ENTRY),
]

VIEWS: list[BaseModel] = [
    *PARTS,
    TEMPLATE,
    TemplatesView(templates=[TEMPLATE]),
    LINE,
    PlansView(plans=[LINE]),
    PlanView(
        id=PLAN,
        practice_id=PRACTICE,
        client_id=CLIENT,
        practitioner_id=PRACTITIONER,
        party=Party.PRACTITIONER,
        state=PlanState.IN_REVIEW,
        revision=4,
        has_account=True,
        agreed=VERSION,
        open=VERSION,
        history=[IN_HISTORY],
        may=[Move.END],
        entries=[ENTRY],
        may_log=True,
        measures=[measures.MEASURE],
        alerts=[measures.RAISED],
        reviews=[measures.REVIEWED],
        is_review_due=True,
        may_record_review=True,
        dates=PlanCourses(to_place=[Stretch(weeks_apart=1, sessions=2)], may_choose=True),
        rehearsals=[REHEARSAL],
    ),
    VERSION,
    VISIT,
    AccessesView(accesses=[ACCESS], earlier=OCCURRED, visits=[VISIT], practice_id=PRACTICE),
]
