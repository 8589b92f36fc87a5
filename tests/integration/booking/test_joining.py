"""What was booked as a guest belongs to the account, once profiles says whose it is."""

from uuid import uuid4

from services.booking.operations import joining, listing
from services.common.database import Database
from services.contracts.booking.bookings import GetBooking
from services.contracts.profiles.registering import GuestJoined
from tests.integration.booking.practice import NINE, NOW, Practice, at


def test_bookings_of_a_guest_join_and_those_of_others_stay(booking_database: Database) -> None:
    """Heard twice it is the same; what has an account keeps it, also of the same client."""
    practice, client, account = Practice(booking_database).open(), uuid4(), uuid4()
    mine = practice.book(NINE, client_id=client)
    others = practice.book(at(11), client_id=uuid4())
    owner = practice.person(uuid4())
    owned = practice.book(at(13), actor=owner, client_id=client)
    fact = GuestJoined(
        occurred_at=NOW, practice_id=practice.id, client_id=client, account_id=account
    )
    for _ in range(2):
        with practice.transaction() as tx:
            joining.join_account(tx, fact)
    person = practice.person(account)
    with practice.transaction(person) as tx:
        seen = listing.get_booking(tx, GetBooking(booking_id=mine.id), actor=person)
        assert seen.account_id == account
    with practice.transaction() as tx:
        kept = [tx.get(type(one), (practice.id, one.id)) for one in (others, owned)]
        assert [one and one.account_id for one in kept] == [None, owner.account_id]
