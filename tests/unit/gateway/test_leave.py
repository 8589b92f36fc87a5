"""Time off that touches sessions: what the pages say and offer before and after it is saved."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from services.contracts.billing import ListPayments, PaymentsView
from services.contracts.booking.bookings import BookingState
from services.contracts.booking.hours import (
    AddTimeOff,
    AvailabilityView,
    ScheduleChangeView,
    ScheduleSubject,
    SetDateHours,
    TimeOffPreview,
    TouchedSession,
    UndoScheduleChange,
)
from services.contracts.booking.refusals import SessionsTouched
from services.contracts.booking.today import DayView
from services.contracts.plans.commands import ListPlans
from services.contracts.plans.intake import IntakeStatesView, ListIntakeStates
from services.contracts.plans.views import PlansView
from services.contracts.profiles.clients import ClientName, ClientsView, ListClients
from tests.unit.gateway import views
from tests.unit.gateway.stand_ins import fetch
from tests.unit.gateway.test_availability import URL, VIEW, house, last_asked, refuse, send
from tests.unit.gateway.test_today import START, TREATING, hour

SEEN = "a" * 64
CLIENT = uuid4()
TOUCHED = TouchedSession(
    booking_id=uuid4(),
    client_id=CLIENT,
    offering_name="Session",
    state=BookingState.CONFIRMED,
    starts_at=START,
    ends_at=START + timedelta(minutes=50),
)
STAFF_URL = f"/practices/{views.PRACTICE}/bookings/{TOUCHED.booking_id}"


def names(_: object) -> ClientsView:
    return ClientsView(clients=[ClientName(id=CLIENT, name="Robin Example")])


NAMES: dict[Any, Any] = {
    ListClients: names,
    ListPayments: lambda _: PaymentsView(payments=[]),
    ListPlans: lambda _: PlansView(plans=[]),
    ListIntakeStates: lambda _: IntakeStatesView(states=[]),
}


def touched(**told: Any) -> tuple[Any, Any]:
    preview = TimeOffPreview(sessions=[TOUCHED], sessions_seen=SEEN)
    answers = {"AddTimeOff": refuse(SessionsTouched()), "PreviewTimeOff": lambda _: preview}
    app, backend = house(**(answers | told))
    backend.told |= NAMES
    return app, backend


def test_nothing_is_saved_before_the_touched_sessions_were_shown() -> None:
    """With names, times and zone, the ways to move and cancel, and what was typed to go on with."""
    app, _ = touched()
    answer = send(app, "time-off", first_on="2030-12-24", from_time="9")
    assert answer.status_code == 409
    for told in ("1 session lies", "Robin Example", "Berlin time", "not saved yet"):
        assert told in answer.text
    assert f'href="{STAFF_URL}/reschedule"' in answer.text
    assert f'href="{STAFF_URL}/cancel"' in answer.text
    for name, value in (("first_on", "2030-12-24"), ("from_time", "09:00"), ("version", "4")):
        assert f'name="{name}" value="{value}"' in answer.text
    assert f'name="sessions_seen" value="{SEEN}"' in answer.text


def test_what_was_shown_goes_with_saving() -> None:
    """So that a session booked in between is shown as well."""
    app, backend = touched(AddTimeOff=lambda _: VIEW)
    answer = send(app, "time-off", first_on="2030-12-24", sessions_seen=SEEN)
    assert answer.status_code == 303
    assert last_asked(backend, AddTimeOff).sessions_seen == SEEN


def test_closing_a_date_shows_its_sessions_first() -> None:
    """And closes it when they were seen."""
    app, backend = touched(SetDateHours=refuse(SessionsTouched()))
    answer = send(app, "dates", on="2030-12-24")
    assert answer.status_code == 409
    for told in ("1 session lies on this date", "Robin Example", "not closed yet"):
        assert told in answer.text
    assert f'action="{URL}/dates"' in answer.text
    for name, value in (("on", "2030-12-24"), ("version", "4"), ("sessions_seen", SEEN)):
        assert f'name="{name}" value="{value}"' in answer.text
    backend.told[SetDateHours] = lambda _: VIEW
    assert send(app, "dates", on="2030-12-24", sessions_seen=SEEN).status_code == 303
    closed = last_asked(backend, SetDateHours)
    assert (closed.windows, closed.sessions_seen) == ([], SEEN)


def test_undoing_shows_the_sessions_over_which_time_off_comes_back() -> None:
    """And undoes it when they were seen."""
    last = ScheduleChangeView(
        version=4,
        subject=ScheduleSubject.TIME_OFF,
        on=START.date(),
        is_removal=True,
        made_at=START - timedelta(days=1),
        touched=[TOUCHED],
        sessions_seen=SEEN,
    )
    view: AvailabilityView = VIEW.model_copy(update={"last_change": last})
    app, backend = touched(
        UndoScheduleChange=refuse(SessionsTouched()), GetAvailability=lambda _: view
    )
    answer = send(app, "undo")
    assert answer.status_code == 409
    for told in ("1 session lies", "Robin Example", "Nothing is undone yet"):
        assert told in answer.text
    assert f'action="{URL}/undo"' in answer.text
    assert f'name="sessions_seen" value="{SEEN}"' in answer.text
    backend.told[UndoScheduleChange] = lambda _: VIEW
    assert send(app, "undo", sessions_seen=SEEN).status_code == 303
    assert last_asked(backend, UndoScheduleChange).sessions_seen == SEEN


def test_more_sessions_than_a_page_lists_are_counted() -> None:
    """So that nobody takes the list for all of them."""
    preview = TimeOffPreview(sessions=[TOUCHED] * 102, sessions_seen=SEEN)
    app, _ = touched(PreviewTimeOff=lambda _: preview)
    page = send(app, "time-off", first_on="2030-12-24").text
    assert "102 sessions lie" in page
    assert "And 2 more" in page


def test_the_page_of_the_hours_lists_what_lies_within_time_off() -> None:
    """Until it is handled."""
    marked: AvailabilityView = VIEW.model_copy(update={"in_time_off": [TOUCHED]})
    app, _ = touched(GetAvailability=lambda _: marked)
    page = fetch(app, URL).text
    assert "Sessions within time off" in page
    assert "Robin Example" in page
    assert "Sessions within time off" not in fetch(touched()[0], URL).text


def test_the_day_marks_what_lies_within_time_off() -> None:
    """Beside its status, in words."""
    booking = hour(BookingState.CONFIRMED)
    app, _ = house(
        TREATING,
        ListDay=lambda _: DayView(bookings=[booking], in_time_off=[booking.id]),
    )
    app.state.backend.told |= NAMES
    page = fetch(app, f"/today?day={START:%Y-%m-%d}").text
    assert "Within time off" in page
