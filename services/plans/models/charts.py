"""Charts, the units of encryption, and who looked at them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.common.tenancy import PLUMBING, TENANT
from services.contracts.plans.content import Party
from services.plans.domain.notes import Erased
from services.plans.models.base import SHORTEST_SEALED, Base, listed, of_chart


class Chart(Base):
    """A client of a practice, with the data key of all that is clinical about them.

    `account_id`: who reads it as the client; NULL for who booked as a guest. The data key is
    wrapped by the key-encryption key of `key_version`.
    """

    __tablename__ = "charts"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", name="charts_pkey"),
        UniqueConstraint("practice_id", "client_id", name="charts_one_per_client"),
        CheckConstraint("key_version >= 1", name="charts_key_version_positive"),
        CheckConstraint(
            f"octet_length(wrapped_key) = {SHORTEST_SEALED + 32}", name="charts_key_is_wrapped"
        ),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    client_id: Mapped[UUID]
    account_id: Mapped[UUID | None]
    key_version: Mapped[int]
    wrapped_key: Mapped[bytes]
    opened_at: Mapped[datetime]


class ChartKey(Base):
    """Which key-encryption key a chart is under, for whoever rotates keys."""

    __tablename__ = "chart_keys"
    __table_args__ = (Index("chart_keys_version_idx", "key_version"), {"info": PLUMBING})

    chart_id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID]
    key_version: Mapped[int]


class EncryptionKey(Base):
    """A key-encryption key that was in use: its SHA-256, so that another one is found at start."""

    __tablename__ = "encryption_keys"
    __table_args__ = ({"info": PLUMBING},)

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fingerprint: Mapped[str] = mapped_column(String(64))


class Access(Base):
    """Somebody read or wrote a record of a chart: by their account, or as the holder of a
    booking's link. Only ever added to.

    What the house erased because its time had come is by nobody's account; `practitioner_id` is
    then whose it was. `is_supervisor`: they did so as a supervisor of the practice, not as who
    treats. `seal_number`: the seal that covers the row, once there is one.
    """

    __tablename__ = "accesses"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", name="accesses_pkey"),
        of_chart("accesses"),
        ForeignKeyConstraint(
            ["practice_id", "seal_number"],
            ["plans.access_seals.practice_id", "plans.access_seals.number"],
            name="accesses_seal_fkey",
        ),
        CheckConstraint(f"party IN ({listed(Party)})", name="accesses_party_known"),
        CheckConstraint(
            "num_nonnulls(by_account_id, by_booking_id)"
            f" = CASE WHEN kind IN ({listed(Erased)}) THEN 0 ELSE 1 END",
            name="accesses_by_one",
        ),
        Index("accesses_of_chart_idx", "practice_id", "chart_id", "at"),
        Index(
            "accesses_unsealed_idx",
            "practice_id",
            "id",
            postgresql_where=text("seal_number IS NULL"),
        ),
        Index(
            "accesses_of_seal_idx",
            "practice_id",
            "seal_number",
            postgresql_where=text("seal_number IS NOT NULL"),
        ),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    chart_id: Mapped[UUID]
    account_id: Mapped[UUID | None]
    party: Mapped[str]
    by_account_id: Mapped[UUID | None]
    by_booking_id: Mapped[UUID | None]
    practitioner_id: Mapped[UUID | None]
    is_write: Mapped[bool]
    is_supervisor: Mapped[bool] = mapped_column(server_default=text("false"))
    kind: Mapped[str]
    record_id: Mapped[UUID]
    at: Mapped[datetime]
    seal_number: Mapped[int | None]
