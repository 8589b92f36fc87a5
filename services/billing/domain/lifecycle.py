"""The life of a payment: which page may be opened, when to ask again, when all is known."""

from datetime import datetime, timedelta

from services.common.money import Money
from services.contracts.billing import PaymentState

#: How long a page stays open at Stripe unless it is ended sooner. Stripe wants 30 minutes to 24
#: hours from the moment it executes the call, so that the margin leaves room to repeat a call.
PAGE_LIFE = timedelta(minutes=45)
#: Until then a call of unknown outcome is repeated under its key; later it is looked up.
REPEAT_WITHIN = timedelta(minutes=10)
#: Stripe may forget an idempotency key after 24 hours; an hour less, because clocks differ.
KEY_LIFE = timedelta(hours=23)

UNPAID = frozenset({PaymentState.PREPARED, PaymentState.OPEN, PaymentState.EXPIRED})


def is_page_open(state: PaymentState, expires_at: datetime | None, now: datetime) -> bool:
    """Whether the client can still be led to the page."""
    return state is PaymentState.OPEN and expires_at is not None and now < expires_at


def is_repeatable(attempted_at: datetime, now: datetime) -> bool:
    """Whether a call that opens a page may be sent again under its key."""
    return now - attempted_at < REPEAT_WITHIN


def is_key_alive(sent_at: datetime | None, now: datetime) -> bool:
    """Whether an idempotency key first used at `sent_at` still protects; unused ones do."""
    return sent_at is None or now - sent_at < KEY_LIFE


def after_refund(captured: Money, refunded: Money) -> PaymentState:
    """The state once `refunded` in all has gone back."""
    if refunded.amount == 0:
        return PaymentState.SUCCEEDED
    if refunded == captured:
        return PaymentState.REFUNDED
    return PaymentState.PARTLY_REFUNDED
