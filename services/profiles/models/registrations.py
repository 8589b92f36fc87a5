"""Who registered, until the mailbox is proven; the mails that prove it."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.common.tenancy import PLATFORM
from services.profiles.models.base import At, Base, Email, Key, Short


class Registration(Base):
    """What somebody typed to get an account; `id` becomes the account's.

    Written alike whether or not the address has an account, and forgotten after three days.
    `browser_key` is the hash of a token that the browser holds which registered; `guest_of` are
    practice and client ids of what was booked there as a guest.
    """

    __tablename__ = "registrations"
    __table_args__ = (
        Index("registrations_email_idx", text("lower(email)"), "created_at"),
        Index("registrations_browser_idx", "browser_key"),
        Index("registrations_created_idx", "created_at"),
        CheckConstraint("email ~ '^[^@ ]+@[^@ ]+$'", name="registrations_email_is_an_address"),
        CheckConstraint("length(name) > 0", name="registrations_name_not_empty"),
        CheckConstraint("password_hash LIKE '$argon2id$%'", name="registrations_password_hashed"),
        CheckConstraint("browser_key ~ '^[0-9a-f]{64}$'", name="registrations_browser_is_a_hash"),
        {"info": PLATFORM},
    )

    id: Mapped[Key]
    email: Mapped[Email]
    name: Mapped[Short]
    time_zone: Mapped[str] = mapped_column(String(64))
    password_hash: Mapped[str] = mapped_column(String(200))
    browser_key: Mapped[str | None] = mapped_column(String(64))
    guest_of: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    created_at: Mapped[At]


class RegistrationMail(Base):
    """A mail that registering asked for; `link_key` is the hash of the link in its last copy,
    empty until it is sent, and where the address has an account."""

    __tablename__ = "registration_mails"
    __table_args__ = (
        Index("registration_mails_email_idx", text("lower(email)")),
        Index("registration_mails_link_unique", "link_key", unique=True),
        Index("registration_mails_created_idx", "created_at"),
        CheckConstraint("email ~ '^[^@ ]+@[^@ ]+$'", name="registration_mails_email_is_an_address"),
        CheckConstraint("link_key ~ '^[0-9a-f]{64}$'", name="registration_mails_link_is_a_hash"),
        {"info": PLATFORM},
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    email: Mapped[Email]
    link_key: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[At]
