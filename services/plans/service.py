"""The nameko class of plans."""

from time import sleep
from typing import Any

from nameko.extensions import DependencyProvider
from nameko.timer import timer
from sqlalchemy.orm import Session

from services.common import config
from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.errors import Busy, NotFound
from services.common.events import handles
from services.common.logging import get_logger
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.common.service import Service
from services.contracts.booking.events import (
    BookingCancelled,
    BookingConfirmed,
    BookingRescheduled,
)
from services.contracts.plans.commands import (
    AgreePlan,
    AskForChanges,
    GetPlan,
    GetVersion,
    ListAccesses,
    ListOwnPlans,
    ListPlans,
    ListTemplates,
    LogExercise,
    MovePlan,
    ProposePlan,
    RevisePlan,
    StartPlan,
    WithdrawProposal,
)
from services.contracts.plans.measures import (
    AcknowledgeAlert,
    FillMeasure,
    InstrumentsView,
    ListInstruments,
)
from services.contracts.plans.notes import (
    AddAddendum,
    GetNote,
    ListNotes,
    ListNoteToDos,
    NotesView,
    NoteToDosView,
    NoteView,
    SavedNote,
    SignNote,
    StartNote,
    WithdrawSignature,
    WriteNote,
)
from services.contracts.plans.reviews import AcknowledgeReview, RecordReview
from services.contracts.plans.views import (
    AccessesView,
    PlansView,
    PlanView,
    TemplatesView,
    VersionView,
)
from services.plans.adapters.people import People
from services.plans.catalogue import load_templates
from services.plans.config import PlansConfig
from services.plans.domain.notes import LOOKS_BACK
from services.plans.operations import (
    exercises,
    keys,
    measures,
    moves,
    note_reading,
    note_signing,
    note_writing,
    reading,
    reviews,
    rounds,
    writing,
)
from services.plans.operations.note_writing import About
from services.plans.operations.sealing import KeyRing
from services.plans.queries.charts import under_another_key

log = get_logger(__name__)
BY_GATEWAY = {"gateway"}


class KeysProvider(DependencyProvider):  # type: ignore[misc]
    """Checks the key-encryption keys before anything is served, and hands them to the workers."""

    def setup(self) -> None:
        settings: PlansConfig = self.container.config["settings"]
        self.ring = settings.ring
        database = self.container.config["runtime"].database
        while not self._is_checked(database):
            sleep(1)

    def get_dependency(self, worker_ctx: Any) -> KeyRing:
        return self.ring

    def _is_checked(self, database: Any) -> bool:
        try:
            with database.plumbing() as tx:
                keys.check_keys(tx, self.ring)
        except keys.WrongKeys as wrong:
            config.stop(config.SettingsError(f"PLANS_KEYS: {wrong}"))
        except Busy:
            log.warning("the keys wait for the database")
            return False
        return True


class PlansService(Service):
    """Therapy plans, from a template to what both agreed."""

    name = "plans"
    ring = KeysProvider()

    @rpc(by=BY_GATEWAY)
    def list_templates(self, call: Call, command: ListTemplates) -> TemplatesView:
        return TemplatesView(templates=[one.view() for one in load_templates().values()])

    @rpc(by=BY_GATEWAY)
    def start_plan(self, call: Call, command: StartPlan) -> PlanView:
        writing.template_of(command)
        treated = People(self.runtime.caller).treated(command.client_id, call.actor)
        with self.db.transaction(call.actor) as tx:
            return writing.start_plan(
                tx, self.ring, command, treated, actor=call.actor, now=utc_now()
            )

    @rpc(by=BY_GATEWAY)
    def list_own_plans(self, call: Call, command: ListOwnPlans) -> PlansView:
        with self.db.transaction(call.actor) as tx:
            return reading.list_own_plans(tx, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def list_plans(self, call: Call, command: ListPlans) -> PlansView:
        with self.db.transaction(call.actor) as tx:
            return reading.list_plans(tx, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def get_plan(self, call: Call, command: GetPlan) -> PlanView:
        with self.db.transaction(call.actor) as tx:
            return reading.get_plan(tx, self.ring, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def get_version(self, call: Call, command: GetVersion) -> VersionView:
        with self.db.transaction(call.actor) as tx:
            return reading.get_version(tx, self.ring, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def list_accesses(self, call: Call, command: ListAccesses) -> AccessesView:
        with self.db.transaction(call.actor) as tx:
            return reading.list_accesses(tx, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def revise_plan(self, call: Call, command: RevisePlan) -> PlanView:
        with self.db.transaction(call.actor) as tx:
            return writing.revise_plan(tx, self.ring, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def propose_plan(self, call: Call, command: ProposePlan) -> PlanView:
        with self.db.transaction(call.actor) as tx:
            return moves.propose_plan(tx, self.ring, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def withdraw_proposal(self, call: Call, command: WithdrawProposal) -> PlanView:
        with self.db.transaction(call.actor) as tx:
            return moves.withdraw_proposal(tx, self.ring, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def agree_plan(self, call: Call, command: AgreePlan) -> PlanView:
        with self.db.transaction(call.actor) as tx:
            return moves.agree_plan(tx, self.ring, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def ask_for_changes(self, call: Call, command: AskForChanges) -> PlanView:
        with self.db.transaction(call.actor) as tx:
            return moves.ask_for_changes(tx, self.ring, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def move_plan(self, call: Call, command: MovePlan) -> PlanView:
        with self.db.transaction(call.actor) as tx:
            return moves.move_plan(tx, self.ring, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def log_exercise(self, call: Call, command: LogExercise) -> PlanView:
        with self.db.transaction(call.actor) as tx:
            return exercises.log_exercise(tx, self.ring, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def list_instruments(self, call: Call, command: ListInstruments) -> InstrumentsView:
        return measures.list_instruments()

    @rpc(by=BY_GATEWAY)
    def fill_measure(self, call: Call, command: FillMeasure) -> PlanView:
        with self.db.transaction(call.actor) as tx:
            return measures.fill_measure(tx, self.ring, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def acknowledge_alert(self, call: Call, command: AcknowledgeAlert) -> PlanView:
        with self.db.transaction(call.actor) as tx:
            return measures.acknowledge_alert(
                tx, self.ring, command, actor=call.actor, now=utc_now()
            )

    @rpc(by=BY_GATEWAY)
    def record_review(self, call: Call, command: RecordReview) -> PlanView:
        with self.db.transaction(call.actor) as tx:
            return reviews.record_review(tx, self.ring, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def acknowledge_review(self, call: Call, command: AcknowledgeReview) -> PlanView:
        with self.db.transaction(call.actor) as tx:
            return reviews.acknowledge_review(
                tx, self.ring, command, actor=call.actor, now=utc_now()
            )

    @handles(BookingConfirmed)
    def on_booking_confirmed(self, tx: Session, event: BookingConfirmed) -> None:
        """A session counts for what is due every so many of them."""
        rounds.hear_of_session(tx, event, is_given_up=False)

    @handles(BookingRescheduled)
    def on_booking_rescheduled(self, tx: Session, event: BookingRescheduled) -> None:
        """It counts at its new time."""
        rounds.hear_of_session(tx, event, is_given_up=False)

    @handles(BookingCancelled)
    def on_booking_cancelled(self, tx: Session, event: BookingCancelled) -> None:
        """It does not count any more."""
        rounds.hear_of_session(tx, event, is_given_up=True)

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
        attended = People(self.runtime.caller).attended(now - LOOKS_BACK, now, call.actor)
        with self.db.transaction(call.actor) as tx:
            return note_reading.list_note_to_dos(tx, attended, actor=call.actor)

    def _about(self, command: StartNote, actor: Actor) -> About:
        """Whom the note is about, asked of the other services; raises NotFound."""
        people = People(self.runtime.caller)
        if command.booking_id is not None:
            treated, session = people.of_session(command.booking_id, actor)
            return About(treated, session.starts_at)
        if command.client_id is None:
            raise NotFound("There is no such client.")
        return About(people.treated(command.client_id, actor))

    @timer(interval=5)  # type: ignore[untyped-decorator]
    def rotate_keys(self) -> None:
        """Put charts under the current key, as long as there are others."""
        try:
            while self.db.has(under_another_key(self.ring.current)):
                with self.db.plumbing() as tx:
                    if not keys.rewrap_some(tx, self.ring):
                        break
        except Busy:
            log.warning("rotating keys waits for the database")
