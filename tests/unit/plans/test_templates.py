"""What a practice's template keeps of a plan, and what it gives to one."""

from uuid import UUID, uuid4

import pytest

from services.contracts.plans.content import Exercise, Focus, Goal, Phase, PlanContent, Term
from services.contracts.plans.templates import TemplateContent
from services.plans.catalogue import load_templates
from services.plans.domain.templates import (
    copied,
    first_content,
    kept_of,
    lacks,
    source_of,
)

PLAN = UUID("01939f00-0000-7000-8000-000000000001")
#: Written for a client: no template may hold it.
PRIVATE = "Kranichzug"
SHORT = load_templates()["interpersonal-therapy-short"].suggested()


def written_for_a_client() -> PlanContent:
    """A plan of the published template with words of its client in every field that has words."""
    content = load_templates()["interpersonal-therapy-short"].content(PLAN)
    exercise = Exercise(id=uuid4(), situation=f"{PRIVATE} at the door", new_way=PRIVATE)
    phases = [
        content.shape.phases[0].model_copy(update={"work": f"The map, and {PRIVATE}"}),
        content.shape.phases[1].model_copy(update={"name": f"{PRIVATE}'s year"}),
        content.shape.phases[2],
        Phase(name=PRIVATE, sessions=2, work=PRIVATE),
    ]
    return content.model_copy(
        update={
            "focus": Focus(
                title=f"{PRIVATE} and I",
                problem_area=PRIVATE,
                reason=PRIVATE,
                patterns=[PRIVATE],
            ),
            "goals": [content.goals[0], Goal(term=Term.LONG, text=PRIVATE, objectives=[PRIVATE])],
            "exercises": [*content.exercises, exercise],
            "shape": content.shape.model_copy(update={"sessions": 16, "phases": phases}),
        }
    )


def test_nothing_that_was_written_for_a_client_is_kept() -> None:
    """Of every field with words, only what the plan's template had, word for word."""
    kept = kept_of(written_for_a_client(), SHORT, "Shorter", "For some")
    assert PRIVATE not in kept.model_dump_json()
    assert kept.goals == SHORT.goals[:1]
    assert kept.exercises == SHORT.exercises
    assert [one.name for one in kept.shape.phases] == ["Opening", "Phase 2", "Ending", "Phase 4"]
    assert [one.work for one in kept.shape.phases] == ["", "", SHORT.shape.phases[2].work, ""]


def test_the_twin_shows_that_the_plan_is_full_of_it() -> None:
    """Without the rule every one of these words would be in the template."""
    assert written_for_a_client().model_dump_json().count(PRIVATE) == 12


def test_numbers_rhythm_and_measures_are_kept_as_the_plan_has_them() -> None:
    """They tell of a way to work and of nobody."""
    plan = written_for_a_client()
    kept = kept_of(plan, SHORT, "Shorter", "For some")
    assert (kept.shape.sessions, kept.measures) == (16, plan.measures)
    assert [one.sessions for one in kept.shape.phases] == [3, None, 3, 2]
    assert kept.source == SHORT.source


def test_a_plan_whose_template_is_unknown_gives_its_numbers_alone() -> None:
    """Nothing tells which of its words are a client's."""
    kept = kept_of(written_for_a_client(), None, "Shorter", "For some")
    assert (kept.title, kept.goals, kept.exercises, kept.source) == ("Shorter", [], [], "")
    assert [one.name for one in kept.shape.phases] == [f"Phase {at}" for at in (1, 2, 3, 4)]


def test_a_template_without_goals_is_not_offered() -> None:
    """No plan that begins from it could be proposed as it stands."""
    assert lacks(SHORT) == {}
    assert set(lacks(SHORT.model_copy(update={"goals": []}))) == {"goals"}


@pytest.mark.parametrize("slug", load_templates())
def test_a_copy_suggests_what_its_origin_does(slug: str) -> None:
    """Under its own name; a plan from it names the practice's template and keeps the source."""
    origin = load_templates()[slug].suggested()
    copy = copied(origin, "Ours", "For us")
    assert copy.model_dump(exclude={"name", "summary"}) == origin.model_dump(
        exclude={"name", "summary"}
    )
    plan = first_content(copy, str(PLAN), PLAN, source=source_of(copy), number=3)
    assert (plan.template, plan.template_version) == (str(PLAN), 3)
    assert "“Ours”" in plan.source
    assert origin.source in plan.source


def test_a_template_without_a_source_says_that_it_is_the_practices_own() -> None:
    """And claims no more."""
    told: TemplateContent = SHORT.model_copy(update={"name": "Ours", "source": ""})
    assert source_of(told) == "The practice’s own template “Ours”."
