"""Drafts that are discarded, restored within some days, or erased after them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.common.auth import Actor
from services.common.errors import Busy
from services.contracts.plans.content import Party
from services.contracts.plans.notes import (
    DiscardNote,
    NoteChanged,
    NoteDiscarded,
    NoteExists,
    NoteKind,
    NoteSigned,
    NoteView,
    RestoreNote,
)
from services.plans.domain.notes import Stored, may_discard, may_restore, restorable_until
from services.plans.models import Note, PurgeDue
from services.plans.operations.charts import Looker, write_down
from services.plans.operations.note_access import chart_of_note, lock_own
from services.plans.operations.note_views import ERASED, note_view, standing
from services.plans.operations.note_writing import draft_of, rewrite
from services.plans.operations.sealing import KeyRing
from services.plans.queries import charts, notes


def discard_note(
    tx: Session, ring: KeyRing, command: DiscardNote, *, actor: Actor, now: datetime
) -> NoteView:
    """Take a draft away from everybody; the same again changes nothing.

    Raises NotFound, NoteChanged, and NoteSigned for what was ever signed.
    """
    seen = lock_own(tx, command.note_id, actor)
    note, chart = seen.note, chart_of_note(tx, ring, seen, now=now)
    is_done = note.discarded_at is not None and note.revision == command.revision + 1
    if not is_done:
        if note.discarded_at is None and not may_discard(standing(note), now):
            raise NoteSigned("This note was signed, so it cannot be discarded.")
        if note.discarded_at is not None or note.revision != command.revision:
            raise NoteChanged("This note was changed in another window.")
        # Sealed anew, so that a save that was on its way has nothing to write on.
        rewrite(chart, note, draft_of(chart, note))
        note.state, note.discarded_at = Stored.DISCARDED.value, now
        tx.flush()
        _remember(tx, note)
    return note_view(chart, seen)


def restore_note(
    tx: Session, ring: KeyRing, command: RestoreNote, *, actor: Actor, now: datetime
) -> NoteView:
    """A draft again, with the words that it had; a draft stays as it is.

    Raises NotFound, NoteDiscarded once its days are over, NoteExists where its session has
    another note by now.
    """
    seen = lock_own(tx, command.note_id, actor)
    note, chart = seen.note, chart_of_note(tx, ring, seen, now=now)
    if note.discarded_at is not None:
        if not may_restore(standing(note), now):
            raise NoteDiscarded("This draft was discarded too long ago to be restored.")
        _check_alone(tx, note)
        rewrite(chart, note, draft_of(chart, note))
        note.state, note.discarded_at = Stored.DRAFT.value, None
        _flush(tx)
        _forget(tx, note.id)
    return note_view(chart, seen)


def purge(tx: Session, practice_id: UUID, note_id: UUID, now: datetime) -> None:
    """Erase the text of a discarded draft, if that is due still; that there was one stays known.

    Nobody's account does that: it is written down by whose discarding it happened.
    """
    note, due = notes.lock_note(tx, practice_id, note_id), notes.purge_due(tx, note_id)
    if due is None or due.due_at > now:
        return
    if note.state == Stored.DISCARDED:
        note.sealed = None
        chart = charts.chart(tx, practice_id, note.chart_id)
        house = Looker(Party.PRACTITIONER, None, note.practitioner_id)
        kind = ERASED[NoteKind(note.kind)].value
        write_down(tx, chart, house, kind, note.id, is_write=True, now=now)
    tx.delete(due)
    tx.flush()


def _check_alone(tx: Session, note: Note) -> None:
    if note.kind != NoteKind.PROGRESS or note.booking_id is None:
        return
    account_id = note.author_account_id
    found = notes.progress_of_session(tx, note.practice_id, account_id, note.booking_id)
    if found is not None:
        raise NoteExists("There is a note of this session already.", {"note_id": str(found)})


def _flush(tx: Session) -> None:
    try:
        tx.flush()
    except IntegrityError:
        # Another note of the session was begun in this moment: asked again, this one is told.
        raise Busy("Please try again in a moment.") from None


def _remember(tx: Session, note: Note) -> None:
    """Have the text erased once it cannot be restored any more."""
    due_at = restorable_until(note.discarded_at)
    row = insert(PurgeDue).values(record_id=note.id, practice_id=note.practice_id, due_at=due_at)
    later = {"due_at": row.excluded.due_at}
    tx.execute(row.on_conflict_do_update(index_elements=["record_id"], set_=later))


def _forget(tx: Session, note_id: UUID) -> None:
    if due := notes.purge_due(tx, note_id):
        tx.delete(due)
        tx.flush()
