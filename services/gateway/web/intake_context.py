"""Forms, answers and consents as their pages tell them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.contracts.plans.intake import ConsentView, GivenView, IntakeState
from services.contracts.plans.questionnaire import (
    ConsentKind,
    ConsentTextView,
    FormAnswer,
    FormQuestion,
    QuestionKind,
)
from services.gateway.forms.intake import more_of, name_of, option_of
from services.gateway.web import labels
from services.gateway.web.zones import ShownZone

Context = dict[str, Any]
KINDS: dict[QuestionKind, str] = {
    QuestionKind.SHORT_TEXT: "A line of text",
    QuestionKind.LONG_TEXT: "Some lines of text",
    QuestionKind.SINGLE_CHOICE: "One of several",
    QuestionKind.MULTIPLE_CHOICE: "Any of several",
    QuestionKind.DATE: "A date",
    QuestionKind.YES_NO: "Yes or no",
    QuestionKind.SCALE: "From 0 to 10",
    QuestionKind.HEADING: "A heading that explains",
}
TEXTS: dict[ConsentKind, tuple[str, str]] = {
    ConsentKind.TREATMENT: (
        "Treatment agreement",
        "Without it we cannot work together. Your practitioner will talk with you about it.",
    ),
    ConsentKind.PRIVACY: (
        "Privacy notice",
        "What the law has kept stays. Talk with your practitioner about the rest of your record.",
    ),
    ConsentKind.ONLINE: (
        "Sessions by video",
        "You do not meet by video any more. Move or cancel sessions that are booked online.",
    ),
    ConsentKind.RECORDING: (
        "Recordings",
        "What was said here about recordings does not hold between you any more.",
    ),
}
"""What a text is called, and what it means to take it back."""
STATES: dict[IntakeState, Context] = {
    IntakeState.OPEN: {"kind": "warn", "label": "Intake missing"},
    IntakeState.COMPLETE: {"kind": "good", "label": "Intake complete"},
}


def questions(asked: Sequence[FormQuestion], kept: Collection[UUID] = ()) -> list[Context]:
    """The questions of a form, ready to be filled in. `kept`: those with an answer unread."""
    return [_question(one, one.id in kept) for one in asked]


def named(asked: Sequence[FormQuestion], errors: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, each with its question, for the list at the top of the form."""
    labels_of = {name_of(one.id): one.label for one in asked}
    return {
        name: f"{labels_of[name]} {words}" if name in labels_of else words
        for name, words in errors.items()
    }


def progress(asked: Sequence[FormQuestion], answered: int) -> Context:
    """ "3 of 7 answered"."""
    count = sum(one.kind is not QuestionKind.HEADING for one in asked)
    return {"answered": answered, "asked": count, "label": f"{answered} of {count} answered"}


def given(told: GivenView, shown: ShownZone, now: datetime) -> Context:
    """Answers as they were given, each below its question; what was left out says so."""
    by_id = {one.question_id: one for one in told.answers}
    return {
        "number": told.number,
        "version_label": f"version {told.form.number} of the form",
        "at": labels.instant(told.given_at),
        "at_label": labels.moment_label(told.given_at, shown.info, now),
        "rows": [_row(one, by_id.get(one.id)) for one in told.form.questions],
    }


def consent(told: ConsentView, base: str, shown: ShownZone, now: datetime) -> Context:
    """A text, and how the client stands to it. `base`: the address below which texts are."""
    is_standing = told.signed_at is not None and told.withdrawn_at is None
    return text(told.text) | {
        "field": f"text-{told.text.id}",
        "url": f"{base}/{told.text.id}",
        "is_current": told.is_current,
        "is_standing": is_standing,
        "signed_label": _moment(told.signed_at, shown, now),
        "withdrawn_label": _moment(told.withdrawn_at, shown, now),
        "withdrawing": TEXTS[told.text.kind][1],
    }


def text(told: ConsentTextView) -> Context:
    """A version of a text."""
    return {
        "title": told.title,
        "body": told.body,
        "is_required": told.is_required,
        "version_label": f"version {told.number}",
    }


def _question(one: FormQuestion, is_kept: bool) -> Context:
    return {
        "kind": one.kind.value,
        "name": name_of(one.id),
        "label": one.label,
        "help": one.help,
        "is_required": one.is_required,
        "is_kept": is_kept,
        "options": [
            {"name": option_of(one.id, at), "label": option}
            for at, option in enumerate(one.options)
        ],
        "more": {"name": more_of(one.id), "label": one.follow_up} if one.follow_up else None,
    }


def _row(question: FormQuestion, answer: FormAnswer | None) -> Context:
    is_heading = question.kind is QuestionKind.HEADING
    text = "" if is_heading or answer is None else _said(question, answer)
    more = answer.text if answer and question.kind is QuestionKind.YES_NO else ""
    return {
        "label": question.label,
        "is_heading": is_heading,
        "text": text,
        "more_label": question.follow_up or "",
        "more": more,
    }


def _said(question: FormQuestion, answer: FormAnswer) -> str:
    match question.kind:
        case QuestionKind.SINGLE_CHOICE | QuestionKind.MULTIPLE_CHOICE:
            return "\n".join(answer.chosen)
        case QuestionKind.DATE:
            return labels.full_date_label(answer.on) if answer.on else ""
        case QuestionKind.YES_NO:
            return {True: "Yes", False: "No", None: ""}[answer.is_yes]
        case QuestionKind.SCALE:
            return "" if answer.points is None else f"{answer.points} of 10"
        case _:
            return answer.text


def _moment(at: datetime | None, shown: ShownZone, now: datetime) -> str:
    return "" if at is None else labels.moment_label(at, shown.info, now)
