"""Who came: asked on the day and on the session's page, answered by the practice's staff."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI

from services.common.clock import utc_now
from services.common.errors import NotFound
from services.common.money import Money
from services.contracts.billing import (
    GetPayment,
    GetPrices,
    ListPayments,
    PaymentState,
    PaymentsView,
    PaymentView,
    PricesView,
    ReceivableView,
)
from services.contracts.booking.bookings import (
    Attendance,
    BookingsPage,
    BookingState,
    BookingView,
    CancellationPreview,
    GetBooking,
    ListBookings,
    RecordAttendance,
)
from services.contracts.booking.home import ClientHomeView, GetClientHome
from services.contracts.booking.refusals import AttendanceNotDue
from services.contracts.booking.staff import GetStaffBooking, StaffBookingView
from services.contracts.booking.today import DayView, ListDay
from services.contracts.plans.commands import ListOwnPlans, ListPlans
from services.contracts.plans.intake import (
    IntakeStatesView,
    ListIntakeStates,
    ListOwnIntakes,
    OwnIntakesView,
)
from services.contracts.plans.views import PlansView
from services.contracts.profiles.clients import ClientsView, ListClients
from services.contracts.profiles.directory import ListPractitioners, PractitionersView
from services.gateway.web import marks
from services.gateway.web.ids import new_form_id
from services.gateway.web.sessions import payment_of_session
from tests.unit.gateway import views
from tests.unit.gateway.apps import fresh_app
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import ToldBackend, fetch
from tests.unit.gateway.test_availability import house, last_asked, refuse
from tests.unit.gateway.test_own_hold import Knows
from tests.unit.gateway.test_returning import visitor
from tests.unit.gateway.test_today import START, hour

DONE = hour(BookingState.CONFIRMED).model_copy(
    update={"can_record_attendance": True, "practice_id": views.PRACTICE}
)
URL = f"/practices/{DONE.practice_id}/bookings/{DONE.id}/attendance"


NAMELESS: dict[Any, Any] = {
    GetPrices: lambda _: PricesView(prices=[]),
    ListClients: lambda _: ClientsView(clients=[]),
    ListIntakeStates: lambda _: IntakeStatesView(states=[]),
}


def day_of(state: BookingState, *, is_begun: bool = True) -> str:
    booking = DONE.model_copy(update={"state": state, "can_record_attendance": is_begun})
    app, backend = house()
    backend.told |= {
        ListDay: lambda _: DayView(bookings=[booking]),
        ListClients: lambda _: ClientsView(clients=[]),
        ListPayments: lambda _: PaymentsView(payments=[]),
        ListPlans: lambda _: PlansView(plans=[]),
        ListIntakeStates: lambda _: IntakeStatesView(states=[]),
    }
    return fetch(app, f"/today?day={START:%Y-%m-%d}").text


def staff(**told: Any) -> tuple[FastAPI, ToldBackend]:
    app, backend = house(**({"RecordAttendance": lambda _: DONE} | told))
    backend.told.setdefault(GetBooking, lambda _: DONE)
    return app, backend


def say(app: FastAPI, **fields: str) -> Any:
    return post_form(app, URL, {"form_id": new_form_id()} | fields)


def test_the_day_asks_who_came_once_a_session_has_begun() -> None:
    """Two buttons; once it is said, a way to withdraw it."""
    asked = day_of(BookingState.CONFIRMED)
    assert 'value="attended"' in asked
    assert 'value="no_show"' in asked
    assert 'name="attendance"' not in day_of(BookingState.CONFIRMED, is_begun=False)
    marked = day_of(BookingState.NO_SHOW)
    assert 'value="unmarked"' in marked
    assert 'value="attended"' not in marked


@pytest.mark.parametrize("what", Attendance)
def test_what_was_said_is_asked_for_and_leads_back(what: Attendance) -> None:
    """To the day on which it was said."""
    app, backend = staff()
    answer = say(app, attendance=what.value, back="/today?day=2030-01-07")
    assert (answer.status_code, answer.headers["location"]) == (303, "/today?day=2030-01-07")
    assert last_asked(backend, RecordAttendance).attendance is what


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", ""])
def test_it_leads_to_our_own_pages_only(back: str) -> None:
    """Else to the session's."""
    answer = say(staff()[0], attendance="attended", back=back)
    assert answer.headers["location"] == URL.removesuffix("/attendance")


def test_a_session_that_has_not_begun_says_so() -> None:
    """On its page."""
    answer = say(staff(RecordAttendance=refuse(AttendanceNotDue()))[0], attendance="attended")
    assert answer.status_code == 303
    assert answer.headers["location"] == URL.removesuffix("/attendance")


def test_a_broken_form_tells_strangers_nothing() -> None:
    """Whoever may not see the session gets what an unknown one gets."""
    app, backend = staff(GetBooking=refuse(NotFound()))
    assert say(app, attendance="perhaps").status_code == 404
    assert say(staff()[0], attendance="perhaps").status_code == 303
    assert not [one for one in backend.asked if isinstance(one, RecordAttendance)]


@pytest.mark.parametrize("state", [BookingState.ATTENDED, BookingState.NO_SHOW])
def test_who_is_marked_during_the_session_still_finds_its_door(state: BookingState) -> None:
    """At home, among the appointments, on the session's page and on the practitioner's."""
    begun = utc_now() - timedelta(minutes=10)
    during = DONE.model_copy(
        update={"state": state, "starts_at": begun, "ends_at": begun + timedelta(minutes=50)}
    )
    for path in ("/home", "/appointments", f"/bookings/{during.id}"):
        assert f'href="{during.join_path}"' in fetch(at_home(during), path).text
    app, backend = staff(GetBooking=lambda _: during)
    backend.told |= NAMELESS | {GetStaffBooking: lambda _: StaffBookingView(**dict(during))}
    page = fetch(app, URL.removesuffix("/attendance")).text
    assert f'href="{during.join_path}"' in page


def at_home(during: BookingView) -> FastAPI:
    """A client's pages, with one session under way."""
    app = fresh_app()
    app.state.doorkeeper = Knows(visitor())
    app.state.backend = ToldBackend(
        {
            GetBooking: lambda _: during,
            GetPrices: lambda _: PricesView(prices=[]),
            ListBookings: lambda _: BookingsPage(bookings=[during], next_cursor=None),
            GetClientHome: lambda _: ClientHomeView(upcoming=[during], last=[], next_times=[]),
            ListOwnPlans: lambda _: PlansView(plans=[]),
            ListOwnIntakes: lambda _: OwnIntakesView(intakes=[]),
            ListPractitioners: lambda _: PractitionersView(practitioners=[]),
        }
    )
    return app


@pytest.mark.parametrize(("practice", "status"), [(views.PRACTICE, 200), (uuid4(), 404)])
def test_a_practices_address_shows_no_session_of_another_practice(
    practice: UUID, status: int
) -> None:
    """Its staff may be clients elsewhere: that booking has its own address, and its own terms."""
    seen = DONE.model_copy(update={"practice_id": practice, "can_cancel": True})
    terms = CancellationPreview(booking=seen, refund_percent=100, holds_until=None)
    app, backend = staff(GetBooking=lambda _: seen, PreviewCancellation=lambda _: terms)
    backend.told |= NAMELESS | {GetStaffBooking: lambda _: StaffBookingView(**dict(seen))}
    for path in ("", "/cancel"):
        answer = fetch(app, URL.removesuffix("/attendance") + path)
        assert answer.status_code == status, path


PAID = PaymentView(
    id=uuid4(),
    booking_id=DONE.id,
    practice_id=DONE.practice_id,
    state=PaymentState.SUCCEEDED,
    price=Money(9000, "EUR"),
    captured=Money(9000, "EUR"),
    refunded=Money(0, "EUR"),
    checkout_url=None,
    expires_at=None,
)
HALF = DONE.model_copy(update={"policy": DONE.policy.model_copy(update={"no_show_percent": 50})})


def test_before_money_goes_back_the_page_asks_once_more() -> None:
    """In words and money; nothing is said to booking before the second press."""
    app, backend = staff(GetBooking=lambda _: HALF, RecordAttendance=lambda _: HALF)
    backend.told |= NAMELESS | {GetPayment: lambda _: PAID}
    asked = say(app, attendance="no_show", back="/today")
    assert asked.status_code == 409
    assert asked.text.count("€45") >= 2
    assert not [one for one in backend.asked if isinstance(one, RecordAttendance)]
    assert say(app, attendance="no_show", sure="yes", back="/today").status_code == 303
    assert last_asked(backend, RecordAttendance).attendance is Attendance.NO_SHOW
    assert say(app, attendance="attended", back="/today").status_code == 303


def test_what_is_owed_is_said_before_and_after() -> None:
    """On account, by the terms of the booking."""
    on_account = HALF.model_copy(update={"is_on_account": True})
    owing = ReceivableView(booking_id=DONE.id, price=Money(9000, "EUR"), owed=Money(0, "EUR"))
    attended, missed, unmarked = (marks.said(on_account, what, owing) for what in Attendance)
    assert attended == "Marked as attended. €90 is owed for this session."
    assert missed == "Marked as missed. €45 is owed for this session."
    assert unmarked == "The mark is withdrawn. Nothing is owed for this session."
    assert "Attended: €90" in marks.effects(on_account, None, owing)
    assert "€45 goes back" in marks.effects(HALF, PAID, None)
    assert "stays as it is" in marks.effects(DONE, PAID, None)
    assert marks.effects(DONE, None, None) == ""


def test_a_cancelled_session_for_which_nothing_is_owed_says_so() -> None:
    """And not that an invoice comes."""
    on_account = DONE.model_copy(update={"is_on_account": True})
    given_up = on_account.model_copy(update={"state": BookingState.CANCELLED})
    labels = [payment_of_session(one, None)["label"] for one in (on_account, given_up)]
    assert labels == ["By invoice", "Nothing owed"]
