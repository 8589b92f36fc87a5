"""What is given to store people and practices: plain facts, ids included."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.contracts.base import Format
from services.contracts.profiles.accounts import Role
from services.contracts.profiles.directory import Profession


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """A login; `password_hash` is argon2id's, or None for one that cannot sign in by password."""

    id: UUID
    email: str
    name: str
    time_zone: str
    password_hash: str | None = None


@dataclass(frozen=True, slots=True)
class PracticeRecord:
    """A practice with its public address; `currency` is that of all its prices (ISO 4217)."""

    id: UUID
    name: str
    email: str
    address: str
    city: str
    time_zone: str
    currency: str


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """An account's place in a practice; `practitioner_id` where the member treats."""

    practice_id: UUID
    account_id: UUID
    roles: frozenset[Role]
    practitioner_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class CredentialRecord:
    """A qualification; `verified_on` is the day a register was seen to evidence it."""

    name: str
    issuer: str
    number: str
    since: int
    verified_on: date | None = None


@dataclass(frozen=True, slots=True)
class PractitionerRecord:
    """A practitioner with everything that is published.

    `email` is for the practice and for mails, and is not published. `about` holds paragraphs;
    `topics` and `approaches` are slugs of the catalogue, the main one first.
    """

    id: UUID
    practice_id: UUID
    slug: str
    name: str
    email: str
    title: str
    pronouns: str
    profession: Profession
    verified_on: date | None
    credentials: tuple[CredentialRecord, ...]
    portrait_url: str
    about: tuple[str, ...]
    languages: tuple[str, ...]
    formats: tuple[Format, ...]
    address: str
    city: str
    time_zone: str
    topics: tuple[str, ...]
    approaches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """A client within a practice; without an account, a guest.

    `agreed_to` is a version of the words on the booking page; it and `agreed_at` go together.
    """

    id: UUID
    practice_id: UUID
    name: str
    email: str
    time_zone: str
    account_id: UUID | None = None
    phone: str | None = None
    agreed_to: str | None = None
    agreed_at: datetime | None = None
