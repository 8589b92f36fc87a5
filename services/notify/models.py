"""The tables of notify: messages and their deliveries by tenant; due work and links as plumbing."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.common.database import metadata as schema_metadata
from services.common.plumbing import Plumbing
from services.common.tenancy import MAIL, PLUMBING, TENANT
from services.notify.domain.kinds import MessageState, NoticeKind, PackageMail, Recipient, Template

At = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Word = Annotated[str, mapped_column(String(20))]

LIVE_REMINDER = text(
    "template IN ('reminder_day', 'reminder_hour', 'intake_reminder')"
    " AND state NOT IN ('cancelled', 'parked')"
)


OF_A_PACKAGE = text("template IN ('package_bought', 'package_lapses', 'package_ended')")


def _one_of(column: str, *kinds: type[StrEnum]) -> str:
    words = (repr(str(word)) for kind in kinds for word in kind)
    return f"{column} IN ({', '.join(words)})"


class Base(DeclarativeBase):
    """The tables of notify."""

    metadata = schema_metadata("notify")


class Message(Base):
    """What somebody is to be told, once per event; no address and no text is kept.

    `starts_at` is the start it speaks of, `occurred_at` when the fact behind it came true,
    `sequence` the calendar file's that went out, `amount` in minor units; `also` are the further
    bookings that it tells of. A message about a package has the sale's id as its `booking_id`.
    """

    __tablename__ = "messages"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", name="messages_pkey"),
        UniqueConstraint(
            "practice_id", "event_id", "template", "recipient", name="messages_once_per_event"
        ),
        Index(
            "messages_one_live_reminder",
            *("practice_id", "booking_id", "template", "starts_at"),
            unique=True,
            postgresql_where=LIVE_REMINDER,
        ),
        Index(
            "messages_once_per_package",
            *("practice_id", "booking_id", "template"),
            unique=True,
            postgresql_where=OF_A_PACKAGE,
        ),
        Index("messages_booking_idx", "practice_id", "booking_id"),
        CheckConstraint(_one_of("template", Template, PackageMail), name="messages_template_known"),
        CheckConstraint(_one_of("recipient", Recipient), name="messages_recipient_known"),
        CheckConstraint(_one_of("state", MessageState), name="messages_state_known"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="messages_sent_has_time"),
        CheckConstraint("tries >= 0", name="messages_tries_not_negative"),
        CheckConstraint("refund_percent BETWEEN 0 AND 100", name="messages_percent_in_range"),
        CheckConstraint(
            "(template = 'refunded') = (amount IS NOT NULL)", name="messages_refund_has_amount"
        ),
        CheckConstraint(
            "(amount IS NULL) = (currency IS NULL) AND amount > 0 AND currency ~ '^[A-Z]{3}$'",
            name="messages_money_whole",
        ),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    event_id: Mapped[UUID]
    template: Mapped[Word]
    recipient: Mapped[Word]
    booking_id: Mapped[UUID]
    client_id: Mapped[UUID | None]
    state: Mapped[Word]
    due_at: Mapped[At]
    starts_at: Mapped[At | None]
    previous_starts_at: Mapped[At | None]
    refund_percent: Mapped[int | None]
    amount: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    also: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default=text("'{}'"))
    sequence: Mapped[int | None]
    tries: Mapped[int]
    occurred_at: Mapped[At]
    created_at: Mapped[At]
    sent_at: Mapped[At | None]
    request_id: Mapped[str] = mapped_column(String(64))


class Delivery(Base):
    """A try to deliver a message: how it went and SMTP's reply code; never an address."""

    __tablename__ = "deliveries"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", name="deliveries_pkey"),
        ForeignKeyConstraint(
            ["practice_id", "message_id"],
            ["notify.messages.practice_id", "notify.messages.id"],
            name="deliveries_of_a_message",
        ),
        Index("deliveries_message_idx", "practice_id", "message_id"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    message_id: Mapped[UUID]
    tried_at: Mapped[At]
    outcome: Mapped[str] = mapped_column(String(40))
    smtp_code: Mapped[int | None]


class DueMessage(Base):
    """A message that is still to leave. A worker that has it owns `lease` until `due_at`.

    `kind` and `error` tell of a parked one which template it is and how its last try went.
    """

    __tablename__ = "due_messages"
    __table_args__ = (
        PrimaryKeyConstraint("message_id", name="due_messages_pkey"),
        Index("due_messages_due_idx", "due_at", postgresql_where=text("parked_at IS NULL")),
        {"info": MAIL},
    )

    message_id: Mapped[UUID]
    practice_id: Mapped[UUID]
    due_at: Mapped[At]
    lease: Mapped[UUID | None]
    parked_at: Mapped[At | None]
    kind: Mapped[str | None] = mapped_column(String(20))
    error: Mapped[str | None] = mapped_column(String(40))


class Notice(Base):
    """A mail to the owner of an account's address, at most one of a kind in a day (UTC).

    `fact_id`: what it tells of, where each such fact has a mail of its own; of registering, where
    there may be no account, it stands for `account_id` too. It waits while
    `sent_at` and `parked_at` are empty; a worker that has it owns `lease` until `due_at`.
    """

    __tablename__ = "notices"
    __table_args__ = (
        PrimaryKeyConstraint("id", name="notices_pkey"),
        UniqueConstraint(
            *("account_id", "kind", "made_on", "fact_id"),
            name="notices_once_a_day",
            postgresql_nulls_not_distinct=True,
        ),
        Index(
            "notices_due_idx",
            "due_at",
            postgresql_where=text("sent_at IS NULL AND parked_at IS NULL"),
        ),
        CheckConstraint(_one_of("kind", NoticeKind), name="notices_kind_known"),
        CheckConstraint("tries >= 0", name="notices_tries_not_negative"),
        {"info": MAIL},
    )

    id: Mapped[UUID]
    account_id: Mapped[UUID]
    kind: Mapped[Word]
    made_on: Mapped[date]
    fact_id: Mapped[UUID | None]
    due_at: Mapped[At]
    lease: Mapped[UUID | None]
    tries: Mapped[int]
    sent_at: Mapped[At | None]
    parked_at: Mapped[At | None]
    request_id: Mapped[str] = mapped_column(String(64))


class Link(Base):
    """A private link in a mail, by the SHA-256 of its token. It is looked up before a practice
    is known, and holds ids and times only."""

    __tablename__ = "links"
    __table_args__ = (
        PrimaryKeyConstraint("key", name="links_pkey"),
        Index("links_booking_idx", "practice_id", "booking_id"),
        Index("links_expires_idx", "expires_at"),
        CheckConstraint("key ~ '^[0-9a-f]{64}$'", name="links_key_is_a_hash"),
        {"info": PLUMBING},
    )

    key: Mapped[str] = mapped_column(String(64))
    booking_id: Mapped[UUID]
    practice_id: Mapped[UUID]
    client_id: Mapped[UUID]
    expires_at: Mapped[At]
    revoked_at: Mapped[At | None]


metadata = Base.metadata
plumbing = Plumbing.of(metadata)
