"""What delivery works with, and one claimed message."""

from dataclasses import dataclass
from uuid import UUID

from services.common.auth import Actor
from services.common.clock import Clock
from services.common.database import Database
from services.notify.adapters.billing import Sales
from services.notify.adapters.booking import Bookings
from services.notify.adapters.plans import Intakes
from services.notify.adapters.profiles import Contacts
from services.notify.adapters.smtp import Postbox
from services.notify.operations.letters import Letterhead


@dataclass(frozen=True, slots=True)
class Desk:
    """What delivery works with; put together at the rim."""

    database: Database
    bookings: Bookings
    contacts: Contacts
    intakes: Intakes
    sales: Sales
    postbox: Postbox
    letterhead: Letterhead
    clock: Clock


@dataclass(frozen=True, slots=True)
class Job:
    """One claimed message, whose it is, under which lease, and as whom notify acts for it."""

    message_id: UUID
    practice_id: UUID
    lease: UUID
    actor: Actor
