"""Templates of plans: what a plan is given by one, and what a practice keeps of a plan in one.

A template is the practice's and no client's. So of a plan only what stood in its template, word
for word, is kept as words; of the rest, its numbers: how many sessions, how often, in which parts.
"""

from uuid import UUID, uuid5

from services.contracts.plans.content import Exercise, Focus, Phase, PlanContent, Shape
from services.contracts.plans.templates import SuggestedExercise, TemplateContent

OWN = "The practice’s own template “{name}”."
BEGUN_FROM = " Begun from: {source}"
NO_GOALS = "Suggest at least one goal: without one, no plan that begins here could be agreed to."


def first_content(
    told: TemplateContent, template: str, plan_id: UUID, *, source: str, number: int | None = None
) -> PlanContent:
    """The first draft of a plan from a template, in its version `number` where it is a practice's;
    the exercises get ids of that plan."""
    return PlanContent(
        template=template,
        template_version=number,
        length=told.length,
        source=source,
        focus=Focus(title=told.title, problem_area=told.problem_area),
        goals=told.goals,
        exercises=[
            Exercise(id=uuid5(plan_id, str(at)), situation=one.situation, new_way=one.new_way)
            for at, one in enumerate(told.exercises)
        ],
        shape=told.shape,
        measures=told.measures,
    )


def source_of(told: TemplateContent) -> str:
    """What a plan says of where a practice's template comes from: its source is kept."""
    begun_from = BEGUN_FROM.format(source=told.source) if told.source else ""
    return OWN.format(name=told.name) + begun_from


def copied(origin: TemplateContent, name: str, summary: str) -> TemplateContent:
    """A template that begins as another one under its own name."""
    return origin.model_copy(update={"name": name, "summary": summary})


def kept_of(
    plan: PlanContent, origin: TemplateContent | None, name: str, summary: str
) -> TemplateContent:
    """A template of a plan's shape. Of its words only those that `origin` has, the template that
    it was begun from; what was written for the client stays with the plan."""
    return TemplateContent(
        name=name,
        summary=summary,
        length=plan.length,
        source=origin.source if origin else "",
        title=origin.title if origin else name,
        problem_area=origin.problem_area if origin else "",
        goals=[one for one in origin.goals if one in plan.goals] if origin else [],
        exercises=_kept_exercises(plan, origin) if origin else [],
        shape=_kept_shape(plan.shape, origin.shape.phases if origin else []),
        measures=plan.measures,
    )


def lacks(told: TemplateContent) -> dict[str, str]:
    """What has to be suggested before plans can begin from it, by part."""
    return {} if told.goals else {"goals": NO_GOALS}


def _kept_exercises(plan: PlanContent, origin: TemplateContent) -> list[SuggestedExercise]:
    agreed = {(one.situation, one.new_way) for one in plan.exercises}
    return [one for one in origin.exercises if (one.situation, one.new_way) in agreed]


def _kept_shape(shape: Shape, known: list[Phase]) -> Shape:
    phases = [_kept_phase(one, at, known) for at, one in enumerate(shape.phases, start=1)]
    return shape.model_copy(update={"phases": phases})


def _kept_phase(phase: Phase, at: int, known: list[Phase]) -> Phase:
    same = next((one for one in known if one.name == phase.name), None)
    name, work = ("", "") if same is None else (same.name, same.work)
    is_kept = work == phase.work
    return Phase(name=name or f"Phase {at}", sessions=phase.sessions, work=work if is_kept else "")
