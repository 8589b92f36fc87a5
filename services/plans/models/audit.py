"""Seals over who looked: each covers some rows of `accesses`, and the seal before it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped

from services.common.tenancy import TENANT
from services.plans.models.base import Base


class AccessSeal(Base):
    """The seal `number` of a practice, over so many `accesses`; only ever added to."""

    __tablename__ = "access_seals"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "number", name="access_seals_pkey"),
        CheckConstraint("number >= 1", name="access_seals_number_positive"),
        CheckConstraint("accesses >= 1", name="access_seals_cover_some"),
        CheckConstraint("octet_length(digest) = 32", name="access_seals_digest_is_sha256"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    number: Mapped[int]
    accesses: Mapped[int]
    digest: Mapped[bytes]
    sealed_at: Mapped[datetime]
