"""Samples of measures and reviews of plans."""

from pydantic import BaseModel

from services.common.messages import Event
from services.contracts.plans.measures import (
    AcknowledgeAlert,
    AlertRaised,
    AlertView,
    Band,
    Beside,
    ChangeRule,
    Course,
    FillingView,
    FillMeasure,
    InstrumentsView,
    InstrumentView,
    ListInstruments,
    MeasureView,
)
from services.contracts.plans.reviews import (
    AcknowledgeReview,
    Decision,
    RecordReview,
    ReviewView,
)
from services.contracts.plans.rhythm import PlannedMeasure, Unit
from services.contracts.plans.views import MeasureLine
from tests.contracts.samples.values import ACCOUNT, LATER, OCCURRED, PRACTICE, an_id

PLAN, FILLING, EARLIER, ALERT, REVIEW = (an_id(number) for number in (30, 50, 51, 52, 53))
PLANNED = PlannedMeasure(instrument="phq-9", every=2, unit=Unit.WEEKS)
LINE = MeasureLine(name="PHQ-9", every=2, unit=Unit.WEEKS)
INSTRUMENT = InstrumentView(
    slug="phq-9",
    name="PHQ-9",
    summary="Nine questions",
    lead="Over the last 2 weeks",
    items=["Little interest"],
    answers=["Not at all", "Several days"],
    hint="From 0 on",
    beside=Beside(text="How difficult?", answers=["Not difficult at all"]),
    bands=[Band(name="minimal", first=0, last=4)],
    most=27,
    change=ChangeRule(points=5, weeks=6, from_score=10, source="A paper, 2004"),
    source="A paper, 2001",
    permission="No permission required",
)
ANSWERS = FillingView(
    id=FILLING,
    filled_at=LATER,
    answers=[1],
    difficulty=0,
    score=1,
    band="minimal",
    asks_for_help=True,
    is_replaced=True,
)
MEASURE = MeasureView(
    instrument=INSTRUMENT,
    every=2,
    unit=Unit.WEEKS,
    due_at=LATER,
    is_due=True,
    correctable=FILLING,
    course=Course.LITTLE_CHANGE,
    fillings=[ANSWERS],
)
RAISED = AlertView(id=ALERT, filling_id=FILLING, raised_at=LATER)
REVIEWED = ReviewView(
    id=REVIEW,
    went_well="We laughed",
    to_change="Meet less often",
    decision=Decision.CHANGE,
    recorded_at=OCCURRED,
    acknowledged_at=LATER,
)
COMMANDS: list[BaseModel] = [
    ListInstruments(),
    FillMeasure(
        id=FILLING,
        plan_id=PLAN,
        instrument="phq-9",
        answers=[1],
        difficulty=0,
        corrects=EARLIER,
    ),
    AcknowledgeAlert(plan_id=PLAN, alert_id=ALERT),
    RecordReview(
        id=REVIEW,
        plan_id=PLAN,
        went_well="We laughed",
        to_change="Meet less often",
        decision=Decision.CHANGE,
    ),
    AcknowledgeReview(plan_id=PLAN, review_id=REVIEW),
]
VIEWS: list[BaseModel] = [
    *(PLANNED, LINE, *INSTRUMENT.bands, INSTRUMENT, ANSWERS, MEASURE, RAISED, REVIEWED),
    Beside(text="How difficult?", answers=["Not difficult at all"]),
    ChangeRule(points=5, weeks=6, from_score=10, source="A paper, 2004"),
    InstrumentsView(instruments=[INSTRUMENT]),
]
EVENTS: list[Event] = [
    AlertRaised(
        occurred_at=OCCURRED,
        practice_id=PRACTICE,
        alert_id=ALERT,
        plan_id=PLAN,
        practitioner_account_id=ACCOUNT,
    )
]
