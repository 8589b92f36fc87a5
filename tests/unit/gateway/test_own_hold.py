"""Going back to a start that is one's own leads to the booking, however it was made."""

from datetime import timedelta

import pytest
from fastapi import FastAPI, Request

from services.common.clock import utc_now
from services.contracts.billing import GetPrices
from services.contracts.billing.credits import CreditsView, ListCredits
from services.contracts.booking.bookings import (
    BookingsPage,
    BookingState,
    BookingView,
    GetBooking,
    ListBookings,
)
from services.contracts.booking.offerings import ListSlots
from services.contracts.profiles.directory import GetPractitioner
from services.gateway.visitors import Doorkeeper, GuestBooking, Visitor
from tests.unit.gateway import views
from tests.unit.gateway.apps import fresh_app
from tests.unit.gateway.stand_ins import NoRedis, ToldBackend, fetch
from tests.unit.gateway.test_booking_pages import booking
from tests.unit.gateway.test_protection import settings
from tests.unit.gateway.test_returning import visitor

START = views.hours_ahead(30)[0]
URL = (
    f"/book?practice={views.PRACTICE}&offering={views.OFFERING}&with=miriam-adler"
    f"&start={START:%Y-%m-%dT%H:%M:%SZ}"
)


class Knows(Doorkeeper):
    """Everybody who comes is this visitor."""

    def __init__(self, who: Visitor) -> None:
        """No key and no Redis: cookies are not read."""
        super().__init__(settings(), NoRedis())
        self.who = who

    async def visitor(self, request: Request) -> Visitor:
        """The one."""
        return self.who

    async def bearer(self, request: Request) -> Visitor:
        """The same one, to the API."""
        return self.who


def held(**changes: object) -> BookingView:
    """An unpaid hold on the start."""
    told = {
        "practice_id": views.PRACTICE,
        "offering_id": views.OFFERING,
        "starts_at": START,
        "ends_at": START + timedelta(minutes=50),
        "state": BookingState.HELD,
        "deadline_at": utc_now() + timedelta(minutes=9),
    }
    return booking(**(told | changes))


def app_for(who: Visitor, mine: BookingView, *, of_account: bool) -> FastAPI:
    """Pages of a start that is taken, by a hold that the visitor may see."""
    listed = [mine] if of_account else []
    app = fresh_app()
    app.state.doorkeeper = Knows(who)
    app.state.backend = ToldBackend(
        {
            GetPractitioner: lambda _: views.practitioner(),
            GetPrices: lambda _: views.prices(),
            ListCredits: lambda _: CreditsView(credits=[]),
            ListSlots: lambda _: views.slots([]),
            ListBookings: lambda _: BookingsPage(bookings=listed, next_cursor=None),
            GetBooking: lambda _: mine,
        }
    )
    return app


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_a_guests_own_hold_is_found_again_also_after_signing_in(is_signed_in: bool) -> None:
    """The link to sign in stands on the very page on which the time was held."""
    mine = held()
    guest = (GuestBooking.of(mine),)
    login = visitor().login if is_signed_in else None
    app = app_for(Visitor(login=login, guest_bookings=guest), mine, of_account=False)
    answer = fetch(app, URL)
    assert (answer.status_code, answer.headers.get("location")) == (
        303,
        f"/bookings/{mine.id}/unpaid",
    )


def test_a_persons_own_hold_is_found_again() -> None:
    """It is among the account's bookings."""
    mine = held()
    answer = fetch(app_for(visitor(), mine, of_account=True), URL)
    assert answer.headers.get("location") == f"/bookings/{mine.id}/unpaid"


@pytest.mark.parametrize("state", [BookingState.CONFIRMED, BookingState.AWAITING_APPROVAL])
@pytest.mark.parametrize("of_account", [True, False])
def test_who_has_paid_and_goes_back_is_led_to_their_booking(
    state: BookingState, *, of_account: bool
) -> None:
    """A guest's browser too: nobody else has this time, and nothing is left to pay."""
    mine = held(state=state, deadline_at=None)
    guest = Visitor(guest_bookings=(GuestBooking.of(mine),))
    app = app_for(visitor() if of_account else guest, mine, of_account=of_account)
    answer = fetch(app, URL)
    assert (answer.status_code, answer.headers.get("location")) == (303, f"/bookings/{mine.id}")


@pytest.mark.parametrize("state", [BookingState.EXPIRED, BookingState.CANCELLED])
def test_a_start_that_was_ones_own_once_is_lost(state: BookingState) -> None:
    """Somebody else has it by now."""
    mine = held(state=state, deadline_at=None)
    assert fetch(app_for(visitor(), mine, of_account=True), URL).status_code == 409


def test_a_start_that_somebody_else_holds_is_lost() -> None:
    """Another time of one's own does not count."""
    mine = held(starts_at=START + timedelta(hours=1), ends_at=START + timedelta(hours=2))
    assert fetch(app_for(visitor(), mine, of_account=True), URL).status_code == 409
