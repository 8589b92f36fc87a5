"""The dates of a plan, and what became of them."""

from sqlalchemy.orm import Session

from services.common.clock import utc_now
from services.common.events import handles
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.contracts.booking.planned import CourseBooked, CourseRefused
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
)
from services.plans.service.desk import BY_GATEWAY, Desk


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
            return courses.get_dates(tx, command, actor=call.actor)

    @handles(CourseBooked)
    def on_course_booked(self, tx: Session, event: CourseBooked) -> None:
        """A plan's sessions are booked."""
        course_moves.settle_booked(tx, event, now=utc_now())

    @handles(CourseRefused)
    def on_course_refused(self, tx: Session, event: CourseRefused) -> None:
        """A plan's dates went."""
        course_moves.settle_refused(tx, event, now=utc_now())
