"""Templates of plans that a practice keeps: begun, written part by part."""

from collections.abc import Mapping
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import UUID7, Field, ValidationError

from services.contracts.base import Line, Slug
from services.contracts.plans.content import Words
from services.contracts.plans.templates import SuggestedExercise, TemplateFocus
from services.gateway.forms.plans import TOO_MUCH, exercises_of
from services.gateway.forms.reading import Flawed, Form

Sent = Mapping[str, str]
NO_NAME = "Give the template a name, on one line of at most 200 characters."
NO_SUMMARY = "Say in a sentence what the template is for."
NO_ORIGIN = "Choose a template to begin from."
FOCUS_WORDS = {
    "name": NO_NAME,
    "summary": NO_SUMMARY,
    "length": "Choose how long plans from this template last.",
    "title": "Give plans from this template a name, on one line of at most 200 characters.",
}


class StartTemplateForm(Form):
    """A template that is begun from another one, or from the shape of a plan. `form_id` becomes
    its id; `practice` is asked of who treats in several."""

    words: ClassVar[Mapping[str, str]] = {
        "name": NO_NAME,
        "summary": NO_SUMMARY,
        "template": NO_ORIGIN,
        "practice": "Choose which practice keeps it.",
    }

    form_id: UUID7
    name: Line
    summary: Words
    template: Slug | None = None
    plan: UUID | None = None
    practice: UUID | None = None


class TemplateVersionForm(Form):
    """The version of a template that was read."""

    number: Annotated[int, Field(ge=0, le=2**31 - 1)]


def template_focus_of(sent: Sent) -> TemplateFocus:
    """What a template says of itself and of its plans; raises Flawed."""
    told = {name: sent.get(name, "").strip() for name in (*FOCUS_WORDS, "problem_area")}
    try:
        return TemplateFocus.model_validate(told)
    except ValidationError as flaws:
        places = dict.fromkeys(str(one["loc"][0]) for one in flaws.errors())
        raise Flawed({at: _words(at, told) for at in places}) from None


def suggested_exercises_of(sent: Sent) -> list[SuggestedExercise]:
    """The exercises that are filled in; raises Flawed."""
    return [
        SuggestedExercise(situation=one.situation, new_way=one.new_way)
        for one in exercises_of(sent)
    ]


def _words(field: str, told: Sent) -> str:
    is_said = field == "summary" and told[field] != ""
    return TOO_MUCH if is_said else FOCUS_WORDS.get(field, TOO_MUCH)
