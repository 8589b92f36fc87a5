"""Answers to a form: whether they fit, what is missing, what is kept of a draft."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from services.contracts.plans.questionnaire import FormAnswer, FormQuestion, QuestionKind

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
MOST_SHORT = 200
ANSWER_THIS = {
    QuestionKind.SINGLE_CHOICE: "Please choose one.",
    QuestionKind.MULTIPLE_CHOICE: "Please choose at least one.",
    QuestionKind.DATE: "Please enter a date.",
    QuestionKind.YES_NO: "Please choose yes or no.",
    QuestionKind.SCALE: "Please choose from 0 to 10.",
}
WRITE_SOMETHING = "Please write a few words."
TOO_LONG = "Please answer in one line of at most 200 characters."
NO_DATE = "Please enter a date between 1900 and 2199."
NO_OPTION = "Please choose among what is offered."


def asked(questions: Iterable[FormQuestion]) -> list[FormQuestion]:
    """Those that ask something: headings only explain."""
    return [one for one in questions if one.kind is not QuestionKind.HEADING]


def is_said(question: FormQuestion, answer: FormAnswer | None) -> bool:
    """Whether the answer says something in the field of its question's kind."""
    if answer is None:
        return False
    match question.kind:
        case QuestionKind.SINGLE_CHOICE | QuestionKind.MULTIPLE_CHOICE:
            return bool(answer.chosen)
        case QuestionKind.DATE:
            return answer.on is not None
        case QuestionKind.YES_NO:
            return answer.is_yes is not None
        case QuestionKind.SCALE:
            return answer.points is not None
        case _:
            return bool(answer.text)


def fitting(questions: Sequence[FormQuestion], answers: Iterable[FormAnswer]) -> list[FormAnswer]:
    """One answer for each question that one was given to, in their order, cut to its kind."""
    told = {one.question_id: one for one in answers}
    pairs = ((one, told.get(one.id)) for one in asked(questions))
    return [_cut(one, answer) for one, answer in pairs if answer and is_said(one, answer)]


def merged(
    questions: Sequence[FormQuestion], kept: Iterable[FormAnswer], new: Iterable[FormAnswer]
) -> list[FormAnswer]:
    """What was kept, with what is new in its place; an empty answer leaves what was kept.

    So answers who cannot read what they wrote before.
    """
    said = {one.question_id: one for one in fitting(questions, kept)}
    said |= {one.question_id: one for one in fitting(questions, new)}
    return fitting(questions, said.values())


def missing(questions: Sequence[FormQuestion], answers: Iterable[FormAnswer]) -> dict[UUID, str]:
    """What has to be answered and is not, in words, by question."""
    told = {one.question_id: one for one in answers}
    return {
        one.id: ANSWER_THIS.get(one.kind, WRITE_SOMETHING)
        for one in asked(questions)
        if one.is_required and not is_said(one, told.get(one.id))
    }


def misfits(questions: Sequence[FormQuestion], answers: Iterable[FormAnswer]) -> dict[UUID, str]:
    """What does not fit its question, in words, by question."""
    told = {one.question_id: one for one in answers}
    flaws = {one.id: _flaw(one, told[one.id]) for one in asked(questions) if one.id in told}
    return {id_: flaw for id_, flaw in flaws.items() if flaw}


def _flaw(question: FormQuestion, answer: FormAnswer) -> str:
    match question.kind:
        case QuestionKind.SHORT_TEXT:
            is_short = len(answer.text) <= MOST_SHORT and "\n" not in answer.text
            return "" if is_short else TOO_LONG
        case QuestionKind.DATE:
            is_near = answer.on is None or EARLIEST <= answer.on <= LATEST
            return "" if is_near else NO_DATE
        case QuestionKind.SINGLE_CHOICE:
            is_one = len(answer.chosen) <= 1 and set(answer.chosen) <= set(question.options)
            return "" if is_one else NO_OPTION
        case QuestionKind.MULTIPLE_CHOICE:
            return "" if set(answer.chosen) <= set(question.options) else NO_OPTION
        case _:
            return ""


def _cut(question: FormQuestion, answer: FormAnswer) -> FormAnswer:
    """The answer without fields that its question does not ask for."""
    id_ = question.id
    match question.kind:
        case QuestionKind.SINGLE_CHOICE | QuestionKind.MULTIPLE_CHOICE:
            return FormAnswer(question_id=id_, chosen=answer.chosen)
        case QuestionKind.DATE:
            return FormAnswer(question_id=id_, on=answer.on)
        case QuestionKind.YES_NO:
            is_followed_up = question.follow_up and answer.is_yes
            text = answer.text if is_followed_up else ""
            return FormAnswer(question_id=id_, is_yes=answer.is_yes, text=text)
        case QuestionKind.SCALE:
            return FormAnswer(question_id=id_, points=answer.points)
        case _:
            return FormAnswer(question_id=id_, text=answer.text)
