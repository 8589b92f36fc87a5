"""Messages of one practice; every query is bound to the transaction's tenant."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notify.domain.kinds import (
    OPEN,
    REMINDERS,
    UNTOLD,
    WAITING,
    MessageState,
    Template,
)
from services.notify.domain.moves import Move
from services.notify.models import Message

Values = dict[str, object]


def lock_booking(tx: Session, booking_id: UUID) -> None:
    """Facts of one booking are taken in one after the other."""
    key = func.hashtextextended(f"notify.booking:{booking_id}", 0)
    tx.execute(select(func.pg_advisory_xact_lock(key)))


def insert_new(tx: Session, rows: list[Values]) -> list[tuple[UUID, datetime]]:
    """Insert those that are not there yet; their ids and due times."""
    if not rows:
        return []
    once = insert(Message).values(rows).on_conflict_do_nothing()
    return [(row.id, row.due_at) for row in tx.execute(once.returning(Message.id, Message.due_at))]


def affirm_reminders(
    tx: Session, practice_id: UUID, booking_id: UUID, starts_at: datetime, occurred_at: datetime
) -> None:
    """Reminders of this start stand by a later fact now: an older one shall not cancel them."""
    tx.execute(
        update(Message)
        .where(*_reminders_of(practice_id, booking_id), Message.starts_at == starts_at)
        .where(Message.occurred_at < occurred_at)
        .values(occurred_at=occurred_at)
        .execution_options(synchronize_session=False)
    )


def cancel_reminders(
    tx: Session,
    practice_id: UUID,
    booking_id: UUID,
    *,
    until: datetime,
    except_at: datetime | None = None,
) -> list[UUID]:
    """Cancel waiting reminders that facts up to `until` have made, save those of `except_at`."""
    others = [Message.starts_at != except_at] if except_at else []
    cancelled = tx.execute(
        update(Message)
        .where(*_reminders_of(practice_id, booking_id), *others)
        .where(Message.occurred_at <= until)
        .values(state=MessageState.CANCELLED)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    return list(cancelled.scalars())


def load(tx: Session, practice_id: UUID, ids: Collection[UUID]) -> dict[UUID, Message]:
    """Messages by id, as they are now."""
    found = select(Message).where(Message.practice_id == practice_id, Message.id.in_(ids))
    return {message.id: message for message in tx.scalars(found)}


def lock_open(tx: Session, practice_id: UUID, message_id: UUID) -> Message | None:
    """The message, locked, where it is still to be sent."""
    found = select(Message).where(
        Message.practice_id == practice_id, Message.id == message_id, Message.state.in_(OPEN)
    )
    return tx.scalar(found.with_for_update())


def has_successor(tx: Session, message: Message) -> bool:
    """Whether another live reminder says the same (`messages_one_live_reminder`)."""
    same = select(Message.id).where(
        *_reminders_of(message.practice_id, message.booking_id),
        Message.template == message.template,
        Message.starts_at == message.starts_at,
        Message.id != message.id,
    )
    return tx.scalar(same.limit(1)) is not None


def highest_sequence(tx: Session, practice_id: UUID, booking_id: UUID, but: UUID) -> int:
    """The highest SEQUENCE that other messages of the booking went out with; -1 for none."""
    sent = select(func.coalesce(func.max(Message.sequence), text("-1"))).where(
        Message.practice_id == practice_id, Message.booking_id == booking_id, Message.id != but
    )
    return int(tx.scalar(sent) or 0)


def untold_moves(tx: Session, message: Message) -> list[Move]:
    """Moves of the booking before this one of which its reader got no mail, the latest first."""
    earlier = (
        select(Message.previous_starts_at, Message.starts_at)
        .where(
            Message.practice_id == message.practice_id,
            Message.booking_id == message.booking_id,
            Message.template == Template.RESCHEDULED,
            Message.recipient == message.recipient,
            Message.occurred_at < message.occurred_at,
            Message.state.in_(UNTOLD),
        )
        .order_by(Message.occurred_at.desc())
    )
    return [Move(previous, at) for previous, at in tx.execute(earlier) if previous and at]


def was_reminded_of_intake(tx: Session, practice_id: UUID, client_id: UUID) -> bool:
    """Whether the client had a mail about what is asked before a first session."""
    sent = select(Message.id).where(
        Message.practice_id == practice_id,
        Message.client_id == client_id,
        Message.template == Template.INTAKE_REMINDER,
        Message.state == MessageState.SENT,
    )
    return tx.scalar(sent.limit(1)) is not None


def _reminders_of(practice_id: UUID, booking_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        Message.practice_id == practice_id,
        Message.booking_id == booking_id,
        Message.template.in_(REMINDERS),
        Message.state.in_(WAITING),
    )
