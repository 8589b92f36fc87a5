"""Notes at the desk of a practitioner, on the real database as the runtime role."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import text
from uuid_utils.compat import uuid7

from services.common.auth import Actor, service_actor
from services.contracts.booking.bookings import BookingState
from services.contracts.booking.treated import TreatedSession
from services.contracts.plans.notes import (
    AddAddendum,
    DiscardNote,
    GetNote,
    ListNotes,
    NoteContent,
    NoteFormat,
    NoteLine,
    NoteToDo,
    NoteView,
    RestoreNote,
    SavedNote,
    SignNote,
    StartNote,
    WithdrawSignature,
    WriteNote,
)
from services.plans.adapters.people import Treated
from services.plans.operations import note_discarding, note_reading, note_signing, note_writing
from services.plans.operations.note_writing import About
from services.plans.queries.notes import due_to_purge
from tests.integration.plans.desk import NOW, Desk

SAID = "Wendehals: he came late and said why"
LOCK_AFTER = timedelta(days=7)


def soap(subjective: str = SAID, **sections: str) -> NoteContent:
    """A note by the four sections."""
    return NoteContent(format=NoteFormat.SOAP, subjective=subjective, **sections)


@dataclass(frozen=True)
class NoteDesk:
    """What one practitioner does with notes about one client."""

    desk: Desk
    now: datetime = NOW

    def later(self, after: timedelta) -> "NoteDesk":
        """The same, so much later."""
        return replace(self, now=self.now + after)

    def with_another_client(self) -> "NoteDesk":
        return replace(self, desk=self.desk.another_client())

    @property
    def author(self) -> Actor:
        return self.desk.practitioner

    def member(self, *roles: str) -> Actor:
        """Somebody else of the practice."""
        return replace(self.author, account_id=uuid4(), roles=frozenset(roles))

    def start(
        self,
        content: NoteContent | None = None,
        *,
        note_id: UUID | None = None,
        kind: str = "progress",
        booking_id: UUID | None = None,
        actor: Actor | None = None,
    ) -> SavedNote:
        """Begin a draft, of a session where one is given."""
        desk, who = self.desk, actor or self.author
        about = {"booking_id": booking_id} if booking_id else {"client_id": desk.client_id}
        told = {"id": note_id or uuid7(), "kind": kind, "content": content or soap()}
        command = StartNote.model_validate(told | about)
        treated = Treated(desk.client_id, desk.practitioner_id, desk.client_account)
        begun = About(treated, self.now if booking_id else None)
        with desk.database.transaction(who) as tx:
            return note_writing.start_note(tx, desk.ring, command, begun, actor=who, now=self.now)

    def write(
        self, note_id: UUID, revision: int, content: NoteContent, actor: Actor | None = None
    ) -> SavedNote:
        who = actor or self.author
        command = WriteNote(note_id=note_id, revision=revision, content=content)
        with self.desk.database.transaction(who) as tx:
            return note_writing.write_note(tx, self.desk.ring, command, actor=who, now=self.now)

    def sign(self, note: SavedNote | NoteView, actor: Actor | None = None) -> NoteView:
        who = actor or self.author
        command = SignNote(note_id=note.id, revision=note.revision)
        with self.desk.database.transaction(who) as tx:
            return note_signing.sign_note(
                tx, self.desk.ring, command, lock_after=LOCK_AFTER, actor=who, now=self.now
            )

    def signed(self, content: NoteContent | None = None, **about: str) -> NoteView:
        """A note that was begun and signed."""
        return self.sign(self.start(content, **about))  # type: ignore[arg-type]

    def withdraw(self, note: NoteView, actor: Actor | None = None) -> NoteView:
        who = actor or self.author
        command = WithdrawSignature(note_id=note.id, revision=note.revision)
        with self.desk.database.transaction(who) as tx:
            return note_signing.withdraw_signature(
                tx, self.desk.ring, command, actor=who, now=self.now
            )

    def discard(
        self, note: SavedNote | NoteView, actor: Actor | None = None, revision: int = 0
    ) -> NoteView:
        who = actor or self.author
        command = DiscardNote(note_id=note.id, revision=revision or note.revision)
        with self.desk.database.transaction(who) as tx:
            return note_discarding.discard_note(
                tx, self.desk.ring, command, actor=who, now=self.now
            )

    def restore(self, note: SavedNote | NoteView, actor: Actor | None = None) -> NoteView:
        who, command = actor or self.author, RestoreNote(note_id=note.id)
        with self.desk.database.transaction(who) as tx:
            return note_discarding.restore_note(
                tx, self.desk.ring, command, actor=who, now=self.now
            )

    def purge(self) -> list[UUID]:
        """What the service does by its clock; the notes that were due."""
        found = self.desk.database.rows(due_to_purge(self.now))
        mine = [note_id for practice_id, note_id in found if practice_id == self.desk.practice_id]
        actor = service_actor("plans", self.desk.practice_id, "test")
        with self.desk.database.transaction(actor) as tx:
            for note_id in mine:
                note_discarding.purge(tx, self.desk.practice_id, note_id, self.now)
        return mine

    def add(
        self,
        note: NoteView | SavedNote,
        text: str,
        addendum_id: UUID | None = None,
        actor: Actor | None = None,
    ) -> NoteView:
        who = actor or self.author
        command = AddAddendum(id=addendum_id or uuid7(), note_id=note.id, text=text)
        with self.desk.database.transaction(who) as tx:
            return note_signing.add_addendum(tx, self.desk.ring, command, actor=who, now=self.now)

    def read(self, note_id: UUID, actor: Actor | None = None) -> NoteView:
        who = actor or self.author
        with self.desk.database.transaction(who) as tx:
            asked = GetNote(note_id=note_id)
            return note_reading.get_note(tx, self.desk.ring, asked, actor=who, now=self.now)

    def listed(self, actor: Actor | None = None, **about: UUID) -> list[NoteLine]:
        who = actor or self.author
        with self.desk.database.transaction(who) as tx:
            asked = ListNotes(**about)
            return note_reading.list_notes(tx, asked, actor=who, now=self.now).notes

    def discarded(self, actor: Actor | None = None) -> list[NoteLine]:
        who = actor or self.author
        with self.desk.database.transaction(who) as tx:
            return note_reading.list_notes(tx, ListNotes(), actor=who, now=self.now).discarded

    def attended(self, booking_id: UUID, hours: int = 0) -> TreatedSession:
        """A session to which the client came, as booking tells of it."""
        return TreatedSession(
            booking_id=booking_id,
            practitioner_id=self.desk.practitioner_id,
            client_id=self.desk.client_id,
            state=BookingState.ATTENDED,
            starts_at=self.now + timedelta(hours=hours),
        )

    def to_dos(self, attended: list[TreatedSession]) -> list[NoteToDo]:
        with self.desk.database.transaction(self.author) as tx:
            return note_reading.list_note_to_dos(tx, attended, actor=self.author).to_dos

    def signed_since(self, since: datetime) -> list[UUID]:
        """The sessions that booking is not asked for."""
        with self.desk.database.transaction(self.author) as tx:
            return note_reading.signed_since(tx, since, actor=self.author)

    def count(self, query: str, **values: object) -> int:
        """The one number that a query finds among the practice's rows."""
        with self.desk.database.transaction(self.author) as tx:
            return int(tx.execute(text(query), values).scalar_one())
