"""Sessions of packages: used for a booking instead of paying for it."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import StringConstraints

from services.common.errors import Refusal
from services.common.messages import Command, Event, Instant, View


class ListCredits(Command):
    """Packages of the actor's account that have a session left of this offering."""

    offering_id: UUID


class CreditView(View):
    """A package of which a session may be used for one more booking."""

    sale_id: UUID
    name: str
    sessions: int
    left: int
    expires_at: Instant


class CreditsView(View):
    """Packages that can be used, the one that lapses first in front."""

    credits: list[CreditView]


class UseCredit(Command):
    """Pay for a held booking with a session of a package; booking confirms it then.

    Repeatable: one booking uses one session. `voucher` is what booking gave along with the seat.
    """

    booking_id: UUID
    sale_id: UUID
    voucher: Annotated[str, StringConstraints(max_length=2000)] | None = None


class CreditUseView(View):
    """The session of a package that a booking used. `left` are those that are left after it."""

    id: UUID
    sale_id: UUID
    booking_id: UUID
    name: str
    sessions: int
    left: int


class CreditUsed(Event):
    """A held booking is paid for with a session of a package; booking confirms or refuses."""

    publisher: ClassVar[str] = "billing"
    type: ClassVar[str] = "credit_used"

    booking_id: UUID
    sale_id: UUID
    credit_use_id: UUID


class NoCredit(Refusal):
    """No session of the package may be used for this booking; nothing was written."""
