"""Plans, their versions, and the log of exercises."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped

from services.common.tenancy import TENANT
from services.contracts.plans.content import PlanState, VersionState
from services.plans.models.base import SHORTEST_SEALED, Base, listed, of_chart


class Plan(Base):
    """A plan without what it says. `revision` counts every change, for who read an older one.

    `first_proposed_at`: when the client could first see it; before that it does not exist for them.
    """

    __tablename__ = "plans"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", name="plans_pkey"),
        UniqueConstraint("id", name="plans_id_unique"),
        of_chart("plans"),
        CheckConstraint(f"state IN ({listed(PlanState)})", name="plans_state_known"),
        CheckConstraint("revision >= 1", name="plans_revision_positive"),
        Index("plans_of_practitioner_idx", "practice_id", "practitioner_account_id", "changed_at"),
        Index("plans_of_account_idx", "account_id", "changed_at"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    chart_id: Mapped[UUID]
    client_id: Mapped[UUID]
    account_id: Mapped[UUID | None]
    practitioner_id: Mapped[UUID]
    practitioner_account_id: Mapped[UUID]
    state: Mapped[str]
    revision: Mapped[int]
    first_proposed_at: Mapped[datetime | None]
    started_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Version(Base):
    """What a plan says, sealed, with the signatures under it.

    `sealed_revision` is bound into the ciphertext; `wish` is what the client asked to change.
    `sessions`: how many both agreed on; NULL for a plan without an end.
    """

    __tablename__ = "versions"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", name="versions_pkey"),
        UniqueConstraint("practice_id", "plan_id", "number", name="versions_number_once"),
        ForeignKeyConstraint(
            ["practice_id", "plan_id"],
            ["plans.plans.practice_id", "plans.plans.id"],
            name="versions_plan_fkey",
        ),
        of_chart("versions"),
        CheckConstraint(f"state IN ({listed(VersionState)})", name="versions_state_known"),
        CheckConstraint("number >= 1", name="versions_number_positive"),
        CheckConstraint(f"octet_length(sealed) > {SHORTEST_SEALED}", name="versions_are_sealed"),
        CheckConstraint(f"octet_length(wish) > {SHORTEST_SEALED}", name="versions_wish_is_sealed"),
        CheckConstraint(
            "(state = 'draft') = (practitioner_signed_at IS NULL)",
            name="versions_proposed_are_signed",
        ),
        CheckConstraint(
            "(state = 'agreed') = (client_signed_at IS NOT NULL)",
            name="versions_agreed_are_signed_by_both",
        ),
        CheckConstraint("sessions >= 1", name="versions_sessions_positive"),
        CheckConstraint(
            "sessions IS NULL OR state = 'agreed'", name="versions_sessions_are_agreed_on"
        ),
        CheckConstraint(
            "(state = 'returned') = (wish IS NOT NULL)", name="versions_returned_say_why"
        ),
        Index(
            "versions_one_open",
            "practice_id",
            "plan_id",
            unique=True,
            postgresql_where=text("state IN ('draft', 'proposed')"),
        ),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    plan_id: Mapped[UUID]
    chart_id: Mapped[UUID]
    account_id: Mapped[UUID | None]
    number: Mapped[int]
    state: Mapped[str]
    sealed: Mapped[bytes]
    sealed_revision: Mapped[int]
    wish: Mapped[bytes | None]
    practitioner_signed_at: Mapped[datetime | None]
    client_signed_at: Mapped[datetime | None]
    sessions: Mapped[int | None]


class Entry(Base):
    """An exercise that the client tried: which one, what happened and how it went, sealed."""

    __tablename__ = "entries"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", name="entries_pkey"),
        ForeignKeyConstraint(
            ["practice_id", "plan_id"],
            ["plans.plans.practice_id", "plans.plans.id"],
            name="entries_plan_fkey",
        ),
        of_chart("entries"),
        CheckConstraint(f"octet_length(sealed) > {SHORTEST_SEALED}", name="entries_are_sealed"),
        Index("entries_of_plan_idx", "practice_id", "plan_id", "logged_at"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    plan_id: Mapped[UUID]
    chart_id: Mapped[UUID]
    account_id: Mapped[UUID | None]
    sealed: Mapped[bytes]
    logged_at: Mapped[datetime]
