"""Notes on treatment, the texts that were signed, and what was added to those."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.common.tenancy import PLUMBING, TENANT
from services.contracts.plans.notes import NoteKind
from services.plans.domain.notes import Stored
from services.plans.models.base import SHORTEST_SEALED, Base, listed, of_chart


class Note(Base):
    """A note, and what it says as long as it is a draft; what was signed lies in note_signatures.

    The text of a discarded one is kept, sealed, until its row of purges_due is due; then it goes.
    `revision` counts every change and is bound into the ciphertext. `locks_at` is kept when a
    signature is withdrawn, so that no late withdrawal is stored. Clients do not read notes, so
    there is no account here that a policy could show them to.
    """

    __tablename__ = "notes"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", name="notes_pkey"),
        of_chart("notes"),
        ForeignKeyConstraint(
            ["practice_id", "plan_id"],
            ["plans.plans.practice_id", "plans.plans.id"],
            name="notes_plan_fkey",
        ),
        CheckConstraint(f"kind IN ({listed(NoteKind)})", name="notes_kind_known"),
        CheckConstraint(f"state IN ({listed(Stored)})", name="notes_state_known"),
        CheckConstraint("revision >= 1", name="notes_revision_positive"),
        CheckConstraint(f"octet_length(sealed) > {SHORTEST_SEALED}", name="notes_are_sealed"),
        CheckConstraint(
            "state = 'discarded' OR (state = 'draft') = (sealed IS NOT NULL)",
            name="notes_signed_hold_no_draft",
        ),
        CheckConstraint(
            "(state = 'discarded') = (discarded_at IS NOT NULL)", name="notes_discarded_say_when"
        ),
        CheckConstraint(
            "state <> 'discarded' OR locks_at IS NULL", name="notes_discarded_were_never_signed"
        ),
        CheckConstraint(
            "(state = 'signed') = (signed_at IS NOT NULL)", name="notes_signed_say_when"
        ),
        CheckConstraint(
            "(locks_at IS NOT NULL) = (signed_at IS NOT NULL OR withdrawn_at IS NOT NULL)",
            name="notes_signed_lock",
        ),
        CheckConstraint(
            "signed_at IS NULL OR withdrawn_at IS NULL", name="notes_signed_or_withdrawn"
        ),
        CheckConstraint("withdrawn_at < locks_at", name="notes_locked_stay_signed"),
        Index(
            "notes_one_progress_per_session",
            "practice_id",
            "booking_id",
            "author_account_id",
            unique=True,
            postgresql_where=text(
                "kind = 'progress' AND booking_id IS NOT NULL AND state <> 'discarded'"
            ),
        ),
        Index("notes_of_author_idx", "practice_id", "author_account_id", "changed_at"),
        Index("notes_of_chart_idx", "practice_id", "chart_id", "changed_at"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    chart_id: Mapped[UUID]
    client_id: Mapped[UUID]
    plan_id: Mapped[UUID | None]
    booking_id: Mapped[UUID | None]
    session_at: Mapped[datetime | None]
    author_account_id: Mapped[UUID]
    practitioner_id: Mapped[UUID]
    kind: Mapped[str]
    state: Mapped[str]
    revision: Mapped[int]
    sealed: Mapped[bytes | None]
    signed_at: Mapped[datetime | None]
    locks_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    discarded_at: Mapped[datetime | None]
    begun_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class NoteSignature(Base):
    """A text that was signed, at the note's revision of then. Only ever added to."""

    __tablename__ = "note_signatures"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "note_id", "revision", name="note_signatures_pkey"),
        ForeignKeyConstraint(
            ["practice_id", "note_id"],
            ["plans.notes.practice_id", "plans.notes.id"],
            name="note_signatures_note_fkey",
        ),
        of_chart("note_signatures"),
        CheckConstraint(
            f"octet_length(sealed) > {SHORTEST_SEALED}", name="note_signatures_are_sealed"
        ),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    note_id: Mapped[UUID]
    revision: Mapped[int]
    chart_id: Mapped[UUID]
    sealed: Mapped[bytes]
    signed_at: Mapped[datetime]


class NoteAddendum(Base):
    """What was added to a signed text. Only ever added to."""

    __tablename__ = "note_addenda"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", name="note_addenda_pkey"),
        ForeignKeyConstraint(
            ["practice_id", "note_id", "revision"],
            [
                "plans.note_signatures.practice_id",
                "plans.note_signatures.note_id",
                "plans.note_signatures.revision",
            ],
            name="note_addenda_are_to_signed_text",
        ),
        of_chart("note_addenda"),
        CheckConstraint(
            f"octet_length(sealed) > {SHORTEST_SEALED}", name="note_addenda_are_sealed"
        ),
        Index("note_addenda_of_note_idx", "practice_id", "note_id", "added_at"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    note_id: Mapped[UUID]
    revision: Mapped[int]
    chart_id: Mapped[UUID]
    sealed: Mapped[bytes]
    added_at: Mapped[datetime]


class PurgeDue(Base):
    """When the text of a discarded draft is to be erased; `record_id` is the draft's."""

    __tablename__ = "purges_due"
    __table_args__ = (Index("purges_due_at_idx", "due_at"), {"info": PLUMBING})

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID]
    due_at: Mapped[datetime]
