"""Practices and the people in them: members, practitioners, clients."""

from datetime import date
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import CHAR
from sqlalchemy.orm import Mapped, mapped_column

from services.common.tenancy import PLATFORM, TENANT
from services.contracts.profiles.accounts import Role
from services.profiles.models.base import At, Base, Email, Key, Short, Words, contained

OF_PRACTICE = "profiles.practices.id"
OF_ACCOUNT = "profiles.accounts.id"


class Practice(Base):
    """Who treats and who invoices. Its name and address are public, so this is no tenant table."""

    __tablename__ = "practices"
    __table_args__ = (
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="practices_currency_is_iso"),
        CheckConstraint("length(name) > 0", name="practices_name_not_empty"),
        {"info": PLATFORM},
    )

    id: Mapped[Key]
    name: Mapped[Short]
    email: Mapped[Email]
    address: Mapped[str]
    city: Mapped[Short]
    time_zone: Mapped[str] = mapped_column(String(64))
    currency: Mapped[str] = mapped_column(CHAR(3))


class Practitioner(Base):
    """A therapist or coach as the practice knows one; what is public is published apart."""

    __tablename__ = "practitioners"
    __table_args__ = (
        CheckConstraint("length(name) > 0", name="practitioners_name_not_empty"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID] = mapped_column(ForeignKey(OF_PRACTICE), primary_key=True)
    id: Mapped[Key]
    name: Mapped[Short]
    email: Mapped[Email]


class Credential(Base):
    """A qualification of a practitioner, and when a register was seen to evidence it."""

    __tablename__ = "credentials"
    __table_args__ = (
        ForeignKeyConstraint(
            ["practice_id", "practitioner_id"],
            ["profiles.practitioners.practice_id", "profiles.practitioners.id"],
            name="credentials_of_a_practitioner",
        ),
        CheckConstraint("since BETWEEN 1950 AND 2100", name="credentials_since_is_a_year"),
        {"info": TENANT},
    )

    practice_id: Mapped[Key]
    practitioner_id: Mapped[Key]
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Short]
    issuer: Mapped[Short]
    number: Mapped[Short]
    since: Mapped[int]
    verified_on: Mapped[date | None]


class Member(Base):
    """An account's place in a practice; `practitioner_id` where the member treats."""

    __tablename__ = "members"
    __table_args__ = (
        ForeignKeyConstraint(
            ["practice_id", "practitioner_id"],
            ["profiles.practitioners.practice_id", "profiles.practitioners.id"],
            name="members_treat_in_their_practice",
        ),
        UniqueConstraint(
            "practice_id", "practitioner_id", name="members_one_account_per_practitioner"
        ),
        contained("roles", [str(role) for role in Role], "members_roles_known"),
        # sign-in asks for a person's places in all practices, through the policy for own rows
        Index("members_account_idx", "account_id"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID] = mapped_column(ForeignKey(OF_PRACTICE), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(OF_ACCOUNT), primary_key=True)
    roles: Mapped[Words]
    practitioner_id: Mapped[UUID | None]


class Client(Base):
    """A person within one practice; without an account, a guest."""

    __tablename__ = "clients"
    __table_args__ = (
        Index(
            "clients_one_per_account",
            "practice_id",
            "account_id",
            unique=True,
            postgresql_where=text("account_id IS NOT NULL"),
        ),
        CheckConstraint("email ~ '^[^@ ]+@[^@ ]+$'", name="clients_email_is_an_address"),
        CheckConstraint("length(name) > 0", name="clients_name_not_empty"),
        CheckConstraint(
            "(agreed_to IS NULL) = (agreed_at IS NULL)", name="clients_agreed_at_a_moment"
        ),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID] = mapped_column(ForeignKey(OF_PRACTICE), primary_key=True)
    id: Mapped[Key]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey(OF_ACCOUNT))
    name: Mapped[Short]
    email: Mapped[Email]
    phone: Mapped[str | None] = mapped_column(String(40))
    time_zone: Mapped[str] = mapped_column(String(64))
    agreed_to: Mapped[str | None] = mapped_column(String(80))
    agreed_at: Mapped[At | None]
    created_at: Mapped[At]
