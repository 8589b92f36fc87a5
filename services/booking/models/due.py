"""Plumbing: what falls due without a tenant asking. Ids and times only."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from services.common.tenancy import PLUMBING


class HoldDue(Base):
    """When a held seat falls free; the sweeper's list. Slots never wait for the sweeper."""

    __tablename__ = "holds_due"
    __table_args__ = (Index("holds_due_at_idx", "due_at"), {"info": PLUMBING})

    booking_id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID]
    due_at: Mapped[datetime]


class OpeningsDue(Base):
    """When a practitioner's soonest free times must be worked out again; one row each."""

    __tablename__ = "openings_due"
    __table_args__ = (Index("openings_due_at_idx", "due_at"), {"info": PLUMBING})

    practitioner_id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID]
    due_at: Mapped[datetime]


class OpeningsAnnounced(Base):
    """The soonest free times that were last told to the directory."""

    __tablename__ = "openings_announced"
    __table_args__ = ({"info": PLUMBING},)

    practitioner_id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID]
    openings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    announced_at: Mapped[datetime]
