"""A fact becomes messages: made with its event's claim, in one transaction."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from services.common import context
from services.common.messages import Event
from services.contracts.billing import RefundMade
from services.contracts.booking.events import BookingCancelled, BookingConfirmed, BookingRescheduled
from services.notify.domain.drafts import Draft, Fact, Offsets, drafts_of
from services.notify.domain.kinds import MessageState
from services.notify.domain.package_drafts import PackageFact, drafts_of_package
from services.notify.models import DueMessage
from services.notify.queries import due, messages


def take_in(tx: Session, fact: Fact, *, event_id: UUID, offsets: Offsets, now: datetime) -> None:
    """Write the messages that the fact leads to and void the reminders that it outlives."""
    messages.lock_booking(tx, fact.booking_id)
    if not isinstance(fact, RefundMade):
        _mind_reminders(tx, fact)
    _write(tx, drafts_of(fact, offsets, now=now), fact, event_id, now)


def take_in_package(tx: Session, fact: PackageFact, *, event_id: UUID, now: datetime) -> None:
    """Write the messages that a fact about a package leads to; one of each for a sale, for ever."""
    _write(tx, drafts_of_package(fact, now=now), fact, event_id, now)


def _write(tx: Session, drafts: list[Draft], fact: Event, event_id: UUID, now: datetime) -> None:
    rows = [_row(draft, fact, event_id, now) for draft in drafts]
    made = messages.insert_new(tx, rows)
    if made:
        tx.execute(
            insert(DueMessage),
            [
                {"message_id": id_, "practice_id": fact.practice_id, "due_at": due_at}
                for id_, due_at in made
            ],
        )


def _mind_reminders(tx: Session, fact: Fact) -> None:
    """Facts may arrive in any order: an older one never undoes what a later one has set."""
    practice_id, booking_id = fact.practice_id, fact.booking_id
    cancelled: list[UUID] = []
    if isinstance(fact, BookingConfirmed | BookingRescheduled):
        messages.affirm_reminders(tx, practice_id, booking_id, fact.starts_at, fact.occurred_at)
    if isinstance(fact, BookingRescheduled):
        cancelled = messages.cancel_reminders(
            tx, practice_id, booking_id, until=fact.occurred_at, except_at=fact.starts_at
        )
    if isinstance(fact, BookingCancelled):
        cancelled = messages.cancel_reminders(tx, practice_id, booking_id, until=fact.occurred_at)
    due.forget(tx, cancelled)


def _row(draft: Draft, fact: Event, event_id: UUID, now: datetime) -> messages.Values:
    return {
        "practice_id": fact.practice_id,
        "id": uuid7(),
        "event_id": event_id,
        "template": draft.template,
        "recipient": draft.recipient,
        "booking_id": draft.booking_id,
        "client_id": draft.client_id,
        "state": MessageState.PENDING,
        "due_at": draft.due_at,
        "starts_at": draft.starts_at,
        "previous_starts_at": draft.previous_starts_at,
        "refund_percent": draft.refund_percent,
        "also": list(draft.also),
        "amount": draft.money.amount if draft.money else None,
        "currency": draft.money.currency if draft.money else None,
        "tries": 0,
        "occurred_at": fact.occurred_at,
        "created_at": now,
        "request_id": context.request_id() or context.new_request_id(),
    }
