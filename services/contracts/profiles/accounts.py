"""Accounts and logins, and what may stand against them."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from services.common.errors import Busy, Refusal
from services.common.messages import Command, Instant, View
from services.contracts.base import Key, MailAddress, PersonName, Zone, visible

SHORTEST_PASSWORD = 8

Password = Annotated[str, StringConstraints(min_length=SHORTEST_PASSWORD, max_length=200)]


class Role(StrEnum):
    """What a member may be within a practice."""

    OWNER = "owner"
    ADMIN = "admin"
    BILLING = "billing"
    FRONT_DESK = "front_desk"
    PRACTITIONER = "practitioner"
    SUPERVISOR = "supervisor"


class GuestOf(View):
    """The record under which somebody came to a practice as a guest, as their browser knows it."""

    practice_id: UUID
    client_id: UUID


GuestRecords = Annotated[list[GuestOf], Field(max_length=10)]
Address = Annotated[str, StringConstraints(max_length=64)]


class RegisterAccount(Command):
    """Write down who wants an account; there is one once the mail's link was opened.

    `id` is minted by the caller and becomes the account's. `browser_key` is of the browser that
    registers, which later confirms without the password. `guest_of`: what it booked as a guest.
    `address` is the network address that asks, for limits on tries only; it is not kept.
    """

    id: UUID
    email: MailAddress
    password: Password
    name: PersonName
    time_zone: Zone = "UTC"
    address: Address = ""
    browser_key: Key | None = None
    guest_of: GuestRecords = Field(default_factory=list)


class SignIn(Command):
    """Check a password and open a login under `login_key`.

    `guest_of` is what this browser booked as a guest: what was booked with the account's address
    joins the account.
    `address` is the network address that asks, for limits on tries only; it is not kept.
    """

    email: Annotated[str, StringConstraints(max_length=320), AfterValidator(visible)]
    password: Annotated[str, StringConstraints(max_length=200)]
    login_key: Key
    address: Address
    guest_of: GuestRecords = Field(default_factory=list)


class SignOut(Command):
    """End the login under `login_key`; an unknown one is no error."""

    login_key: Key


class RevokeLogins(Command):
    """End every login of the actor's account (all devices)."""


class GetAccount(Command):
    """Tell the actor's own account."""


class Membership(View):
    """An account's place in a practice. `practitioner_id` where the member treats."""

    practice_id: UUID
    practice_name: str
    roles: list[Role]
    practitioner_id: UUID | None = None


class AccountView(View):
    """A login of a person."""

    id: UUID
    email: str
    name: str
    time_zone: str
    is_operator: bool = False
    memberships: list[Membership] = Field(default_factory=list)


class LoginView(View):
    """A login as the gateway reads it from Redis; times are UTC."""

    account: AccountView
    signed_in_at: Instant
    idle_minutes: int


class GetAccountAddress(Command):
    """Where to write to an account; for notify, at delivery."""

    account_id: UUID


class AccountAddressView(View):
    """An account's mail address, and nothing that somebody typed about themselves."""

    email: str


class LoginsEnded(View):
    """The logins that were asked to end are over."""

    count: int


class WrongCredentials(Refusal):
    """No account has this address and password; which of the two is wrong is not told."""


class TooManyTries(Busy):
    """A limit on tries was reached; `detail["retry_after"]` is in seconds."""


class CommonPassword(Refusal):
    """The password is on the list of the most common ones."""
