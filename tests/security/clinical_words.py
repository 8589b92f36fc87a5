"""Words of ours for every clinical field, such as nobody else writes."""

from typing import Any
from uuid import uuid4

from services.contracts.plans.content import (
    Exercise,
    Focus,
    Goal,
    Phase,
    Shape,
    Stretch,
    Term,
)
from services.contracts.plans.notes import (
    NoteContent,
    NoteFormat,
)
from services.contracts.plans.rhythm import PlannedMeasure, Unit
from tests.security import answering

FIELDS = (
    *("title", "problem", "reason", "pattern", "goal", "objective", "situation", "way"),
    *("phase", "work", "wish", "tried", "well", "change", *answering.FIELDS),
    *("subjective", "objective", "data", "assessment", "noteplan", "notetext"),
    *("withdrawn", "addendum", "private", "privatelyadded", "draft"),
)
#: One word for each clinical field, such as nobody else writes.
CANARIES = {field: f"Zaunkoenig{field}4711" for field in FIELDS}
MALFORMED = "Rohrdommel4711"
TEMPLATE = "interpersonal-therapy-short"
INSTRUMENT = "phq-9"
#: They tell what somebody is treated for, where they stand beside that somebody.
PUBLISHED = {TEMPLATE, INSTRUMENT, "Interpersonal Psychotherapy"}
HIDDEN = (*CANARIES.values(), MALFORMED, *PUBLISHED)


def found_in(content: str) -> set[str]:
    """The hidden words that stand in a text."""
    return {word for word in HIDDEN if word.lower() in content.lower()}


def content_of(canary: dict[str, str]) -> dict[str, Any]:
    """Every part of a plan, with a canary in each field."""
    exercise = Exercise(id=uuid4(), situation=canary["situation"], new_way=canary["way"])
    phases = [Phase(name=canary["phase"], sessions=14, work=canary["work"])]
    return {
        "focus": Focus(
            title=canary["title"],
            problem_area=canary["problem"],
            reason=canary["reason"],
            patterns=[canary["pattern"]],
        ),
        "goals": [Goal(term=Term.LONG, text=canary["goal"], objectives=[canary["objective"]])],
        "exercises": [exercise],
        "shape": Shape(sessions=14, rhythm=[Stretch(weeks_apart=1)], phases=phases),
        "measures": [PlannedMeasure(instrument=INSTRUMENT, every=2, unit=Unit.WEEKS)],
    }


def note_of(canary: dict[str, str]) -> NoteContent:
    """A note with a canary in each section."""
    return NoteContent(
        format=NoteFormat.SOAP,
        subjective=canary["subjective"],
        objective=canary["objective"],
        data=canary["data"],
        assessment=canary["assessment"],
        plan=canary["noteplan"],
        text=canary["notetext"],
    )
