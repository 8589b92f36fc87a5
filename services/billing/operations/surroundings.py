"""What use cases with foreign calls need: the database, Stripe, booking and profiles."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, cast
from uuid import UUID

from services.billing.adapters.booking import BookingDesk
from services.billing.adapters.profiles import ClientBook
from services.billing.adapters.stripe import Stripe
from services.billing.config import BillingConfig
from services.common.auth import Actor, Verifier, service_actor
from services.common.database import Database
from services.common.runtime import Runtime
from services.contracts.booking.billed import BilledSession
from services.contracts.booking.bookings import BookingView, Payable
from services.contracts.booking.terms import TermsView


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one call to Stripe may take, in seconds, and how often it is repeated at once."""

    seconds: float
    retries: int


#: Somebody waits, and no longer than 5 s. In the background due rows are the repeats.
INTERACTIVE = Patience(seconds=3, retries=1)
BACKGROUND = Patience(seconds=5, retries=0)


class Bookings(Protocol):
    """Whoever tells a booking as an actor may see it; raises NotFound, ServiceUnavailable."""

    def booking(self, booking_id: UUID, actor: Actor) -> BookingView: ...

    def terms(self, booking_id: UUID, actor: Actor) -> TermsView: ...

    def payable(self, booking_id: UUID, actor: Actor, voucher: str | None) -> Payable: ...

    def billed(self, booking_ids: list[UUID], us: Actor) -> list[BilledSession]: ...


class Clients(Protocol):
    """Whoever knows the names of a practice's clients; raises ServiceUnavailable."""

    def names(self, client_ids: list[UUID], us: Actor) -> dict[UUID, str]: ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Handed in by the rim.

    `poll_every` is the wait between looks at an open page; for the length of `lease` claimed work
    is left alone, so whoever dies delays it by no more than that.
    """

    database: Database
    stripe: Stripe
    booking: Bookings
    clients: Clients
    poll_every: timedelta
    lease: timedelta

    @classmethod
    def of(cls, runtime: Runtime, patience: Patience) -> "Surroundings":
        """Those of a process, from its settings."""
        settings = cast(BillingConfig, runtime.settings)
        return cls(
            database=runtime.database,
            stripe=Stripe(
                settings.stripe_api_key,
                settings.stripe_api_base,
                seconds=patience.seconds,
                retries=patience.retries,
            ),
            booking=BookingDesk(runtime.caller, Verifier("billing", settings.verify_keys)),
            clients=ClientBook(runtime.caller),
            poll_every=timedelta(seconds=settings.reconcile_seconds),
            lease=timedelta(seconds=settings.lease_seconds),
        )


def itself(practice_id: UUID, because: str) -> Actor:
    """Billing acting in a practice."""
    return service_actor("billing", practice_id, because)
