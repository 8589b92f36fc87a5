"""Plans: begun, written part by part, answered. Rows that are left empty fall away."""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, ClassVar, TypeVar
from uuid import UUID

from pydantic import UUID7, BaseModel, BeforeValidator, Field, ValidationError
from uuid_utils.compat import uuid7

from services.common.messages import Instant
from services.contracts.base import Slug
from services.contracts.plans.content import Exercise, Focus, Goal, Phase, Shape, Stretch, Words
from services.contracts.plans.rhythm import Unit
from services.gateway.forms.courses import listed
from services.gateway.forms.reading import Flawed, Form

Sent = Mapping[str, str]
Model = TypeVar("Model", bound=BaseModel)
MOST_ROWS = {"goal": 10, "exercise": 10, "stretch": 3, "phase": 6}
TOO_MUCH = "This is too long, or holds signs that cannot be kept. Please shorten it."
NO_NUMBER = "Enter a whole number from 1 to 200, or leave it empty."
NO_WEEKS = "Enter 1 for every week, 2 for every second one, at most 12."
FOCUS_WORDS = {
    "title": "Give the plan a name, on one line of at most 200 characters.",
    "patterns": "Name 12 patterns at most, one on each line.",
}
NO_NAME = "Give this phase a name, or clear its row."


class StartForm(Form):
    """Whom a plan is for, and what it begins from. `form_id` becomes the plan's id."""

    words: ClassVar[Mapping[str, str]] = {
        "client": "Choose whom the plan is for.",
        "template": "Choose a template to begin from.",
    }

    form_id: UUID7
    client: UUID
    template: Slug


class RevisionForm(Form):
    """The plan as it was when the page was shown."""

    revision: int


class NumberForm(Form):
    """The version that was read, its text, the choice of dates and the sessions that go with it."""

    number: int
    wording: int | None = None
    dates: int | None = None
    surplus: Annotated[list[Instant], BeforeValidator(listed)] = Field(default_factory=list)


class TriedForm(Form):
    """What happened when an exercise was tried, and how it went."""

    words: ClassVar[Mapping[str, str]] = {
        "happened": "Write a few words about what happened.",
        "went": "Choose how it went, from 0 to 10.",
    }

    form_id: UUID7
    happened: Words
    went: Annotated[int, Field(ge=0, le=10)]


class RehearsedForm(Form):
    """Which exercise was rehearsed in a session, or was not after all."""

    exercise: UUID
    is_rehearsed: bool = Field(alias="rehearsed")


class WishForm(NumberForm):
    """What the client would like to be different."""

    words: ClassVar[Mapping[str, str]] = {"wish": "Write what should be different."}

    wish: Annotated[Words, Field()]


def focus_of(sent: Sent) -> Focus:
    """What the plan is about; raises Flawed."""
    told = {name: sent.get(name, "").strip() for name in ("title", "problem_area", "reason")}
    try:
        return Focus.model_validate({**told, "patterns": _lines(sent.get("patterns", ""))})
    except ValidationError as flaws:
        places = dict.fromkeys(str(one["loc"][0]) for one in flaws.errors())
        raise Flawed({at: FOCUS_WORDS.get(at, TOO_MUCH) for at in places}) from None


def goals_of(sent: Sent) -> list[Goal]:
    """The goals that are filled in; raises Flawed."""

    def goal(at: str, errors: dict[str, str]) -> Goal | None:
        text, objectives = sent.get(at, "").strip(), _lines(sent.get(f"{at}-objectives", ""))
        if not text and not objectives:
            return None
        if not text:
            errors[at] = "Write the goal, or clear its objectives."
        told = {"term": sent.get(f"{at}-term"), "text": text, "objectives": objectives}
        return _made(Goal, told, errors, at)

    return _rows("goal", goal)


def exercises_of(sent: Sent) -> list[Exercise]:
    """The exercises that are filled in, under the ids that they had; raises Flawed."""

    def exercise(at: str, errors: dict[str, str]) -> Exercise | None:
        situation, new_way = (sent.get(f"{at}-{part}", "").strip() for part in ("in", "way"))
        if not situation and not new_way:
            return None
        if not situation:
            errors[f"{at}-in"] = "Write the situation, or clear the new way."
        if not new_way:
            errors[f"{at}-way"] = "Write the new way, or clear the situation."
        told = {"id": _known_id(sent, at), "situation": situation, "new_way": new_way}
        return _made(Exercise, told, errors, f"{at}-in")

    return _rows("exercise", exercise)


def shape_of(sent: Sent) -> Shape:
    """Sessions, rhythm, phases; raises Flawed."""
    errors: dict[str, str] = {}
    told = {
        "sessions": _number(sent, "sessions", errors),
        "review_every": _number(sent, "review_every", errors),
        "review_unit": sent.get("review_unit", Unit.SESSIONS.value),
    }

    def stretch(at: str, found: dict[str, str]) -> Stretch | None:
        sessions = _number(sent, f"{at}-sessions", found)
        weeks = sent.get(f"{at}-weeks", "").strip()
        if not weeks and sessions is None:
            return None
        row = {"weeks_apart": weeks, "sessions": sessions}
        return _made(Stretch, row, found, f"{at}-weeks", NO_WEEKS)

    def phase(at: str, found: dict[str, str]) -> Phase | None:
        sessions = _number(sent, f"{at}-sessions", found)
        name, work = sent.get(at, "").strip(), sent.get(f"{at}-work", "").strip()
        if not name and not work and sessions is None:
            return None
        row = {"name": name, "sessions": sessions, "work": work}
        return _made(Phase, row, found, at, TOO_MUCH if name else NO_NAME)

    rhythm, phases = _rows("stretch", stretch, errors), _rows("phase", phase, errors)
    if not rhythm:
        errors.setdefault("stretch-0-weeks", NO_WEEKS)
    if not phases:
        errors.setdefault("phase-0", "Name at least one phase.")
    if errors:
        raise Flawed(errors)
    return _sound(
        _made(Shape, {**told, "rhythm": rhythm, "phases": phases}, errors, "form"), errors
    )


def _rows(
    kind: str,
    read: Callable[[str, dict[str, str]], Model | None],
    errors: dict[str, str] | None = None,
) -> list[Model]:
    """The rows of a form that are filled in. Raises Flawed, or adds to `errors` where given."""
    flaws: dict[str, str] = {}
    found = [row for at in _names(kind) if (row := read(at, flaws)) is not None]
    if errors is not None:
        errors.update(flaws)
    elif flaws:
        raise Flawed(flaws)
    return found


def _names(kind: str) -> Iterator[str]:
    return (f"{kind}-{number}" for number in range(MOST_ROWS[kind]))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _number(sent: Sent, name: str, errors: dict[str, str]) -> int | None:
    text = sent.get(name, "").strip()
    if not text:
        return None
    if not text.isdecimal() or not 1 <= int(text[:4]) <= 200:
        errors[name] = NO_NUMBER
        return None
    return int(text[:4])


def _known_id(sent: Sent, at: str) -> UUID:
    """The id that an exercise came with; a fresh one for a new row."""
    try:
        return UUID(sent.get(f"{at}-id", ""))
    except ValueError:
        return UUID(str(uuid7()))


def _made(
    kind: type[Model],
    told: Mapping[str, Any],
    errors: dict[str, str],
    at: str,
    words: str = TOO_MUCH,
) -> Model | None:
    try:
        return kind.model_validate(told)
    except ValidationError:
        if at not in errors:
            errors[at] = words
        return None


def _sound(made: Model | None, errors: dict[str, str]) -> Model:
    if made is None or errors:
        raise Flawed(errors)
    return made
