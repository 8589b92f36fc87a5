"""Samples of what plans offers of exercises beside a session, and of how far plans are."""

from pydantic import BaseModel

from services.contracts.plans.beside import (
    GetSessionExercises,
    SessionExercise,
    SessionExercises,
)
from services.contracts.plans.rehearsals import MarkRehearsed
from services.contracts.plans.sessions import PlanProgress
from tests.contracts.samples.plans import ENTRY, EXERCISE, EXERCISES, PLAN, REHEARSAL
from tests.contracts.samples.values import LATER, OCCURRED

AT_SESSION = SessionExercise(exercise=EXERCISES[0], is_rehearsed=True, rehearsed_at=LATER)

COMMANDS: list[BaseModel] = [
    GetSessionExercises(booking_id=REHEARSAL.booking_id),
    MarkRehearsed(booking_id=REHEARSAL.booking_id, exercise_id=EXERCISE, is_rehearsed=True),
]
VIEWS: list[BaseModel] = [
    PlanProgress(used=4, total=14),
    REHEARSAL,
    AT_SESSION,
    SessionExercises(
        plan_id=PLAN, since=OCCURRED, exercises=[AT_SESSION], entries=[ENTRY], may_mark=True
    ),
]
