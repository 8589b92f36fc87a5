"""Sessions of a course moved together: every date is shown first, and all of them move or none."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from uuid_utils.compat import uuid7

from services.common.errors import InvalidInput, Refusal
from services.contracts.booking.bookings import BookingState, BookingView, GetBooking
from services.contracts.booking.courses import CourseDate, CourseReason
from services.contracts.booking.refusals import SeriesBroken, SeriesChanged, SlotTaken
from services.contracts.booking.series import (
    BreakKind,
    MovedSeries,
    MoveScope,
    MoveSeries,
    PreviewSeriesMove,
    SeriesBreak,
    SeriesDate,
    SeriesPreview,
)
from services.gateway.web.series import CANNOT_MOVE
from services.gateway.web.series_words import break_label, distance
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import fetch
from tests.unit.gateway.test_move_to import BASE, DAY, ONE, STARTS_AT, app_for

COURSE = ONE.model_copy(update={"course_id": uuid4()})
THERE = STARTS_AT + timedelta(days=1)
WISH = f"scope=following&day={DAY}&at=14:00"


def date(**changes: Any) -> SeriesDate:
    to = CourseDate(wanted_at=THERE, starts_at=THERE).model_copy(update=changes)
    return SeriesDate(booking_id=ONE.id, from_at=STARTS_AT, to=to)


def broken(kind: BreakKind = BreakKind.SPACING, days: int = 16) -> SeriesBreak:
    return SeriesBreak(
        kind=kind,
        moved_at=THERE,
        neighbour_at=STARTS_AT - timedelta(days=15),
        days_before=7,
        days_after=days,
    )


def app(
    *dates: SeriesDate, one: BookingView = COURSE, told: Any = None, breaks: int = 0
) -> FastAPI:
    made: FastAPI = app_for(one)
    seen = SeriesPreview(booking=one, dates=list(dates), breaks=[broken()] * breaks)

    def move(_: object) -> MovedSeries:
        if isinstance(told, Refusal):
            raise told
        return MovedSeries(bookings=[one, one])

    made.state.backend.told |= {
        GetBooking: lambda _: one,
        PreviewSeriesMove: lambda _: seen,
        MoveSeries: move,
    }
    return made


def asked(made: FastAPI, kind: type[Any]) -> list[Any]:
    return [one for one in made.state.backend.asked if isinstance(one, kind)]


def send(made: FastAPI, **changes: str) -> Any:
    from_, to = (one.isoformat().replace("+00:00", "Z") for one in (STARTS_AT, THERE))
    told = {"form_id": str(uuid7()), "scope": "following", "day": DAY, "at": "14:00", "days": "1"}
    told |= {"moves": f"{ONE.id}|{from_}|{to}", "tell": "no", "back": "/plans/1"}
    return post_form(made, f"{BASE}/series", told | changes)


def test_before_anything_is_asked_the_page_has_the_session_where_it_is() -> None:
    """A plain form of GET; nothing is asked of booking yet."""
    made = app(date())
    page = fetch(made, f"{BASE}/series?back=/plans/1").text
    assert "First you see every date" in page
    assert 'value="14:00"' in page
    assert 'href="/plans/1"' in page
    assert asked(made, PreviewSeriesMove) == []


@pytest.mark.parametrize("back", ["https://evil.example", "javascript:alert(1)", "//evil.example"])
def test_the_way_back_stays_within_our_own_pages(back: str) -> None:
    """Whatever the address says, before and after a question: the session's page instead."""
    made = app(date())
    for query in (f"back={back}", f"{WISH}&back={back}", f"scope=all&day=soon&back={back}"):
        page = fetch(made, f"{BASE}/series?{query}").text
        assert back not in page
        assert f'href="{BASE}"' in page
    assert back not in send(made, back=back, moves="").text


def test_every_date_is_shown_with_its_reason() -> None:
    """Where it was, where it would be, why there; and what it breaks needs a tick."""
    bent = date(wanted_at=THERE - timedelta(hours=1), reason=CourseReason.TAKEN)
    made = app(date(), bent, breaks=1)
    page = fetch(made, f"{BASE}/series?{WISH}&days=2&hours=1&skip=3").text
    assert "As you want it" in page
    assert "another session is there" in page
    assert "2 weeks and 2 days" in page
    assert 'name="accept"' in page
    [question] = asked(made, PreviewSeriesMove)
    assert (question.tolerance_days, question.tolerance_minutes, question.skip_weeks) == (2, 60, 3)


def test_one_alone_goes_where_it_is_told_to() -> None:
    """Nothing of the tolerances counts for it."""
    made = app(date())
    fetch(made, f"{BASE}/series?scope=one&day={DAY}&at=14:00&days=2&hours=1&skip=3")
    [question] = asked(made, PreviewSeriesMove)
    assert (question.tolerance_days, question.tolerance_minutes, question.skip_weeks) == (0, 0, 0)


def test_where_one_has_no_place_nothing_can_be_moved() -> None:
    """The nearest free time is told instead of a button."""
    gap = date(starts_at=None, reason=CourseReason.TIME_OFF, nearest_at=THERE)
    page = fetch(app(date(), gap), f"{BASE}/series?{WISH}").text
    assert "The nearest free time is" in page
    assert 'name="moves"' not in page


def test_a_yes_sends_the_dates_that_were_shown() -> None:
    """And leads to what was done."""
    made = app(date())
    answer = send(made, accept="yes")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{BASE}/series/moved?")
    [command] = asked(made, MoveSeries)
    assert command.scope is MoveScope.FOLLOWING
    assert [(one.from_at, one.starts_at) for one in command.moves] == [(STARTS_AT, THERE)]
    assert (command.accepts_breaks, command.is_client_told) == (True, False)


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (SeriesChanged(""), "in the meantime"),
        (SeriesBroken(""), "all the same"),
        (SlotTaken(""), "just been taken"),
    ],
)
def test_what_is_refused_is_shown_anew_with_the_reason(refusal: Refusal, words: str) -> None:
    """The dates as they can be now, below what was wished."""
    answer = send(app(date(), told=refusal, breaks=1))
    assert answer.status_code == 409
    assert words in answer.text
    assert "As you want it" in answer.text


def test_what_does_not_fit_is_named_at_its_field() -> None:
    """What was typed stays; a time of no grid as booking tells it."""
    page = fetch(app(date()), f"{BASE}/series?scope=all&day=soon&at=14:00")
    assert page.status_code == 422
    assert "Enter a date such as" in page.text
    made = app(date())

    def refuse(_: object) -> None:
        raise InvalidInput("", {"at": "must be a time of day on the 5-minute grid"})

    made.state.backend.told[PreviewSeriesMove] = refuse
    assert "steps of five minutes" in fetch(made, f"{BASE}/series?{WISH[:-1]}2").text
    assert send(app(date()), moves="nonsense").status_code == 422


@pytest.mark.parametrize(
    "one", [ONE, COURSE.model_copy(update={"state": BookingState.ATTENDED, "can_cancel": False})]
)
def test_what_is_of_no_course_or_over_leads_back(one: BookingView) -> None:
    """To the session, which says so."""
    answer = fetch(app(one=one), f"{BASE}/series")
    assert (answer.status_code, answer.headers["location"]) == (303, BASE)
    assert CANNOT_MOVE


@pytest.mark.parametrize(
    ("days", "words"), [(0, "0 days"), (1, "1 day"), (7, "1 week"), (16, "2 weeks and 2 days")]
)
def test_distances_are_told_in_weeks(days: int, words: str) -> None:
    """As people speak of them."""
    assert distance(days) == words


def test_a_break_says_what_would_be_and_what_is() -> None:
    """Order by both dates, nearness by its days."""
    zone = STARTS_AT.tzinfo
    assert "would come after the one on" in break_label(
        broken(BreakKind.ORDER),
        zone,  # type: ignore[arg-type]
        STARTS_AT,
    )
    assert "2 days only" in break_label(
        broken(BreakKind.TOO_NEAR, 2),
        zone,  # type: ignore[arg-type]
        STARTS_AT,
    )
