"""What delivery writes down about a message, each in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from services.contracts.booking.bookings import BookingView
from services.notify.domain import retries
from services.notify.domain.kinds import MessageState, Recipient, Template
from services.notify.domain.moves import Move, last_told
from services.notify.models import Delivery, Message
from services.notify.operations.links import mint
from services.notify.operations.mail import has_calendar
from services.notify.queries import due, messages


@dataclass(frozen=True, slots=True)
class Intent:
    """What was decided before sending: the private link's token, the calendar's SEQUENCE, the
    tokens of the other bookings of a course, and from where they know it to have moved."""

    token: str
    sequence: int
    course_tokens: tuple[str, ...] = ()
    previous_starts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Try:
    """How the try number `tries` went."""

    tries: int
    outcome: str
    smtp_code: int | None
    is_last: bool


def begin(
    tx: Session,
    practice_id: UUID,
    message_id: UUID,
    lease: UUID,
    booking: BookingView,
    others: Sequence[BookingView] = (),
) -> Intent | None:
    """About to send: None where it was cancelled meanwhile, or another worker holds the lease."""
    message = take(tx, practice_id, message_id, lease)
    if message is None:
        return None
    message.sequence = _sequence(tx, message, booking)
    is_client = message.recipient == Recipient.CLIENT
    previous = _previous(tx, message)
    if not is_client:
        return Intent("", message.sequence or 0, previous_starts_at=previous)
    tokens = tuple(mint(tx, other) for other in others)
    return Intent(mint(tx, booking), message.sequence or 0, tokens, previous)


def take(tx: Session, practice_id: UUID, message_id: UUID, lease: UUID) -> Message | None:
    """Count a try that is about to be made; None where it is not to be made any more, or not by
    the holder of this lease."""
    message = messages.lock_open(tx, practice_id, message_id)
    if message is None or not due.renew(tx, message_id, lease):
        return None
    message.state = MessageState.SENDING
    message.tries += 1
    return message


def reopen(tx: Session, message: Message) -> None:
    """A person had it replayed: from the first try on, unless another one took its place."""
    if messages.has_successor(tx, message):
        message.state = MessageState.CANCELLED
    else:
        message.state, message.tries = MessageState.PENDING, 0


def sent(tx: Session, practice_id: UUID, message_id: UUID, *, now: datetime) -> None:
    """The mail server has it."""
    message = messages.load(tx, practice_id, [message_id])[message_id]
    message.state, message.sent_at = MessageState.SENT, now
    _log(tx, message, "sent", 250, now)
    due.forget(tx, [message_id])


def failed(
    tx: Session, practice_id: UUID, message_id: UUID, *, lease: UUID, try_: Try, now: datetime
) -> None:
    """Another try later, or parked for a person to look at."""
    message = messages.lock_open(tx, practice_id, message_id)
    if message is None:
        return
    message.tries = try_.tries
    _log(tx, message, try_.outcome, try_.smtp_code, now)
    if try_.is_last:
        message.state = MessageState.PARKED
        due.park(tx, message_id, template=message.template, error=try_.outcome)
        return
    wait = retries.wait_after(try_.tries)
    message.state, message.due_at = MessageState.FAILED, now + wait
    due.give_back(tx, [message_id], lease, wait)


def cancel(tx: Session, practice_id: UUID, message_id: UUID) -> None:
    """It is outlived, or there is nobody to tell any more."""
    message = messages.lock_open(tx, practice_id, message_id)
    if message is not None:
        message.state = MessageState.CANCELLED
    due.forget(tx, [message_id])


def _previous(tx: Session, message: Message) -> datetime | None:
    """From where it moved: the start that the reader was told of last."""
    if message.previous_starts_at is None or message.starts_at is None:
        return None
    moved = Move(message.previous_starts_at, message.starts_at)
    return last_told(moved, messages.untold_moves(tx, message))


def _sequence(tx: Session, message: Message, booking: BookingView) -> int | None:
    """The booking's own; a withdrawal always beats what went out before (RFC 5546, 2.1.4)."""
    template, recipient = Template(message.template), Recipient(message.recipient)
    if not has_calendar(template, recipient):
        return None
    if template is not Template.CANCELLED:
        return booking.sequence
    highest = messages.highest_sequence(tx, message.practice_id, message.booking_id, message.id)
    return max(booking.sequence, highest + 1)


def _log(tx: Session, message: Message, outcome: str, smtp_code: int | None, now: datetime) -> None:
    tx.add(
        Delivery(
            practice_id=message.practice_id,
            id=uuid7(),
            message_id=message.id,
            tried_at=now,
            outcome=outcome[:40],
            smtp_code=smtp_code,
        )
    )
