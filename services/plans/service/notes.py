"""Notes of treatment."""

from uuid import UUID

from nameko.timer import timer

from services.common.auth import Actor, service_actor
from services.common.clock import utc_now
from services.common.context import new_request_id, request
from services.common.errors import Busy, NotFound
from services.common.logging import describe, get_logger
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.contracts.plans.notes import (
    AddAddendum,
    DiscardNote,
    GetNote,
    ListNotes,
    ListNoteToDos,
    NotesView,
    NoteToDosView,
    NoteView,
    RestoreNote,
    SavedNote,
    SignNote,
    StartNote,
    WithdrawSignature,
    WriteNote,
)
from services.plans.adapters.people import People
from services.plans.config import PlansConfig
from services.plans.domain.notes import LOOKS_BACK
from services.plans.operations import (
    note_discarding,
    note_reading,
    note_signing,
    note_writing,
)
from services.plans.operations.note_writing import About
from services.plans.queries.notes import due_to_purge
from services.plans.service.desk import BY_GATEWAY, Desk

log = get_logger(__name__)
PURGED_EVERY = 60


class NoteCalls(Desk):
    """Notes of treatment."""

    @rpc(by=BY_GATEWAY)
    def start_note(self, call: Call, command: StartNote) -> SavedNote:
        about = self._about(command, call.actor)
        with self.db.transaction(call.actor) as tx:
            return note_writing.start_note(
                tx, self.ring, command, about, actor=call.actor, now=utc_now()
            )

    @rpc(by=BY_GATEWAY)
    def write_note(self, call: Call, command: WriteNote) -> SavedNote:
        with self.db.transaction(call.actor) as tx:
            return note_writing.write_note(tx, self.ring, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def sign_note(self, call: Call, command: SignNote) -> NoteView:
        settings: PlansConfig = self.runtime.settings
        with self.db.transaction(call.actor) as tx:
            return note_signing.sign_note(
                tx,
                self.ring,
                command,
                lock_after=settings.notes_lock_after,
                actor=call.actor,
                now=utc_now(),
            )

    @rpc(by=BY_GATEWAY)
    def withdraw_signature(self, call: Call, command: WithdrawSignature) -> NoteView:
        with self.db.transaction(call.actor) as tx:
            return note_signing.withdraw_signature(
                tx, self.ring, command, actor=call.actor, now=utc_now()
            )

    @rpc(by=BY_GATEWAY)
    def add_addendum(self, call: Call, command: AddAddendum) -> NoteView:
        with self.db.transaction(call.actor) as tx:
            return note_signing.add_addendum(
                tx, self.ring, command, actor=call.actor, now=utc_now()
            )

    @rpc(by=BY_GATEWAY)
    def discard_note(self, call: Call, command: DiscardNote) -> NoteView:
        with self.db.transaction(call.actor) as tx:
            return note_discarding.discard_note(
                tx, self.ring, command, actor=call.actor, now=utc_now()
            )

    @rpc(by=BY_GATEWAY)
    def restore_note(self, call: Call, command: RestoreNote) -> NoteView:
        with self.db.transaction(call.actor) as tx:
            return note_discarding.restore_note(
                tx, self.ring, command, actor=call.actor, now=utc_now()
            )

    @rpc(by=BY_GATEWAY)
    def get_note(self, call: Call, command: GetNote) -> NoteView:
        with self.db.transaction(call.actor) as tx:
            return note_reading.get_note(tx, self.ring, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def list_notes(self, call: Call, command: ListNotes) -> NotesView:
        with self.db.transaction(call.actor) as tx:
            return note_reading.list_notes(tx, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def list_note_to_dos(self, call: Call, command: ListNoteToDos) -> NoteToDosView:
        now = utc_now()
        since = now - LOOKS_BACK
        with self.db.transaction(call.actor) as tx:
            signed = note_reading.signed_since(tx, since, actor=call.actor)
        attended = People(self.runtime.caller).attended(since, now, signed, call.actor)
        with self.db.transaction(call.actor) as tx:
            return note_reading.list_note_to_dos(tx, attended, actor=call.actor)

    @timer(interval=PURGED_EVERY)  # type: ignore[untyped-decorator]
    def purge_notes(self) -> None:
        """Erase discarded drafts that are due: one transaction each, in its practice. One that
        fails keeps no other waiting, and is due still."""
        try:
            due = self.db.rows(due_to_purge(utc_now()))
        except Busy:
            log.warning("erasing drafts waits for the database")
            return
        for practice_id, note_id in due:
            self._purge(practice_id, note_id)

    def _purge(self, practice_id: UUID, note_id: UUID) -> None:
        actor = service_actor("plans", practice_id, "purge")
        with request(new_request_id()):
            try:
                with self.db.transaction(actor) as tx:
                    note_discarding.purge(tx, practice_id, note_id, utc_now())
            except Exception as error:
                log.warning("draft not erased", note_id=str(note_id), error=describe(error))
            else:
                log.info("draft erased", note_id=str(note_id))

    def _about(self, command: StartNote, actor: Actor) -> About:
        """Whom the note is about, asked of the other services; raises NotFound."""
        people = People(self.runtime.caller)
        if command.booking_id is not None:
            treated, session = people.of_session(command.booking_id, actor)
            return About(treated, session.starts_at)
        if command.client_id is None:
            raise NotFound("There is no such client.")
        return About(people.treated(command.client_id, actor))
