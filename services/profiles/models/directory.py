"""The published directory: practitioners' public pages, what is known of them, and the index."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import CHAR, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.common.tenancy import PLATFORM
from services.contracts.base import Format, PartOfDay
from services.contracts.profiles.directory import Profession
from services.profiles.models.base import At, Base, Key, Short, Words, contained
from services.profiles.models.practices import OF_PRACTICE

_PROFESSIONS = ", ".join(f"'{profession}'" for profession in Profession)
_PARTS = ", ".join(f"'{part}'" for part in ["any", *PartOfDay])


class PublishedPractitioner(Base):
    """The public copy of a practitioner."""

    __tablename__ = "published_practitioners"
    __table_args__ = (
        UniqueConstraint("slug", name="published_practitioners_slug_unique"),
        CheckConstraint(
            f"profession IN ({_PROFESSIONS})", name="published_practitioners_profession_known"
        ),
        CheckConstraint(
            "NOT is_verified OR verified_on IS NOT NULL",
            name="published_practitioners_verified_on_a_day",
        ),
        contained("formats", [str(one) for one in Format], "published_practitioners_formats_known"),
        CheckConstraint(
            "cardinality(languages) > 0", name="published_practitioners_speak_a_language"
        ),
        {"info": PLATFORM},
    )

    id: Mapped[Key]
    practice_id: Mapped[UUID] = mapped_column(ForeignKey(OF_PRACTICE))
    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[Short]
    title: Mapped[Short]
    pronouns: Mapped[Short]
    profession: Mapped[str] = mapped_column(String(20))
    is_verified: Mapped[bool]
    verified_on: Mapped[date | None]
    credentials: Mapped[Words]
    portrait_url: Mapped[str]
    about: Mapped[Words]
    languages: Mapped[Words]
    formats: Mapped[Words]
    address: Mapped[str]
    city: Mapped[Short]
    time_zone: Mapped[str] = mapped_column(String(64))
    topics: Mapped[Words]
    approaches: Mapped[Words]
    # what a card shows of the person, ready made as a JSON object: one value to read for each
    # card of a page, as text because PostgreSQL writes jsonb out anew at every read
    card: Mapped[str] = mapped_column(Text)


class ToldOpenings(Base):
    """What booking last told of a practitioner, published or not yet."""

    __tablename__ = "told_openings"
    __table_args__ = ({"info": PLATFORM},)

    practitioner_id: Mapped[Key]
    computed_at: Mapped[At]
    openings: Mapped[list[Any]] = mapped_column(JSONB)


class AskingPrice(Base):
    """The newest price of an offering that billing told, in minor units."""

    __tablename__ = "asking_prices"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="asking_prices_amount_not_negative"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="asking_prices_currency_is_iso"),
        {"info": PLATFORM},
    )

    practitioner_id: Mapped[Key]
    offering_id: Mapped[Key]
    version: Mapped[int]
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(CHAR(3))


class DirectoryOpening(Base):
    """One row for each subject, part of day and soonest start of a listed practitioner.

    The index holds every column that a search filters by, so that a page is one short walk
    along it, soonest first. No row-level policy: one would keep filters out of the index.
    """

    __tablename__ = "directory_openings"
    __table_args__ = (
        Index(
            "directory_openings_search_idx",
            "subject",
            "part_of_day",
            "next_free_at",
            "practitioner_id",
            postgresql_include=[
                "is_soonest",
                "formats",
                "profession",
                "price_amount",
                "price_currency",
                "languages",
                "approach_marks",
            ],
        ),
        CheckConstraint(f"part_of_day IN ({_PARTS})", name="directory_openings_part_known"),
        CheckConstraint("formats BETWEEN 1 AND 3", name="directory_openings_formats_known"),
        CheckConstraint("price_amount >= 0", name="directory_openings_price_not_negative"),
        {"info": PLATFORM},
    )

    practitioner_id: Mapped[UUID] = mapped_column(
        ForeignKey("profiles.published_practitioners.id", ondelete="CASCADE"), primary_key=True
    )
    subject: Mapped[str] = mapped_column(String(100), primary_key=True)
    part_of_day: Mapped[str] = mapped_column(String(10), primary_key=True)
    next_free_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    is_soonest: Mapped[bool]
    formats: Mapped[int] = mapped_column(SmallInteger)
    profession: Mapped[str] = mapped_column(String(20))
    price_amount: Mapped[int] = mapped_column(BigInteger)
    price_currency: Mapped[str] = mapped_column(CHAR(3))
    languages: Mapped[Words]
    approach_marks: Mapped[int] = mapped_column(BigInteger)
