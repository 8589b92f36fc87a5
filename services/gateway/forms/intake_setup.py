"""What a practice asks: one question a form, one text a form."""

from collections.abc import Mapping
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import UUID7, Field, ValidationError

from services.contracts.base import Line
from services.contracts.plans.intake_setup import Body
from services.contracts.plans.questionnaire import CHOICES, FormQuestion, QuestionKind
from services.gateway.forms.reading import Flawed, Form

Sent = Mapping[str, str]
Place = Literal["up", "down", "remove"]
NO_LABEL = "Write what is asked, on one line of at most 200 characters."
NO_OPTIONS = "Write two options or more, one on each line, each a different one."
NO_FOLLOW_UP = "Keep this to one line of at most 200 characters."
NO_HELP = "This is too long, or holds signs that cannot be kept. Please shorten it."
NO_KIND = "Choose how it is asked."
OF_FIELD = {
    "label": ("label", NO_LABEL),
    "kind": ("kind", NO_KIND),
    "help": ("help", NO_HELP),
    "options": ("options", NO_OPTIONS),
    "follow_up": ("follow_up", NO_FOLLOW_UP),
}


class DraftForm(Form):
    """The draft as it was when the page was shown."""

    revision: int = Field(ge=1)


class PlaceForm(DraftForm):
    """Where a question goes."""

    act: Place


class TextForm(Form):
    """A text to publish. `form_id` becomes the id of its version."""

    words: ClassVar[Mapping[str, str]] = {
        "title": "Give the text a title.",
        "body": "Write the text; it may have 8,000 characters.",
    }

    form_id: UUID7
    title: Line
    body: Body
    is_required: bool = False


def question_of(sent: Sent, question_id: UUID) -> FormQuestion:
    """The question as it was typed; what its kind does not ask for falls away. Raises Flawed."""
    kind = sent.get("kind", "")
    told = {
        "id": question_id,
        "kind": kind,
        "label": sent.get("label", ""),
        "help": sent.get("help", ""),
        "is_required": sent.get("is_required") == "yes" and kind != QuestionKind.HEADING,
        "options": _lines(sent.get("options", "")) if kind in CHOICES else [],
        "follow_up": sent.get("follow_up", "").strip() or None
        if kind == QuestionKind.YES_NO
        else None,
    }
    try:
        return FormQuestion.model_validate(told)
    except ValidationError as flaws:
        raise Flawed(_messages(flaws)) from None


def values_of(question: FormQuestion) -> dict[str, str]:
    """What the fields hold for a question that is there."""
    return {
        "kind": question.kind.value,
        "label": question.label,
        "help": question.help,
        "is_required": "yes" if question.is_required else "",
        "options": "\n".join(question.options),
        "follow_up": question.follow_up or "",
    }


def _messages(flaws: ValidationError) -> dict[str, str]:
    """Words by field; a flaw of the whole is one of the options, for the rest cannot be typed."""
    found: dict[str, str] = {}
    for flaw in flaws.errors(include_input=False, include_context=False, include_url=False):
        field = str(flaw["loc"][0]) if flaw["loc"] else "options"
        name, words = OF_FIELD.get(field, ("form", NO_HELP))
        found.setdefault(name, words)
    return found


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
