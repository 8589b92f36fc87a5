"""The demo's notes in plans: written and signed after each session, as their author does it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from deploy.local.demo import DemoData, DemoPractice, DemoSession, demo_id
from deploy.local.demo.notes import DemoNote, demo_notes, written_at
from services.common import runtime
from services.common.auth import Actor
from services.contracts.plans.notes import NoteKind, SignNote, StartNote
from services.plans.adapters.people import Treated
from services.plans.config import PlansConfig
from services.plans.domain.notes import LOOKS_BACK
from services.plans.operations import note_signing, note_writing
from services.plans.operations.note_writing import About

TAKES = timedelta(minutes=10)
"""From the first word to the signature."""


def load_notes(
    data: DemoData, practice: DemoPractice, sessions: Sequence[DemoSession], now: datetime
) -> None:
    """The notes of whoever signs in as practitioner, if they treat in this practice."""
    ours = runtime.of_process("plans")
    found = list(demo_notes(data, sessions, now - LOOKS_BACK))
    if not found:
        return
    person = data.practitioner(found[0].session.practitioner)
    author = Actor(
        "person", person.account_id, practice.id, frozenset({"practitioner"}), issuer="demo"
    )
    settings: PlansConfig = ours.settings  # type: ignore[assignment]
    with ours.database.transaction(author) as tx:
        for note in found:
            _write(tx, settings, data, note, author)


def _write(
    tx: Session, settings: PlansConfig, data: DemoData, note: DemoNote, author: Actor
) -> None:
    session, at = note.session, written_at(note.session)
    client = data.client(session.client)
    person = data.practitioner(session.practitioner)
    about = About(Treated(client.id, person.id, client.account_id), session.starts_at)
    start = StartNote(
        id=demo_id("note", session.key),
        kind=NoteKind.PROGRESS,
        booking_id=session.booking_id,
        content=note.content,
    )
    note_writing.start_note(tx, settings.ring, start, about, actor=author, now=at)
    if note.is_draft:
        return
    sign = SignNote(note_id=start.id, revision=1)
    note_signing.sign_note(
        tx,
        settings.ring,
        sign,
        lock_after=settings.notes_lock_after,
        actor=author,
        now=at + TAKES,
    )
