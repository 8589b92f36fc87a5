"""What a client tried and practised stands beside the note on the session, to be read."""

import pytest

from services.common.errors import Busy
from services.contracts.plans.beside import (
    GetSessionExercises,
    SessionExercise,
    SessionExercises,
)
from services.contracts.plans.content import Exercise
from services.contracts.plans.notes import NoteKind
from services.contracts.plans.views import EntryView
from tests.unit.gateway import views
from tests.unit.gateway.note_desk import BOOKING, CLIENT, DRAFT, FORM, TYPED, URL, desk
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import fetch
from tests.unit.gateway.test_today import START

HAPPENED = "I said it after an hour, and we ate together."
NEW_WAY = "Say it the same day."
EXERCISE = Exercise(id=views.PERSON, situation="I am hurt and go quiet.", new_way=NEW_WAY)
ENTRY = EntryView(id=CLIENT, exercise=EXERCISE, happened=HAPPENED, went=6, logged_at=START)
BESIDE = SessionExercises(
    plan_id=CLIENT,
    since=None,
    exercises=[SessionExercise(exercise=EXERCISE, is_rehearsed=False, rehearsed_at=None)],
    entries=[ENTRY],
    may_mark=True,
)
NEW = f"/notes/new?booking={BOOKING}"


@pytest.mark.parametrize("path", [URL, NEW])
def test_the_log_stands_beside_the_progress_note_of_a_session(path: str) -> None:
    """A draft or a new one. It can be read and not marked: the mark would leave what is typed."""
    app, backend = desk()
    backend.told[GetSessionExercises] = lambda _: BESIDE
    shown = fetch(app, path).text
    assert HAPPENED in shown
    assert NEW_WAY in shown
    assert "Mark as rehearsed" not in shown
    assert GetSessionExercises(booking_id=BOOKING) in backend.asked


def test_it_stands_there_too_when_the_form_is_shown_again() -> None:
    """With what was typed."""
    app, backend = desk()
    backend.told[GetSessionExercises] = lambda _: BESIDE
    answer = post_form(app, URL, FORM | {"assessment": "x" * 6001})
    assert answer.status_code == 422
    assert HAPPENED in answer.text
    assert TYPED in answer.text


def test_no_chart_is_looked_into_for_a_private_note_or_one_without_a_session() -> None:
    """A look that nobody needs is none that the client would read of."""
    for changes in ({"kind": NoteKind.PRIVATE}, {"booking_id": None}):
        note = DRAFT.model_copy(update=changes)
        app, backend = desk(GetNote=lambda _, note=note: note)
        backend.told[GetSessionExercises] = lambda _: BESIDE
        assert HAPPENED not in fetch(app, URL).text
        assert not any(isinstance(one, GetSessionExercises) for one in backend.asked)


def test_a_note_can_be_written_where_the_exercises_do_not_come() -> None:
    """The editor opens without them."""

    def busy(_: GetSessionExercises) -> SessionExercises:
        raise Busy("later")

    app, backend = desk()
    backend.told[GetSessionExercises] = busy
    answer = fetch(app, URL)
    assert answer.status_code == 200
    assert "Save draft" in answer.text
    assert "Agreed exercises" not in answer.text
