"""What profiles offers: accounts and logins, the catalogue, the directory, clients."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AfterValidator, EmailStr, Field, StringConstraints

from services.common.errors import Busy, Refusal
from services.common.messages import Command, Event, Instant, View
from services.common.money import Money
from services.contracts.base import (
    Format,
    Ids,
    Key,
    Page,
    PartOfDay,
    PersonName,
    Slug,
    Zone,
    visible,
)

SHORTEST_PASSWORD = 8
Password = Annotated[str, StringConstraints(min_length=SHORTEST_PASSWORD, max_length=200)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9 ()/-]{5,30}$")]


class Profession(StrEnum):
    """What a practitioner is."""

    THERAPIST = "therapist"
    COACH = "coach"


class Role(StrEnum):
    """What a member may be within a practice."""

    OWNER = "owner"
    ADMIN = "admin"
    BILLING = "billing"
    FRONT_DESK = "front_desk"
    PRACTITIONER = "practitioner"
    SUPERVISOR = "supervisor"


# --- accounts and logins -------------------------------------------------------------------


class RegisterAccount(Command):
    """Make an account for a person; `id` is minted by the caller.

    `address` is the network address that asks, for limits on tries only; it is not kept.
    """

    id: UUID
    email: EmailStr
    password: Password
    name: PersonName
    time_zone: Zone = "UTC"
    address: Annotated[str, StringConstraints(max_length=64)] = ""


class SignIn(Command):
    """Check a password and open a login under `login_key`.

    `address` is the network address that asks, for limits on tries only; it is not kept.
    """

    email: Annotated[str, StringConstraints(max_length=320), AfterValidator(visible)]
    password: Annotated[str, StringConstraints(max_length=200)]
    login_key: Key
    address: Annotated[str, StringConstraints(max_length=64)]


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


class RegistrationReceived(Event):
    """Somebody registered an address: a new account, or (`is_new` false) one that it had before.

    Both are told alike, so that the work of registering does not tell which it was. It concerns
    no practice: `practice_id` is the platform's.
    """

    publisher: ClassVar[str] = "profiles"
    type: ClassVar[str] = "registration_received"

    account_id: UUID
    is_new: bool


class LoginsEnded(View):
    """The logins that were asked to end are over."""

    count: int


class WrongCredentials(Refusal):
    """No account has this address and password; which of the two is wrong is not told."""


class EmailTaken(Refusal):
    """Told to the address itself by mail only; the web page answers as if it had worked."""


class TooManyTries(Busy):
    """A limit on tries was reached; `detail["retry_after"]` is in seconds."""


class CommonPassword(Refusal):
    """The password is on the list of the most common ones."""


# --- the catalogue -------------------------------------------------------------------------


class ListTopics(Command):
    """All topics in their order."""


class GetTopic(Command):
    """One topic with its text."""

    slug: Slug


class ListApproaches(Command):
    """All approaches in their order."""


class GetApproach(Command):
    """One approach with its text."""

    slug: Slug


class Reference(View):
    """A link target within the catalogue."""

    slug: str
    name: str
    summary: str = ""


class TopicView(View):
    """What clients need help with. Texts are lists of paragraphs."""

    slug: str
    name: str
    summary: str
    what_it_is: list[str]
    who_meets_it: list[str]
    signs: list[str]
    how_therapy_helps: list[str]
    seek_help_at_once: list[str]
    sources: list[str]
    last_reviewed_on: date
    approaches: list[Reference]
    practitioners_count: int = 0


class ApproachView(View):
    """A way of working. Texts are lists of paragraphs."""

    slug: str
    name: str
    summary: str
    what_it_is: list[str]
    how_a_session_looks: list[str]
    who_it_suits: list[str]
    typical_length: str
    evidence: list[str]
    sources: list[str]
    last_reviewed_on: date
    topics: list[Reference]
    practitioners_count: int = 0


class TopicsView(View):
    """All topics, short."""

    topics: list[Reference]


class ApproachesView(View):
    """All approaches, short."""

    approaches: list[Reference]


# --- the directory -------------------------------------------------------------------------


class SearchDirectory(Command):
    """Practitioners with a bookable time, soonest first.

    `max_price` is in minor units of `currency`; both or neither. `before` bounds the soonest
    time ("this week"). `cursor` continues an earlier page.
    """

    topic: Slug | None = None
    approach: Slug | None = None
    profession: Profession | None = None
    format: Format | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    max_price: Annotated[int, Field(ge=0)] | None = None
    part_of_day: PartOfDay | None = None
    before: Instant | None = None
    cursor: Annotated[str, StringConstraints(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class PractitionerCard(View):
    """A practitioner in the directory. `price` is that of the cheapest offering."""

    practitioner_id: UUID
    practice_id: UUID
    slug: str
    name: str
    title: str
    profession: Profession
    is_verified: bool
    portrait_url: str
    languages: list[str]
    formats: list[Format]
    topics: list[Reference]
    price: Money
    time_zone: str
    city: str
    next_free_at: Instant


class DirectoryPage(Page):
    """A page of the directory."""

    practitioners: list[PractitionerCard]


class GetPractitioner(Command):
    """A published practitioner's page."""

    slug: Slug


class PractitionerView(View):
    """A practitioner's public page. `about` is a list of paragraphs."""

    practitioner_id: UUID
    practice_id: UUID
    practice_name: str
    slug: str
    name: str
    title: str
    pronouns: str
    profession: Profession
    is_verified: bool
    credentials: list[str]
    verified_on: date | None
    portrait_url: str
    about: list[str]
    languages: list[str]
    formats: list[Format]
    address: str
    city: str
    time_zone: str
    topics: list[Reference]
    approaches: list[Reference]


class ListPractitioners(Command):
    """Published practitioners by id, bookable at present or not; unknown ids are left out."""

    practitioner_ids: Ids


class PractitionerName(View):
    """A published practitioner as pages and mails name one."""

    id: UUID
    slug: str
    name: str
    title: str
    profession: Profession
    portrait_url: str
    is_verified: bool
    city: str
    time_zone: str


class PractitionersView(View):
    """Practitioners by id, in no order."""

    practitioners: list[PractitionerName]


# --- clients -------------------------------------------------------------------------------


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
    email: EmailStr
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
    """Names of clients of the actor's practice."""

    client_ids: Annotated[list[UUID], Field(max_length=200)]


class ClientName(View):
    """A client as practice staff see one in a list."""

    id: UUID
    name: str


class ClientsView(View):
    """Clients of one practice."""

    clients: list[ClientName]
