"""Topics and approaches, as the pages show them."""

from datetime import date
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.common.tenancy import PLATFORM
from services.profiles.models.base import Base, Short, Words


def _ordered(name: str) -> UniqueConstraint:
    """Two entries never share a place; checked at commit, so that they may change places."""
    return UniqueConstraint("position", name=name, deferrable=True, initially="DEFERRED")


class Topic(Base):
    """What clients need help with; `texts` holds paragraphs by section, `approaches` slugs."""

    __tablename__ = "topics"
    __table_args__ = (_ordered("topics_position_unique"), {"info": PLATFORM})

    slug: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[Short]
    summary: Mapped[Short]
    texts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    approaches: Mapped[Words]
    last_reviewed_on: Mapped[date]


class Approach(Base):
    """A way of working; `texts` holds paragraphs by section."""

    __tablename__ = "approaches"
    __table_args__ = (_ordered("approaches_position_unique"), {"info": PLATFORM})

    slug: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[Short]
    summary: Mapped[Short]
    texts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    last_reviewed_on: Mapped[date]
