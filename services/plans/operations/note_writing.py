"""Drafts of notes: begun, and saved again and again while they are typed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.common.auth import Actor
from services.common.errors import Busy, DifferentContent, Forbidden
from services.contracts.plans.content import Party
from services.contracts.plans.notes import (
    NoteChanged,
    NoteContent,
    NoteDiscarded,
    NoteExists,
    NoteKind,
    NoteSigned,
    SavedNote,
    StartNote,
    WriteNote,
)
from services.plans.adapters.people import Treated
from services.plans.domain.notes import Stored
from services.plans.models import Note
from services.plans.operations.access import check_treats
from services.plans.operations.charts import Looker, OpenChart, chart_of, open_chart
from services.plans.operations.note_access import SeenNote, chart_of_note, lock_own
from services.plans.operations.note_views import opened, saved, sealed
from services.plans.operations.sealing import KeyRing
from services.plans.queries import notes


@dataclass(frozen=True, slots=True)
class About:
    """Whom a note is about, and the start of its session if it is about one."""

    treated: Treated
    session_at: datetime | None = None


def start_note(
    tx: Session,
    ring: KeyRing,
    command: StartNote,
    about: About,
    *,
    actor: Actor,
    now: datetime,
) -> SavedNote:
    """A draft; the same again changes nothing.

    Raises Forbidden, NoteExists where the session has one already, NotFound for an id that is
    somebody else's, DifferentContent.
    """
    practice_id, account_id = check_treats(actor)
    treated = about.treated
    if treated.account_id == account_id:
        raise Forbidden("Nobody keeps notes on themselves.")
    if notes.note(tx, practice_id, command.id) is not None:
        return _begun(tx, ring, command, treated, actor=actor, now=now)
    _check_first(tx, practice_id, account_id, command)
    looker = Looker(Party.PRACTITIONER, account_id, treated.practitioner_id)
    found = chart_of(tx, ring, practice_id, treated.client_id, treated.account_id, now=now)
    chart = open_chart(tx, ring, found, looker, now=now)
    note = _new_note(chart, command, about)
    note.sealed = sealed(chart, note, command.content, note.revision)
    tx.add(note)
    try:
        tx.flush()
    except IntegrityError:
        # Another window was faster by a moment: asked again, this one is told which note it made.
        raise Busy("Please try again in a moment.") from None
    return saved(note)


def write_note(
    tx: Session, ring: KeyRing, command: WriteNote, *, actor: Actor, now: datetime
) -> SavedNote:
    """Save the draft. Raises NotFound, NoteSigned, NoteDiscarded, NoteChanged."""
    seen = lock_own(tx, command.note_id, actor)
    note = seen.note
    _check_draft(note)
    if note.revision != command.revision:
        _check_same(tx, ring, seen, command, now)
        return saved(note)
    chart = chart_of_note(tx, ring, seen, now=now)
    rewrite(chart, note, command.content)
    tx.flush()
    return saved(note)


def rewrite(chart: OpenChart, note: Note, content: NoteContent) -> None:
    """The next draft of the note."""
    note.revision += 1
    note.sealed = sealed(chart, note, content, note.revision)
    note.changed_at = chart.now


def draft_of(chart: OpenChart, note: Note) -> NoteContent:
    """What the draft says."""
    return opened(chart, note, note.sealed or b"", note.revision)


def _check_first(tx: Session, practice_id: UUID, account_id: UUID, command: StartNote) -> None:
    if command.kind is not NoteKind.PROGRESS or command.booking_id is None:
        return
    found = notes.progress_of_session(tx, practice_id, account_id, command.booking_id)
    # A copy of this call may have begun it since it was looked for: the insertion finds out.
    if found not in (None, command.id):
        raise NoteExists("There is a note of this session already.", {"note_id": str(found)})


def _begun(
    tx: Session,
    ring: KeyRing,
    command: StartNote,
    treated: Treated,
    *,
    actor: Actor,
    now: datetime,
) -> SavedNote:
    """The draft that was begun under this id before."""
    seen = lock_own(tx, command.id, actor)
    note = seen.note
    begun = (note.kind, note.booking_id, note.client_id)
    if begun != (command.kind, command.booking_id, treated.client_id):
        raise DifferentContent("This id was used for another note.")
    _check_draft(note)
    _check_same(tx, ring, seen, command, now)
    return saved(note)


def _check_draft(note: Note) -> None:
    if note.discarded_at is not None:
        raise NoteDiscarded("This draft was discarded. Restore it to go on with it.")
    if note.sealed is None:
        raise NoteSigned("This note is signed, so its text stays as it is.")


def _check_same(
    tx: Session, ring: KeyRing, seen: SeenNote, command: StartNote | WriteNote, now: datetime
) -> None:
    """Whether this very text was saved before, and only the answer got lost; NoteChanged."""
    chart = chart_of_note(tx, ring, seen, now=now)
    if draft_of(chart, seen.note) != command.content:
        raise NoteChanged("This note was changed in another window.")


def _new_note(chart: OpenChart, command: StartNote, about: About) -> Note:
    kept, who = chart.chart, chart.looker
    # Who writes notes has signed in.
    assert who.account_id is not None
    return Note(
        practice_id=kept.practice_id,
        id=command.id,
        chart_id=kept.id,
        client_id=kept.client_id,
        plan_id=notes.living_plan(chart.tx, kept.practice_id, who.account_id, kept.id),
        booking_id=command.booking_id,
        session_at=about.session_at,
        author_account_id=who.account_id,
        practitioner_id=about.treated.practitioner_id,
        kind=command.kind.value,
        state=Stored.DRAFT.value,
        revision=1,
        begun_at=chart.now,
        changed_at=chart.now,
    )
