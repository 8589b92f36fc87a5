"""The page on which a practice's staff end the private links of a booking."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.common.errors import NotFound
from services.contracts.booking.bookings import BookingView, GetBooking
from services.contracts.notify import LinksRevoked, RevokeLinks
from services.contracts.profiles.accounts import Membership, Role
from services.contracts.profiles.clients import ClientName, ClientsView, ListClients
from services.contracts.profiles.directory import ListPractitioners, PractitionersView
from services.gateway.visitors import Visitor
from services.gateway.web.private_links import links_url
from tests.unit.gateway import views
from tests.unit.gateway.apps import fresh_app
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import ToldBackend, fetch
from tests.unit.gateway.test_booking_pages import booking
from tests.unit.gateway.test_own_hold import Knows
from tests.unit.gateway.test_returning import visitor
from tests.unit.gateway.test_sent_again import Unlimited

START = views.hours_ahead(30)[0]
BOOKING = booking(
    practice_id=views.PRACTICE, starts_at=START, ends_at=START + timedelta(minutes=50)
)
PATH = f"/practices/{views.PRACTICE}/bookings/{BOOKING.id}/links"
DESK = Membership(practice_id=views.PRACTICE, practice_name="Linden", roles=[Role.FRONT_DESK])


def app_for(who: Visitor, ended: int = 0) -> tuple[FastAPI, ToldBackend]:
    """The app before a booking of the practice with so many open links."""

    def look(_: object) -> BookingView:
        if not who.actor(views.PRACTICE).roles:
            raise NotFound("There is no such booking.")
        return BOOKING

    told: dict[type[Any], Any] = {
        GetBooking: look,
        RevokeLinks: lambda _: LinksRevoked(count=ended),
        ListPractitioners: lambda _: PractitionersView(practitioners=[]),
        ListClients: lambda _: ClientsView(clients=[ClientName(id=BOOKING.client_id, name="Cleo")]),
    }
    backend, app = ToldBackend(told), fresh_app()
    app.state.doorkeeper, app.state.backend, app.state.limits = Knows(who), backend, Unlimited()
    return app, backend


def told_after(answer: httpx.Response, app: FastAPI) -> str:
    """The page after a form, with the notice that it brought."""
    cookie = answer.headers["set-cookie"].partition(";")[0]
    return fetch(app, answer.headers["location"], cookie=cookie).text


def test_the_page_says_whose_booking_it_is_and_ends_nothing_yet() -> None:
    """Who comes, and what ending the links does and does not do."""
    app, backend = app_for(visitor(DESK))
    page = fetch(app, PATH).text
    assert "Cleo" in page
    assert "stop working at once" in page
    assert not any(isinstance(asked, RevokeLinks) for asked in backend.asked)


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        (0, "there was none to end"),
        (1, "1 private link has ended."),
        (3, "3 private links have ended."),
    ],
)
def test_afterwards_staff_read_how_many_have_ended(ended: int, words: str) -> None:
    """On the page of that day; later mails bring new links, which is said as well."""
    app, _ = app_for(visitor(DESK), ended)
    answer = post_form(app, PATH, {})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/today?day=")
    page = told_after(answer, app)
    assert words in page
    assert ("mails from now on bring a new link" in page) is (ended > 0)


def test_to_others_the_booking_does_not_exist_and_strangers_sign_in_first() -> None:
    """Neither the question nor the act; notify is not even asked."""
    for who, expected in ((visitor(), (404, 404)), (Visitor(), (303, 303))):
        app, backend = app_for(who)
        answers = (fetch(app, PATH), post_form(app, PATH, {}))
        assert tuple(one.status_code for one in answers) == expected
        assert not any(isinstance(asked, RevokeLinks) for asked in backend.asked)


def test_only_staff_of_the_practice_are_shown_the_way() -> None:
    """On the page of a booking that they made for a client."""
    elsewhere = DESK.model_copy(update={"practice_id": BOOKING.id})
    assert links_url(visitor(DESK), BOOKING) == PATH
    assert links_url(visitor(elsewhere), BOOKING) is None
    assert links_url(Visitor(), BOOKING) is None
