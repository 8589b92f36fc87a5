"""What an intake form is made of, and what is answered to it."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.common.messages import Instant, View
from services.contracts.base import Line
from services.contracts.plans.content import Text

MOST_QUESTIONS = 20
Points = Annotated[int, Field(ge=0, le=10)]


class QuestionKind(StrEnum):
    """How something is asked. A heading asks nothing: it explains."""

    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    SINGLE_CHOICE = "single_choice"
    MULTIPLE_CHOICE = "multiple_choice"
    DATE = "date"
    YES_NO = "yes_no"
    SCALE = "scale"
    HEADING = "heading"


CHOICES = frozenset({QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE})


class FormQuestion(View):
    """One part of a form; `id` stays through all versions.

    `options` of a choice; `follow_up` is what is asked beside a yes; `help` stands below the label.
    """

    id: UUID
    kind: QuestionKind
    label: Line
    help: Text = ""
    is_required: bool = False
    options: Annotated[list[Line], Field(max_length=12)] = Field(default_factory=list)
    follow_up: Line | None = None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        is_choice = self.kind in CHOICES
        if is_choice and (len(self.options) < 2 or len(set(self.options)) < len(self.options)):
            raise ValueError("a choice needs two options or more, all of them different")
        if self.options and not is_choice:
            raise ValueError("only a choice has options")
        if self.follow_up and self.kind is not QuestionKind.YES_NO:
            raise ValueError("only a question for yes or no is followed up")
        if self.is_required and self.kind is QuestionKind.HEADING:
            raise ValueError("a heading asks nothing")
        return self


Questions = Annotated[list[FormQuestion], Field(max_length=MOST_QUESTIONS)]


class FormAnswer(View):
    """What was answered, in the field of the question's kind.

    `text` is also what follows a yes; `points` from 0 to 10.
    """

    question_id: UUID
    text: Text = ""
    chosen: Annotated[list[Line], Field(max_length=12)] = Field(default_factory=list)
    on: date | None = None
    is_yes: bool | None = None
    points: Points | None = None


Answers = Annotated[list[FormAnswer], Field(max_length=MOST_QUESTIONS)]


class FormView(View):
    """One version of a practice's form, as it was published."""

    number: int
    published_at: Instant
    questions: list[FormQuestion]


class ConsentKind(StrEnum):
    """What a client agrees to."""

    TREATMENT = "treatment"
    PRIVACY = "privacy"
    ONLINE = "online"
    RECORDING = "recording"


class ConsentTextView(View):
    """One version of a text of the practice. `is_required`: intake is not complete without it."""

    id: UUID
    kind: ConsentKind
    number: int
    title: str
    body: str
    is_required: bool
    published_at: Instant
