"""Which webhooks are fresh, and what they are about."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

#: https://docs.stripe.com/webhooks#replay-attacks
TOLERANCE = timedelta(seconds=300)
CLOCK_SKEW = timedelta(seconds=10)
_TIMESTAMP = re.compile(r"(?:^|,)\s*t=(\d{1,12})(?=,|$)")

#: All that may change what we know of a payment; the object itself is fetched anew.
SUBSCRIBED = frozenset(
    {
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.expired",
        "payment_intent.succeeded",
        "charge.succeeded",
        "charge.updated",
    }
)

Id = Annotated[str, StringConstraints(min_length=1, max_length=255)]


class _Object(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    id: Id | None = None
    metadata: dict[str, Any] | None = None


class _Data(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    object: _Object = Field(default_factory=_Object)


class Envelope(BaseModel):
    """What is kept of an event: whose, what kind, which payment. Nothing about the payer."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    id: Id
    type: Id
    account: Id | None = None
    data: _Data = Field(default_factory=_Data)

    @property
    def object_id(self) -> str | None:
        return self.data.object.id

    @property
    def payment_id(self) -> UUID | None:
        """Our payment, as its metadata names it; None where the object is not of our making."""
        try:
            return UUID(str((self.data.object.metadata or {}).get("payment_id")))
        except ValueError:
            return None


def is_fresh(signature: str, now: datetime) -> bool:
    """Whether the header's one timestamp lies within 300 s before `now`, and not ahead of it."""
    stamps = _TIMESTAMP.findall(signature)
    if len(stamps) != 1:
        return False
    signed_at = datetime.fromtimestamp(int(stamps[0]), UTC)
    return now - TOLERANCE <= signed_at <= now + CLOCK_SKEW
