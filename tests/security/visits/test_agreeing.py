"""By the API nobody books, and nobody's record is made, before the words are agreed to."""

from datetime import timedelta

from uuid_utils.compat import uuid7

from services.common.clock import utc_now
from services.contracts.profiles.clients import BOOKING_WORDS
from tests.security.visits.cast import API, Cast
from tests.security.visits.recipes import stranger

SEATS = "SELECT id FROM booking.bookings WHERE id = %s"
RECORDS = "SELECT agreed_to, agreed_at FROM profiles.clients WHERE email = %s"


def test_a_booking_is_made_with_what_was_agreed_to_or_not_at_all(cast: Cast) -> None:
    """Refused at the field, with nothing written; sent again with it, kept with its moment."""
    key, email = uuid7(), stranger().email
    wish = cast.wish(name="Neu", email=email)
    headers = {"Idempotency-Key": str(key)}
    for words in (None, "booking-2019-01"):
        unsaid = wish | {"agreed_to": words}
        answer = cast.http.post(f"{API}/bookings", json=unsaid, headers=headers)
        assert answer.status_code == 422
        assert [flaw["field"] for flaw in answer.json()["errors"]] == ["agreed_to"]
        assert cast.rows(SEATS, key) + cast.rows(RECORDS, email) == []
    made = cast.http.post(f"{API}/bookings", json=wish, headers=headers)
    assert made.status_code == 201
    ((agreed_to, agreed_at),) = cast.rows(RECORDS, email)
    assert agreed_to == BOOKING_WORDS
    assert utc_now() - agreed_at < timedelta(minutes=1)
