"""A second tab on a start that is one's own leads to the booking: nobody was quicker."""

from datetime import timedelta
from typing import NoReturn

import httpx
import pytest
from uuid_utils.compat import uuid7

from services.common.errors import Refusal
from services.contracts.booking.bookings import BookingState, BookingView, BookSession
from services.contracts.booking.refusals import ClientElsewhere, NotBookable, SlotTaken
from services.gateway.visitors import GuestBooking, Visitor
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.test_own_hold import START, app_for, held
from tests.unit.gateway.test_returning import visitor
from tests.unit.gateway.test_sent_again import Unlimited, form_of

TAKEN = SlotTaken("taken", {})


def sent(
    path: str, mine: BookingView, refusal: Refusal = TAKEN, *, is_signed_in: bool = False
) -> httpx.Response:
    """The answer to another tab's form, of whom `mine` belongs to."""

    def refuse(_: BookSession) -> NoReturn:
        raise refusal

    who = visitor() if is_signed_in else Visitor(guest_bookings=(GuestBooking.of(mine),))
    app = app_for(who, mine, of_account=is_signed_in)
    app.state.backend.told[BookSession] = refuse
    app.state.limits = app.state.holds = Unlimited()
    return post_form(app, path, form_of(held(id=uuid7())))


@pytest.mark.parametrize("path", ["/book", "/book/choose"])
@pytest.mark.parametrize("is_signed_in", [False, True])
def test_an_unpaid_hold_of_ones_own_is_led_to(path: str, *, is_signed_in: bool) -> None:
    """To the page that leads on to paying, and not to three other times."""
    mine = held()
    answer = sent(path, mine, is_signed_in=is_signed_in)
    assert (answer.status_code, answer.headers.get("location")) == (
        303,
        f"/bookings/{mine.id}/unpaid",
    )


@pytest.mark.parametrize("refusal", [TAKEN, NotBookable("gone", {}), ClientElsewhere("there", {})])
def test_a_paid_booking_of_ones_own_is_led_to(refusal: Refusal) -> None:
    """Whatever booking finds first in the way."""
    mine = held(state=BookingState.CONFIRMED, deadline_at=None)
    answer = sent("/book", mine, refusal)
    assert (answer.status_code, answer.headers.get("location")) == (303, f"/bookings/{mine.id}")


@pytest.mark.parametrize(
    ("refusal", "words"),
    [(TAKEN, "Somebody was quicker"), (ClientElsewhere(""), "another session")],
)
def test_who_has_another_time_is_told_as_before(refusal: Refusal, words: str) -> None:
    """The start is somebody else's, or the visitor is elsewhere then."""
    other = held(starts_at=START + timedelta(hours=1), ends_at=START + timedelta(hours=2))
    answer = sent("/book", other, refusal)
    assert answer.status_code == 409
    assert words in answer.text
