"""Ids in queries, bodies and headers: somebody else's answers like one that does not exist."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import pytest
from uuid_utils.compat import uuid7

from tests.factories.clinic import ZONE
from tests.security.visits.cast import API, GUEST_NAME, Cast, client_of
from tests.security.visits.recipes import checkout, choice, stranger
from tests.security.visits.test_forms import Page
from tests.security.visits.visiting import Answer


@pytest.fixture(scope="module")
def http(cast: Cast) -> Iterator[httpx.Client]:
    """A client that keeps no cookies of its own."""
    with client_of(cast.product) as client:
        yield client


def bearer(cast: Cast, visitor: str, key: UUID | None = None) -> dict[str, str]:
    """What an API client of the visitor sends, with `key` for a write."""
    token = cast.bearers[visitor]
    headers = {"Idempotency-Key": str(key or uuid7())}
    return headers | ({"Authorization": f"Bearer {token}"} if token else {})


Ask = Callable[[httpx.Client, Cast, UUID], httpx.Response]


def offerings_of(http: httpx.Client, cast: Cast, practitioner_id: UUID) -> httpx.Response:
    path = f"{API}/practices/{cast.clinic.id}/offerings"
    return http.get(path, params={"practitioner_id": str(practitioner_id)})


def slots_of(http: httpx.Client, cast: Cast, offering_id: UUID) -> httpx.Response:
    path = f"{API}/practices/{cast.clinic.id}/offerings/{offering_id}/slots"
    day = cast.bookings["client"].starts_at[:10]
    return http.get(path, params={"from_on": day, "until_on": day})


def slots_within(http: httpx.Client, cast: Cast, practice_id: UUID) -> httpx.Response:
    path = f"{API}/practices/{practice_id}/offerings/{cast.clinic.offering_id}/slots"
    day = cast.bookings["client"].starts_at[:10]
    return http.get(path, params={"from_on": day, "until_on": day})


def booking_with(field: str) -> Ask:
    """A booking over the API that names another id in one field."""

    def ask(http: httpx.Client, cast: Cast, id_: UUID) -> httpx.Response:
        wish = cast.wish(name="Neu", email=stranger().email) | {field: str(id_)}
        return http.post(f"{API}/bookings", json=wish, headers=bearer(cast, "client2"))

    return ask


def link_with(field: str) -> Ask:
    """The page of a start whose link names another id in one field."""

    def ask(http: httpx.Client, cast: Cast, id_: UUID) -> httpx.Response:
        http.cookies.clear()
        link = choice(cast) | {"start": cast.spare, field: str(id_)}
        return http.get("/book", params=link)

    return ask


def form_with(path: str, field: str) -> Ask:
    """The checkout form that names another id in one field."""

    def ask(http: httpx.Client, cast: Cast, id_: UUID) -> httpx.Response:
        own = Page(http)
        http.cookies.clear()
        form = checkout(cast) | {"start": cast.spare, field: str(id_), "csrf_token": own.token}
        return http.post(path, data=form, headers={"Cookie": own.cookie, "Accept": "text/html"})

    return ask


def times_with(http: httpx.Client, cast: Cast, offering_id: UUID) -> httpx.Response:
    path = f"/practitioners/{cast.clinic.slug}/times"
    return http.get(path, params={"offering": str(offering_id)}, headers={"Accept": "text/html"})


def door_of(http: httpx.Client, cast: Cast, booking_id: UUID) -> httpx.Response:
    """With the code of another session's door."""
    code = cast.bookings["guest2"].join_path.rsplit("/", 1)[-1]
    return http.get(f"/join/{booking_id}/{code}", headers={"Accept": "text/html"})


#: Each place that takes an id, with one that belongs to another practice or person.
PLACES: dict[str, tuple[Ask, Callable[[Cast], UUID]]] = {
    "practitioner of offerings": (offerings_of, lambda it: it.elsewhere.practitioner_id),
    "offering of slots": (slots_of, lambda it: it.elsewhere.offering_id),
    "practice of slots": (slots_within, lambda it: it.elsewhere.id),
    "offering booked": (booking_with("offering_id"), lambda it: it.elsewhere.offering_id),
    "practice booked": (booking_with("practice_id"), lambda it: it.elsewhere.id),
    "price booked": (booking_with("price_id"), lambda it: it.elsewhere.price_id),
    "offering linked": (link_with("offering"), lambda it: it.elsewhere.offering_id),
    "practice linked": (link_with("practice"), lambda it: it.elsewhere.id),
    "offering of a form": (form_with("/book", "offering"), lambda it: it.elsewhere.offering_id),
    "practice of a form": (form_with("/book", "practice"), lambda it: it.elsewhere.id),
    "price of a form": (form_with("/book", "price_id"), lambda it: it.elsewhere.price_id),
    "offering chosen": (
        form_with("/book/choose", "offering"),
        lambda it: it.elsewhere.offering_id,
    ),
    "offering of times": (times_with, lambda it: it.elsewhere.offering_id),
    "door": (door_of, lambda it: it.bookings["client"].id),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_foreign_id_within_a_request_answers_like_an_unknown_one(
    place: str, http: httpx.Client, cast: Cast
) -> None:
    """Whoever asks cannot tell whether it is anybody's."""
    ask, foreign = PLACES[place]
    theirs, nobodys = (Answer.of(ask(http, cast, id_)) for id_ in (foreign(cast), uuid7()))
    assert theirs == nobodys
    assert theirs.status in (200, 303, 404, 409)


def held_by(http: httpx.Client, cast: Cast, owner: str) -> tuple[UUID, dict[str, Any]]:
    """A hold of somebody, and the wish it was made from."""
    wish, key = cast.wish(name="Wer Anders", email=stranger().email), uuid7()
    made = http.post(f"{API}/bookings", json=wish, headers=bearer(cast, owner, key))
    assert made.status_code == 201
    return key, wish


@pytest.mark.parametrize("owner", ["client", "nobody"])
@pytest.mark.parametrize("visitor", ["client2", "guest2", "nobody", "colleague", "admin2"])
def test_a_booking_id_of_somebody_else_tells_nothing_to_who_sends_other_content(
    owner: str, visitor: str, http: httpx.Client, cast: Cast
) -> None:
    """The same as for an offering that is unknown, and never that the id was used before."""
    key, wish = held_by(http, cast, owner)
    other = wish | {"starts_at": next(cast.starts), "email": stranger().email}
    headers = bearer(cast, visitor, key)
    answer = http.post(f"{API}/bookings", json=other, headers=headers)
    unknown = booking_with("offering_id")(http, cast, uuid7())
    assert Answer.of(answer) == Answer.of(unknown)
    assert answer.status_code == 404


def test_a_paid_booking_sent_again_by_a_stranger_tells_as_little(
    http: httpx.Client, cast: Cast
) -> None:
    """The same content and other content: the same answer."""
    booking = cast.bookings["guest"]
    answers = []
    for start in (booking.starts_at, next(cast.starts)):
        wish = cast.wish(name="Jemand", email=stranger().email, starts_at=start)
        headers = bearer(cast, "nobody", booking.id)
        answers.append(Answer.of(http.post(f"{API}/bookings", json=wish, headers=headers)))
    assert answers[0] == answers[1]
    assert answers[0].status == 404


@pytest.mark.parametrize("owner", ["client", "nobody"])
def test_who_may_see_the_booking_is_told_that_its_id_was_used(
    owner: str, http: httpx.Client, cast: Cast
) -> None:
    """The twin: 422 to its own maker, by login or by the guest's token."""
    wish, key = cast.wish(name="Selbst", email=stranger().email), uuid7()
    headers = bearer(cast, owner, key)
    made = http.post(f"{API}/bookings", json=wish, headers=headers)
    own = {"Authorization": f"Bearer {made.json()['token']}"} if owner == "nobody" else {}
    other = wish | {"starts_at": next(cast.starts)}
    answer = http.post(f"{API}/bookings", json=other, headers=headers | own)
    assert answer.status_code == 422
    assert answer.json()["type"].endswith(":DifferentContent")


def test_the_id_of_somebody_elses_act_is_unknown(http: httpx.Client, cast: Cast) -> None:
    """Two clients of one practice who mint the same id each move their own booking."""
    act = uuid7()
    for visitor in ("client", "guest2"):
        path = f"{API}/bookings/{cast.bookings[visitor].id}/rescheduling"
        moved = {"starts_at": next(cast.starts)}
        answer = http.post(path, json=moved, headers=bearer(cast, visitor, act))
        assert answer.status_code == 200, visitor


def test_a_cursor_of_somebody_else_leads_to_ones_own_bookings(
    http: httpx.Client, cast: Cast
) -> None:
    """It holds a place in an order, and no right."""
    held_by(http, cast, "client")
    first = http.get(f"{API}/bookings", params={"limit": 1}, headers=bearer(cast, "client")).json()
    asked = {"cursor": first["next_cursor"]}
    found = http.get(f"{API}/bookings", params=asked, headers=bearer(cast, "client2")).json()
    own = http.get(f"{API}/bookings", headers=bearer(cast, "client2")).json()
    assert {one["id"] for one in found["bookings"]} <= {one["id"] for one in own["bookings"]}


@pytest.mark.parametrize("visitor", ["treating", "colleague", "desk"])
def test_a_day_of_sessions_is_for_its_practitioner_and_the_desk(
    visitor: str, http: httpx.Client, cast: Cast
) -> None:
    """Who treats sees names of the day, the front desk those of the practice; a colleague none."""
    starts_at = datetime.fromisoformat(cast.bookings["guest"].starts_at)
    day = f"{starts_at.astimezone(ZoneInfo(ZONE)):%Y-%m-%d}"
    login = cast.cookies(visitor, cast.bearers[visitor])
    crumbs = "; ".join(f"{name}={value}" for name, value in login.items())
    page = http.get("/today", params={"day": day}, headers={"Cookie": crumbs})
    assert page.status_code == 200
    assert (GUEST_NAME in page.text) is (visitor != "colleague")
