"""Staff end the links of a booking that they may see."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.common.errors import NotFound
from services.contracts.booking.bookings import GetBooking
from services.contracts.notify import LinksRevoked, RevokeLinks
from services.gateway.visitors import Visitor
from tests.unit.gateway.apps import fresh_app
from tests.unit.gateway.stand_ins import ORIGIN, ToldBackend
from tests.unit.gateway.test_booking_pages import booking
from tests.unit.gateway.test_own_hold import Knows
from tests.unit.gateway.test_returning import visitor
from tests.unit.gateway.test_sent_again import Unlimited

PATH = f"/api/v1/practices/{uuid4()}/bookings/{uuid4()}/links"


def revoke(who: Visitor, *, is_visible: bool) -> tuple[httpx.Response, ToldBackend]:
    """What the API answers, and what it asked for."""

    def look(_: object) -> Any:
        if not is_visible:
            raise NotFound("There is no such booking.")
        return booking()

    backend = ToldBackend({GetBooking: look, RevokeLinks: lambda _: LinksRevoked(count=2)})
    app = fresh_app()
    app.state.doorkeeper, app.state.backend, app.state.limits = Knows(who), backend, Unlimited()

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as program:
            return await program.delete(PATH)

    return asyncio.run(send()), backend


def test_who_may_see_the_booking_is_told_how_many_ended() -> None:
    """notify then looks at the roles."""
    answer, _ = revoke(visitor(), is_visible=True)
    assert (answer.status_code, answer.json()) == (200, {"count": 2})


@pytest.mark.parametrize(("who", "status"), [(visitor(), 404), (Visitor(), 401)])
def test_to_others_the_booking_does_not_exist(who: Visitor, status: int) -> None:
    """notify is not even asked."""
    answer, backend = revoke(who, is_visible=False)
    assert answer.status_code == status
    assert not any(isinstance(one, RevokeLinks) for one in backend.asked)
