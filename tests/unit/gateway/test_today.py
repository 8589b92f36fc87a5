"""A practitioner's day: what is counted, and what only stands there."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI

from services.contracts.billing import ListPayments, PaymentsView
from services.contracts.booking.bookings import (
    BookingState,
    BookingView,
)
from services.contracts.booking.today import DayView, ListDay
from services.contracts.plans.commands import ListPlans
from services.contracts.plans.intake import IntakeStatesView, ListIntakeStates
from services.contracts.plans.views import PlansView
from services.contracts.profiles.accounts import Membership, Role
from services.contracts.profiles.clients import ClientsView, ListClients
from services.contracts.profiles.records import Colleague
from tests.unit.gateway import views
from tests.unit.gateway.apps import fresh_app
from tests.unit.gateway.stand_ins import ToldBackend, fetch
from tests.unit.gateway.test_booking_pages import booking
from tests.unit.gateway.test_own_hold import Knows
from tests.unit.gateway.test_returning import visitor

TREATING = Membership(
    practice_id=views.PRACTICE,
    practice_name="Linden",
    roles=[Role.PRACTITIONER],
    practitioner_id=views.PERSON,
)
START = views.hours_ahead(30)[0]


def hour(state: BookingState) -> BookingView:
    return booking(state=state, starts_at=START, ends_at=START + timedelta(minutes=50))


def day_of(*states: BookingState) -> str:
    app: FastAPI = fresh_app()
    app.state.doorkeeper = Knows(visitor(TREATING))
    told: dict[Any, Any] = {
        ListDay: lambda _: DayView(bookings=[hour(state) for state in states]),
        ListClients: lambda _: ClientsView(clients=[]),
        ListPayments: lambda _: PaymentsView(payments=[]),
        ListPlans: lambda _: PlansView(plans=[]),
        ListIntakeStates: lambda _: IntakeStatesView(states=[]),
    }
    app.state.backend = ToldBackend(told)
    return fetch(app, f"/today?day={START:%Y-%m-%d}").text


def test_what_was_cancelled_stands_there_and_is_not_counted() -> None:
    """A day with one session and two cancellations has one session."""
    late = BookingState.LATE_CANCELLED
    page = day_of(BookingState.CONFIRMED, BookingState.CANCELLED, late)
    assert "1 session" in page
    assert "3 sessions" not in page
    assert page.count("Private links") == 3
    assert "Cancelled" in page
    assert "No sessions" in day_of(BookingState.CANCELLED)


def test_what_was_cancelled_is_struck_and_what_takes_place_is_not() -> None:
    """Its time and its client, so that a glance at the day does not mistake it."""
    assert day_of(BookingState.CONFIRMED).count("<s ") == 0
    assert day_of(BookingState.CONFIRMED, BookingState.LATE_CANCELLED).count("<s ") == 2


def test_who_treats_finds_their_own_appointments_as_a_client() -> None:
    """They book for themselves too; the way to what they booked stands on every page."""
    assert '<a href="/appointments"' in day_of()


def test_the_desk_sees_the_day_of_the_whole_practice() -> None:
    """Each session with whom it is; what waits to be marked stands before it. Every service is
    asked once."""
    app: FastAPI = fresh_app()
    desk = Membership(practice_id=views.PRACTICE, practice_name="Linden", roles=[Role.FRONT_DESK])
    app.state.doorkeeper = Knows(visitor(desk))
    backend = app.state.backend = ToldBackend(
        {
            ListDay: lambda _: DayView(
                bookings=[
                    hour(BookingState.CONFIRMED).model_copy(
                        update={"practitioner_id": views.PERSON}
                    )
                ],
                waiting=[
                    hour(BookingState.CONFIRMED).model_copy(
                        update={"id": uuid4(), "can_record_attendance": True}
                    )
                ],
                more_waiting=3,
                is_cut=True,
            ),
            ListClients: lambda _: ClientsView(
                clients=[], practitioners=[Colleague(id=views.PERSON, name="Miriam Adler")]
            ),
            ListPayments: lambda _: PaymentsView(payments=[]),
            ListIntakeStates: lambda _: IntakeStatesView(states=[]),
        }
    )
    page = fetch(app, "/today").text
    assert "with Miriam Adler" in page
    assert "Did they come?" in page
    assert "The first 1 of more sessions" in page
    assert "more sessions than this page holds" in page
    assert "3 more sessions follow as you mark these." in page
    assert all(one.is_whole for one in backend.asked if isinstance(one, ListDay))
    assert len(backend.asked) == len({type(one) for one in backend.asked})


def test_who_treats_and_keeps_the_practice_has_both_days() -> None:
    """Their own first; the practice's by a press."""
    app: FastAPI = fresh_app()
    owner = TREATING.model_copy(update={"roles": [Role.OWNER, Role.PRACTITIONER]})
    app.state.doorkeeper = Knows(visitor(owner))
    backend = app.state.backend = ToldBackend(
        {ListDay: lambda _: DayView(bookings=[]), ListPlans: lambda _: PlansView(plans=[])}
    )
    assert "/today?day=" in fetch(app, "/today").text
    fetch(app, "/today?whose=practice")
    assert [one.is_whole for one in backend.asked if isinstance(one, ListDay)] == [False, True]


@pytest.mark.parametrize(
    ("roles", "told"), [([], "no role at present"), ([Role.SUPERVISOR], "Signed notes of the")]
)
def test_who_has_no_day_lands_where_they_may_be(roles: list[Role], told: str) -> None:
    """A calendar of one's own is none without the role to keep it: the page says where they work
    and what they keep there, and asks nobody for a day."""
    app: FastAPI = fresh_app()
    member = TREATING.model_copy(update={"roles": roles})
    app.state.doorkeeper = Knows(visitor(member))
    app.state.backend = ToldBackend({})
    page = fetch(app, "/today")
    assert page.status_code == 200
    assert "Where you work" in page.text
    assert told in page.text
    assert "/availability" not in page.text
