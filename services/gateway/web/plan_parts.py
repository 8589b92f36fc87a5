"""The parts of a plan and of a template as their editors hold them: cells by name, rows to fill."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from services.common.errors import NotFound
from services.contracts.plans.content import Goal, Shape
from services.contracts.plans.measures import InstrumentsView, ListInstruments
from services.contracts.plans.rhythm import PlannedMeasure
from services.gateway.backend import Backend
from services.gateway.forms.plans import MOST_ROWS
from services.gateway.visitors import Visitor
from services.gateway.web.treating import ask_plans

Values = dict[str, Any]
TITLES: dict[str, str] = {
    "focus": "What it is about",
    "goals": "Goals",
    "exercises": "Exercises",
    "shape": "Sessions and phases",
    "measures": "Measures",
}
PLACES = {
    "phases": "phase-0",
    "rhythm": "stretch-0-weeks",
    "review_every": "review_every",
    "goals": "goal-0",
}
UNSAID = ("-term", "-id")
"""What a row holds without anybody having filled it in."""


class Rehearsed(Protocol):
    """An exercise: a plan's, or one that a template suggests."""

    @property
    def situation(self) -> str: ...

    @property
    def new_way(self) -> str: ...


def placed(flaws: Mapping[str, str]) -> dict[str, str]:
    """What does not add up, at the fields where it is mended."""
    return {PLACES[name]: words for name, words in flaws.items() if name in PLACES}


def known(part: str) -> str:
    """A part that there is; raises NotFound for every other."""
    if part not in TITLES:
        raise NotFound("There is no such part.")
    return part


def form(
    part: str, values: Values, errors: Mapping[str, str], instruments: Sequence[Values]
) -> Values:
    """What the form of a part shows: what its fields hold, more rows to fill, and `choices`."""
    return {
        "part": part,
        "heading": TITLES[part],
        "values": values,
        "errors": errors,
        "rows": {kind: _shown(kind, values) for kind in MOST_ROWS},
        "instruments": instruments,
    }


def again(sent: Mapping[str, str], read: str, newest: int, status: int) -> Values:
    """What a form that was refused holds: what was typed, and in the field `read` what had been
    read, so that another window's words are not written over unseen; who has just been told of
    them (409) replaces those."""
    return {read: ""} | dict(sent) | ({read: newest} if status == 409 else {})


async def instruments(backend: Backend, visitor: Visitor) -> InstrumentsView:
    """The questionnaires that there are."""
    return await ask_plans(backend, visitor, ListInstruments(), InstrumentsView)


async def choices(backend: Backend, visitor: Visitor, part: str) -> list[Values]:
    """The questionnaires to choose from, for the part that chooses them."""
    if part != "measures":
        return []
    told = await instruments(backend, visitor)
    return [
        {
            "at": f"measure-{one.slug}",
            "name": one.name,
            "summary": one.summary,
            "source": one.source,
        }
        for one in told.instruments
    ]


def values_of(
    goals: Sequence[Goal],
    exercises: Sequence[Rehearsed],
    shape: Shape,
    measures: Sequence[PlannedMeasure],
) -> Values:
    """What the fields hold: one name for each cell of the lists."""
    told = _shape_values(shape)
    for one in measures:
        told[f"measure-{one.instrument}-every"] = one.every
        told[f"measure-{one.instrument}-unit"] = one.unit.value
    for at, goal in enumerate(goals):
        told |= {f"goal-{at}": goal.text, f"goal-{at}-term": goal.term.value}
        told[f"goal-{at}-objectives"] = "\n".join(goal.objectives)
    for at, exercise in enumerate(exercises):
        told |= {f"exercise-{at}-in": exercise.situation, f"exercise-{at}-way": exercise.new_way}
    return told


def _shape_values(shape: Shape) -> Values:
    told: Values = {
        "sessions": shape.sessions,
        "review_every": shape.review_every,
        "review_unit": shape.review_unit.value,
    }
    for at, stretch in enumerate(shape.rhythm):
        told[f"stretch-{at}-weeks"] = stretch.weeks_apart
        told[f"stretch-{at}-sessions"] = stretch.sessions
    for at, phase in enumerate(shape.phases):
        told |= {f"phase-{at}": phase.name, f"phase-{at}-work": phase.work}
        told[f"phase-{at}-sessions"] = phase.sessions
    return told


def _shown(kind: str, values: Mapping[str, Any]) -> list[str]:
    names = [f"{kind}-{number}" for number in range(MOST_ROWS[kind])]
    said = [key for key, value in values.items() if value and not key.endswith(UNSAID)]
    filled = [at for at, name in enumerate(names) if any(key.startswith(name) for key in said)]
    return names[: max(filled, default=-1) + 3]
