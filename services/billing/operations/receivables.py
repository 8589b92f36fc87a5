"""What is owed for sessions that are not paid here: booked, attended, missed, cancelled late."""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from services.billing.domain import ledger
from services.billing.domain.accounts import Kind
from services.billing.domain.attendance import LAST_WORD, owed_for
from services.billing.models import Receivable
from services.billing.operations import endings
from services.billing.operations.posting import post
from services.billing.operations.preparing import no_such_price
from services.billing.queries import receivables, register
from services.common.money import Money
from services.contracts.billing import ReceivableView
from services.contracts.booking.bookings import Attendance
from services.contracts.booking.events import (
    AttendanceRecorded,
    BookingCancelled,
    BookingConfirmed,
)


def note_confirmed(tx: Session, event: BookingConfirmed, now: datetime) -> None:
    """A session on account is booked: its money is open, and owed once it took place."""
    if event.is_on_account and event.price_id is not None:
        _receivable(tx, event, event.price_id, now)


def note_attendance(tx: Session, event: AttendanceRecorded, now: datetime) -> None:
    """Who came: on account it is owed or taken back; of what was paid some may go back."""
    if event.is_on_account:
        found = _receivable(tx, event, event.price_id, now)
        owed = owed_for(found.price, event.attendance, event.refund_percent)
        _owe(tx, found, owed, event.number, now)
    elif event.attendance is Attendance.NO_SHOW:
        endings.refund_no_show(tx, event.booking_id, event.refund_percent, now)


def note_cancelled(tx: Session, event: BookingCancelled, now: datetime) -> None:
    """Given back: what the policy does not give back is owed all the same."""
    if event.is_on_account and event.price_id is not None:
        found = _receivable(tx, event, event.price_id, now)
        owed = found.price - found.price.share(event.refund_percent)
        _owe(tx, found, owed, LAST_WORD, now)


def view(found: Receivable) -> ReceivableView:
    """What is owed, for the wire."""
    return ReceivableView(booking_id=found.booking_id, price=found.price, owed=found.owed_money)


def _receivable(
    tx: Session,
    event: BookingConfirmed | AttendanceRecorded | BookingCancelled,
    price_id: UUID,
    now: datetime,
) -> Receivable:
    """The booking's, made by whichever fact comes first, and locked; raises NoSuchPrice."""
    price = register.price_of_practice(tx, price_id, event.practice_id)
    if price is None:
        raise no_such_price()
    row = {
        "id": uuid7(),
        "practice_id": event.practice_id,
        "booking_id": event.booking_id,
        "client_id": event.client_id,
        "price_id": price.id,
        "amount": price.amount,
        "currency": price.currency,
        "created_at": now,
        "changed_at": now,
    }
    tx.execute(insert(Receivable).values(row).on_conflict_do_nothing())
    return receivables.lock_of_booking(tx, event.practice_id, event.booking_id)


def _owe(tx: Session, found: Receivable, owed: Money, number: int, now: datetime) -> None:
    """Let it be what is owed, if nothing said later is known; the ledger has the difference."""
    if number <= found.number:
        return
    more = owed - found.owed_money
    found.owed, found.number, found.changed_at = owed.amount, number, now
    tx.flush()
    if more.amount:
        kind = Kind.OWED if more.amount > 0 else Kind.REVERSED
        post(tx, kind, found, uuid5(found.id, str(number)), ledger.owed(more), now)
