"""A session moved to a named time by the practice: asked, refused with the reason, taken back."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from uuid_utils.compat import uuid7

from services.common.clock import utc_now
from services.common.errors import DifferentContent, InvalidInput, Refusal
from services.contracts.billing import GetPrices, PricesView
from services.contracts.booking.bookings import (
    BookingState,
    BookingView,
    GetBooking,
    RescheduleBooking,
)
from services.contracts.booking.refusals import (
    ClientElsewhere,
    NotBookable,
    NotReschedulable,
    SlotTaken,
)
from services.contracts.booking.staff import GetStaffBooking, StaffBookingView
from services.contracts.plans.commands import ListPlans
from services.contracts.plans.content import PlanState
from services.contracts.plans.intake import IntakeStatesView, ListIntakeStates
from services.contracts.plans.views import PlanLine, PlansView
from services.contracts.profiles.clients import ClientName, ClientsView, ListClients
from services.contracts.profiles.directory import ListPractitioners, PractitionersView
from services.gateway.app import create_app
from services.gateway.web.move_to import CANNOT_MOVE
from tests.unit.gateway import views
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import ToldBackend, fetch
from tests.unit.gateway.test_booking_pages import booking
from tests.unit.gateway.test_own_hold import Knows
from tests.unit.gateway.test_protection import settings
from tests.unit.gateway.test_returning import visitor
from tests.unit.gateway.test_sent_again import Unlimited
from tests.unit.gateway.test_today import TREATING

STARTS_AT = datetime(utc_now().year + 1, 11, 24, 13, 0, tzinfo=UTC)
ONE = booking(
    practice_id=views.PRACTICE,
    practitioner_id=views.PERSON,
    starts_at=STARTS_AT,
    ends_at=STARTS_AT + timedelta(minutes=50),
)
BASE = f"/practices/{views.PRACTICE}/bookings/{ONE.id}"
DAY = f"{STARTS_AT.year}-11-25"


def app_for(one: BookingView = ONE, move: Callable[[Any], Any] = lambda _: ONE) -> Any:
    app: FastAPI = create_app(settings())
    app.state.doorkeeper, app.state.limits = Knows(visitor(TREATING)), Unlimited()
    app.state.backend = ToldBackend(
        {
            GetBooking: lambda _: one,
            RescheduleBooking: move,
            ListClients: lambda _: ClientsView(clients=[ClientName(id=one.client_id, name="Jana")]),
            ListPractitioners: lambda _: PractitionersView(practitioners=[]),
            GetStaffBooking: lambda _: StaffBookingView(**dict(ONE)),
            GetPrices: lambda _: PricesView(prices=[]),
            ListIntakeStates: lambda _: IntakeStatesView(states=[]),
        }
    )
    return app


def refusing(refusal: Refusal) -> Any:
    def refuse(_: object) -> None:
        raise refusal

    return app_for(move=refuse)


def form(**changes: str) -> dict[str, str]:
    told = {"form_id": str(uuid7()), "day": DAY, "at": "10:00", "tell": "yes", "back": "/calendar"}
    return {name: value for name, value in (told | changes).items() if value}


def send(app: FastAPI, **changes: str) -> httpx.Response:
    return post_form(app, f"{BASE}/move", form(**changes))


def moves(app: FastAPI) -> list[RescheduleBooking]:
    asked: list[Any] = app.state.backend.asked
    return [one for one in asked if isinstance(one, RescheduleBooking)]


def test_the_question_stands_there_with_the_time_that_was_dragged_to() -> None:
    """Or, without one, with the time at which the session is."""
    page = fetch(app_for(), f"{BASE}/move?day={DAY}&at=10:15&back=/calendar").text
    assert "Move Jana" in page
    assert "Notify the client?" in page
    for value in (DAY, "10:15", "/calendar"):
        assert f'value="{value}"' in page
    plain = fetch(app_for(), f"{BASE}/move?back=https://elsewhere.example").text
    assert 'value="14:00"' in plain
    assert "elsewhere" not in plain


@pytest.mark.parametrize(("tell", "is_told"), [("yes", True), ("no", False)])
def test_it_moves_to_what_the_calendars_clock_shows(tell: str, is_told: bool) -> None:
    """Ten in Berlin is nine in UTC; whether the client is told goes along, and the act's id."""
    app, act = app_for(), str(uuid7())
    answer = send(app, tell=tell, form_id=act)
    [asked] = moves(app)
    assert asked.starts_at == STARTS_AT.replace(day=25, hour=9)
    assert (str(asked.id), asked.is_client_told) == (act, is_told)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{BASE}/moved?start={STARTS_AT.year}-11-24T13")
    assert f"tell={tell}&back=%2Fcalendar" in answer.headers["location"]


def test_what_is_moved_can_be_taken_back() -> None:
    """To the very instant, also one that the clock shows twice; told as the move was."""
    app = app_for(ONE.model_copy(update={"starts_at": STARTS_AT + timedelta(days=1)}))
    start = f"{STARTS_AT.year}-11-24T13:00:00Z"
    page = fetch(app, f"{BASE}/moved?start={start}&tell=no&back=/calendar").text
    assert "The client gets no mail." in page
    assert f'name="start" value="{start}"' in page
    send(app, day="", at="", start=start, tell="no")
    assert moves(app)[0].starts_at == STARTS_AT
    assert 'name="start"' not in fetch(app_for(), f"{BASE}/moved?start={start}").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"day": ""}, "Enter a date such as"),
        ({"at": "quarter past"}, "Enter a time in steps of five minutes"),
        ({"tell": "maybe"}, "Choose whether the client gets a mail."),
        ({"day": "2027-03-28", "at": "02:30"}, "The clocks skip this time on that day."),
    ],
)
def test_what_cannot_be_meant_is_asked_again(changes: dict[str, str], words: str) -> None:
    """422 that names the field; what was typed stays, and nothing has moved."""
    app = app_for()
    answer = send(app, **changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert moves(app) == []


@pytest.mark.parametrize(
    ("refusal", "status", "words"),
    [
        (SlotTaken("Taken.", {"nearest": "2026-11-25T09:00:00Z"}), 409, "Wed 25 Nov, 10:00"),
        (SlotTaken("Taken."), 409, "too close to another session."),
        (ClientElsewhere("There."), 409, "The client has another session"),
        (
            NotBookable("No.", {"starts_at": "is outside of the working hours"}),
            409,
            "That time is outside of the working hours.",
        ),
        (InvalidInput("No.", {"starts_at": "is when"}), 422, "The session takes place then"),
        (DifferentContent("No."), 422, "out of date"),
    ],
)
def test_a_refused_move_says_why_and_keeps_what_was_typed(
    refusal: Refusal, status: int, words: str
) -> None:
    """The session stays where it is."""
    answer = send(refusing(refusal))
    assert answer.status_code == status
    assert words in answer.text
    assert f'value="{DAY}"' in answer.text


def test_what_cannot_be_moved_any_more_leads_back_to_the_session() -> None:
    """As it is asked, and as it is sent."""
    over = app_for(ONE.model_copy(update={"state": BookingState.ATTENDED}))
    sent = send(refusing(NotReschedulable("Over.")))
    for answer in (fetch(over, f"{BASE}/move"), sent):
        assert (answer.status_code, answer.headers["location"]) == (303, BASE)
        assert answer.headers["set-cookie"]
    assert CANNOT_MOVE


@pytest.mark.parametrize(
    ("plans", "link"),
    [
        ([], f"/plans/new?client={ONE.client_id}"),
        ([PlanState.ENDED, PlanState.ACTIVE], "The plan"),
        ([PlanState.DRAFT, PlanState.AGREED], "The plan"),
        ([PlanState.ACTIVE, PlanState.IN_REVIEW], f"/clients/{ONE.client_id}"),
        (None, ""),
    ],
)
def test_the_sessions_page_leads_to_its_plan(plans: list[PlanState] | None, link: str) -> None:
    """One under way before a draft, and that before what has ended; where several are, to all of
    them; without plans the page is."""
    app = app_for()
    lines = [
        PlanLine(
            id=uuid7(),
            client_id=ONE.client_id,
            practitioner_id=ONE.practitioner_id,
            state=state,
            waits_for=None,
            changed_at=STARTS_AT,
        )
        for state in plans or []
    ]
    if plans is not None:
        app.state.backend.told[ListPlans] = lambda _: PlansView(plans=lines)
    page = fetch(app, BASE)
    assert page.status_code == 200
    assert link in page.text
    is_one = link == "The plan"
    assert (f"/plans/{lines[1].id}" in page.text) is is_one if lines else True
    assert 'id="session"' in page.text
    assert f"/clients/{ONE.client_id}?practice={views.PRACTICE}" in page.text
    assert re.search(rf"/today\?day=[0-9-]+&amp;practice={views.PRACTICE}", page.text)
    assert f"{BASE}/move" in page.text
