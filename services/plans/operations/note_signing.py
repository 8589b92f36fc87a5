"""Notes signed, withdrawn while the signature is fresh, added to. Each may be repeated."""

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.common.auth import Actor
from services.common.errors import Busy, DifferentContent, NotFound
from services.contracts.plans.notes import (
    AddAddendum,
    NoteChanged,
    NoteEmpty,
    NoteLocked,
    NoteNotSigned,
    NoteView,
    SignNote,
    WithdrawSignature,
)
from services.plans.domain.notes import Stored, is_empty, may_withdraw
from services.plans.models import Note, NoteAddendum, NoteSignature
from services.plans.operations.charts import OpenChart
from services.plans.operations.note_access import chart_of_note, lock_own
from services.plans.operations.note_views import (
    addendum_text,
    note_view,
    opened,
    sealed,
    sealed_addendum,
    standing,
)
from services.plans.operations.note_writing import draft_of, rewrite
from services.plans.operations.sealing import KeyRing
from services.plans.queries import notes


def sign_note(
    tx: Session,
    ring: KeyRing,
    command: SignNote,
    *,
    lock_after: timedelta,
    actor: Actor,
    now: datetime,
) -> NoteView:
    """The author signs what they read. Raises NotFound, NoteChanged, NoteEmpty."""
    seen = lock_own(tx, command.note_id, actor)
    note, chart = seen.note, chart_of_note(tx, ring, seen, now=now)
    is_done = note.sealed is None and note.revision == command.revision + 1
    if not is_done:
        if note.state != Stored.DRAFT or note.revision != command.revision:
            raise NoteChanged("This note was changed in another window.")
        _sign(chart, note, lock_after)
    return note_view(chart, seen)


def withdraw_signature(
    tx: Session, ring: KeyRing, command: WithdrawSignature, *, actor: Actor, now: datetime
) -> NoteView:
    """A draft again, with the words that were signed. Raises NotFound, NoteChanged, NoteLocked."""
    seen = lock_own(tx, command.note_id, actor)
    note, chart = seen.note, chart_of_note(tx, ring, seen, now=now)
    is_done = note.sealed is not None and note.revision == command.revision + 1
    if not is_done:
        if note.sealed is not None or note.revision != command.revision:
            raise NoteChanged("This note was changed in another window.")
        _withdraw(chart, note)
    return note_view(chart, seen)


def add_addendum(
    tx: Session, ring: KeyRing, command: AddAddendum, *, actor: Actor, now: datetime
) -> NoteView:
    """Add to what is signed; the same again changes nothing.

    Raises NotFound, NoteNotSigned, DifferentContent.
    """
    seen = lock_own(tx, command.note_id, actor)
    note, chart = seen.note, chart_of_note(tx, ring, seen, now=now)
    earlier = notes.addendum(tx, note.practice_id, command.id)
    if earlier is not None:
        _check_same(chart, note, earlier, command)
    else:
        _add(chart, note, command)
    return note_view(chart, seen)


def _sign(chart: OpenChart, note: Note, lock_after: timedelta) -> None:
    content = draft_of(chart, note)
    if is_empty(content):
        raise NoteEmpty("There is nothing in this note yet.")
    note.revision += 1
    signature = NoteSignature(
        practice_id=note.practice_id,
        note_id=note.id,
        revision=note.revision,
        chart_id=note.chart_id,
        sealed=sealed(chart, note, content, note.revision),
        signed_at=chart.now,
    )
    note.state, note.sealed = Stored.SIGNED.value, None
    note.signed_at = note.changed_at = chart.now
    note.locks_at, note.withdrawn_at = chart.now + lock_after, None
    chart.tx.add(signature)
    chart.tx.flush()


def _withdraw(chart: OpenChart, note: Note) -> None:
    has_addenda = bool(notes.addenda(chart.tx, note))
    if not may_withdraw(standing(note, has_addenda=has_addenda), chart.now):
        raise NoteLocked("The signature of this note cannot be withdrawn any more.")
    last = notes.signatures(chart.tx, note)[-1]
    rewrite(chart, note, opened(chart, note, last.sealed, last.revision))
    note.state = Stored.DRAFT.value
    note.signed_at, note.withdrawn_at = None, chart.now
    chart.tx.flush()


def _add(chart: OpenChart, note: Note, command: AddAddendum) -> None:
    if note.state != Stored.SIGNED:
        raise NoteNotSigned("Only a signed note is added to; a draft can be written on.")
    added = NoteAddendum(
        practice_id=note.practice_id,
        id=command.id,
        note_id=note.id,
        revision=notes.signatures(chart.tx, note)[-1].revision,
        chart_id=note.chart_id,
        added_at=chart.now,
    )
    added.sealed = sealed_addendum(chart, note, added, command.text)
    chart.tx.add(added)
    try:
        chart.tx.flush()
    except IntegrityError:
        raise Busy("Please try again in a moment.") from None


def _check_same(chart: OpenChart, note: Note, earlier: NoteAddendum, command: AddAddendum) -> None:
    if earlier.note_id != note.id:
        raise NotFound("There is no such note.")
    if addendum_text(chart, note, earlier) != command.text:
        raise DifferentContent("This id was used for another addendum.")
