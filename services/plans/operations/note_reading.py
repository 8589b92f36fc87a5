"""Notes, one or many, and the sessions that want one."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.common.auth import Actor
from services.common.errors import NotFound
from services.contracts.booking.treated import MOST_LEFT_OUT, TreatedSession
from services.contracts.plans.content import Party
from services.contracts.plans.notes import (
    GetNote,
    ListNotes,
    NotesView,
    NoteToDo,
    NoteToDosView,
    NoteView,
)
from services.plans.models import Note
from services.plans.operations.access import check_treats
from services.plans.operations.charts import Looker
from services.plans.operations.note_access import (
    SUPERVISOR,
    SeenNote,
    chart_of_note,
    check_reads_notes,
    visible_note,
)
from services.plans.operations.note_views import note_line, note_view
from services.plans.operations.sealing import KeyRing
from services.plans.queries import notes, plans


def get_note(
    tx: Session, ring: KeyRing, command: GetNote, *, actor: Actor, now: datetime
) -> NoteView:
    """One note; raises NotFound."""
    seen = visible_note(tx, command.note_id, actor)
    return note_view(chart_of_note(tx, ring, seen, now=now), seen)


def list_notes(tx: Session, command: ListNotes, *, actor: Actor, now: datetime) -> NotesView:
    """The notes that the actor may read; raises Forbidden, and NotFound for a plan of elsewhere."""
    practice_id, account_id = check_reads_notes(actor)
    client_id = command.client_id
    if command.plan_id is not None:
        client_id = _client_of(tx, practice_id, command.plan_id)
    found = notes.listed(
        tx,
        practice_id,
        author_id=account_id if "practitioner" in actor.roles else None,
        client_id=client_id,
        is_supervisor=SUPERVISOR in actor.roles,
    )
    looker = Looker(Party.PRACTITIONER, account_id, None)
    gone: Sequence[Note] = ()
    if "practitioner" in actor.roles:
        gone = notes.discarded(tx, practice_id, account_id, client_id)
    return NotesView(
        notes=[note_line(SeenNote(one, looker), now) for one in found],
        discarded=[note_line(SeenNote(one, looker), now) for one in gone],
    )


def _client_of(tx: Session, practice_id: UUID, plan_id: UUID) -> UUID:
    plan = plans.plan(tx, plan_id)
    if plan is None or plan.practice_id != practice_id:
        raise NotFound("There is no such plan.")
    return plan.client_id


def signed_since(tx: Session, since: datetime, *, actor: Actor) -> list[UUID]:
    """The sessions from then on that have their signed note; raises Forbidden."""
    practice_id, account_id = check_treats(actor)
    return notes.signed_sessions(tx, practice_id, account_id, since, MOST_LEFT_OUT)


def list_note_to_dos(
    tx: Session, attended: Sequence[TreatedSession], *, actor: Actor
) -> NoteToDosView:
    """Those of the attended sessions whose progress note is not signed; raises Forbidden."""
    practice_id, account_id = check_treats(actor)
    known = notes.progress_of_sessions(
        tx, practice_id, account_id, [one.booking_id for one in attended]
    )
    wanting = [
        one
        for one in sorted(attended, key=lambda one: one.starts_at)
        if one.booking_id not in known or known[one.booking_id].sealed is not None
    ]
    return NoteToDosView(
        to_dos=[
            NoteToDo(
                booking_id=one.booking_id,
                client_id=one.client_id,
                starts_at=one.starts_at,
                note_id=known[one.booking_id].id if one.booking_id in known else None,
            )
            for one in wanting
        ]
    )
