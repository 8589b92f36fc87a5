"""From registering to an account: the mail, its link, and what a guest booked before."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field, StringConstraints

from services.common.errors import Refusal
from services.common.messages import Command, Event, View
from services.contracts.base import Key, MailAddress
from services.contracts.profiles.accounts import Address, GuestRecords


class SendRegistrationMail(Command):
    """Send the mail of a registration once more, to an address or for the browser that registered.

    The answer tells nothing of what is known. `address` is the network address that asks, for
    limits on tries only; it is not kept.
    """

    email: MailAddress | None = None
    browser_key: Key | None = None
    address: Address


class RegistrationMailView(View):
    """The wish was taken in, whatever comes of it."""

    is_accepted: bool = True


class IssueRegistrationMail(Command):
    """To whom a mail of registering goes and what it says; for notify, at delivery.

    `link_key` is the hash of the link that this copy of the mail would hold.
    """

    mail_id: UUID
    link_key: Key


class IssuedMailView(View):
    """A mail address, and whether it has an account already: then the mail holds no link."""

    email: str
    has_account: bool


class GetRegistration(Command):
    """What the page behind a mail's link has to ask; the gateway hashes the token first."""

    link_key: Key
    browser_key: Key | None = None


class RegistrationView(View):
    """A link that works. `needs_password`: another browser than this one registered."""

    needs_password: bool


class ConfirmRegistration(Command):
    """Make the account of a registration, and open its login under `login_key`.

    The link proves the mailbox. Which registration of that address is meant, and that who opened
    the link is who registered, is proven by the browser or by the password that was chosen.
    """

    link_key: Key
    login_key: Key
    browser_key: Key | None = None
    password: Annotated[str, StringConstraints(max_length=200)] = ""
    address: Address
    guest_of: GuestRecords = Field(default_factory=list)


class RegistrationMailAsked(Event):
    """A mail is to go to an address that somebody registered, or wants the mail of again.

    What it says is decided at delivery, so that the work of asking does not tell whether there is
    an account. It concerns no practice: `practice_id` is the platform's.
    """

    publisher: ClassVar[str] = "profiles"
    type: ClassVar[str] = "registration_mail_asked"

    mail_id: UUID


class GuestJoined(Event):
    """What a client booked as a guest belongs to an account from now on."""

    publisher: ClassVar[str] = "profiles"
    type: ClassVar[str] = "guest_joined"

    client_id: UUID
    account_id: UUID


class RegistrationUnknown(Refusal):
    """The link is unknown, used or past its time; the three answer alike."""
