"""What a client answers to a measure, what a plan asks how often, and what a review found."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from pydantic import UUID7, ValidationError

from services.contracts.plans.content import Text, Words
from services.contracts.plans.measures import InstrumentView
from services.contracts.plans.reviews import Decision
from services.contracts.plans.rhythm import MOST_EVERY, PlannedMeasure, Unit
from services.gateway.forms.reading import Flawed, Form

Sent = Mapping[str, str]
BESIDE = "beside"
HELP_ITEM = "help_item"
"""The field that names the item which asks for crisis help, so that no refusal comes before it."""
NO_EVERY = f"Enter a whole number from 1 to {MOST_EVERY}, or leave it empty."
SHOWN_WORDS = 60


class FillingForm(Form):
    """Under which id answers are kept, and which earlier ones they correct."""

    form_id: UUID7
    corrects: UUID | None = None


class ReviewForm(Form):
    """What two people found when they looked at their plan, and what they decided."""

    words: ClassVar[Mapping[str, str]] = {
        "went_well": "Write a few words about what went well.",
        "to_change": "Please shorten this.",
        "decision": "Choose how the plan goes on.",
    }

    form_id: UUID7
    went_well: Words
    to_change: Text = ""
    decision: Decision


def item_name(number: int) -> str:
    """The field of an item, counted from 1."""
    return f"item-{number}"


def answers_of(sent: Sent, instrument: InstrumentView) -> list[int]:
    """An answer to each item; raises Flawed, which names each one that has none."""
    found = [
        chosen(sent, item_name(number), len(instrument.answers))
        for number in range(1, len(instrument.items) + 1)
    ]
    errors = {
        item_name(number): _missing(number, instrument.items[number - 1])
        for number, answer in enumerate(found, 1)
        if answer is None
    }
    if errors:
        raise Flawed(errors)
    return [answer for answer in found if answer is not None]


def asks_for_help(sent: Sent, instrument: InstrumentView) -> bool:
    """Whether the item that asks for crisis help has any answer but the first one, whatever
    becomes of the others."""
    number = instrument.help_item
    return number is not None and bool(chosen(sent, item_name(number), len(instrument.answers)))


def asked_for_help(sent: Sent) -> bool:
    """The same by what the form says of itself, before anything is known of plan or measure."""
    answer = sent.get(sent.get(HELP_ITEM, ""), "").strip()
    return answer.isdecimal() and answer.strip("0") != ""


def chosen(sent: Sent, name: str, count: int) -> int | None:
    """The position of the answer that was chosen, of so many; None where none of them was."""
    text = sent.get(name, "").strip()
    is_one = text.isdecimal() and len(text) <= 2 and int(text) < count
    return int(text) if is_one else None


def measures_of(sent: Sent) -> list[PlannedMeasure]:
    """The instruments that have a rhythm; an empty one falls away. Raises Flawed."""
    found, errors = [], {}
    for name in sent:
        if not (name.startswith("measure-") and name.endswith("-every")) or not sent[name].strip():
            continue
        at = name.removesuffix("-every")
        told = {
            "instrument": at.removeprefix("measure-"),
            "every": sent[name].strip(),
            "unit": sent.get(f"{at}-unit", Unit.WEEKS.value),
        }
        if (planned := _planned(told)) is None:
            errors[name] = NO_EVERY
        else:
            found.append(planned)
    if errors:
        raise Flawed(errors)
    return found


def _planned(told: dict[str, Any]) -> PlannedMeasure | None:
    try:
        return PlannedMeasure.model_validate(told)
    except ValidationError:
        return None


def _missing(number: int, item: str) -> str:
    short = item if len(item) <= SHOWN_WORDS else item[:SHOWN_WORDS].rsplit(" ", 1)[0] + " …"
    return f"Question {number} has no answer yet: “{short}”"
