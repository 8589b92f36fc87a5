"""Calls about courses: a row of sessions that is booked, moved and given back together."""

from sqlalchemy.orm import Session as Transaction

from services.booking.operations import (
    course,
    course_booking,
    course_ending,
    course_views,
    leaving_course,
    planned,
    planned_booking,
    planned_rolling,
    series,
    series_moves,
)
from services.booking.service.desk import BY_GATEWAY, Desk
from services.common.clock import utc_now
from services.common.events import handles
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.contracts.booking.courses import (
    BookCourse,
    CancelCourse,
    CoursePreview,
    CourseView,
    GetCourse,
    PreviewCourse,
)
from services.contracts.booking.planned import (
    PlannedCourseView,
    PlannedPreview,
    PreviewPlannedCourse,
    ShowPlannedCourse,
)
from services.contracts.booking.series import (
    MovedSeries,
    MoveSeries,
    MoveSeriesBack,
    PreviewReschedule,
    PreviewSeriesMove,
    ReschedulePreview,
    SeriesPreview,
)
from services.contracts.plans.events import CourseRanShort, PlanAgreed, PlanStopped


class CourseCalls(Desk):
    """Courses: a row of sessions that is booked, moved and given back together."""

    @rpc(by=BY_GATEWAY)
    def preview_course(self, call: Call, command: PreviewCourse) -> CoursePreview:
        """Where the sessions of a course would fall."""
        with self.db.transaction(call.actor) as tx:
            begun, dates = course.preview_course(tx, command, actor=call.actor, now=utc_now())
        return course_views.preview(begun, dates, utc_now(), self._join_key)

    @rpc(by=BY_GATEWAY)
    def book_course(self, call: Call, command: BookCourse) -> CourseView:
        """Book all sessions of a course."""
        with self.db.transaction(call.actor) as tx:
            booked = course_booking.book_course(tx, command, actor=call.actor, now=utc_now())
        return course_views.course_view(*booked, utc_now(), self._join_key)

    @rpc(by=BY_GATEWAY)
    def cancel_course(self, call: Call, command: CancelCourse) -> CourseView:
        """Give back what of a course is still to come."""
        with self.db.transaction(call.actor) as tx:
            ended = course_ending.cancel_course(tx, command, actor=call.actor, now=utc_now())
        return course_views.course_view(*ended, utc_now(), self._join_key)

    @rpc(by={"gateway", "notify"})
    def get_course(self, call: Call, command: GetCourse) -> CourseView:
        """A course with its sessions."""
        with self.db.transaction(call.actor) as tx:
            found = course.get_course(tx, command, actor=call.actor)
        return course_views.course_view(*found, utc_now(), self._join_key)

    @rpc(by=BY_GATEWAY)
    def preview_planned_course(self, call: Call, command: PreviewPlannedCourse) -> PlannedPreview:
        """Where the sessions of a plan would fall."""
        with self.db.transaction(call.actor) as tx:
            found = planned.preview_planned_course(tx, command, actor=call.actor, now=utc_now())
        return course_views.planned_preview(found)

    @rpc(by=BY_GATEWAY)
    def show_planned_course(self, call: Call, command: ShowPlannedCourse) -> PlannedCourseView:
        """The sessions of a plan."""
        now = utc_now()
        with self.db.transaction(call.actor) as tx:
            found = planned.show_planned_course(tx, command, actor=call.actor, now=now)
        return course_views.planned_view(*found, now, self._join_key)

    @rpc(by=BY_GATEWAY)
    def preview_series_move(self, call: Call, command: PreviewSeriesMove) -> SeriesPreview:
        """Where sessions of courses would be."""
        with self.db.transaction(call.actor) as tx:
            found = series.preview_series_move(tx, command, actor=call.actor, now=utc_now())
        return course_views.series_preview(found, utc_now(), self._join_key)

    @rpc(by=BY_GATEWAY)
    def preview_reschedule(self, call: Call, command: PreviewReschedule) -> ReschedulePreview:
        """What of its course a session would break by itself."""
        now = utc_now()
        with self.db.transaction(call.actor) as tx:
            found = leaving_course.preview_reschedule(tx, command, actor=call.actor, now=now)
        return ReschedulePreview(breaks=[course_views.series_break(one) for one in found])

    @rpc(by=BY_GATEWAY)
    def move_series(self, call: Call, command: MoveSeries) -> MovedSeries:
        """Move sessions of courses together."""
        with self.db.transaction(call.actor) as tx:
            moved = series_moves.move_series(tx, command, actor=call.actor, now=utc_now())
        return MovedSeries(bookings=[self._view(booking) for booking in moved])

    @rpc(by=BY_GATEWAY)
    def move_series_back(self, call: Call, command: MoveSeriesBack) -> MovedSeries:
        """Undo such a move."""
        with self.db.transaction(call.actor) as tx:
            moved = series_moves.move_series_back(tx, command, actor=call.actor, now=utc_now())
        return MovedSeries(bookings=[self._view(booking) for booking in moved])

    @handles(PlanAgreed)
    def on_plan_agreed(self, tx: Transaction, event: PlanAgreed) -> None:
        """Book a plan's course, or refuse it."""
        planned_booking.book_planned_course(tx, event, now=utc_now())

    @handles(CourseRanShort)
    def on_course_ran_short(self, tx: Transaction, event: CourseRanShort) -> None:
        """Place the next sessions of a plan without an end."""
        planned_rolling.roll_on(tx, event, now=utc_now())

    @handles(PlanStopped)
    def on_plan_stopped(self, tx: Transaction, event: PlanStopped) -> None:
        """Give a plan's sessions back."""
        course_ending.stop_plan(tx, event, now=utc_now())
