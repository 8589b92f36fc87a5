"""Who books by the API agrees to the words of the booking page, as the page's forms do."""

from typing import Any

import httpx
import pytest

from services.contracts.booking.bookings import BookSession
from services.contracts.profiles.accounts import Membership, Role
from services.contracts.profiles.clients import BOOKING_WORDS, EnsureClient, GetOwnClient
from services.gateway.visitors import Visitor
from tests.unit.gateway.stand_ins import ToldBackend
from tests.unit.gateway.test_own_hold import Knows, held
from tests.unit.gateway.test_returning import visitor
from tests.unit.gateway.test_sent_again import app_for, sent, typed
from tests.unit.gateway.test_who_comes import own_record

OLD_WORDS = "booking-2019-01"
ONE = held()
STAFF = Membership(
    practice_id=ONE.practice_id, practice_name="Linden", roles=[Role.ADMIN], practitioner_id=None
)


def answered(
    who: Visitor, agreed_to: str | None, before: str | None = None, **said: Any
) -> tuple[httpx.Response, ToldBackend]:
    """The answer to a call that agrees to this version, of who agreed to that one before."""
    app = app_for(ONE)
    backend: ToldBackend = app.state.backend
    backend.told[GetOwnClient] = lambda _: own_record(before)
    app.state.doorkeeper = Knows(who)
    body = {key: value for key, value in typed(ONE).items() if key != "agreed_to"}
    body |= {"agreed_to": agreed_to} if agreed_to else {}
    headers = {"idempotency-key": str(ONE.id)}
    return sent(app, "/api/v1/bookings", json=body | said, headers=headers), backend


def agreed(backend: ToldBackend) -> str | None:
    """What the client's record is told of it."""
    (record,) = [it for it in backend.asked if isinstance(it, EnsureClient)]
    return record.agreed_to


@pytest.mark.parametrize("agreed_to", [None, OLD_WORDS])
@pytest.mark.parametrize("who", [Visitor(), visitor(), visitor(STAFF)])
def test_nothing_is_booked_without_agreeing_to_the_words_of_today(
    who: Visitor, agreed_to: str | None
) -> None:
    """The problem names the field and the version to agree to; nobody is asked for a seat."""
    answer, backend = answered(who, agreed_to)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    (error,) = answer.json()["errors"]
    assert error["field"] == "agreed_to"
    assert BOOKING_WORDS in error["detail"]
    assert not {BookSession, EnsureClient} & {type(it) for it in backend.asked}


@pytest.mark.parametrize("who", [Visitor(), visitor(), visitor(STAFF)])
def test_what_was_agreed_to_is_kept_with_the_client(who: Visitor) -> None:
    """Of guests, of who is signed in, and of whom a practice's staff book for."""
    answer, backend = answered(who, BOOKING_WORDS)
    assert (answer.status_code, agreed(backend)) == (201, BOOKING_WORDS)


def test_who_agreed_to_these_words_before_need_not_say_it_again() -> None:
    """Their record keeps what it has; older words do not count, nor does a word for older ones."""
    answer, backend = answered(visitor(), None, before=BOOKING_WORDS)
    assert (answer.status_code, agreed(backend)) == (201, None)
    for agreed_to, before in [(None, OLD_WORDS), (OLD_WORDS, BOOKING_WORDS)]:
        assert answered(visitor(), agreed_to, before)[0].status_code == 422


@pytest.mark.parametrize(("who", "another"), [(visitor(), True), (visitor(STAFF), False)])
def test_agreeing_for_oneself_is_not_agreeing_for_somebody_else(
    who: Visitor, *, another: bool
) -> None:
    """As on the page: whoever books for others is asked each time."""
    answer, _ = answered(who, None, before=BOOKING_WORDS, is_for_another=another)
    assert answer.status_code == 422
