"""One mailbox holds only so many seats unpaid, by the API and by the web together."""

import httpx
import pytest
from uuid_utils.compat import uuid7

from tests.factories.limits import MOST_HOLDS
from tests.security.visits.cast import API, Cast
from tests.security.visits.recipes import checkout, stranger
from tests.security.visits.test_forms import Page


def test_a_guest_holds_only_so_many_seats_at_once(cast: Cast) -> None:
    """The next one gets 429 and a time; tags of the address do not help; others go on."""
    local, _, domain = stranger().email.partition("@")

    def book(email: str) -> httpx.Response:
        headers = {"Idempotency-Key": str(uuid7())}
        wish = cast.wish(name="Hamster", email=email)
        return cast.http.post(f"{API}/bookings", json=wish, headers=headers)

    statuses = [book(f"{local}+{n}@{domain}").status_code for n in range(MOST_HOLDS)]
    refused = book(f"{local}@{domain}")
    assert statuses == [201] * MOST_HOLDS
    assert refused.status_code == 429
    assert refused.json()["type"].endswith(":TooManyHolds")
    assert int(refused.headers["retry-after"]) >= int(
        refused.json()["detail_values"]["retry_after"]
    )
    assert book(stranger().email).status_code == 201
    own = Page(cast.http)
    form = checkout(cast) | {"email": f"{local}@{domain}", "csrf_token": own.token}
    cast.http.cookies.clear()
    page = cast.http.post("/book", data=form, headers={"Cookie": own.cookie, "Accept": "text/html"})
    assert page.status_code == 429
    assert int(page.headers["retry-after"]) > 0
    assert "Hamster" not in page.text
    assert f"{local}@{domain}" in page.text


@pytest.mark.parametrize("key", ["7", "3f0c8e56-5d0a-4c6e-9f5e-0a6a4c2f9b11"])
def test_a_key_of_another_version_is_refused_by_name(cast: Cast, key: str) -> None:
    """422 that names the header."""
    wish = cast.wish(name="Neu", email=stranger().email)
    answer = cast.http.post(f"{API}/bookings", json=wish, headers={"Idempotency-Key": key})
    assert answer.status_code == 422
    assert [flaw["field"] for flaw in answer.json()["errors"]] == ["Idempotency-Key"]
