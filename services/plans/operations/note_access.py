"""Who may see a note: its author; supervisors of the practice once a progress note is signed.

To everybody else it does not exist: not to its client, not to colleagues, desk or admins.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.common.auth import Actor
from services.common.errors import Forbidden, NotFound
from services.contracts.plans.content import Party
from services.contracts.plans.notes import NoteKind, NoteState
from services.plans.domain.notes import Stored, is_read_by_supervisors
from services.plans.models import Note
from services.plans.operations.charts import Looker, OpenChart, open_chart
from services.plans.operations.sealing import KeyRing
from services.plans.queries import charts, notes

SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class SeenNote:
    """A note, and as whom the actor sees it."""

    note: Note
    looker: Looker

    @property
    def is_own(self) -> bool:
        is_author = self.note.author_account_id == self.looker.account_id
        return is_author and not self.looker.is_supervisor


def visible_note(tx: Session, note_id: UUID, actor: Actor) -> SeenNote:
    """The note; raises NotFound for who may not read it."""
    practice_id, account_id = actor.practice_id, actor.account_id
    if actor.kind != "person" or practice_id is None or account_id is None:
        raise NotFound("There is no such note.")
    found = notes.note(tx, practice_id, note_id)
    is_erased = found is not None and found.state == Stored.DISCARDED and found.sealed is None
    looker = None if found is None or is_erased else _looker(found, account_id, actor.roles)
    if found is None or looker is None:
        raise NotFound("There is no such note.")
    return SeenNote(found, looker)


def lock_own(tx: Session, note_id: UUID, actor: Actor) -> SeenNote:
    """The author's note as it is now, for this transaction alone; raises NotFound."""
    seen = visible_note(tx, note_id, actor)
    if not seen.is_own:
        raise NotFound("There is no such note.")
    return SeenNote(notes.lock_note(tx, seen.note.practice_id, note_id), seen.looker)


def chart_of_note(tx: Session, ring: KeyRing, seen: SeenNote, *, now: datetime) -> OpenChart:
    """The note's chart, opened by who sees the note."""
    chart = charts.chart(tx, seen.note.practice_id, seen.note.chart_id)
    return open_chart(tx, ring, chart, seen.looker, now=now)


def check_reads_notes(actor: Actor) -> tuple[UUID, UUID]:
    """Practice and account of who treats or supervises; raises Forbidden for everybody else."""
    practice_id, account_id = actor.practice_id, actor.account_id
    is_reader = bool(actor.roles & {"practitioner", SUPERVISOR})
    if actor.kind != "person" or practice_id is None or account_id is None or not is_reader:
        raise Forbidden("Notes are for who treats, and for supervisors.")
    return practice_id, account_id


def _looker(note: Note, account_id: UUID, roles: frozenset[str]) -> Looker | None:
    if "practitioner" in roles and note.author_account_id == account_id:
        return Looker(Party.PRACTITIONER, account_id, note.practitioner_id)
    state = NoteState.SIGNED if note.state == Stored.SIGNED else NoteState.DRAFT
    is_shown = is_read_by_supervisors(NoteKind(note.kind), state)
    if SUPERVISOR in roles and is_shown:
        return Looker(Party.PRACTITIONER, account_id, None, is_supervisor=True)
    return None
