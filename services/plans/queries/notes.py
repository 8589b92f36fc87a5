"""Notes, the texts that were signed, and what was added to them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from services.contracts.plans.content import PlanState
from services.contracts.plans.notes import NoteKind
from services.plans.domain.notes import Stored
from services.plans.models import Note, NoteAddendum, NoteSignature, Plan, PurgeDue

MOST = 200
MOST_AT_ONCE = 100


def note(tx: Session, practice_id: UUID, note_id: UUID) -> Note | None:
    """A note of the practice, whoever wrote it."""
    return tx.scalar(select(Note).where(Note.practice_id == practice_id, Note.id == note_id))


def lock_note(tx: Session, practice_id: UUID, note_id: UUID) -> Note:
    """The note as it is now, for this transaction alone."""
    query = select(Note).where(Note.practice_id == practice_id, Note.id == note_id)
    locked = query.with_for_update().execution_options(populate_existing=True)
    return tx.execute(locked).scalar_one()


def progress_of_session(
    tx: Session, practice_id: UUID, account_id: UUID, booking_id: UUID
) -> UUID | None:
    """The id of an author's progress note of a session."""
    query = select(Note.id).where(
        Note.practice_id == practice_id,
        Note.author_account_id == account_id,
        Note.booking_id == booking_id,
        Note.kind == NoteKind.PROGRESS,
        Note.state != Stored.DISCARDED,
    )
    return tx.scalar(query)


def progress_of_sessions(
    tx: Session, practice_id: UUID, account_id: UUID, booking_ids: Sequence[UUID]
) -> dict[UUID, Note]:
    """An author's progress notes of these sessions, by booking."""
    query = select(Note).where(
        Note.practice_id == practice_id,
        Note.author_account_id == account_id,
        Note.booking_id.in_(booking_ids),
        Note.kind == NoteKind.PROGRESS,
        Note.state != Stored.DISCARDED,
    )
    return {one.booking_id: one for one in tx.scalars(query) if one.booking_id is not None}


def signed_sessions(
    tx: Session, practice_id: UUID, account_id: UUID, since: datetime, limit: int
) -> list[UUID]:
    """The bookings from then on of which an author signed a progress note, the latest first."""
    query = select(Note.booking_id).where(
        Note.practice_id == practice_id,
        Note.author_account_id == account_id,
        Note.kind == NoteKind.PROGRESS,
        Note.state == Stored.SIGNED,
        Note.session_at >= since,
    )
    latest = query.order_by(Note.session_at.desc()).limit(limit)
    return [one for one in tx.scalars(latest) if one is not None]


def listed(
    tx: Session,
    practice_id: UUID,
    *,
    author_id: UUID | None,
    client_id: UUID | None,
    is_supervisor: bool,
) -> Sequence[Note]:
    """The author's notes, with the practice's signed progress notes for a supervisor; without
    what was discarded."""
    is_signed = and_(Note.kind == NoteKind.PROGRESS, Note.state == Stored.SIGNED)
    is_own = and_(Note.author_account_id == author_id, Note.state != Stored.DISCARDED)
    is_shown = or_(is_own, is_signed) if is_supervisor else is_own
    query = select(Note).where(Note.practice_id == practice_id, is_shown)
    if client_id is not None:
        query = query.where(Note.client_id == client_id)
    latest = func.coalesce(Note.session_at, Note.begun_at).desc()
    return tx.scalars(query.order_by(latest, Note.id.desc()).limit(MOST)).all()


def discarded(
    tx: Session, practice_id: UUID, author_id: UUID, client_id: UUID | None
) -> Sequence[Note]:
    """An author's discarded drafts whose text is kept, the latest discarded first."""
    query = select(Note).where(
        Note.practice_id == practice_id,
        Note.author_account_id == author_id,
        Note.state == Stored.DISCARDED,
        Note.sealed.is_not(None),
    )
    if client_id is not None:
        query = query.where(Note.client_id == client_id)
    return tx.scalars(query.order_by(Note.discarded_at.desc(), Note.id).limit(MOST)).all()


def signatures(tx: Session, found: Note) -> Sequence[NoteSignature]:
    """All texts of a note that were signed, the first one first."""
    query = select(NoteSignature).where(
        NoteSignature.practice_id == found.practice_id, NoteSignature.note_id == found.id
    )
    return tx.scalars(query.order_by(NoteSignature.revision)).all()


def addenda(tx: Session, found: Note) -> Sequence[NoteAddendum]:
    """What was added to a note, the first one first."""
    query = select(NoteAddendum).where(
        NoteAddendum.practice_id == found.practice_id, NoteAddendum.note_id == found.id
    )
    return tx.scalars(query.order_by(NoteAddendum.added_at, NoteAddendum.id)).all()


def addendum(tx: Session, practice_id: UUID, addendum_id: UUID) -> NoteAddendum | None:
    """One of the practice's addenda."""
    return tx.get(NoteAddendum, (practice_id, addendum_id))


def living_plan(tx: Session, practice_id: UUID, account_id: UUID, chart_id: UUID) -> UUID | None:
    """The plan that somebody keeps with a client and that is not over; the latest of several."""
    query = select(Plan.id).where(
        Plan.practice_id == practice_id,
        Plan.practitioner_account_id == account_id,
        Plan.chart_id == chart_id,
        Plan.state != PlanState.ENDED,
    )
    return tx.scalar(query.order_by(Plan.started_at.desc(), Plan.id.desc()).limit(1))


def due_to_purge(now: datetime) -> Select[UUID, UUID]:
    """Practice and id of discarded drafts whose text is to be erased, the longest due first."""
    due = select(PurgeDue.practice_id, PurgeDue.record_id).where(PurgeDue.due_at <= now)
    return due.order_by(PurgeDue.due_at).limit(MOST_AT_ONCE)


def purge_due(tx: Session, note_id: UUID) -> PurgeDue | None:
    """When a discarded draft is to be erased, as it is now."""
    return tx.get(PurgeDue, note_id, populate_existing=True)
