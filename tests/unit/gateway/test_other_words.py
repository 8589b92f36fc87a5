"""A form that is sent again with other words, after going back: they are not lost."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from uuid_utils.compat import uuid7

from services.common.errors import DifferentContent
from services.contracts.booking.bookings import ListTreated, TreatedView
from services.contracts.plans.commands import GetPlan, ListTemplates, LogExercise, StartPlan
from services.contracts.plans.content import Party
from services.contracts.plans.notes import NoteMove, NoteState
from services.contracts.plans.reviews import RecordReview
from services.contracts.plans.views import TemplatesView
from services.contracts.profiles.clients import ClientName, ClientsView, ListClients
from services.contracts.profiles.directory import ListPractitioners, PractitionersView
from services.gateway.forms.reading import SENT_BEFORE
from services.gateway.web.plan_new import BEGUN
from services.gateway.web.plan_reviews import WRITTEN
from tests.contracts.samples.plans import EXERCISE
from tests.unit.gateway import note_desk, views
from tests.unit.gateway.note_desk import value_of
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.test_courses import app_with, refuse
from tests.unit.gateway.test_plan_endings import PLAN
from tests.unit.gateway.test_today import START

TYPED = "Eisvogel: other words"
FORM_ID = str(uuid7())
CLIENT = UUID(str(uuid7()))
OTHERS = refuse(DifferentContent("This id was used for other words."))


def plan_of(party: Party) -> Any:
    return PLAN.model_copy(update={"party": party, "may_log": True, "may_record_review": True})


def send(party: Party, path: str, form: dict[str, str]) -> httpx.Response:
    app, _ = app_with(
        {
            GetPlan: lambda _: plan_of(party),
            LogExercise: OTHERS,
            RecordReview: OTHERS,
            StartPlan: OTHERS,
            ListPractitioners: lambda _: PractitionersView(practitioners=[]),
            ListClients: lambda _: ClientsView(clients=[ClientName(id=CLIENT, name="Jonas")]),
            ListTreated: lambda _: TreatedView(practitioner_id=views.PERSON, client_ids=[CLIENT]),
            ListTemplates: lambda _: TemplatesView(templates=[]),
        }
    )
    return post_form(app, path, form | {"form_id": FORM_ID})


@pytest.mark.parametrize(
    ("party", "path", "form", "told"),
    [
        (
            Party.CLIENT,
            f"/plans/{PLAN.id}/exercises/{EXERCISE}",
            {"happened": TYPED, "went": "4"},
            SENT_BEFORE,
        ),
        (
            Party.PRACTITIONER,
            f"/plans/{PLAN.id}/reviews/new",
            {"went_well": TYPED, "decision": "go_on"},
            WRITTEN,
        ),
    ],
)
def test_the_page_comes_back_with_what_was_typed(
    party: Party, path: str, form: dict[str, str], told: str
) -> None:
    """And says what became of what was sent first."""
    answer = send(party, path, form)
    assert answer.status_code == 409
    assert told in answer.text
    assert TYPED in answer.text


def test_what_was_tried_is_sent_once_more_under_an_id_of_its_own() -> None:
    """So that both entries stand."""
    path, form = f"/plans/{PLAN.id}/exercises/{EXERCISE}", {"happened": TYPED, "went": "4"}
    assert value_of(send(Party.CLIENT, path, form).text, "form_id") != FORM_ID


def test_another_plan_is_begun_by_sending_once_more() -> None:
    """The one of before is there already."""
    form = {"client": str(CLIENT), "template": "open-ended"}
    answer = send(Party.PRACTITIONER, "/plans/new", form)
    assert (answer.status_code, BEGUN in answer.text) == (409, True)
    assert value_of(answer.text, "form_id") != FORM_ID


def test_another_addendum_is_sent_once_more() -> None:
    """The signed note with what was typed, and a fresh form."""
    signed = note_desk.DRAFT.model_copy(
        update={"state": NoteState.SIGNED, "signed_at": START, "may": [NoteMove.ADD]}
    )
    app, _ = note_desk.desk(GetNote=lambda _: signed, AddAddendum=OTHERS)
    form = {"form_id": FORM_ID, "text": TYPED}
    answer = post_form(app, f"{note_desk.URL}/addenda", form)
    assert (answer.status_code, SENT_BEFORE in answer.text, TYPED in answer.text) == (
        409,
        True,
        True,
    )
    assert value_of(answer.text, "form_id") != FORM_ID
