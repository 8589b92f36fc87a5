"""The dates of a plan, and what became of them."""

from uuid import UUID

from nameko.timer import timer
from sqlalchemy.orm import Session

from services.common.auth import service_actor
from services.common.clock import utc_now
from services.common.context import new_request_id, request
from services.common.errors import Busy
from services.common.events import handles
from services.common.logging import describe, get_logger
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.contracts.booking.planned import CourseBooked, CourseCancelled, CourseRefused
from services.contracts.plans.courses import (
    AgreeToDates,
    ChooseDates,
    DropDates,
    GetDates,
    PausePlan,
    PlanCourses,
)
from services.contracts.plans.views import (
    PlanView,
)
from services.plans.operations import (
    course_moves,
    courses,
    rolling,
)
from services.plans.queries.courses import due_to_roll
from services.plans.service.desk import BY_GATEWAY, Desk

log = get_logger(__name__)
ROLLED_EVERY = 20


class CourseCalls(Desk):
    """The dates of a plan, and what became of them."""

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
            return courses.get_dates(tx, command, actor=call.actor, now=utc_now())

    @handles(CourseBooked)
    def on_course_booked(self, tx: Session, event: CourseBooked) -> None:
        """A plan's sessions are booked."""
        course_moves.settle_booked(tx, event, now=utc_now())

    @handles(CourseRefused)
    def on_course_refused(self, tx: Session, event: CourseRefused) -> None:
        """A plan's dates went."""
        course_moves.settle_refused(tx, event, now=utc_now())

    @handles(CourseCancelled)
    def on_course_cancelled(self, tx: Session, event: CourseCancelled) -> None:
        """A course was given back in the calendar."""
        course_moves.settle_cancelled(tx, event, now=utc_now())

    @timer(interval=ROLLED_EVERY)  # type: ignore[untyped-decorator]
    def roll_plans(self) -> None:
        """Have dates added to plans without an end before theirs run out: one transaction each, in
        its practice. One that fails keeps no other waiting, and is due still."""
        try:
            due = self.db.rows(due_to_roll(utc_now()))
        except Busy:
            log.warning("rolling plans waits for the database")
            return
        for practice_id, plan_id in due:
            self._roll(practice_id, plan_id)

    def _roll(self, practice_id: UUID, plan_id: UUID) -> None:
        actor = service_actor("plans", practice_id, "roll")
        with request(new_request_id()):
            try:
                with self.db.transaction(actor) as tx:
                    is_asked = rolling.roll(tx, practice_id, plan_id, utc_now())
            except Exception as error:
                log.warning("plan could not roll", plan_id=str(plan_id), error=describe(error))
            else:
                log.info("plan looked at", plan_id=str(plan_id), is_asked=is_asked)
