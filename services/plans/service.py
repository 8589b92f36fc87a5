"""The nameko class of plans."""

from time import sleep
from typing import Any
from uuid import UUID

from nameko.extensions import DependencyProvider
from nameko.timer import timer

from services.common import config
from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.errors import Busy
from services.common.logging import get_logger
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.common.service import Service
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
from services.contracts.plans.intake import (
    ClientIntakeView,
    GetClientIntake,
    GetIntake,
    GetIntakeDue,
    GetIntakeState,
    IntakeDueView,
    IntakeStatesView,
    IntakeStateView,
    IntakeView,
    KeepIntake,
    ListIntakeAccesses,
    ListIntakeStates,
    ListOwnIntakes,
    OwnIntakesView,
    SignConsents,
    SubmitIntake,
    WithdrawConsent,
)
from services.contracts.plans.intake_setup import (
    GetIntakeForm,
    GetIntakeSetup,
    IntakeSetupView,
    PublishConsentText,
    PublishIntakeForm,
    SaveIntakeDraft,
)
from services.contracts.plans.questionnaire import FormView
from services.contracts.plans.views import (
    AccessesView,
    PlansView,
    PlanView,
    TemplatesView,
    VersionView,
)
from services.plans.adapters.appointments import Appointment, Appointments
from services.plans.adapters.people import People
from services.plans.catalogue import load_templates
from services.plans.config import PlansConfig
from services.plans.operations import (
    consents,
    exercises,
    intake,
    intake_reading,
    intake_setup,
    keys,
    moves,
    reading,
    writing,
)
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
            return reading.list_own_plans(tx, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def list_plans(self, call: Call, command: ListPlans) -> PlansView:
        with self.db.transaction(call.actor) as tx:
            return reading.list_plans(tx, actor=call.actor)

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
    def get_intake_setup(self, call: Call, command: GetIntakeSetup) -> IntakeSetupView:
        practice_id = self._kept_by(call)
        with self.db.transaction(call.actor) as tx:
            return intake_setup.get_setup(tx, practice_id, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def get_intake_form(self, call: Call, command: GetIntakeForm) -> FormView:
        practice_id = self._kept_by(call)
        with self.db.transaction(call.actor) as tx:
            return intake_setup.get_form(tx, command, practice_id)

    @rpc(by=BY_GATEWAY)
    def save_intake_draft(self, call: Call, command: SaveIntakeDraft) -> IntakeSetupView:
        practice_id = self._kept_by(call)
        with self.db.transaction(call.actor) as tx:
            return intake_setup.save_draft(tx, command, practice_id, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def publish_intake_form(self, call: Call, command: PublishIntakeForm) -> IntakeSetupView:
        practice_id = self._kept_by(call)
        with self.db.transaction(call.actor) as tx:
            return intake_setup.publish_form(tx, command, practice_id, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def publish_consent_text(self, call: Call, command: PublishConsentText) -> IntakeSetupView:
        practice_id = self._kept_by(call)
        with self.db.transaction(call.actor) as tx:
            return intake_setup.publish_text(tx, command, practice_id, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def get_intake_state(self, call: Call, command: GetIntakeState) -> IntakeStateView:
        who = self._who_comes(call, command.booking_id)
        with self.db.transaction(call.actor) as tx:
            return intake.get_state(tx, who, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def get_intake(self, call: Call, command: GetIntake) -> IntakeView:
        who = self._who_comes(call, command.booking_id)
        with self.db.transaction(call.actor) as tx:
            return intake.get_intake(tx, self.ring, who, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def keep_intake(self, call: Call, command: KeepIntake) -> IntakeView:
        who = self._who_comes(call, command.booking_id)
        with self.db.transaction(call.actor) as tx:
            return intake.keep_intake(tx, self.ring, command, who, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def submit_intake(self, call: Call, command: SubmitIntake) -> IntakeView:
        who = self._who_comes(call, command.booking_id)
        with self.db.transaction(call.actor) as tx:
            return intake.submit_intake(tx, self.ring, command, who, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def sign_consents(self, call: Call, command: SignConsents) -> IntakeView:
        who = self._who_comes(call, command.booking_id)
        with self.db.transaction(call.actor) as tx:
            return consents.sign_consents(tx, self.ring, command, who, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def withdraw_consent(self, call: Call, command: WithdrawConsent) -> IntakeView:
        who = self._who_comes(call, command.booking_id)
        with self.db.transaction(call.actor) as tx:
            return consents.withdraw_consent(tx, self.ring, command, who, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def list_intake_accesses(self, call: Call, command: ListIntakeAccesses) -> AccessesView:
        who = self._who_comes(call, command.booking_id)
        with self.db.transaction(call.actor) as tx:
            return intake_reading.list_accesses(tx, who)

    @rpc(by=BY_GATEWAY)
    def list_own_intakes(self, call: Call, command: ListOwnIntakes) -> OwnIntakesView:
        with self.db.transaction(call.actor) as tx:
            return intake_reading.list_own(tx, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def get_client_intake(self, call: Call, command: GetClientIntake) -> ClientIntakeView:
        treated = People(self.runtime.caller).treated(command.client_id, call.actor)
        with self.db.transaction(call.actor) as tx:
            seen = intake_reading.get_client_intake(
                tx, self.ring, treated, actor=call.actor, now=utc_now()
            )
        return seen.model_copy(update={"may_keep_form": self._may_keep(call.actor)})

    @rpc(by=BY_GATEWAY)
    def list_intake_states(self, call: Call, command: ListIntakeStates) -> IntakeStatesView:
        sees_all = intake_reading.sees_all(call.actor)
        treated = set() if sees_all else Appointments(self.runtime.caller).treated(call.actor)
        with self.db.transaction(call.actor) as tx:
            return intake_reading.list_states(tx, command, actor=call.actor, treated=treated)

    @rpc(by={"notify"})
    def get_intake_due(self, call: Call, command: GetIntakeDue) -> IntakeDueView:
        with self.db.transaction(call.actor) as tx:
            return intake_reading.get_due(tx, command, actor=call.actor)

    def _who_comes(self, call: Call, booking_id: UUID) -> Appointment:
        return Appointments(self.runtime.caller).of(booking_id, call.actor)

    def _kept_by(self, call: Call) -> UUID:
        """The practice whose form the actor keeps; raises NotFound, Forbidden."""
        return intake_setup.check_keeps(call.actor, may_keep=self._may_keep(call.actor))

    def _may_keep(self, actor: Actor) -> bool:
        """Whether the actor keeps their practice's form; who works there is asked if it counts."""
        if intake_setup.is_keeper(actor) or not intake_setup.may_be_alone(actor):
            return intake_setup.is_keeper(actor)
        return Appointments(self.runtime.caller).is_alone(actor)

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
