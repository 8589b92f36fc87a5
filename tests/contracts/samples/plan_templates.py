"""Samples of the templates that practices keep, which plans offers."""

from pydantic import BaseModel

from services.contracts.plans.content import Length
from services.contracts.plans.templates import (
    ArchiveTemplate,
    GetPracticeTemplate,
    ListPracticeTemplates,
    PracticeTemplateLine,
    PracticeTemplatesView,
    PracticeTemplateView,
    RestoreTemplate,
    ReviseTemplate,
    StartTemplate,
    SuggestedExercise,
    TemplateContent,
    TemplateFocus,
    TemplateVersionLine,
)
from services.contracts.plans.views import PhaseSpan
from tests.contracts.samples import measures
from tests.contracts.samples.plans import GOALS, PLAN, SHAPE
from tests.contracts.samples.values import LATER, OCCURRED, PRACTICE, an_id

TEMPLATE = an_id(60)
EXERCISE = SuggestedExercise(situation="At the door", new_way="Say that I am glad.")
CONTENT = TemplateContent(
    name="Grief after a long illness",
    summary="For those who cared for somebody.",
    length=Length.SHORT,
    source="A guide, 2018",
    title="Interpersonal Therapy",
    problem_area="Grief",
    goals=GOALS,
    exercises=[EXERCISE],
    shape=SHAPE,
    measures=[measures.PLANNED],
)
LINE = PracticeTemplateLine(
    id=TEMPLATE,
    number=2,
    name=CONTENT.name,
    summary=CONTENT.summary,
    length=Length.SHORT,
    source=CONTENT.source,
    changed_at=LATER,
    is_archived=True,
    lacks={"goals": "Suggest at least one goal."},
)
FOCUS = TemplateFocus(
    name=CONTENT.name,
    summary=CONTENT.summary,
    length=Length.SHORT,
    title=CONTENT.title,
    problem_area=CONTENT.problem_area,
)
WRITTEN = TemplateVersionLine(number=1, written_at=OCCURRED, is_own=True)

COMMANDS: list[BaseModel] = [
    ListPracticeTemplates(),
    GetPracticeTemplate(template_id=TEMPLATE, number=1),
    StartTemplate(id=TEMPLATE, name=CONTENT.name, summary=CONTENT.summary, plan_id=PLAN),
    ReviseTemplate(
        template_id=TEMPLATE,
        number=1,
        focus=FOCUS,
        goals=GOALS,
        exercises=[EXERCISE],
        shape=SHAPE,
        measures=[measures.PLANNED],
    ),
    ArchiveTemplate(template_id=TEMPLATE),
    RestoreTemplate(template_id=TEMPLATE),
]
VIEWS: list[BaseModel] = [
    *(EXERCISE, CONTENT, FOCUS, LINE, WRITTEN),
    PracticeTemplatesView(templates=[LINE]),
    PracticeTemplateView(
        **dict(LINE),
        practice_id=PRACTICE,
        newest=3,
        content=CONTENT,
        phases=[PhaseSpan(name="Opening", first=1, last=3, work="The map")],
        history=[WRITTEN],
    ),
]
