"""A session of a course moved alone: others along or not is asked, what it breaks said first."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from fastapi import FastAPI
from uuid_utils.compat import uuid7

from services.contracts.booking.bookings import (
    CancellationPreview,
    GetBooking,
    PreviewCancellation,
    RescheduleBooking,
)
from services.contracts.booking.refusals import SeriesBroken
from services.contracts.booking.series import BreakKind, PreviewReschedule, ReschedulePreview
from services.gateway.web import labels
from tests.unit.gateway.apps import fresh_app
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import ToldBackend, fetch
from tests.unit.gateway.test_booking_pages import booking
from tests.unit.gateway.test_move_to import BASE, DAY, ONE, STARTS_AT, app_for, moves, send
from tests.unit.gateway.test_moving import LATER, cookie_of
from tests.unit.gateway.test_sent_again import DOOR, Unlimited
from tests.unit.gateway.test_series import broken

COURSE = ONE.model_copy(update={"course_id": uuid4()})
THERE = labels.instant(STARTS_AT.replace(day=25, hour=9))
SAID = "would come after the one on"


def refuse_unsaid(command: RescheduleBooking) -> Any:
    if not command.accepts_breaks:
        raise SeriesBroken("")
    return COURSE


def app(breaks: int = 1) -> FastAPI:
    made: FastAPI = app_for(COURSE, refuse_unsaid if breaks else lambda _: COURSE)
    told = ReschedulePreview(breaks=[broken(BreakKind.ORDER)] * breaks)
    made.state.backend.told[PreviewReschedule] = lambda _: told
    return made


def test_a_drop_says_at_once_what_it_breaks_and_offers_to_move_the_others_along() -> None:
    """A session of no course is asked nothing of the kind, nor what stays within its rhythm."""
    page = fetch(app(), f"{BASE}/move?day={DAY}&at=10:00").text
    assert SAID in page
    assert 'name="accept"' in page
    for scope in ("one", "following", "all"):
        assert f'name="scope" type="radio" value="{scope}"' in page
    assert 'name="accept"' not in fetch(app(0), f"{BASE}/move?day={DAY}&at=10:00").text
    plain = fetch(app_for(), f"{BASE}/move?day={DAY}&at=10:00").text
    assert 'name="scope"' not in plain


@pytest.mark.parametrize("scope", ["following", "all"])
def test_moving_others_along_leads_to_every_date_with_day_and_time_filled_in(scope: str) -> None:
    """Nothing has moved; how far each may stray is asked as usual."""
    made = app()
    answer = send(made, scope=scope)
    assert answer.status_code == 303
    where = answer.headers["location"]
    assert where.startswith(f"{BASE}/series?")
    for part in (f"scope={scope}", f"day={DAY}", "at=10%3A00", "days=1", "back=%2Fcalendar"):
        assert part in where
    assert moves(made) == []


def test_alone_it_moves_with_a_yes_to_what_was_shown() -> None:
    """409 that says what breaks; a yes holds for the time for which it was said, for no other."""
    made = app()
    asked = send(made, scope="one")
    assert asked.status_code == 409
    assert SAID in asked.text
    assert "Tick that you want this all the same" in asked.text
    assert f'name="seen" value="{THERE}"' in asked.text
    elsewhere = send(made, scope="one", accept="yes", seen=THERE, at="11:00")
    assert elsewhere.status_code == 409
    done = send(made, scope="one", accept="yes", seen=THERE)
    assert done.status_code == 303
    assert [one.accepts_breaks for one in moves(made)] == [False, False, True]


def test_taking_it_back_asks_no_second_time() -> None:
    """Where it was, it is again, whatever lies between."""
    made = app()
    start = labels.instant(STARTS_AT + timedelta(days=8))
    page = fetch(made, f"{BASE}/moved?start={quote(start)}").text
    assert f'name="seen" value="{start}"' in page
    assert 'name="accept" value="yes"' in page


def client_app(breaks: int = 1) -> tuple[FastAPI, Any]:
    """As its client sees it."""
    one = booking(course_id=uuid4())
    preview = CancellationPreview(booking=one, refund_percent=100, holds_until=None)
    made = fresh_app()
    backend: ToldBackend = app(breaks).state.backend
    backend.told |= {PreviewCancellation: lambda _: preview, GetBooking: lambda _: one}
    made.state.doorkeeper, made.state.backend, made.state.limits = DOOR, backend, Unlimited()
    return made, one


def test_the_client_reads_it_before_confirming() -> None:
    """In plain words beside the new time; the button is the yes, and without it nothing moves."""
    made, one = client_app()
    url = f"/bookings/{one.id}/reschedule"
    page = fetch(made, f"{url}?start={quote(LATER)}", cookie=cookie_of(one)).text
    assert SAID in page
    assert "Move the session all the same" in page
    assert 'name="accept" value="yes"' in page
    form = {"form_id": str(uuid7()), "start": LATER}
    answer = post_form(made, url, form, cookie_of(one))
    assert answer.status_code == 303
    assert f"{url}?start=" in answer.headers["location"]
    post_form(made, url, form | {"accept": "yes"}, cookie_of(one))
    assert [one.accepts_breaks for one in moves(made)] == [False, True]
    calm = fetch(client_app(0)[0], f"{url}?start={quote(LATER)}", cookie=cookie_of(one)).text
    assert 'name="accept"' not in calm
