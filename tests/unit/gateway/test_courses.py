"""The pages of courses: what they ask booking for, and what they say."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI

from services.common.errors import InvalidInput
from services.common.money import Money
from services.contracts.base import Format
from services.contracts.billing import GetPrices, PricesView, PriceView
from services.contracts.booking.bookings import BookingView, GetBooking
from services.contracts.booking.courses import (
    BookCourse,
    CourseDate,
    CoursePhase,
    CoursePreview,
    CourseReason,
    CourseView,
    PreviewCourse,
)
from services.contracts.booking.offerings import OfferingView
from services.contracts.booking.refusals import NotBookable, PriceChanged, SlotTaken
from services.contracts.profiles.clients import ClientsView, ListClients
from services.gateway.forms.courses import CourseForm, usual
from services.gateway.forms.reading import Flawed, parsed
from services.gateway.web.course_words import REASONS
from tests.unit.gateway import views
from tests.unit.gateway.apps import fresh_app
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import ToldBackend, fetch
from tests.unit.gateway.test_booking_pages import POLICY, booking
from tests.unit.gateway.test_own_hold import Knows
from tests.unit.gateway.test_returning import visitor
from tests.unit.gateway.test_sent_again import Unlimited
from tests.unit.gateway.test_today import TREATING

FIRST = datetime(2093, 11, 24, 9, 0, tzinfo=UTC)
SENT = {
    "count": "2",
    "every": "1",
    "first": "2093-12-01",
    "at": "10:00",
    "days": "2",
    "hours": "1",
    "skip": "1",
}


def session(**changes: Any) -> BookingView:
    told = {
        "starts_at": FIRST,
        "ends_at": FIRST + timedelta(minutes=50),
        "practice_id": views.PRACTICE,
    }
    return booking(**told | changes)


def dates(*reasons: CourseReason | None, is_open: bool = False) -> list[CourseDate]:
    found = []
    for week, reason in enumerate(reasons, 1):
        wanted = FIRST + timedelta(weeks=week)
        moved = wanted + timedelta(hours=1) if reason else wanted
        at = None if is_open and reason else moved
        found.append(CourseDate(wanted_at=wanted, starts_at=at, reason=reason, nearest_at=moved))
    return found


def offering() -> OfferingView:
    return OfferingView(
        id=views.OFFERING,
        practice_id=views.PRACTICE,
        practitioner_id=views.PERSON,
        name="Session",
        minutes=50,
        formats=[Format.ONLINE],
        price_id=views.PRICE,
        time_zone="Europe/Berlin",
        policy=POLICY,
    )


def told(found: list[CourseDate], **more: Any) -> dict[Any, Any]:
    """Services that propose these dates."""
    price = PriceView(
        id=views.PRICE,
        practice_id=views.PRACTICE,
        offering_id=views.OFFERING,
        version=1,
        money=Money(9500, "EUR"),
    )
    preview = CoursePreview(follows=session(), offering=offering(), dates=found)
    return {
        GetBooking: lambda _: session(),
        PreviewCourse: lambda _: preview,
        ListClients: lambda _: ClientsView(clients=[]),
        GetPrices: lambda _: PricesView(prices=[price]),
    } | more


def app_with(services: dict[Any, Any]) -> tuple[FastAPI, ToldBackend]:
    app = fresh_app()
    app.state.doorkeeper = Knows(visitor(TREATING))
    app.state.backend = backend = ToldBackend(services)
    app.state.limits = Unlimited()
    return app, backend


def refuse(refusal: Exception) -> Any:
    def answer(_: object) -> None:
        raise refusal

    return answer


PATH = f"/practices/{views.PRACTICE}/bookings/{uuid4()}/course"


def test_without_a_wish_twelve_weeks_at_the_sessions_hour_are_proposed() -> None:
    """By the clock of the schedule's zone, from the next such day on."""
    app, backend = app_with(told(dates(None)))
    assert fetch(app, PATH).status_code == 200
    [asked] = [one for one in backend.asked if isinstance(one, PreviewCourse)]
    assert (asked.first_on, asked.starts_at) == (date(2093, 12, 1), time(10))
    assert [phase.sessions for phase in asked.phases] == [12]


def test_a_session_of_long_ago_goes_on_from_its_next_weekday() -> None:
    """Not in the past."""
    now = FIRST + timedelta(weeks=7, days=3)
    assert usual(session(), now).first == date(2094, 1, 19)


def test_the_pattern_of_the_page_becomes_phases_with_their_spacing() -> None:
    """Neighbours come nearer, or go further, by what one of them may move."""
    form = parsed(CourseForm, SENT | {"then": "3", "then_every": "2"})
    asked = form.asked(uuid4())
    assert asked.phases == [
        CoursePhase(sessions=2, every_weeks=1, least_days=5, most_days=16),
        CoursePhase(sessions=3, every_weeks=2, least_days=12, most_days=23),
    ]
    assert (asked.tolerance_days, asked.tolerance_minutes) == (2, 60)
    assert parsed(CourseForm, form.sent) == form


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("count", "0"),
        ("count", "61"),
        ("count", "many"),
        ("every", "5"),
        ("then", "-1"),
        ("first", "tomorrow"),
        ("at", "10"),
        ("at", "10:00:00"),
        ("at", "25:00"),
        ("days", "4"),
        ("hours", "13"),
        ("skip", "9"),
    ],
)
def test_what_does_not_fit_is_named(name: str, text: str) -> None:
    """Each field has words of its own."""
    with pytest.raises(Flawed) as flawed:
        parsed(CourseForm, SENT | {name: text})
    assert flawed.value.errors == {name: CourseForm.words[name]}


def test_a_whole_course_can_be_booked_and_each_moved_date_says_why() -> None:
    """Price, reasons, and the button for all."""
    app, _ = app_with(told(dates(None, CourseReason.TIME_OFF)))
    page = fetch(app, f"{PATH}?count=2&every=1&first=2093-12-01&at=10:00").text
    assert "Book all 2 sessions" in page
    assert REASONS[CourseReason.TIME_OFF] in page
    assert "€95 each" in page


def test_a_course_with_a_gap_cannot_be_booked() -> None:
    """The page says which date has none, and what is free near it."""
    app, _ = app_with(told(dates(None, CourseReason.TAKEN, is_open=True)))
    page = fetch(app, PATH).text
    assert "Book all" not in page
    assert "1 date cannot be placed" in page
    assert "The nearest free time is Tue 8 Dec 2093, 11:00" in page


def test_mistakes_come_back_at_their_fields_with_what_was_typed() -> None:
    """The page's own, and those that only booking finds."""
    app, _ = app_with(told(dates(None)))
    answer = fetch(app, f"{PATH}?count=99&every=1&first=2093-12-01&at=10:00")
    assert answer.status_code == 422
    assert 'id="error-count"' in answer.text
    assert 'value="99"' in answer.text
    refusal = InvalidInput("no", {"starts_at": "is on no grid"})
    app, _ = app_with(told([]) | {PreviewCourse: refuse(refusal)})
    answer = fetch(app, f"{PATH}?count=9&every=1&first=2093-12-01&at=10:01")
    assert answer.status_code == 422
    assert 'id="error-at"' in answer.text


def test_a_session_that_no_course_can_go_on_from_leads_back_with_the_reason() -> None:
    """To the day, where the session is."""
    refusal = NotBookable("no", {"follows_booking_id": "is not confirmed"})
    app, _ = app_with(told([]) | {PreviewCourse: refuse(refusal)})
    answer = fetch(app, PATH)
    assert (answer.status_code, answer.headers["location"]) == (303, "/today")


def agreed(**changes: str) -> dict[str, str]:
    starts = ",".join(one.isoformat() for one in (FIRST + timedelta(weeks=n) for n in (1, 2)))
    form_id = "01939f00-0000-7000-8000-000000000001"
    return SENT | {"form_id": form_id, "price_id": str(views.PRICE), "starts": starts} | changes


def test_the_dates_that_were_shown_are_booked_under_one_id_each_choice() -> None:
    """The same form twice is one course; with other dates, after Back, it is another one."""
    course = CourseView(
        id=uuid4(),
        practice_id=views.PRACTICE,
        practitioner_id=views.PERSON,
        client_id=uuid4(),
        follows_booking_id=uuid4(),
        bookings=[session(), session()],
    )
    app, backend = app_with(told([]) | {BookCourse: lambda _: course})
    for form in (agreed(), agreed(), agreed(starts=f"{FIRST.isoformat()}")):
        answer = post_form(app, PATH, form)
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/practices/{views.PRACTICE}/courses/{course.id}"
    first, again, other = [one for one in backend.asked if isinstance(one, BookCourse)]
    assert first == again
    assert first.id != other.id
    assert first.starts == [FIRST + timedelta(weeks=n) for n in (1, 2)]


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (
            SlotTaken("gone", {"taken": "2093-12-08T09:00:00Z", "nearest": ""}),
            "Just taken: Tue 8 Dec 2093, 10:00.",
        ),
        (PriceChanged("new", {"price_id": str(uuid4())}), "The price has changed"),
        (NotBookable("no", {"starts": "gone"}), "A date has just changed"),
    ],
)
def test_who_loses_a_date_is_told_which_and_sees_others(refusal: Exception, words: str) -> None:
    """409, nothing booked, the same wishes with the dates of now."""
    app, _ = app_with(told(dates(None, CourseReason.TAKEN)) | {BookCourse: refuse(refusal)})
    answer = post_form(app, PATH, agreed())
    assert answer.status_code == 409
    assert words in answer.text
    assert "Book all 2 sessions" in answer.text


def test_a_form_that_lost_its_dates_is_asked_again() -> None:
    """422, with the pattern still there."""
    app, _ = app_with(told(dates(None)))
    answer = post_form(app, PATH, agreed(starts="soon"))
    assert answer.status_code == 422
    assert "Show the dates" in answer.text
