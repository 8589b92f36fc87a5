"""Who treats in two practices: their plans, notes and alerts of both, at addresses of neither."""

import re
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from uuid_utils.compat import uuid7

from services.common.auth import Actor
from services.common.errors import NotFound
from services.common.messages import Command, View
from services.contracts.billing import ListPayments, PaymentsView
from services.contracts.booking.bookings import BookingState, ListTreated, TreatedView
from services.contracts.booking.courses import CourseView, GetCourse, PreviewCourse
from services.contracts.booking.refusals import NotBookable
from services.contracts.booking.today import DayView, ListDay
from services.contracts.booking.treated import GetTreatedSession
from services.contracts.plans.commands import (
    GetPlan,
    ListOwnPlans,
    ListPlans,
    ListTemplates,
    StartPlan,
)
from services.contracts.plans.content import Party, PlanState
from services.contracts.plans.intake import (
    ClientIntakeView,
    GetClientIntake,
    IntakeStatesView,
    ListIntakeStates,
)
from services.contracts.plans.intake_setup import GetIntakeSetup, IntakeSetupView
from services.contracts.plans.notes import (
    GetNote,
    ListNotes,
    ListNoteToDos,
    NotesView,
    NoteToDo,
    NoteToDosView,
    StartNote,
    WriteNote,
)
from services.contracts.plans.views import PlanLine, PlansView, PlanView, TemplatesView
from services.contracts.profiles.accounts import Membership, Role
from services.contracts.profiles.clients import ClientName, ClientsView, ListClients
from tests.contracts.samples import booking as samples_of_booking
from tests.contracts.samples import intake as samples_of_intake
from tests.contracts.samples.plans import VERSION
from tests.unit.gateway import views
from tests.unit.gateway.note_desk import BOOKING, CLIENT, DRAFT, FORM, KEPT, SESSION, desk
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import ToldBackend, fetch
from tests.unit.gateway.test_availability import refuse
from tests.unit.gateway.test_courses import SENT
from tests.unit.gateway.test_returning import visitor
from tests.unit.gateway.test_today import START, TREATING, hour

SECOND = UUID(str(uuid7()))
ELSEWHERE = Membership(
    practice_id=SECOND, practice_name="Ulme", roles=[Role.PRACTITIONER], practitioner_id=uuid4()
)
PLAN = PlanView(
    id=uuid4(),
    practice_id=SECOND,
    client_id=CLIENT,
    practitioner_id=views.PERSON,
    party=Party.PRACTITIONER,
    state=PlanState.DRAFT,
    revision=1,
    has_account=True,
    agreed=VERSION,
    open=None,
    history=[],
    may=[],
    may_record_review=True,
)
LINE = PlanLine(
    id=PLAN.id,
    client_id=CLIENT,
    practitioner_id=views.PERSON,
    state=PlanState.ENDED,
    waits_for=None,
    changed_at=START,
    alerts=1,
)
TO_DO = NoteToDo(booking_id=BOOKING, client_id=CLIENT, starts_at=START, note_id=None)
KNOWN: dict[type[Command], Any] = {
    GetPlan: PLAN,
    ListPlans: PlansView(plans=[LINE]),
    StartPlan: PLAN,
    GetNote: DRAFT,
    StartNote: KEPT,
    WriteNote: KEPT,
    GetTreatedSession: SESSION,
    ListNoteToDos: NoteToDosView(to_dos=[TO_DO]),
    ListTreated: TreatedView(practitioner_id=views.PERSON, client_ids=[CLIENT]),
    ListClients: ClientsView(clients=[ClientName(id=CLIENT, name="Jonas")]),
}
"""What the second practice alone knows."""
NONE: dict[type[Command], Any] = {
    ListPlans: PlansView(plans=[]),
    ListNoteToDos: NoteToDosView(to_dos=[]),
    ListTreated: TreatedView(practitioner_id=views.PERSON, client_ids=[]),
    ListClients: ClientsView(clients=[]),
}
"""What the first one says instead; of what is left, that there is no such thing."""


ANSWERS = (*samples_of_booking.VIEWS, *samples_of_intake.VIEWS)
PAGES: dict[type[Command], type[View]] = {
    GetCourse: CourseView,
    GetClientIntake: ClientIntakeView,
    GetIntakeSetup: IntakeSetupView,
}


class InSecond(ToldBackend):
    """Services whose rows are all of the second practice."""

    actor = Actor()
    """Who asked last."""

    def tell(self, actor: Actor, command: Command) -> View:
        """As it is told there, or not found."""
        kind, self.actor = type(command), actor
        if kind in KNOWN and actor.practice_id == SECOND:
            self.told[kind] = lambda _: KNOWN[kind]
        elif kind in KNOWN:
            self.told[kind] = (lambda _: NONE[kind]) if kind in NONE else refuse(NotFound(""))
        return super().tell(actor, command)


@pytest.fixture
def app() -> FastAPI:
    """Before somebody who treats in both."""
    made, backend = desk(visitor(TREATING, ELSEWHERE))
    told = backend.told | {
        ListNotes: lambda _: NotesView(notes=[]),
        ListOwnPlans: lambda _: PlansView(plans=[]),
        ListTemplates: lambda _: TemplatesView(templates=[]),
    }
    made.state.backend = InSecond(told)
    return made


@pytest.mark.parametrize(
    "path",
    [
        f"/plans/{PLAN.id}/reviews/new",
        "/plans/new",
        f"/notes/{DRAFT.id}",
        f"/notes/new?booking={BOOKING}",
        f"/notes/new?client={CLIENT}",
        f"/notes?client={CLIENT}",
    ],
)
def test_a_page_is_found_in_whichever_practice_it_is(app: FastAPI, path: str) -> None:
    """With the name of the client there."""
    answer = fetch(app, path)
    assert answer.status_code == 200
    assert "Jonas" in answer.text


def test_lists_and_the_day_tell_of_both_practices(app: FastAPI) -> None:
    """An alert of the second one above all."""
    assert f'href="/plans/{PLAN.id}"' in fetch(app, "/plans").text
    today = fetch(app, "/today").text
    assert "Answers of Jonas need your look today" in today
    assert f"/notes/new?booking={BOOKING}" in today
    assert f"/notes/new?booking={BOOKING}" in fetch(app, "/notes").text


def test_a_day_leads_to_the_record_in_its_own_practice(app: FastAPI) -> None:
    """The first practice of the person need not be the one whose day it is."""
    backend = app.state.backend
    backend.told |= {
        ListDay: lambda _: DayView(bookings=[hour(BookingState.CONFIRMED)]),
        ListPayments: lambda _: PaymentsView(payments=[]),
        ListIntakeStates: lambda _: IntakeStatesView(states=[]),
    }
    page = fetch(app, f"/today?day={START:%Y-%m-%d}").text
    assert re.search(rf"/clients/[0-9a-f-]{{36}}\?practice={views.PRACTICE}", page)
    app.state.doorkeeper.who = visitor(TREATING)
    assert "?practice=" not in fetch(app, f"/today?day={START:%Y-%m-%d}").text


def test_each_practice_has_its_day(app: FastAPI) -> None:
    """One leads to the other, on the same day; what is marked there leads back there."""
    backend, day = app.state.backend, f"day={START:%Y-%m-%d}"
    waits = hour(BookingState.CONFIRMED).model_copy(update={"can_record_attendance": True})
    here: list[UUID | None] = []

    def told(_: ListDay) -> DayView:
        here.append(backend.actor.practice_id)
        return DayView(bookings=[], waiting=[waits])

    backend.told[ListDay] = told
    first = fetch(app, f"/today?{day}").text
    assert f'<a href="/today?{day}&amp;practice={SECOND}">Ulme</a>' in first
    second = fetch(app, f"/today?{day}&practice={SECOND}").text
    assert f'<a href="/today?{day}&amp;practice={views.PRACTICE}">Linden</a>' in second
    assert f'name="back" value="/today?{day}&amp;practice={SECOND}"' in second
    assert here == [views.PRACTICE, SECOND]
    assert fetch(app, f"/today?practice={uuid4()}").status_code == 403


def test_a_plan_leads_to_the_record_in_its_own_practice(app: FastAPI) -> None:
    """Which is not the first of the practitioner."""
    assert f"/clients/{CLIENT}?practice={SECOND}" in fetch(app, f"/plans/{PLAN.id}").text


@pytest.mark.parametrize("revision", ["0", "2"])
def test_a_note_is_written_in_the_practice_of_its_client(app: FastAPI, revision: str) -> None:
    """Begun or gone on with, by the script as well."""
    for path in (f"/notes/{DRAFT.id}", f"/notes/{DRAFT.id}/draft"):
        answer = post_form(app, path, FORM | {"revision": revision})
        assert answer.status_code in (200, 303)


def test_what_no_practice_knows_is_not_found(app: FastAPI) -> None:
    """As for everybody else."""
    app.state.doorkeeper.who = visitor(TREATING)
    assert fetch(app, f"/plans/{PLAN.id}/reviews/new").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        f"/bookings/{BOOKING}/course?{urlencode(SENT)}",
        f"/courses/{BOOKING}",
        f"/clients/{CLIENT}/intake",
        "/intake",
    ],
)
def test_a_page_of_one_practice_leads_back_to_the_day_there(app: FastAPI, path: str) -> None:
    """And to the day, without a word which, for who works in one."""
    told = app.state.backend.told
    told[PreviewCourse] = refuse(NotBookable("It is offered no more."))
    for asked, view in PAGES.items():
        told[asked] = lambda _, view=view: next(one for one in ANSWERS if isinstance(one, view))
    several, alone = visitor(TREATING, ELSEWHERE), visitor(ELSEWHERE)
    for who, query in ((several, f"?practice={SECOND}"), (alone, "")):
        app.state.doorkeeper.who = who
        answer = fetch(app, f"/practices/{SECOND}{path}")
        led_back = answer.headers.get("location") or answer.text
        assert answer.status_code in (200, 303)
        assert f"/today{query}" in led_back
        assert query or "/today?practice" not in led_back
