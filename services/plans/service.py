"""The nameko class of plans."""

from time import sleep
from typing import Any

from nameko.extensions import DependencyProvider
from nameko.timer import timer
from sqlalchemy.orm import Session

from services.common import config
from services.common.clock import utc_now
from services.common.errors import Busy
from services.common.events import handles
from services.common.logging import get_logger
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.common.service import Service
from services.contracts.booking.planned import CourseBooked, CourseRefused
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
from services.contracts.plans.courses import (
    AgreeToDates,
    ChooseDates,
    DropDates,
    GetDates,
    PausePlan,
    PlanCourses,
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
from services.plans.config import PlansConfig
from services.plans.operations import (
    course_moves,
    courses,
    exercises,
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
    def choose_dates(self, call: Call, command: ChooseDates) -> PlanView:
        with self.db.transaction(call.actor) as tx:
            return courses.choose_dates(tx, self.ring, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def drop_dates(self, call: Call, command: DropDates) -> PlanView:
        with self.db.transaction(call.actor) as tx:
            return courses.drop_dates(tx, self.ring, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def agree_to_dates(self, call: Call, command: AgreeToDates) -> PlanView:
        with self.db.transaction(call.actor) as tx:
            return courses.agree_to_dates(tx, self.ring, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def pause_plan(self, call: Call, command: PausePlan) -> PlanView:
        with self.db.transaction(call.actor) as tx:
            return courses.pause_plan(tx, self.ring, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def get_dates(self, call: Call, command: GetDates) -> PlanCourses:
        with self.db.transaction(call.actor) as tx:
            return courses.get_dates(tx, command, actor=call.actor)

    @handles(CourseBooked)
    def on_course_booked(self, tx: Session, event: CourseBooked) -> None:
        """A plan's sessions are booked."""
        course_moves.settle_booked(tx, event, now=utc_now())

    @handles(CourseRefused)
    def on_course_refused(self, tx: Session, event: CourseRefused) -> None:
        """A plan's dates went."""
        course_moves.settle_refused(tx, event, now=utc_now())

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
