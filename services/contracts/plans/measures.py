"""Measures: published questionnaires that a client fills in on a rhythm, and what comes of them.

An answer is the position of what was chosen among the instrument's answers, from 0 on.
"""

from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from services.common.errors import Refusal
from services.common.messages import Command, Event, Instant, View
from services.contracts.base import Slug
from services.contracts.plans.rhythm import Unit

MOST_ITEMS = 30
Answer = Annotated[int, Field(ge=0, le=10)]


class ListInstruments(Command):
    """The questionnaires that a plan can name."""


class FillMeasure(Command):
    """The client's answers to a measure of their plan; `id` is minted by the caller.

    `difficulty`: the answer to the question beside the items, which is not scored. `corrects`:
    the answers of the same day that these stand in the place of.
    """

    id: UUID
    plan_id: UUID
    instrument: Slug
    answers: Annotated[list[Answer], Field(min_length=1, max_length=MOST_ITEMS)]
    difficulty: Answer | None = None
    corrects: UUID | None = None


class AcknowledgeAlert(Command):
    """The practitioner has looked at what needed their look."""

    plan_id: UUID
    alert_id: UUID


class Band(View):
    """A range of scores that has a name, both ends included."""

    name: str
    first: int
    last: int


class Beside(View):
    """A question beside the items of an instrument, which is not scored."""

    text: str
    answers: list[str]


class ChangeRule(View):
    """From when on a change of the score says something, as it was published.

    It speaks of first scores of `from_score` or more. A fall of less than `points` when `weeks`
    have passed is little, a rise of as much is one at any time.
    """

    points: int
    weeks: int
    from_score: int
    source: str


class InstrumentView(View):
    """A questionnaire: its words, its bands, where it was published, who may use it.

    `help_item`: the item, counted from 1, for any answer to which but the first one crisis help
    is shown at once.
    """

    slug: str
    name: str
    summary: str
    lead: str
    items: list[str]
    answers: list[str]
    hint: str
    beside: Beside | None
    bands: list[Band]
    most: int
    change: ChangeRule | None
    source: str
    permission: str
    help_item: int | None = None


class InstrumentsView(View):
    """All of them, in their order."""

    instruments: list[InstrumentView]


class FillingView(View):
    """Answers that were given, and their score.

    `band`: the name of the published range, empty where none was published. `asks_for_help`: an
    answer for which crisis help is shown. `is_replaced`: corrected by later ones of the same day.
    """

    id: UUID
    filled_at: Instant
    answers: list[int]
    difficulty: int | None
    score: int
    band: str
    asks_for_help: bool
    is_replaced: bool


class Course(StrEnum):
    """What the scores of a measure say by its rule of change; a reason to talk, no verdict."""

    LITTLE_CHANGE = "little_change"
    WORSE = "worse"


class MeasureView(View):
    """A measure of a plan with what was filled in, the latest first.

    Without `every` the plan does not name it any more. `due_at`: from when on it waits to be
    filled in. `correctable`: the latest answers, while the reader may still correct them.
    `course` is told to the practitioner alone.
    """

    instrument: InstrumentView
    every: int | None
    unit: Unit | None
    due_at: Instant | None
    is_due: bool
    correctable: UUID | None
    course: Course | None
    fillings: list[FillingView]


class AlertView(View):
    """Answers that need their practitioner's look, until they say that they have looked."""

    id: UUID
    filling_id: UUID
    raised_at: Instant


class AlertRaised(Event):
    """Something in a plan needs its practitioner's look today; notify tells them just that."""

    publisher: ClassVar[str] = "plans"
    type: ClassVar[str] = "alert_raised"

    alert_id: UUID
    plan_id: UUID
    practitioner_account_id: UUID


class MeasureNotDue(Refusal):
    """It was filled in already and is not due again, or is too old to be corrected."""
