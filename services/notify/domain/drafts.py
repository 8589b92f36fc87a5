"""Which messages a fact leads to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.common.money import Money
from services.contracts.billing import RefundMade
from services.contracts.booking.events import (
    BookingCancelled,
    BookingConfirmed,
    BookingEvent,
    BookingRefused,
    BookingRescheduled,
    PaymentAsked,
)
from services.notify.domain.kinds import PackageMail, Recipient, Template

Fact = (
    BookingConfirmed
    | BookingRescheduled
    | BookingCancelled
    | BookingRefused
    | PaymentAsked
    | RefundMade
)
Offsets = Mapping[Template, timedelta]
"""How long before the start each reminder goes out; zero means never."""

_ANNOUNCED: dict[type[BookingEvent], tuple[Template, tuple[Recipient, ...]]] = {
    BookingConfirmed: (Template.CONFIRMED, tuple(Recipient)),
    BookingRescheduled: (Template.RESCHEDULED, tuple(Recipient)),
    BookingCancelled: (Template.CANCELLED, tuple(Recipient)),
    BookingRefused: (Template.REFUSED, (Recipient.CLIENT,)),
    PaymentAsked: (Template.PAYMENT_ASKED, (Recipient.CLIENT,)),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to be made; instants are aware UTC.

    `starts_at` is the start it speaks of: a reminder of another start than the booking's is void.
    `also` are the further bookings that it tells of. Of a package it is made with the sale's id
    for a booking's.
    """

    template: Template | PackageMail
    recipient: Recipient
    booking_id: UUID
    due_at: datetime
    client_id: UUID | None = None
    starts_at: datetime | None = None
    previous_starts_at: datetime | None = None
    refund_percent: int | None = None
    money: Money | None = None
    also: Sequence[UUID] = ()


def drafts_of(fact: Fact, offsets: Offsets, *, now: datetime) -> list[Draft]:
    """The messages that a fact leads to; a reminder whose time has passed is not made.

    A hold that was let go was never an appointment: nobody heard of it, so nobody is told. What
    is booked, moved or given back by one act is told of with the first; reminders each has its
    own. Where the practice moves a session and tells its client itself, only the reminders write
    to them. Who treats is told of no act of their own.
    """
    if isinstance(fact, RefundMade):
        return [Draft(Template.REFUNDED, Recipient.CLIENT, fact.booking_id, now, money=fact.money)]
    if isinstance(fact, BookingCancelled) and not fact.was_confirmed:
        return []
    is_announced = getattr(fact, "is_first", True)
    announced = list(_announcements(fact, now)) if is_announced else []
    if isinstance(fact, BookingConfirmed | BookingRescheduled):
        announced += _reminders(fact, offsets, now)
    return announced


def _announcements(fact: BookingEvent, now: datetime) -> Iterator[Draft]:
    template, recipients = _ANNOUNCED[type(fact)]
    knowing = _knowing(fact)
    for recipient in recipients:
        if recipient in knowing:
            continue
        yield Draft(
            template,
            recipient,
            fact.booking_id,
            now,
            fact.client_id,
            fact.starts_at,
            previous_starts_at=getattr(fact, "previous_starts_at", None),
            refund_percent=getattr(fact, "refund_percent", None),
            also=getattr(fact, "also", ()),
        )


def _knowing(fact: BookingEvent) -> set[Recipient]:
    """Who needs no mail of it: they did it themselves, or are told by who did."""
    knowing = set()
    if isinstance(fact, BookingRescheduled) and not fact.is_client_told:
        knowing.add(Recipient.CLIENT)
    if getattr(fact, "is_by_practitioner", False):
        knowing.add(Recipient.PRACTITIONER)
    return knowing


def _reminders(fact: BookingEvent, offsets: Offsets, now: datetime) -> Iterator[Draft]:
    for template, offset in offsets.items():
        due_at = fact.starts_at - offset
        if offset and due_at > now:
            yield Draft(
                template, Recipient.CLIENT, fact.booking_id, due_at, fact.client_id, fact.starts_at
            )
