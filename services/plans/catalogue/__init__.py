"""The templates of plans: starting points, each with the source it follows, every part editable.

One TOML file each beside this module. `load_templates` reads and checks them all.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.contracts.base import Line, Slug
from services.contracts.plans.content import (
    Focus,
    Goal,
    Length,
    PlanContent,
    Shape,
    Words,
)
from services.contracts.plans.rhythm import Measures
from services.contracts.plans.templates import SuggestedExercise, TemplateContent
from services.contracts.plans.views import TemplateView
from services.plans.domain.templates import first_content

FOLDER = Path(__file__).parent


class Template(BaseModel):
    """A starting point. `position` orders the list; `source` is where it was published."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slug: Slug
    position: Annotated[int, Field(ge=1)]
    name: Line
    summary: Words
    length: Length
    source: Words
    focus: Focus
    goals: list[Goal] = Field(default_factory=list)
    exercises: list[SuggestedExercise] = Field(default_factory=list)
    shape: Shape
    measures: Measures = Field(default_factory=list)

    def view(self) -> TemplateView:
        """As practitioners choose from it."""
        told = self.model_dump(include={"slug", "name", "summary", "length", "source"})
        return TemplateView.model_validate(told)

    def suggested(self) -> TemplateContent:
        """All that it suggests."""
        return TemplateContent(
            name=self.name,
            summary=self.summary,
            length=self.length,
            source=self.source,
            title=self.focus.title,
            problem_area=self.focus.problem_area,
            goals=self.goals,
            exercises=self.exercises,
            shape=self.shape,
            measures=self.measures,
        )

    def content(self, plan_id: UUID) -> PlanContent:
        """The first draft of a plan; its exercises get ids of that plan."""
        return first_content(self.suggested(), self.slug, plan_id, source=self.source)


@cache
def load_templates(folder: Path = FOLDER) -> dict[str, Template]:
    """Every template by its slug, in their order; raises ValueError for a file that is wrong."""
    paths = sorted(folder.glob("*.toml"))
    read = [Template.model_validate(tomllib.loads(path.read_text("utf-8"))) for path in paths]
    if [one.slug for one in read] != [path.stem for path in paths]:
        raise ValueError("a template's slug must be its file's name")
    return {one.slug: one for one in sorted(read, key=lambda one: one.position)}
