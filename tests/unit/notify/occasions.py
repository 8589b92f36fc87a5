"""Bookings, contacts and facts to write about."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.contracts.base import Format
from services.contracts.booking.bookings import BookingState, BookingView
from services.contracts.booking.offerings import PolicyTier, PolicyView
from services.contracts.profiles.clients import ContactView
from services.notify.domain.kinds import Recipient, Template
from services.notify.operations.letters import Letterhead, Occasion

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
STARTS_AT = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
PRACTICE = UUID("0192f000-0000-7000-8000-0000000000a1")
BOOKING = UUID("0192f000-0000-7000-8000-0000000000b1")
CLIENT = UUID("0192f000-0000-7000-8000-0000000000c1")
PRACTITIONER = UUID("0192f000-0000-7000-8000-0000000000d1")
LETTERHEAD = Letterhead("https://attune.example", "Attune <hello@attune.example>", "attune.example")


def booking(**changes: Any) -> BookingView:
    """A confirmed booking in Berlin, next Tuesday at 14:00."""
    starts_at = changes.pop("starts_at", STARTS_AT)
    values: dict[str, Any] = {
        "id": BOOKING,
        "practice_id": PRACTICE,
        "practitioner_id": PRACTITIONER,
        "offering_id": UUID(int=5),
        "offering_name": "Couples therapy",
        "client_id": CLIENT,
        "state": BookingState.CONFIRMED,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=50),
        "format": Format.ONLINE,
        "time_zone": "Europe/Berlin",
        "client_time_zone": "Europe/Berlin",
        "price_id": UUID(int=6),
        "deadline_at": None,
        "is_hold_extended": False,
        "policy": PolicyView(
            version=1,
            tiers=[PolicyTier(hours_before=24, refund_percent=100)],
            reschedule_until_hours=24,
        ),
        "free_until": starts_at - timedelta(hours=24),
        "can_cancel": True,
        "can_reschedule": True,
        "join_path": "/join/0192f000/aB3_x",
        "sequence": 0,
    }
    return BookingView(**values | changes)


def contact(**changes: Any) -> ContactView:
    """Anna Schmidt, a client of Dr Ruth Adler."""
    values: dict[str, Any] = {
        "name": "Anna Schmidt",
        "email": "anna@client.example",
        "phone": None,
        "time_zone": "Europe/Berlin",
        "practitioner_name": "Dr Ruth Adler",
        "practitioner_email": "ruth@practice.example",
        "practice_name": "Adler & Colleagues",
        "practice_email": "office@practice.example",
        "practice_address": "Lindenbogen 14, 10961 Berlin",
    }
    return ContactView(**values | changes)


def occasion(
    template: Template = Template.CONFIRMED,
    recipient: Recipient = Recipient.CLIENT,
    **changes: Any,
) -> Occasion:
    """Something to write about."""
    values: dict[str, Any] = {
        "booking": booking(),
        "contact": contact(),
        "now": NOW,
        "token": "t0k3n" if recipient is Recipient.CLIENT else "",
    }
    return Occasion(template, recipient, **values | changes)
