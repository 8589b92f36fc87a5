"""Notes as they are told, and how their texts are sealed."""

from datetime import datetime

from pydantic import BaseModel

from services.contracts.plans.notes import (
    AddendumView,
    NoteContent,
    NoteFormat,
    NoteKind,
    NoteLine,
    NoteView,
    SavedNote,
    SignedText,
)
from services.plans.domain.notes import (
    Erased,
    Standing,
    may_discard,
    may_restore,
    moves_of,
    restorable_until,
    state_of,
)
from services.plans.models import Note, NoteAddendum, NoteSignature
from services.plans.operations.charts import OpenChart
from services.plans.operations.note_access import SeenNote
from services.plans.operations.views import SEALED_ONCE
from services.plans.queries import notes

KINDS = {NoteKind.PROGRESS: "note", NoteKind.PRIVATE: "private_note"}
ADDENDA = {NoteKind.PROGRESS: "addendum", NoteKind.PRIVATE: "private_addendum"}
"""The kinds of record, as they are bound into ciphertext and written down of who looked."""


ERASED = {NoteKind.PROGRESS: Erased.NOTE, NoteKind.PRIVATE: Erased.PRIVATE_NOTE}


class Added(BaseModel):
    """What an addendum says."""

    text: str


def standing(note: Note, *, has_addenda: bool = False) -> Standing:
    """Where the note stands, for the rules."""
    return Standing(
        note.locks_at if note.signed_at is not None else None,
        has_addenda,
        was_signed=note.withdrawn_at is not None,
        discarded_at=note.discarded_at,
    )


def sealed(chart: OpenChart, note: Note, content: NoteContent, revision: int) -> bytes:
    """What a note says at a revision, as ciphertext for its place."""
    return chart.seal(content, KINDS[NoteKind(note.kind)], note.id, revision)


def opened(chart: OpenChart, note: Note, ciphertext: bytes, revision: int) -> NoteContent:
    """What a note said at a revision."""
    return chart.unseal(ciphertext, NoteContent, KINDS[NoteKind(note.kind)], note.id, revision)


def sealed_addendum(chart: OpenChart, note: Note, added: NoteAddendum, text: str) -> bytes:
    """An addendum as ciphertext for its place."""
    kind = ADDENDA[NoteKind(note.kind)]
    return chart.seal(Added(text=text), kind, added.id, SEALED_ONCE)


def addendum_text(chart: OpenChart, note: Note, added: NoteAddendum) -> str:
    """What an addendum says."""
    kind = ADDENDA[NoteKind(note.kind)]
    return chart.unseal(added.sealed, Added, kind, added.id, SEALED_ONCE).text


def saved(note: Note) -> SavedNote:
    """That a draft is stored."""
    return SavedNote(id=note.id, revision=note.revision, saved_at=note.changed_at)


def note_line(seen: SeenNote, now: datetime) -> NoteLine:
    """The note in a list."""
    return NoteLine(**_line(seen, now))


def note_view(chart: OpenChart, seen: SeenNote) -> NoteView:
    """The note with all that it says; texts whose signature was withdrawn for its author only."""
    note, signed = seen.note, notes.signatures(chart.tx, seen.note)
    added = notes.addenda(chart.tx, note)
    stands = standing(note, has_addenda=bool(added))
    holds = signed[-1] if note.sealed is None else None
    return NoteView(
        **_line(seen, chart.now),
        plan_id=note.plan_id,
        revision=note.revision,
        content=_content(chart, note, holds),
        locks_at=stands.locks_at,
        withdrawn=[
            SignedText(
                content=opened(chart, note, one.sealed, one.revision), signed_at=one.signed_at
            )
            for one in signed
            if seen.is_own and one is not holds
        ],
        addenda=[
            AddendumView(id=one.id, text=addendum_text(chart, note, one), added_at=one.added_at)
            for one in added
        ],
        may=moves_of(stands, chart.now) if seen.is_own else [],
        may_discard=seen.is_own and may_discard(stands, chart.now),
        may_restore=seen.is_own and may_restore(stands, chart.now),
    )


def _content(chart: OpenChart, note: Note, holds: NoteSignature | None) -> NoteContent:
    """What is signed, or else the draft; of a discarded one nothing is shown."""
    if note.discarded_at is not None:
        return NoteContent(format=NoteFormat.FREE)
    if holds is not None:
        return opened(chart, note, holds.sealed, holds.revision)
    return opened(chart, note, note.sealed or b"", note.revision)


def _line(seen: SeenNote, now: datetime) -> dict[str, object]:
    note = seen.note
    return {
        "id": note.id,
        "client_id": note.client_id,
        "practitioner_id": note.practitioner_id,
        "kind": note.kind,
        "state": state_of(standing(note), now),
        "is_own": seen.is_own,
        "booking_id": note.booking_id,
        "session_at": note.session_at,
        "changed_at": note.changed_at,
        "signed_at": note.signed_at,
        "is_discarded": note.discarded_at is not None,
        "restorable_until": restorable_until(note.discarded_at),
    }
