"""What somebody booked as a guest joins their account, once its mailbox is proven."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.common.database import constraint_of, enter_practice
from services.common.outbox import emit
from services.contracts.profiles.accounts import GuestOf
from services.contracts.profiles.registering import GuestJoined
from services.profiles.domain.registering import is_same_address, is_same_name
from services.profiles.models import Client, plumbing
from services.profiles.queries import people


class Named(Protocol):
    """Somebody's proven address and their name."""

    @property
    def email(self) -> str: ...

    @property
    def name(self) -> str: ...


def join_guests(
    tx: Session, account_id: UUID, person: Named, records: Iterable[GuestOf], *, now: datetime
) -> None:
    """Give what was booked under the account's address to the account.

    `records` are those of one's own browser: an address alone is typed by anybody, also by
    mistake. A record under the account's name becomes the person's own in a practice where they
    have none yet; of every other the bookings alone join, as where somebody books for another.
    The transaction is turned from practice to practice.
    """
    for practice_id, client_id in sorted({(one.practice_id, one.client_id) for one in records}):
        enter_practice(tx, practice_id)
        guest = people.client(tx, practice_id, client_id)
        if guest is None or guest.account_id or not is_same_address(guest.email, person.email):
            continue
        if is_same_name(guest.name, person.name):
            _make_own(tx, guest, account_id)
        fact = GuestJoined(
            occurred_at=now, practice_id=practice_id, client_id=client_id, account_id=account_id
        )
        emit(tx, plumbing.outbox, fact)


def _make_own(tx: Session, guest: Client, account_id: UUID) -> None:
    """A person has one record of their own in a practice: the first stays it."""
    try:
        with tx.begin_nested():
            guest.account_id = account_id
    except IntegrityError as broken:
        if constraint_of(broken) != "clients_one_per_account":
            raise
