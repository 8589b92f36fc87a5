"""Clients: persons within one practice."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.common.messages import Command, Instant, View
from services.contracts.base import MailAddress, PersonName, Slug, Zone
from services.contracts.profiles.records import Colleague

Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9 ()/-]{5,30}$")]

BOOKING_WORDS = "booking-2026-11"
"""The words that the booking page asks to agree to, in their present version: that the practice
may use what a client enters to prepare their sessions, and its cancellation terms."""


class EnsureClient(Command):
    """Make or find the record that is named by `id`: of who comes to a practice.

    A person's first one becomes their own, unless they say `is_for_another`; every other belongs
    to no account. With `keeps_existing` a record that is there stays as it is. `agreed_to` is the
    version of the words that they have just agreed to, kept with the moment (GDPR, article 7(1));
    without one, what is kept stays.
    """

    id: UUID
    practice_id: UUID
    name: PersonName
    email: MailAddress
    phone: Phone | None = None
    time_zone: Zone = "UTC"
    agreed_to: Slug | None = None
    is_for_another: bool = False
    keeps_existing: bool = False


class ClientView(View):
    """A client within one practice."""

    id: UUID
    practice_id: UUID
    account_id: UUID | None


class GetOwnClient(Command):
    """The client record of the person who is signed in, in one practice."""

    practice_id: UUID


class OwnClientView(View):
    """What a person typed last in a practice, and what they agreed to there, and when (UTC)."""

    id: UUID
    practice_id: UUID
    name: str
    email: str
    phone: str | None
    agreed_to: str | None
    agreed_at: Instant | None


class GetClient(Command):
    """Whose account a client's record belongs to, for a practitioner of their practice."""

    client_id: UUID


class GetContact(Command):
    """How to reach a client and how the mail names the practice; for notify, at delivery.

    For a mail to the practitioner nothing is told of the client, who need not be known.
    """

    client_id: UUID
    practitioner_id: UUID
    is_for_practitioner: bool = False


class ContactView(View):
    """A client's address, empty in what is for a practitioner, and the names that a mail needs.

    `practice_address` is where the practitioner receives clients: street and place, no name.
    """

    name: str = ""
    email: str = ""
    phone: str | None = None
    time_zone: str = ""
    practitioner_name: str
    practitioner_email: str
    practice_name: str
    practice_email: str
    practice_address: str = ""


class ListClients(Command):
    """Names of clients of the actor's practice; `is_with_practitioners`: with who treats there."""

    client_ids: Annotated[list[UUID], Field(max_length=200)]
    is_with_practitioners: bool = False


class ClientName(View):
    """A client as practice staff see one in a list."""

    id: UUID
    name: str


class ClientsView(View):
    """Clients of one practice, and who treats there, where it was asked for."""

    clients: list[ClientName]
    practitioners: list[Colleague] = Field(default_factory=list)
