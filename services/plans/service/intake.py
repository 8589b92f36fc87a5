"""Intake and consents: what a practice asks before a first session, and what was answered."""

from uuid import UUID

from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
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
)
from services.plans.adapters.appointments import Appointment, Appointments
from services.plans.adapters.people import People
from services.plans.operations import (
    consents,
    intake,
    intake_reading,
    intake_setup,
)
from services.plans.service.desk import BY_GATEWAY, Desk


class IntakeCalls(Desk):
    """Intake and consents: what a practice asks before a first session, and what was answered."""

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
            return intake.get_intake(tx, self.ring, command, who, now=utc_now())

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
            return intake_reading.list_accesses(tx, who, command.before)

    @rpc(by=BY_GATEWAY)
    def list_own_intakes(self, call: Call, command: ListOwnIntakes) -> OwnIntakesView:
        with self.db.transaction(call.actor) as tx:
            asking = intake_reading.asking(tx, command, actor=call.actor)
        clients = Appointments(self.runtime.caller).own_clients(asking, call.actor)
        with self.db.transaction(call.actor) as tx:
            return intake_reading.list_own(tx, command, clients, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def get_client_intake(self, call: Call, command: GetClientIntake) -> ClientIntakeView:
        people = People(self.runtime.caller)
        treated = people.treated(command.client_id, call.actor, is_by_choice=True)
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
