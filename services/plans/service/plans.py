"""Plans: from a template to what both agreed, and who looked."""

from services.common.clock import utc_now
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
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
from services.contracts.plans.views import (
    AccessesView,
    PlansView,
    PlanView,
    TemplatesView,
    VersionView,
)
from services.plans.adapters.people import People
from services.plans.catalogue import load_templates
from services.plans.operations import (
    exercises,
    moves,
    origins,
    reading,
    templates,
    writing,
)
from services.plans.service.desk import BY_GATEWAY, Desk


class PlanCalls(Desk):
    """Plans: from a template to what both agreed, and who looked."""

    @rpc(by=BY_GATEWAY)
    def list_templates(self, call: Call, command: ListTemplates) -> TemplatesView:
        published = [one.view() for one in load_templates().values()]
        with self.db.transaction(call.actor) as tx:
            own = templates.list_offered(tx, actor=call.actor)
        return TemplatesView(templates=[*published, *own])

    @rpc(by=BY_GATEWAY)
    def start_plan(self, call: Call, command: StartPlan) -> PlanView:
        origins.check_template(command.template)
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
