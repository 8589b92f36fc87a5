"""Pausing a plan: what that cancels is shown first, and nothing is said to be cancelled that is
not."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from services.contracts.booking.bookings import BookingState, BookingView
from services.contracts.booking.planned import PlannedCourseView, ShowPlannedCourse
from services.contracts.plans.commands import GetPlan
from services.contracts.plans.content import Move, Party, PlanState
from services.contracts.plans.courses import CourseState, PausePlan
from services.contracts.plans.notes import ListNotes, NotesView
from services.contracts.plans.rhythm import Unit
from services.contracts.plans.views import PlanView
from services.gateway.web import plan_pauses
from services.gateway.web.measure_context import measures_and_reviews
from services.gateway.web.plan_course import Shown, course_context
from tests.contracts.samples.plan_courses import CHOICE
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import ToldBackend
from tests.unit.gateway.test_booking_pages import NOW, SHOWN, booking
from tests.unit.gateway.test_courses import offering
from tests.unit.gateway.test_plan_dates import PATH, PLAN, app_of

PAUSE = f"{PATH}/pause"
FIRST = datetime(2093, 12, 1, 9, tzinfo=UTC)
BOOKINGS = [
    booking(
        id=UUID(int=number + 1),
        starts_at=FIRST + timedelta(weeks=number),
        ends_at=FIRST + timedelta(weeks=number, minutes=50),
        is_on_account=number != 3,
        can_cancel=number != 1,
        state=BookingState.CANCELLED if number == 1 else BookingState.CONFIRMED,
    )
    for number in range(4)
]
BOOKED = CHOICE.model_copy(
    update={"state": CourseState.BOOKED, "stopped_from": None, "rolls_every": None}
)


def app_with_plan(
    bookings: list[BookingView] | None = None, **dates: Any
) -> tuple[FastAPI, ToldBackend]:
    """Services that know an active plan with some sessions."""
    app, backend = app_of(CourseState.BOOKED)
    told = {"current": BOOKED, "may_pause": True, "pause_until": None, "paused_from": None}
    plan_dates = PLAN.dates.model_copy(update=told | dates)
    plan = PLAN.model_copy(
        update={"dates": plan_dates, "may": [Move.END], "state": PlanState.ACTIVE}
    )
    course = PlannedCourseView(
        offering=offering(), bookings=BOOKINGS if bookings is None else bookings
    )
    backend.told |= {
        GetPlan: lambda _: plan,
        ShowPlannedCourse: lambda _: course,
        ListNotes: lambda _: NotesView(notes=[]),
        PausePlan: lambda _: plan,
    }
    return app, backend


def form(day: str, **more: str) -> dict[str, str]:
    return {"revision": "3", "pause_from": day} | more


def paused(backend: ToldBackend) -> int:
    return sum(isinstance(one, PausePlan) for one in backend.asked)


def test_a_pause_shows_what_it_cancels_before_anything_happens() -> None:
    """Each date that will go with its money, none that stays or has gone, and the button sends what
    was seen."""
    app, backend = app_with_plan()
    page = post_form(app, PAUSE, form("2093-12-02"))
    assert page.status_code == 200
    assert paused(backend) == 0
    for text in (
        "2 sessions will be cancelled",
        "15 Dec 2093, 10:00",
        "22 Dec 2093, 10:00",
        plan_pauses.NOTHING_OWED,
        plan_pauses.ALL_BACK,
        "The pause has no end of its own",
        f'name="seen" value="{plan_pauses.as_sent(BOOKINGS[2:])}"',
    ):
        assert text in page.text
    assert "8 Dec 2093, 10:00" not in page.text


def test_what_was_seen_is_what_a_pause_cancels() -> None:
    """The plan is paused, and the notice says how many went."""
    app, backend = app_with_plan()
    done = post_form(app, PAUSE, form("2093-12-02", seen=plan_pauses.as_sent(BOOKINGS[2:])))
    assert done.status_code == 303
    [sent] = [one for one in backend.asked if isinstance(one, PausePlan)]
    assert sent.from_at == datetime(2093, 12, 1, 23, tzinfo=UTC)
    assert plan_pauses.done(2).startswith("Paused. 2 sessions are cancelled; your client gets one")


def test_a_session_that_moved_meanwhile_is_shown_first() -> None:
    """Nothing happens, and the page says that it is another list now."""
    app, backend = app_with_plan()
    page = post_form(app, PAUSE, form("2093-12-02", seen=plan_pauses.as_sent(BOOKINGS[1:])))
    assert page.status_code == 409
    assert "The sessions have changed since you saw them" in page.text
    assert paused(backend) == 0


def test_a_pause_that_cancels_nothing_says_so() -> None:
    """Before it is told and after it: no mail, no word of anything cancelled."""
    app, backend = app_with_plan(BOOKINGS[:1])
    page = post_form(app, PAUSE, form("2093-12-02"))
    assert "Nothing will be cancelled:" in page.text
    assert "gets no mail" in page.text
    done = post_form(app, PAUSE, form("2093-12-02", seen=plan_pauses.as_sent([])))
    assert done.status_code == 303
    assert paused(backend) == 1
    assert "nothing is cancelled and no mail is sent" in plan_pauses.done(0)


def test_a_plan_that_is_paused_by_then_stays_as_it_is() -> None:
    """A later day cancels nothing and is not sent, whatever the form says."""
    app, backend = app_with_plan([], paused_from=FIRST, pause_until=FIRST)
    page = post_form(app, PAUSE, form("2094-02-01", seen=plan_pauses.as_sent([])))
    assert "Paused from Tue 1 Dec 2093 already" in page.text
    assert "changes nothing" in page.text
    assert paused(backend) == 0


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2020-01-01", "This day is over. Choose today or a later day."),
        ("2094-06-01", "Choose 23 February 2094 or an earlier day."),
        ("soon", "Enter a date such as 2026-11-30."),
    ],
)
def test_a_day_on_which_no_pause_can_begin_is_named_at_its_field(day: str, told: str) -> None:
    """With what was typed, by the clock of the page; nothing is sent."""
    until = datetime(2094, 2, 22, 23, 30, tzinfo=UTC)
    app, backend = app_with_plan(pause_until=until)
    page = post_form(app, PAUSE, form(day))
    assert page.status_code == 422
    assert told in page.text
    assert f'value="{day}"' in page.text
    assert paused(backend) == 0


def test_only_what_can_be_paused_leads_there() -> None:
    """Back to the plan where nothing is booked; a client finds no such page."""
    app, backend = app_with_plan(may_pause=False)
    assert post_form(app, PAUSE, form("2093-12-02")).status_code == 303
    backend.told[GetPlan] = lambda _: PLAN.model_copy(update={"party": Party.CLIENT})
    assert post_form(app, PAUSE, form("2093-12-02")).status_code == 404


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_paused_plan_says_that_sessions_were_cancelled_only_where_some_were(
    is_gone: bool,
) -> None:
    """A pause after all that was booked cancels nothing."""
    end = NOW + timedelta(days=1)
    starts = [end + timedelta(days=1 if is_gone else -7)]
    stopped = CHOICE.model_copy(
        update={"state": CourseState.STOPPED, "stopped_from": end, "starts": starts}
    )
    dates = PLAN.dates.model_copy(update={"current": stopped, "sessions": []})
    plan = PLAN.model_copy(update={"dates": dates, "open": None})
    told = str(course_context(plan, Shown(None, ""), SHOWN, NOW)["stopped_label"])
    assert told.startswith("Paused from Tue 24 Nov: ")
    assert ("were cancelled" in told) == is_gone
    assert ("nothing is booked after that" in told) != is_gone


@pytest.mark.parametrize("heard", [None, timedelta(days=8), timedelta(days=30)])
def test_the_next_review_of_a_paused_plan_does_not_follow_what_was_heard_of_it(
    heard: timedelta | None,
) -> None:
    """However many of its sessions were told to be cancelled by now, the words are the same; one
    that is due before the pause, or by weeks, keeps its day."""

    def told(due_at: datetime | None, unit: Unit = Unit.SESSIONS) -> str:
        found = measures_and_reviews(reviewed(due_at, unit), SHOWN, NOW)
        return str(found["next_review_label"])

    assert told(NOW + heard if heard else None) == (
        "The next review comes after your next sessions, once the plan goes on."
    )
    assert told(NOW + timedelta(days=2)).startswith("The next review is due on Wed 25 Nov")
    if heard:
        assert told(NOW + heard, Unit.WEEKS).startswith("The next review is due on")


def reviewed(due_at: datetime | None, unit: Unit) -> PlanView:
    """A plan that is paused in a week, and when its next review would be."""
    assert PLAN.agreed is not None
    shape = PLAN.agreed.content.shape.model_copy(update={"review_every": 4, "review_unit": unit})
    content = PLAN.agreed.content.model_copy(update={"shape": shape})
    dates = PLAN.dates.model_copy(update={"paused_from": NOW + timedelta(days=7)})
    changes = {
        "agreed": PLAN.agreed.model_copy(update={"content": content}),
        "dates": dates,
        "state": PlanState.ACTIVE,
        "is_review_due": False,
        "is_review_awaited": True,
        "review_due_at": due_at,
    }
    return PLAN.model_copy(update=changes)
