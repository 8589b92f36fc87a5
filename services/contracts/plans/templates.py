"""Templates of plans that a practice keeps for itself, beside the published ones.

What they say is the practice's: suggestions to begin from, never a client's text.
"""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.common.errors import Refusal
from services.common.messages import Command, Instant, View
from services.contracts.base import Line, Slug
from services.contracts.plans.content import (
    Goal,
    Length,
    Shape,
    Text,
    Words,
    writes_a_part,
)
from services.contracts.plans.rhythm import Measures
from services.contracts.plans.views import PhaseSpan

MOST_TEMPLATES = 100
"""Of one practice, archived ones included."""


class SuggestedExercise(View):
    """A situation and a new way to try in it."""

    situation: Words
    new_way: Words


class TemplateContent(View):
    """What one version of a template suggests. `title`: the name of a plan that is begun from it.

    `source`: where the template that it was begun from was published; "" for none.
    """

    name: Line
    summary: Words
    length: Length
    source: Text = ""
    title: Line
    problem_area: Text = ""
    goals: Annotated[list[Goal], Field(max_length=10)] = Field(default_factory=list)
    exercises: Annotated[list[SuggestedExercise], Field(max_length=10)] = Field(
        default_factory=list
    )
    shape: Shape
    measures: Measures = Field(default_factory=list)


class TemplateFocus(View):
    """What a template says of itself, and of what plans begun from it are about."""

    name: Line
    summary: Words
    length: Length
    title: Line
    problem_area: Text = ""


class ListPracticeTemplates(Command):
    """The templates of the practice, archived ones too; for its practitioners."""


class GetPracticeTemplate(Command):
    """One template: as it stands, or one version of it."""

    template_id: UUID
    number: Annotated[int, Field(ge=1)] | None = None


class StartTemplate(Command):
    """Begin a template of the practice from another one, or from the shape of a plan.

    `id` is minted by the caller. `template`: a published one, or the id of one of the practice's.
    Of a plan only its sessions, phases and measures are taken, and what it still has from the
    template that it was begun from.
    """

    id: UUID
    name: Line
    summary: Words
    template: Slug | None = None
    plan_id: UUID | None = None

    @model_validator(mode="after")
    def _begins_from_one(self) -> Self:
        if (self.template is None) == (self.plan_id is None):
            raise ValueError("needs either a template or a plan")
        return self


class ReviseTemplate(Command):
    """Write parts of a template anew, as its next version; what is not given stays.

    `number`: the version that was read.
    """

    template_id: UUID
    number: int
    focus: TemplateFocus | None = None
    goals: Annotated[list[Goal], Field(max_length=10)] | None = None
    exercises: Annotated[list[SuggestedExercise], Field(max_length=10)] | None = None
    shape: Shape | None = None
    measures: Measures | None = None

    _writes_a_part = model_validator(mode="after")(writes_a_part)


class ArchiveTemplate(Command):
    """Offer the template no more; it is kept, and plans begun from it stay as they are."""

    template_id: UUID


class RestoreTemplate(Command):
    """Offer an archived template again."""

    template_id: UUID


class PracticeTemplateLine(View):
    """A template in a list. `lacks`: what has to be suggested before it is offered, by part."""

    id: UUID
    number: int
    name: str
    summary: str
    length: Length
    source: str
    changed_at: Instant
    is_archived: bool
    lacks: dict[str, str] = Field(default_factory=dict)


class PracticeTemplatesView(View):
    """The templates of a practice by name, the archived ones last."""

    templates: list[PracticeTemplateLine]


class TemplateVersionLine(View):
    """That a version was written. `is_own`: by who reads it."""

    number: int
    written_at: Instant
    is_own: bool


class PracticeTemplateView(PracticeTemplateLine):
    """A template with all that the version `number` suggests. `newest`: the number that holds."""

    practice_id: UUID
    newest: int
    content: TemplateContent
    phases: list[PhaseSpan]
    history: list[TemplateVersionLine]


class TemplateChanged(Refusal):
    """Somebody else changed the template since it was read."""


class TemplateIncomplete(Refusal):
    """What a template has to suggest; `detail` names each part."""


class TemplateArchived(Refusal):
    """The template is archived: nothing is begun from it, nor written in it."""


class TooManyTemplates(Refusal):
    """The practice keeps as many templates as one can."""
