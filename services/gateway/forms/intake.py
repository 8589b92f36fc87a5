"""Answers to a practice's form, question by question; texts that are signed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import UUID7, Field, ValidationError

from services.contracts.plans.questionnaire import FormAnswer, FormQuestion, QuestionKind
from services.gateway.forms.reading import Flawed, Form

Sent = Mapping[str, str]
TOO_MUCH = "This is too long, or holds signs that cannot be kept. Please shorten it."
NO_DATE = "Please enter a whole date, such as 1990-03-08."
SIGN_ONE = "Tick what you agree to."


class ShownForm(Form):
    """The version of the form that the page showed, whose questions were answered."""

    form_number: int = Field(ge=1)


class FilledForm(ShownForm):
    """The same; `form_id` names the page and what is given by it, `revision` is of the intake
    when it was opened."""

    form_id: UUID7
    revision: int | None = Field(default=None, ge=0)


def name_of(question_id: UUID) -> str:
    """What a question's field is called."""
    return f"q-{question_id}"


def more_of(question_id: UUID) -> str:
    """What the field is called that follows a yes."""
    return f"{name_of(question_id)}-more"


def option_of(question_id: UUID, at: int) -> str:
    """What the box of an option is called, by its place."""
    return f"{name_of(question_id)}-{at}"


def answers_of(sent: Sent, questions: Sequence[FormQuestion]) -> list[FormAnswer]:
    """An answer for each question of which something was filled in; raises Flawed."""
    errors: dict[str, str] = {}
    found = []
    for one in questions:
        told = _told(one, sent, errors)
        if any(value not in (None, "", []) for value in told.values()):
            found += _made(one, told, errors)
    if errors:
        raise Flawed(errors)
    return found


def values_of(questions: Sequence[FormQuestion], answers: Sequence[FormAnswer]) -> dict[str, str]:
    """What the form's fields hold, by their names."""
    told = {one.question_id: one for one in answers}
    values: dict[str, str] = {}
    for one in questions:
        if one.id in told:
            values |= _filled(one, told[one.id])
    return values


def signed_of(sent: Sent, text_ids: Sequence[UUID]) -> list[UUID]:
    """The texts whose box was ticked; raises Flawed where none was."""
    found = [one for one in text_ids if sent.get(f"text-{one}") == "yes"]
    if not found:
        raise Flawed({f"text-{text_ids[0]}" if text_ids else "form": SIGN_ONE})
    return found


def _told(question: FormQuestion, sent: Sent, errors: dict[str, str]) -> dict[str, Any]:
    text = sent.get(name_of(question.id), "").strip()
    match question.kind:
        case QuestionKind.HEADING:
            return {}
        case QuestionKind.SINGLE_CHOICE:
            return {"chosen": [text] if text else []}
        case QuestionKind.MULTIPLE_CHOICE:
            places = range(len(question.options))
            return {
                "chosen": [
                    question.options[at]
                    for at in places
                    if sent.get(option_of(question.id, at)) == "yes"
                ]
            }
        case QuestionKind.DATE:
            return {"on": _date(question, text, errors)}
        case QuestionKind.YES_NO:
            is_yes = {"yes": True, "no": False}.get(text)
            return {"is_yes": is_yes, "text": sent.get(more_of(question.id), "").strip()}
        case QuestionKind.SCALE:
            return {"points": int(text) if text in {str(one) for one in range(11)} else None}
        case _:
            return {"text": text}


def _date(question: FormQuestion, text: str, errors: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        errors[name_of(question.id)] = NO_DATE
        return None


def _made(question: FormQuestion, told: dict[str, Any], errors: dict[str, str]) -> list[FormAnswer]:
    try:
        return [FormAnswer.model_validate({"question_id": question.id} | told)]
    except ValidationError:
        errors[name_of(question.id)] = TOO_MUCH
        return []


def _filled(question: FormQuestion, answer: FormAnswer) -> dict[str, str]:
    name = name_of(question.id)
    match question.kind:
        case QuestionKind.SINGLE_CHOICE:
            return {name: "".join(answer.chosen[:1])}
        case QuestionKind.MULTIPLE_CHOICE:
            chosen = [at for at, one in enumerate(question.options) if one in answer.chosen]
            return {option_of(question.id, at): "yes" for at in chosen}
        case QuestionKind.DATE:
            return {name: answer.on.isoformat() if answer.on else ""}
        case QuestionKind.YES_NO:
            yes_or_no = {True: "yes", False: "no", None: ""}[answer.is_yes]
            return {name: yes_or_no, more_of(question.id): answer.text}
        case QuestionKind.SCALE:
            return {name: "" if answer.points is None else str(answer.points)}
        case _:
            return {name: answer.text}
