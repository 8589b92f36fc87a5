"""Answers to a form: whether they fit their questions, what is missing, what is kept."""

from datetime import date
from uuid import uuid4

import pytest
from pydantic import ValidationError

from services.contracts.plans.questionnaire import FormAnswer, FormQuestion, QuestionKind
from services.plans.catalogue.intake import first_questions, suggested_texts
from services.plans.domain.questionnaire import asked, fitting, merged, misfits, missing


def question(kind: QuestionKind, **told: object) -> FormQuestion:
    """A question of a kind."""
    options = ["Yes, often", "No"] if "choice" in kind else []
    return FormQuestion.model_validate(
        {"id": uuid4(), "kind": kind, "label": "Something", "options": options} | told
    )


def answer(to: FormQuestion, **told: object) -> FormAnswer:
    """An answer to it."""
    return FormAnswer.model_validate({"question_id": to.id} | told)


ANSWERED: dict[QuestionKind, dict[str, object]] = {
    QuestionKind.SHORT_TEXT: {"text": "a word"},
    QuestionKind.LONG_TEXT: {"text": "two\nlines"},
    QuestionKind.SINGLE_CHOICE: {"chosen": ["No"]},
    QuestionKind.MULTIPLE_CHOICE: {"chosen": ["No", "Yes, often"]},
    QuestionKind.DATE: {"on": date(1980, 2, 29)},
    QuestionKind.YES_NO: {"is_yes": False},
    QuestionKind.SCALE: {"points": 0},
}


@pytest.mark.parametrize("kind", ANSWERED)
def test_an_answer_counts_in_the_field_of_its_kind(kind: QuestionKind) -> None:
    """Nought and no are answers; what stands in another field is none."""
    one = question(kind, is_required=True)
    said = answer(one, **ANSWERED[kind])
    assert missing([one], [said]) == {}
    assert misfits([one], [said]) == {}
    others = {
        k: v for k, v in ANSWERED.items() if k != kind and not v.keys() & ANSWERED[kind].keys()
    }
    for told in others.values():
        assert missing([one], [answer(one, **told)]).keys() == {one.id}


@pytest.mark.parametrize("kind", ANSWERED)
def test_what_is_required_and_missing_is_named(kind: QuestionKind) -> None:
    """With words for its kind; what is optional may be left out."""
    one, other = question(kind, is_required=True), question(kind)
    assert missing([one, other], []).keys() == {one.id}


def test_a_heading_asks_nothing() -> None:
    """It is neither counted nor answered nor required."""
    heading = question(QuestionKind.HEADING)
    assert asked([heading]) == []
    assert fitting([heading], [answer(heading, text="words")]) == []
    with pytest.raises(ValidationError):
        question(QuestionKind.HEADING, is_required=True)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (QuestionKind.SHORT_TEXT, {"text": "two\nlines"}),
        (QuestionKind.SHORT_TEXT, {"text": "a" * 201}),
        (QuestionKind.SINGLE_CHOICE, {"chosen": ["Perhaps"]}),
        (QuestionKind.SINGLE_CHOICE, {"chosen": ["No", "Yes, often"]}),
        (QuestionKind.MULTIPLE_CHOICE, {"chosen": ["No", "Perhaps"]}),
        (QuestionKind.DATE, {"on": date(1899, 12, 31)}),
        (QuestionKind.DATE, {"on": date(2200, 1, 1)}),
    ],
)
def test_what_does_not_fit_is_named(kind: QuestionKind, told: dict[str, object]) -> None:
    """An option that is not offered, two where one is asked, a far year, too many words."""
    one = question(kind)
    assert misfits([one], [answer(one, **told)]).keys() == {one.id}


@pytest.mark.parametrize("points", [-1, 11])
def test_the_scale_ends_at_nought_and_ten(points: int) -> None:
    """Beyond them there is no answer."""
    with pytest.raises(ValidationError):
        answer(question(QuestionKind.SCALE), points=points)


def test_what_follows_a_yes_falls_away_with_it() -> None:
    """And where nothing is asked beside it."""
    one = question(QuestionKind.YES_NO, follow_up="Which?")
    other = question(QuestionKind.YES_NO)
    told = [
        answer(one, is_yes=True, text="Some"),
        answer(other, is_yes=True, text="Unasked"),
    ]
    assert [kept.text for kept in fitting([one, other], told)] == ["Some", ""]
    assert [kept.text for kept in fitting([one], [answer(one, is_yes=False, text="Some")])] == [""]


def test_who_cannot_read_adds_to_what_is_kept() -> None:
    """An empty field leaves the earlier answer, a filled one takes its place."""
    first, second = question(QuestionKind.LONG_TEXT), question(QuestionKind.SCALE)
    kept = [answer(first, text="before"), answer(second, points=3)]
    now = [answer(first, text=""), answer(second, points=8)]
    assert merged([first, second], kept, now) == [kept[0], now[1]]


def test_an_answer_to_nothing_falls_away() -> None:
    """A question that this version does not ask."""
    one = question(QuestionKind.LONG_TEXT)
    assert fitting([one], [FormAnswer(question_id=uuid4(), text="words")]) == []


@pytest.mark.parametrize(
    "flaw",
    [
        {"kind": "single_choice", "options": ["one"]},
        {"kind": "single_choice", "options": ["same", "same"]},
        {"kind": "date", "options": ["one", "two"]},
        {"kind": "scale", "follow_up": "Why?"},
        {"kind": "short_text", "label": " "},
        {"kind": "no_such_kind"},
    ],
)
def test_a_question_fits_its_kind(flaw: dict[str, object]) -> None:
    """Whatever builds a form cannot build one that cannot be answered."""
    with pytest.raises(ValidationError):
        FormQuestion.model_validate({"id": uuid4(), "label": "Something"} | flaw)


def test_a_practice_starts_from_a_short_form() -> None:
    """At most six questions, of which one is required: nothing sensitive has to be told early."""
    questions = first_questions()
    assert len(asked(questions)) <= 6
    assert [one.label for one in questions if one.is_required] == ["What brings you here?"]
    assert len({one.id for one in questions}) == len(questions)


def test_there_are_words_for_every_kind_of_text() -> None:
    """Each within what a text may hold."""
    kinds = [one.kind for one in suggested_texts()]
    assert len(set(kinds)) == len(kinds) == 4
