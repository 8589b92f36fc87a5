"""The templates of plans that practices keep. They tell of no client, so they are not sealed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.common.tenancy import TENANT
from services.plans.models.base import Base


class PracticeTemplate(Base):
    """A template of a practice; `number` is the version that holds."""

    __tablename__ = "templates"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", name="templates_pkey"),
        CheckConstraint("number >= 1", name="templates_number_positive"),
        CheckConstraint("archived_at >= begun_at", name="templates_archived_after_begun"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    number: Mapped[int]
    begun_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]


class TemplateVersion(Base):
    """What a template suggests in one version, and who of the practice wrote it. Only ever added
    to: plans name the version that they were begun from."""

    __tablename__ = "template_versions"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "template_id", "number", name="template_versions_pkey"),
        ForeignKeyConstraint(
            ["practice_id", "template_id"],
            ["plans.templates.practice_id", "plans.templates.id"],
            name="template_versions_template_fkey",
        ),
        CheckConstraint("number >= 1", name="template_versions_number_positive"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    template_id: Mapped[UUID]
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    written_by: Mapped[UUID]
    written_at: Mapped[datetime]
