"""The pages before a first session, with services that answer from a table."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI

from services.common.errors import DifferentContent
from services.common.messages import Command
from services.contracts.booking.bookings import BookingState
from services.contracts.plans.intake import (
    GetIntake,
    IntakeState,
    IntakeView,
    KeepIntake,
    SubmitIntake,
)
from services.contracts.plans.questionnaire import FormQuestion, FormView, QuestionKind
from services.contracts.plans.refusals import IntakeChanged, IntakeIncomplete
from services.gateway.forms.intake import answers_of, values_of
from services.gateway.forms.intake_setup import question_of
from services.gateway.forms.reading import Flawed
from services.gateway.web.ids import new_form_id
from services.plans.catalogue.intake import first_questions
from tests.unit.gateway import views
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import ToldBackend, fetch
from tests.unit.gateway.test_availability import Uncounted
from tests.unit.gateway.test_booking_pages import NOW, STARTS_AT
from tests.unit.gateway.test_private_links import LINK, app_for

QUESTIONS = [
    FormQuestion(id=uuid4(), kind=QuestionKind.LONG_TEXT, label="Why?", is_required=True),
    FormQuestion(id=uuid4(), kind=QuestionKind.SINGLE_CHOICE, label="Which?", options=["A", "B"]),
    FormQuestion(id=uuid4(), kind=QuestionKind.MULTIPLE_CHOICE, label="All?", options=["A", "B"]),
    FormQuestion(id=uuid4(), kind=QuestionKind.DATE, label="When?"),
    FormQuestion(id=uuid4(), kind=QuestionKind.YES_NO, label="Really?", follow_up="How so?"),
    FormQuestion(id=uuid4(), kind=QuestionKind.SCALE, label="How well?"),
    FormQuestion(id=uuid4(), kind=QuestionKind.HEADING, label="The end"),
]
WHY = f"q-{QUESTIONS[0].id}"
FILLED = {
    WHY: "So",
    f"q-{QUESTIONS[1].id}": "B",
    f"q-{QUESTIONS[2].id}-1": "yes",
    f"q-{QUESTIONS[3].id}": "1990-03-08",
    f"q-{QUESTIONS[4].id}": "yes",
    f"q-{QUESTIONS[4].id}-more": "Like this",
    f"q-{QUESTIONS[5].id}": "0",
}


def seen(**changes: Any) -> IntakeView:
    """What plans tells the holder of a link."""
    values: dict[str, Any] = {
        "practice_id": views.PRACTICE,
        "practitioner_id": uuid4(),
        "starts_at": STARTS_AT,
        "state": IntakeState.OPEN,
        "is_given": False,
        "may_read": False,
        "may_write": True,
        "form": FormView(number=3, published_at=NOW - timedelta(days=3), questions=QUESTIONS),
        "answers": [],
        "answered": [],
        "given": [],
        "consents": [],
    }
    return IntakeView(**values | changes)


def house(told: IntakeView, **acts: Callable[[Any], Any]) -> tuple[FastAPI, ToldBackend]:
    """The app behind a mail's link."""
    app, backend = app_for(BookingState.CONFIRMED)
    app.state.limits = Uncounted()
    kinds: dict[str, type[Command]] = {"keep": KeepIntake, "submit": SubmitIntake}
    backend.told[GetIntake] = lambda _: told
    backend.told |= {kinds[name]: act for name, act in acts.items()}
    return app, backend


def sent(**fields: str) -> dict[str, str]:
    """The form as a browser sends it."""
    return {"form_id": new_form_id(), "form_number": "3"} | fields


def test_every_kind_of_answer_is_read_and_shown_again() -> None:
    """What was typed, as plans takes it and as the fields hold it."""
    found = answers_of(FILLED, QUESTIONS)
    assert [one.question_id for one in found] == [one.id for one in QUESTIONS[:-1]]
    assert found[5].points == 0
    assert values_of(QUESTIONS, found) == FILLED
    assert answers_of({}, QUESTIONS) == []


def test_a_date_that_is_none_is_named() -> None:
    """By the field's name."""
    with pytest.raises(Flawed) as flawed:
        answers_of({f"q-{QUESTIONS[3].id}": "31.2.1990"}, QUESTIONS)
    assert list(flawed.value.errors) == [f"q-{QUESTIONS[3].id}"]


def test_what_is_missing_is_named_with_its_question_and_what_was_typed_stays() -> None:
    """At the top and beside the field."""

    def refuse(_: SubmitIntake) -> IntakeView:
        raise IntakeIncomplete("", {str(QUESTIONS[0].id): "Please write a few words."})

    app, _ = house(seen(), submit=refuse)
    answer = post_form(app, f"{LINK}/intake", sent(**{f"q-{QUESTIONS[5].id}": "7"}))
    assert answer.status_code == 422
    assert f'<a href="#field-{WHY}">Why? Please write a few words.</a>' in answer.text
    assert 'value="7" checked' in answer.text


def test_what_is_filled_in_so_far_is_kept() -> None:
    """The button leads back to the booking."""
    app, backend = house(seen(), keep=lambda _: seen(answered=[QUESTIONS[0].id]))
    answer = post_form(app, f"{LINK}/intake/draft", sent(**FILLED))
    assert (answer.status_code, answer.headers["location"]) == (303, LINK)
    [kept] = [one for one in backend.asked if isinstance(one, KeepIntake)]
    assert (kept.form_number, len(kept.answers)) == (3, 6)


def test_answers_are_those_to_the_version_that_the_page_showed() -> None:
    """Options that moved in a version published meanwhile do not change what was ticked."""
    asked = QUESTIONS[2]
    moved = asked.model_copy(update={"options": ["B", "A"]})

    def published(command: GetIntake) -> IntakeView:
        told = [asked] if command.form_number == 3 else [moved]
        form = FormView(number=command.form_number or 4, published_at=NOW, questions=told)
        return seen(form=form)

    for path, kind in (("/intake", SubmitIntake), ("/intake/draft", KeepIntake)):
        app, backend = house(seen(), submit=lambda _: seen(), keep=lambda _: seen())
        backend.told[GetIntake] = published
        post_form(app, LINK + path, sent(**{f"q-{asked.id}-1": "yes"}))
        [told] = [one for one in backend.asked if isinstance(one, kind)]
        assert (told.form_number, told.answers[0].chosen) == (3, ["B"])


@pytest.mark.parametrize("path", ["/intake", "/intake/draft"])
def test_what_another_window_kept_is_told_and_what_was_typed_stays(path: str) -> None:
    """Pressed again, it takes the place of the other; a script is told as much."""

    def refuse(command: KeepIntake | SubmitIntake) -> IntakeView:
        assert command.revision == 2
        raise IntakeChanged("")

    app, _ = house(seen(revision=5), keep=refuse, submit=refuse)
    answer = post_form(app, LINK + path, sent(**FILLED, revision="2"))
    assert answer.status_code == 409
    assert "in another window" in answer.text
    assert 'name="revision" value="5"' in answer.text
    assert ">So</textarea>" in answer.text


@pytest.mark.parametrize("may_write", [True, False])
def test_other_answers_from_a_page_that_was_sent_already_stay(may_write: bool) -> None:
    """Back, other words, send: the page tells of those sent before, and sends these as its next;
    where nothing is taken any more it says so, as ever."""

    def refuse(_: SubmitIntake) -> IntakeView:
        raise DifferentContent("used")

    told = sent(**FILLED, revision="2")
    app, _ = house(seen(is_given=True, may_write=may_write, revision=5), submit=refuse)
    answer = post_form(app, f"{LINK}/intake", told)
    if not may_write:
        assert answer.headers["location"] == f"{LINK}/intake"
        return
    assert answer.status_code == 409
    assert "sent other answers from this page before" in answer.text
    assert ">So</textarea>" in answer.text
    assert 'name="revision" value="5"' in answer.text
    assert told["form_id"] not in answer.text


def test_a_page_keeps_the_revision_that_it_was_opened_with() -> None:
    """Through an error, too: what another window kept meanwhile is not taken for read."""
    flaw = {f"q-{QUESTIONS[3].id}": "31.2.1990"}
    app, _ = house(seen(revision=5))
    answer = post_form(app, f"{LINK}/intake/draft", sent(**flaw, revision="2"))
    assert answer.status_code == 422
    assert 'name="revision" value="2"' in answer.text
    assert 'name="revision" value="5"' in fetch(app, f"{LINK}/intake").text


def test_a_link_is_shown_what_it_kept_by_name_only() -> None:
    """The page says that an answer is there."""
    app, _ = house(seen(answered=[QUESTIONS[0].id]))
    text = fetch(app, f"{LINK}/intake").text
    assert text.count("Your answer is kept.") == 1
    assert "1 of 6 answered" in text


def test_where_nothing_is_asked_the_page_leads_back() -> None:
    """And where only texts are, on to those."""
    for told, place in (
        (seen(state=IntakeState.NOT_ASKED, form=None), LINK),
        (seen(form=None), f"{LINK}/intake/consents"),
    ):
        app, _ = house(told)
        assert fetch(app, f"{LINK}/intake").headers["location"] == place


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"kind": "long_text", "label": ""}, "label"),
        ({"kind": "single_choice", "label": "Which?", "options": "One"}, "options"),
        ({"kind": "single_choice", "label": "Which?", "options": "One\nOne"}, "options"),
        ({"kind": "no such kind", "label": "Which?"}, "kind"),
        ({"kind": "yes_no", "label": "Really?", "follow_up": "a" * 201}, "follow_up"),
    ],
)
def test_a_question_that_cannot_be_asked_is_named_by_its_field(
    typed: dict[str, str], field: str
) -> None:
    """Whatever was typed."""
    with pytest.raises(Flawed) as flawed:
        question_of(typed, uuid4())
    assert list(flawed.value.errors) == [field]


def test_what_a_kind_does_not_ask_for_falls_away() -> None:
    """Options of a text, a duty to answer a heading."""
    typed = {"label": "Hello", "options": "One\nTwo", "follow_up": "Why?", "is_required": "yes"}
    heading = question_of(typed | {"kind": "heading"}, uuid4())
    assert (heading.options, heading.follow_up, heading.is_required) == ([], None, False)


def test_the_suggested_form_can_be_filled_in() -> None:
    """Each of its questions has a field."""
    names = {f"q-{one.id}": "words" for one in first_questions() if "text" in one.kind}
    assert len(answers_of(names, first_questions())) == len(names)
