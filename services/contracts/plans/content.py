"""What a plan says, and where it and its versions stand."""

import unicodedata
from enum import StrEnum
from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from services.common.messages import Command, View
from services.contracts.base import Line, Slug
from services.contracts.plans.rhythm import Measures, Unit

MOST_SESSIONS = 200


def folded(told: object) -> object:
    """A text with line ends of one kind, before its length is counted: a form sends two characters
    for each line end, and its field counts one."""
    return told.replace("\r\n", "\n").replace("\r", "\n") if isinstance(told, str) else told


def readable(text: str) -> str:
    """The text; ValueError for control characters other than line ends and tabs."""
    if any(unicodedata.category(one) in ("Cc", "Cs") and one not in "\n\t" for one in text):
        raise ValueError("must not hold control characters")
    return text


Text = Annotated[
    str,
    BeforeValidator(folded),
    StringConstraints(strip_whitespace=True, max_length=2000),
    AfterValidator(readable),
]
"""Some lines of clinical text; it may be empty."""

Words = Annotated[
    str,
    BeforeValidator(folded),
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000),
    AfterValidator(readable),
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
    review_unit: Unit = Unit.SESSIONS
    phases: Annotated[list[Phase], Field(min_length=1, max_length=6)]


class PlanContent(View):
    """All that one version of a plan says. `source`: where its template was published.

    `template`: a published one, or the id of one of the practice's in its `template_version`.
    """

    template: Slug
    template_version: int | None = None
    length: Length
    source: Text
    focus: Focus
    goals: Annotated[list[Goal], Field(max_length=10)] = Field(default_factory=list)
    exercises: Annotated[list[Exercise], Field(max_length=10)] = Field(default_factory=list)
    shape: Shape
    measures: Measures = Field(default_factory=list)


PARTS = ("focus", "goals", "exercises", "shape", "measures")
"""What of a plan or a template is written anew by itself."""
Revision = TypeVar("Revision", bound=Command)


def writes_a_part(revision: Revision) -> Revision:
    """A command that writes parts anew; raises ValueError where it writes none."""
    if all(getattr(revision, part) is None for part in PARTS):
        raise ValueError("needs a part to write")
    return revision
