"""Accounts, and logins that have to end."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from services.common.tenancy import PLATFORM, PLUMBING
from services.profiles.models.base import At, Base, Email, Key, Short


class Account(Base):
    """A person who may sign in. Without a password hash there is no signing in by password."""

    __tablename__ = "accounts"
    __table_args__ = (
        Index("accounts_email_unique", text("lower(email)"), unique=True),
        CheckConstraint("email ~ '^[^@ ]+@[^@ ]+$'", name="accounts_email_is_an_address"),
        CheckConstraint("length(name) > 0", name="accounts_name_not_empty"),
        CheckConstraint("password_hash LIKE '$argon2id$%'", name="accounts_password_is_hashed"),
        {"info": PLATFORM},
    )

    id: Mapped[Key]
    email: Mapped[Email]
    name: Mapped[Short]
    time_zone: Mapped[str] = mapped_column(String(64))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    is_operator: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[At]


class Revocation(Base):
    """Logins opened until `revoked_at` have to end; carried out until calls under way are over."""

    __tablename__ = "revocations"
    __table_args__ = ({"info": PLUMBING},)

    account_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    revoked_at: Mapped[At]
