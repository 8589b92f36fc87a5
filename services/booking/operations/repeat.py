"""Writes that repeat safely: the content of a command, to compare with an earlier one."""

import hashlib
from collections.abc import Set
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session as Transaction

from services.booking.models import Booking, Change
from services.booking.queries import bookings
from services.common.auth import Actor
from services.common.errors import DifferentContent
from services.common.messages import Command


def fingerprint(
    command: Command, account_id: UUID | None, *, without: Set[str] = frozenset()
) -> str:
    """SHA-256, hex, of a command and of whose it is; `without` the fields that may differ."""
    content = command.model_dump_json(exclude=set(without))
    return hashlib.sha256(f"{account_id}\n{content}".encode()).hexdigest()


def is_repeated(tx: Transaction, booking: Booking, id_: UUID, content: str) -> bool:
    """Whether this act was done before; raises DifferentContent where it was another one."""
    earlier = bookings.change(tx, booking.practice_id, booking.id, id_)
    if earlier is not None and earlier.fingerprint != content:
        raise DifferentContent("This id was used for another change.")
    return earlier is not None


def remember(
    tx: Transaction,
    booking: Booking,
    id_: UUID,
    kind: str,
    content: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Note the act and who acted, so that its repetition changes nothing. `kind`: CHANGE_KINDS."""
    tx.add(
        Change(
            practice_id=booking.practice_id,
            id=id_,
            booking_id=booking.id,
            kind=kind,
            fingerprint=content,
            account_id=actor.account_id,
            made_at=now,
        )
    )
    tx.flush()
