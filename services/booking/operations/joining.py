"""What a guest booked belongs to their account, once they have one."""

from sqlalchemy import update
from sqlalchemy.orm import Session as Transaction

from services.booking.models import Booking
from services.contracts.profiles.registering import GuestJoined


def join_account(tx: Transaction, event: GuestJoined) -> None:
    """Every booking of the client that has no account yet, past ones included."""
    of_guest = update(Booking).where(
        Booking.practice_id == event.practice_id,
        Booking.client_id == event.client_id,
        Booking.account_id.is_(None),
    )
    joined = of_guest.values(account_id=event.account_id)
    tx.execute(joined.execution_options(synchronize_session=False))
