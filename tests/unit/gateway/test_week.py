"""The week's page: what it tells of a session, whose calendar it shows, and where it leads."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI

from services.common.errors import NotFound
from services.contracts.billing import ListPayments, PaymentsView
from services.contracts.booking.bookings import BookingState, BookingView
from services.contracts.booking.weeks import GetWeek, WeekSpan, WeekView
from services.contracts.profiles.accounts import Membership, Role
from services.contracts.profiles.clients import ClientName, ClientsView, ListClients
from services.contracts.profiles.directory import ListPractitioners, PractitionersView
from services.gateway.app import create_app
from services.gateway.web.week_context import Told, shown_hours, title, week_context
from tests.unit.gateway import views
from tests.unit.gateway.stand_ins import ToldBackend, fetch
from tests.unit.gateway.test_booking_pages import booking, payment
from tests.unit.gateway.test_own_hold import Knows
from tests.unit.gateway.test_protection import settings
from tests.unit.gateway.test_returning import visitor
from tests.unit.gateway.test_today import TREATING

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DESK = Membership(practice_id=views.PRACTICE, practice_name="Linden", roles=[Role.FRONT_DESK])
BILLING = DESK.model_copy(update={"roles": [Role.BILLING]})
OTHER = uuid4()


def berlin(day: int, hour: int, minute: int = 0, *, month: int = 11, fold: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN, fold=fold)


def span(start: datetime, end: datetime) -> WeekSpan:
    return WeekSpan(starts_at=start, ends_at=end)


def session(starts_at: datetime, minutes: int = 50, **changes: Any) -> BookingView:
    start = starts_at.astimezone(UTC)
    return booking(starts_at=start, ends_at=start + timedelta(minutes=minutes), **changes)


def week(*bookings: BookingView, monday: date = MONDAY, **changes: Any) -> WeekView:
    told: dict[str, Any] = {
        "practice_id": views.PRACTICE,
        "practitioner_id": views.PERSON,
        "time_zone": "Europe/Berlin",
        "monday": monday,
        "bookings": list(bookings),
        "hours": [span(berlin(23, 9), berlin(23, 17))],
        "time_off": [],
        "busy": [],
        "practitioner_ids": [views.PERSON],
    }
    return WeekView.model_validate(told | changes)


def told(view: WeekView, now: datetime = NOW) -> dict[str, Any]:
    return week_context(Told(view, {}, {}, {}), now)


def sessions_of(context: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for day in context["days"] for one in day["sessions"]]


def test_a_block_says_who_what_when_how_it_stands_and_whether_it_is_paid() -> None:
    """All of it in words: no colour says anything alone."""
    one = session(berlin(24, 14))
    context = week_context(
        Told(week(one), {one.client_id: "Jana"}, {one.id: payment(9500)}, {}), NOW
    )
    [block] = context["days"][1]["sessions"]
    assert (block["client_name"], block["time_label"]) == ("Jana", "14:00–14:50")
    assert block["offering_label"] == "Individual session, 50 minutes"
    assert (block["status"]["label"], block["status"]["icon"]) == ("Confirmed", "check")
    assert block["payment"]["label"] == "Paid"
    assert block["move_url"] == f"/practices/{one.practice_id}/bookings/{one.id}/move"


def test_what_was_given_up_stays_uncounted_and_cannot_be_moved() -> None:
    """It stands there, faded, with its state in words."""
    given_up = session(berlin(24, 9), state=BookingState.CANCELLED, can_cancel=False)
    context = told(week(session(berlin(23, 9)), given_up))
    assert context["count_label"] == "1 session"
    [block] = context["days"][1]["sessions"]
    assert (block["is_given_up"], block["move_url"]) == (True, None)
    assert block["status"]["label"] == "Cancelled"


def test_a_session_over_the_change_of_clocks_keeps_its_length_in_the_grid() -> None:
    """From 02:30 summer time, 50 minutes: the wall shows 02:20 then, the block is no less tall."""
    night = session(berlin(25, 2, 30, month=10))
    context = told(week(night, monday=date(2026, 10, 19), hours=[]))
    [block] = context["days"][6]["sessions"]
    assert (block["begins"], block["ends"]) == ("2026-10-25T02:30", "2026-10-25T03:20")
    assert block["time_label"] == "02:30 CEST–02:20 CET"


def test_a_session_stands_on_the_day_of_the_calendars_own_zone() -> None:
    """A quarter past midnight in Berlin is the day before in UTC."""
    context = told(week(session(datetime(2026, 11, 24, 23, 15, tzinfo=UTC))))
    assert [len(day["sessions"]) for day in context["days"]] == [0, 0, 1, 0, 0, 0, 0]


def test_the_days_tell_hours_and_time_off_in_words() -> None:
    """As who hears the page needs them."""
    view = week(
        hours=[span(berlin(23, 9), berlin(23, 12)), span(berlin(23, 13), berlin(24, 0))],
        time_off=[span(berlin(24, 0), berlin(25, 0)), span(berlin(25, 9), berlin(25, 10))],
    )
    days = told(view)["days"]
    assert [day["hours_label"] for day in days][:2] == ["09:00–12:00, 13:00–24:00", ""]
    assert [day["away_label"] for day in days][:3] == ["", "Away all day", "Away 09:00–10:00"]
    assert [day["is_today"] for day in days] == [False, True, *[False] * 5]


def test_the_background_is_told_by_day_as_the_wall_shows_it() -> None:
    """Also where a span goes over midnight, and where a day has 25 hours."""
    off = span(berlin(24, 22, month=10), berlin(26, 0, month=10))
    view = week(monday=date(2026, 10, 19), hours=[], time_off=[off])
    assert [(one["begins"], one["ends"]) for one in told(view)["spans"]] == [
        ("2026-10-24T22:00", "2026-10-24T24:00"),
        ("2026-10-25T00:00", "2026-10-25T24:00"),
    ]


@pytest.mark.parametrize(
    ("bookings", "shown"),
    [
        ([], (8, 19)),
        ([session(berlin(24, 6, 30))], (6, 19)),
        ([session(berlin(24, 20, 30))], (8, 22)),
        ([session(berlin(24, 23, 30))], (0, 24)),
    ],
)
def test_the_grid_reaches_as_far_as_what_is_in_it(
    bookings: list[BookingView], shown: tuple[int, int]
) -> None:
    """A usual day at least; over midnight the whole of it."""
    assert shown_hours(Told(week(*bookings), {}, {}, {})) == shown


@pytest.mark.parametrize(
    ("monday", "label"),
    [
        (date(2026, 11, 23), "23–29 November"),
        (date(2026, 11, 30), "30 November – 6 December"),
        (date(2026, 12, 28), "28 December 2026 – 3 January 2027"),
        (date(2025, 11, 24), "24–30 November 2025"),
    ],
)
def test_a_week_is_named_by_its_days(monday: date, label: str) -> None:
    """With years where they are not this one's."""
    assert title(monday, date(2026, 11, 24)) == label


def app_for(*memberships: Membership, view: WeekView | None = None) -> tuple[FastAPI, ToldBackend]:
    app = create_app(settings())
    app.state.doorkeeper = Knows(visitor(*memberships))

    def of(asked: GetWeek) -> WeekView:
        found = view or week(session(berlin(24, 14)))
        if asked.practitioner_id not in (None, *found.practitioner_ids):
            raise NotFound("There is no such practitioner.")
        return found

    backend = ToldBackend(
        {
            GetWeek: of,
            ListClients: lambda asked: ClientsView(
                clients=[ClientName(id=id_, name="Jana") for id_ in asked.client_ids]
            ),
            ListPayments: lambda _: PaymentsView(payments=[]),
            ListPractitioners: lambda _: PractitionersView(
                practitioners=[views.practitioner_name()]
            ),
        }
    )
    app.state.backend = backend
    return app, backend


def test_the_page_asks_each_service_once() -> None:
    """The week, then at the same time who comes and what was paid."""
    app, backend = app_for(TREATING)
    page = fetch(app, "/calendar?week=2026-W48")
    assert page.status_code == 200
    assert "Jana" in page.text
    assert backend.calls == {"booking": 1, "profiles": 1, "billing": 1}
    [asked] = [one for one in backend.asked if isinstance(one, GetWeek)]
    assert asked == GetWeek(practitioner_id=None, on=MONDAY)
    for url in ("/calendar?week=2026-W47", "/calendar?week=2026-W49", "/calendar/changes?"):
        assert url in page.text


def test_a_day_in_the_address_names_its_week() -> None:
    """For links that know a date."""
    app, backend = app_for(TREATING)
    assert fetch(app, "/calendar?day=2026-11-26").status_code == 200
    assert GetWeek(on=date(2026, 11, 26)) in backend.asked


@pytest.mark.parametrize(
    "query",
    ["week=2026-W54", "week=2026-48", "week=1999-W10", "week=2199-W50", "day=soon", "practice=x"],
)
def test_what_is_no_week_is_refused(query: str) -> None:
    """422, with a page that says what to do."""
    app, _ = app_for(TREATING)
    assert fetch(app, f"/calendar?{query}").status_code == 422


@pytest.mark.parametrize(("membership", "status"), [(TREATING, 200), (DESK, 200), (BILLING, 403)])
def test_it_is_for_who_keeps_a_calendar(membership: Membership, status: int) -> None:
    """A practitioner, and who runs those of the practice; elsewhere neither of them."""
    app, _ = app_for(membership)
    assert fetch(app, "/calendar").status_code == status
    assert fetch(app, f"/calendar?practice={uuid4()}").status_code == 403


def test_the_front_desk_chooses_among_the_calendars_of_the_practice() -> None:
    """By name; an unknown one answers like one that may not be seen."""
    app, _ = app_for(DESK, view=week(practitioner_ids=[views.PERSON, OTHER]))
    page = fetch(app, f"/calendar?practitioner={views.PERSON}").text
    assert f'<option value="{views.PERSON}" selected>Miriam Adler</option>' in page
    assert f"/calendar?week=2026-W47&amp;practice={views.PRACTICE}&amp;" in page
    assert fetch(app, f"/calendar?practitioner={uuid4()}").status_code == 404


@pytest.mark.parametrize(
    ("day", "at", "start"),
    [
        ("2026-11-26", "14:00", "2026-11-26T13%3A00%3A00Z"),
        ("2026-10-25", "02:30", "2026-10-25T00%3A30%3A00Z"),
    ],
)
def test_an_empty_place_leads_to_booking_at_that_instant(day: str, at: str, start: str) -> None:
    """As the calendar's clock shows it; of two such times the first."""
    app, _ = app_for(TREATING)
    answer = fetch(app, new_url(day, at))
    assert answer.status_code == 303
    assert answer.headers["location"] == (
        f"/clients/book?practice={views.PRACTICE}&practitioner={views.PERSON}&start={start}"
    )


def new_url(day: str, at: str, practitioner: UUID = views.PERSON) -> str:
    ids = f"practice={views.PRACTICE}&practitioner={practitioner}"
    return f"/calendar/new?{ids}&day={day}&at={at}"


def test_a_time_that_the_clocks_skip_leads_back_to_the_week() -> None:
    """Half past two does not exist on that Sunday."""
    app, _ = app_for(TREATING)
    answer = fetch(app, new_url("2027-03-28", "02:30"))
    assert (answer.status_code, "week=2027-W12" in answer.headers["location"]) == (303, True)
    assert fetch(app, new_url("2026-11-26", "14")).status_code == 422
    assert fetch(app, new_url("2026-11-26", "14:00", uuid4())).status_code == 404
